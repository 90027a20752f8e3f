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
"$program" --seeds 2 --remedies >>"$scratch/out"
grep -v '^time ' "$scratch/out" >"$scratch/summary"
if diff "$stored" "$scratch/summary"; then
  echo "ok: two seeds of every row and of every remedy give the stored summary"
else
  fail "the summary differs from $stored"
fi
[ "$(wc -l <"$scratch/runs.csv")" -eq 27 ] || fail "the table for programs has not one line for each of 26 runs"
ls "$scratch" | grep '\.part$' && fail "a part of a file is left"

# pages FOLDER: every figure has a caption, every link on the page leads to something on it, no number is none.
pages() {
  page=$1/index.html
  [ "$(grep -c '<figure' "$page")" -eq "$(grep -c '<figcaption>..*</figcaption>' "$page")" ] || fail "a figure of $page has no caption"
  for link in $(grep -o 'href="#[^"]*"' "$page" | sed 's/href="#\(.*\)"/\1/' | sort -u); do
    grep -q "id=\"$link\"" "$page" || fail "$page links to #$link, which is not there"
  done
  ! grep -q -w -e nan -e inf "$page" "$1"/*.svg || fail "a picture in $1 holds a number that is none"
  [ "$(grep -c '^<svg ' "$page")" -eq "$(ls "$1"/*.svg | wc -l)" ] || fail "not every picture of $page is a file"
  ! ls "$1" | grep '\.part$' || fail "a part of a file is left"
}

"$program" --activation tanh --hidden 4,3 --start xavier_normal --rate 0.1 --epochs 3 --seeds 4 --out "$scratch/own" \
  --csv "$scratch/own.csv" >"$scratch/out"
pages "$scratch/own"
if [ "$(wc -l <"$scratch/own.csv")" -eq 9 ] && grep -q '^xavier_normal,3,' "$scratch/own.csv" &&
  [ "$(grep -c '^xavier_normal \|^default ' "$scratch/out")" -eq 4 ]; then
  echo "ok: a network of one's own, beside the default start: $(grep -m 1 '^xavier_normal' "$scratch/out")"
else
  fail "a network of one's own"
  cat "$scratch/out"
fi

"$program" --seeds 1 --first-seed 8 --out "$scratch/gallery" >"$scratch/out"
pages "$scratch/gallery"

sh "$(dirname "$0")/../examples/firmware/shown.sh" "$(dirname "$0")/../examples/README.md" '### A network of your own' \
  "$program" --activation tanh --hidden 4,4,4,4 --start xavier_normal --rate 0.01 --epochs 100 --seeds 50 ||
  fail "the page shows another table"

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
says 2 '--hidden takes up to 8 numbers' --hidden 4,x
says 2 '--activation takes the name of one' --activation than
says 2 '--start takes one of those' --start glorot
says 2 '--rate takes a number above 0' --rate -0.1
says 2 '--optimizer takes one of those' --optimizer newton
says 2 '--course-epochs is for' --rate 0.1 --course-epochs
says 2 '--remedies goes with' --remedies --out "$scratch/own"
says 1 'cannot create .*No such file or directory' --seeds 1 --csv "$scratch/none/runs.csv"
says 1 'cannot create .*No such file or directory' --seeds 1 --out "$scratch/none/gallery"
: >"$scratch/file"
says 1 'cannot create .*Not a directory' --seeds 1 --out "$scratch/file"
says 1 'cannot write .*Is a directory' --seeds 1 --csv "$scratch"
[ ! -e "$scratch.part" ] || fail "a part of a file is left"

exit "$failed"
