#!/bin/sh
# coverage.sh [--no-install]: which lines and branches of lib/ and include/ the tests run, on all kernel tables of this
# processor; random calls and the scripts of discipline/ do not count. What is not run must be in tests/coverage.txt,
# with the reason. Pages for people: build/coverage/html/index.html. Ends with "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=${1:-}
sh examples/packages.sh ${install:+"$install"} g++ cmake make python3 gcovr libxsimd-dev doctest-dev nlohmann-json3-dev

build coverage core suite elementary small_checks
find build/coverage -name '*.gcda' -exec rm -f {} +
ctest --preset coverage --parallel "$jobs" --label-regex '^(core|suite)$' >build/coverage.tests 2>&1 ||
  { tail -n 30 build/coverage.tests; exit 1; }
mkdir -p build/coverage/html
gcovr --root . --filter 'lib/' --filter 'include/' --object-directory build/coverage -j "$jobs" \
  --exclude-throw-branches --exclude-unreachable-branches --json build/coverage/lines.json \
  --html-details build/coverage/html/index.html
exec python3 -B tests/sources/coverage.py build/coverage/lines.json tests/coverage.txt
