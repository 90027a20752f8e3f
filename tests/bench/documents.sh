#!/bin/sh
# documents.sh [--check]: writes the stored figures of run.sh and growth.sh into the documents; --check: ends with 1
# where a document shows something else.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
check=${1:-}

if ! command -v python3 >/dev/null; then
  echo "SKIPPED: no python3 here"
  exit 77
fi

fail() {
  echo "FAILED: $1"
  failed=1
}

# shows DOCUMENT MARKER PART: what tables.py prints of it stands between <!-- MARKER --> and <!-- /MARKER -->
shows() {
  document=$root/$1
  python3 -B "$here/tables.py" "$2" "$3" >"$scratch/table"
  awk -v marker="$2" -v table="$scratch/table" '
    $0 == "<!-- /" marker " -->" { inside = 0; ++markers }
    !inside { print }
    $0 == "<!-- " marker " -->" { inside = 1; ++markers; while ((getline line < table) > 0) print line }
    END { exit markers != 2 }' "$document" >"$scratch/document" || { fail "no room for $2 in $1"; return; }
  if [ "$check" != --check ]; then
    cat "$scratch/document" >"$document"
  elif ! cmp -s "$scratch/document" "$document"; then
    fail "$1 does not show the stored $2: sh tests/bench/documents.sh"
  fi
}

shows README.md speed short
shows tests/bench/README.md speed full
shows tests/bench/README.md growth full

# Another gnuplot draws other bytes: the picture says of what it is.
newest=$(python3 -B "$here/tables.py" newest)
drawn="<!-- of $(basename "$newest"), growth.gp: $(cat "$newest" "$here/growth.gp" | cksum) -->"
if [ "$check" != --check ]; then
  gnuplot -e "figures='$newest'; picture='$scratch/growth.svg'" "$here/growth.gp"
  { cat "$scratch/growth.svg"; echo "$drawn"; } >"$here/growth.svg"
elif ! grep -qxF "$drawn" "$here/growth.svg"; then
  fail "growth.svg does not draw $(basename "$newest"): sh tests/bench/documents.sh"
fi
exit "$failed"
