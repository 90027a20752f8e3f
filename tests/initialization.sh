#!/bin/sh
# The example initialization: prints the stored summary, writes its files whole, and says what is wrong.
#
# usage: initialization.sh PROGRAM STORED_SUMMARY
set -eu
export LC_ALL=C

program=$1
stored=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
fail() {
  echo "FAILED: $1"
  failed=1
}

"$program" --seeds 2 --csv "$scratch/runs.csv" >"$scratch/out"
grep -v '^time ' "$scratch/out" >"$scratch/summary"
if diff "$stored" "$scratch/summary"; then
  echo "ok: two seeds of every row give the stored summary"
else
  fail "the summary differs from $stored"
fi
[ "$(wc -l <"$scratch/runs.csv")" -eq 19 ] || fail "the table for programs has not one line for each of 18 runs"
ls "$scratch" | grep '\.part$' && fail "a part of a file is left"

# says CODE TEXT ARGUMENT...: the program ends with CODE and a message that holds TEXT.
says() {
  code=$1
  text=$2
  shift 2
  found=0
  "$program" "$@" >"$scratch/out" 2>"$scratch/message" || found=$?
  if [ "$found" -eq "$code" ] && grep -q -e "$text" "$scratch/message"; then
    echo "ok: $* -> $(head -n 1 "$scratch/message")"
  else
    fail "$* ended with $found, expected $code and '$text'"
    head -n 2 "$scratch/message"
  fi
}
says 2 'unknown option: --colour' --colour red
says 2 '--seeds needs a value' --seeds
says 2 '--seeds takes a whole number from 1' --seeds 0
says 2 '--seeds takes a whole number from 1' --seeds 3.5
says 2 '--first-seed takes a whole number from 0' --first-seed -1
says 1 'cannot create .*No such file or directory' --seeds 1 --csv "$scratch/none/runs.csv"
says 1 'cannot create .*No such file or directory' --seeds 1 --out "$scratch/none/gallery"
: >"$scratch/file"
says 1 'cannot create .*Not a directory' --seeds 1 --out "$scratch/file"
says 1 'cannot write .*Is a directory' --seeds 1 --csv "$scratch"
[ ! -e "$scratch.part" ] || fail "a part of a file is left"

exit "$failed"
