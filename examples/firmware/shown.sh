#!/bin/sh
# shown.sh DOCUMENT HEADING COMMAND...: the command prints the first text block below that heading of the document, line
# by line. A document that holds for a computer and for every board makes their outputs equal. What the command prints
# beyond the block is shown and passed over.
set -eu
export LC_ALL=C
document=$1
heading=$2
shift 2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
awk -v heading="$heading" '
  $0 == heading { below = 1; next }
  below && /^```text$/ { inside = 1; next }
  inside && /^```/ { exit }
  inside { print }' "$document" >"$scratch/expected"
[ -s "$scratch/expected" ] || { echo "FAILED: $document has no text block below '$heading'"; exit 1; }
"$@" >"$scratch/printed" || { cat "$scratch/printed"; echo "FAILED: $* ended with $?"; exit 1; }
lines=$(wc -l <"$scratch/expected")
head -n "$lines" "$scratch/printed" | diff "$scratch/expected" - || {
  echo "FAILED: $* prints something else (<: $document)"
  exit 1
}
tail -n "+$((lines + 1))" "$scratch/printed"
echo "ok: it prints what $document shows"
