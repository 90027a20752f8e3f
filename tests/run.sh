#!/bin/sh
# run.sh [--no-install]: builds with GCC and with Clang and runs every test: the suite once per kernel table that the
# processor has, once under the address and undefined-behaviour sanitizers, once in the contract of two roundings.
# Installs what is missing when run as root; otherwise prints the line that does and exits with 2.
set -eu
cd "$(dirname "$0")/.."

install=
case "${1:-}" in
  '') ;;
  --no-install) install=--no-install ;;
  *) echo "usage: sh tests/run.sh [--no-install]" >&2; exit 2 ;;
esac
sh examples/packages.sh $install g++ clang cmake make binutils libxsimd-dev doctest-dev nlohmann-json3-dev zlib1g-dev

jobs=$(getconf _NPROCESSORS_ONLN)
passed=0
failed=0
mkdir -p build
for preset in release clang sanitize separate; do
  echo "== $preset: build"
  cmake --preset "$preset" >"build/$preset.log" 2>&1 || { cat "build/$preset.log"; exit 1; }
  cmake --build --preset "$preset" --parallel "$jobs" >>"build/$preset.log" 2>&1 || { tail -n 60 "build/$preset.log"; exit 1; }
  echo "== $preset: test"
  ctest --preset "$preset" --parallel "$jobs" >"build/$preset.tests" 2>&1 || true
  cat "build/$preset.tests"
  # ctest ends with "97% tests passed, 1 tests failed out of 40"; without that line nothing was run
  counts=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "build/$preset.tests")
  if [ -z "$counts" ]; then
    echo "$preset: no test was run"
    exit 1
  fi
  passed=$((passed + ${counts#* } - ${counts% *}))
  failed=$((failed + ${counts% *}))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
