#!/bin/sh
# readme_tables.sh README.md PROGRAM...: every line that the programs print stands in the document.
set -eu
document=$1
shift
missing=0
for program in "$@"; do
  "$program" | {
    while IFS= read -r line; do
      grep -qxF -- "$line" "$document" || { echo "not in $document: $line"; missing=1; }
    done
    exit "$missing"
  }
done
