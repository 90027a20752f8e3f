#!/bin/sh
# mutants.sh [--no-install] [--shard K/N] [--only TEXT]: plants the small faults that tests/mutants/mutants.txt lists in a
# copy of the library, one after the other, and runs the tests, which must see each. --shard: every N-th from the K-th on.
# --only: those whose line has the text. Ends with 1 if one lives that is not marked as equivalent.
set -eu
cd "$(dirname "$0")/.."

install=
if [ "${1:-}" = --no-install ]; then
  install=--no-install
  shift
fi
sh examples/packages.sh $install g++ cmake make python3 libxsimd-dev doctest-dev nlohmann-json3-dev
exec python3 -B tests/mutants/mutants.py "$@"
