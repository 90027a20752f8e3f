#!/bin/sh
# How the time of a training step grows with width, depth and batch: measured, tabulated, drawn.
#
# usage: growth.sh [--no-install] [--build DIRECTORY] [--update]
#
#   (nothing)  measures, prints the table, how each curve climbs and which bars are reached, draws BUILD/growth.svg
#   --update   also stores the measurement in growth/PROCESSOR.txt and writes table and picture into the documents
#              (documents.sh)
# Ends with 1 when memory is not what the formula says, or a bar of this processor is missed.
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
    *) sed -n '4,10p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
  esac
  shift
done

sh "$here/build.sh" $install --build "$build" growth
{
  echo "# Written by tests/bench/growth.sh --update: what growth.cpp prints."
  python3 -B "$here/figures.py" head
  "$build/tests/bench/growth" "$build/tests/bench/native" "$(python3 -B "$here/figures.py" quiet)"
} >"$build/growth.txt"
python3 -B "$here/tables.py" growth "$build/growth.txt"
gnuplot -e "figures='$build/growth.txt'; picture='$build/growth.svg'" "$here/growth.gp"
echo "drew $build/growth.svg"
if [ -n "$update" ]; then
  cp "$build/growth.txt" "$here/growth/$(python3 -B "$here/figures.py" processor).txt"
  sh "$here/documents.sh"
fi
python3 -B "$here/figures.py" judge "$build/growth.txt"
