#!/bin/sh
# How the time of a training step grows with width, depth and batch: measured, tabulated, drawn.
#
# usage: growth.sh [--no-install] [--build DIRECTORY] [--update]
#
#   (nothing)  measures, prints the table and whether each curve is flat, draws BUILD/growth.svg
#   --update   also stores the measurement and the picture here, and writes them into README.md (documents.sh)
# Ends with 1 when memory is not what the formula says.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

install=
build=$root/build/bench
update=
while [ $# -gt 0 ]; do
  case "$1" in
    --no-install) install=--no-install ;;
    --build) shift; build=$1 ;;
    --update) update=yes ;;
    *) sed -n '4,9p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
  esac
  shift
done

sh "$here/build.sh" $install --build "$build" growth
"$build/tests/bench/growth" "$build/tests/bench/native" >"$build/growth.txt"
awk -f "$here/growth_table.awk" "$build/growth.txt"
awk -f "$here/growth_svg.awk" "$build/growth.txt" >"$build/growth.svg"
echo "drew $build/growth.svg"
if [ -n "$update" ]; then
  cp "$build/growth.txt" "$build/growth.svg" "$here"
  sh "$here/documents.sh"
fi
