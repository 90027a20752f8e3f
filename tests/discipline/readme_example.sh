#!/bin/sh
# readme_example.sh README.md PROGRAM: what the program computes (not how long it took) stands in the document.
set -eu
document=$1
"$2" | grep -E '^(test accuracy|train loss|parameters|training memory|hash of weights) ' | {
  lines=0
  while IFS= read -r line; do
    lines=$((lines + 1))
    grep -qxF -- "$line" "$document" || { echo "not in $document: $line"; exit 1; }
  done
  [ "$lines" -eq 5 ] || { echo "the program printed $lines of the 5 lines"; exit 1; }
}
