#!/bin/sh
# mutants_test.sh: whether mutants.py reads, plants and counts faults, and finds the places of those in mutants.txt.
if ! command -v python3 >/dev/null; then
  echo "SKIPPED: no python3 here"
  exit 77
fi
exec python3 -B "$(dirname "$0")/mutants_test.py"
