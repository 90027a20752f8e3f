#!/bin/sh
# figures_test.sh: whether figures.py finds planted defects.
if ! command -v python3 >/dev/null; then
  echo "SKIPPED: no python3 here"
  exit 77
fi
exec python3 -B "$(dirname "$0")/figures_test.py"
