#!/bin/sh
# documents.sh [--check]: writes the stored figures of run.sh and growth.sh into the documents; --check: ends with 1 where a
# document shows something else.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

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
    END { exit markers != 2 }' "$document" >"$scratch/document" || { echo "FAILED: no room for $marker in $name"; failed=1; return; }
  if [ "$check" = --check ]; then
    cmp -s "$scratch/document" "$document" || { echo "FAILED: $name does not show the stored $marker: sh tests/bench/documents.sh"; failed=1; }
  else
    cat "$scratch/document" >"$document"
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
  echo "FAILED: growth.svg does not draw growth.txt: sh tests/bench/documents.sh"
  failed=1
fi
exit "$failed"
