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

fail() {
  echo "FAILED: $1"
  failed=1
}

# shows DOCUMENT MARKER COMMAND...: what the command prints stands between <!-- MARKER --> and <!-- /MARKER -->
shows() {
  document=$root/$1
  marker=$2
  name=$1
  shift 2
  "$@" >"$scratch/table"
  awk -v marker="$marker" -v table="$scratch/table" '
    $0 == "<!-- /" marker " -->" { inside = 0; ++markers }
    !inside { print }
    $0 == "<!-- " marker " -->" { inside = 1; ++markers; while ((getline line < table) > 0) print line }
    END { exit markers != 2 }' "$document" >"$scratch/document" || { fail "no room for $marker in $name"; return; }
  if [ "$check" != --check ]; then
    cat "$scratch/document" >"$document"
  elif ! cmp -s "$scratch/document" "$document"; then
    fail "$name does not show the stored $marker: sh tests/bench/documents.sh"
  fi
}

check=${1:-}
shows README.md speed awk -v part=short -f "$here/render.awk" "$here/bars.txt" "$here/figures.txt"
shows README.md growth awk -v part=short -f "$here/growth_table.awk" "$here/growth.txt"
shows tests/bench/README.md speed awk -v part=full -f "$here/render.awk" "$here/bars.txt" "$here/figures.txt"
shows tests/bench/README.md growth awk -v part=full -f "$here/growth_table.awk" "$here/growth.txt"
awk -f "$here/growth_svg.awk" "$here/growth.txt" >"$scratch/growth.svg"
if [ "$check" != --check ]; then
  cp "$scratch/growth.svg" "$here/growth.svg"
elif ! cmp -s "$scratch/growth.svg" "$here/growth.svg"; then
  fail "growth.svg does not draw growth.txt: sh tests/bench/documents.sh"
fi
exit "$failed"
