#!/bin/sh
# killed.sh PROGRAM FOLDER EXAMPLES: examples/keep.cpp prints what the README of the folder EXAMPLES shows, and ends with
# the same weights when it kills itself every so many steps, or is killed at any time.
set -eu
program=$1
examples=$3
mkdir -p "$2"
cd "$2"
rm -f whole steps times ./*.new

"$program" --file whole >whole.log
sh "$examples/firmware/shown.sh" "$examples/README.md" "## keep" cat whole.log
expected=$(tail -n 1 whole.log)

same() {
  [ "$(tail -n 1 "$1.log")" = "$expected" ] || { cat "$1.log"; echo "FAILED: $1: not '$expected'"; exit 1; }
  echo "ok: killed $killed times ($1), $expected"
}

killed=0
until "$program" --file steps --every 90 --die-after 777 >steps.log 2>&1; do
  killed=$((killed + 1))
  [ "$killed" -lt 10 ] || { cat steps.log; echo "FAILED: it does not get on"; exit 1; }
done
[ "$killed" -gt 0 ] || { echo "FAILED: it was never killed"; exit 1; }
same steps

killed=0
for pause in 0.01 0.02 0.03 0.05 0.08; do
  "$program" --file times --every 1 >times.log 2>&1 &
  sleep "$pause"
  if kill -9 $! 2>/dev/null; then killed=$((killed + 1)); fi
  wait $! 2>/dev/null || true
done
"$program" --file times >times.log
same times
