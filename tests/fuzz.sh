#!/bin/sh
# fuzz.sh [--no-install] [--random] SECONDS [SEED]: random worlds of calls over all public functions, on every kernel table
# of this processor, under the address and undefined-behaviour sanitizers (tests/fuzz/README.md). --random: without them and
# without a fuzzer, 15 times as many calls. Without SEED the clock gives one; it is printed. What the fuzzer finds is in
# build/fuzz/found. Ends with 1 if anything was.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
kind=fuzzer
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=--no-install ;;
    --random) kind=random ;;
    *) break ;;
  esac
  shift
done
seconds=${1:?usage: sh tests/fuzz.sh [--no-install] [--random] SECONDS [SEED]}
seed=${2:-$(($(date +%s) % 1000000000))}
sh examples/packages.sh $install g++ clang libclang-rt-dev cmake make python3 libxsimd-dev doctest-dev nlohmann-json3-dev

mkdir -p build/fuzz/found
if [ "$kind" = random ]; then
  build release random_worlds
  set -- build/release/tests/random_worlds "$seconds" "$seed"
else
  build sanitize fuzz_worlds
  set -- build/sanitize/tests/fuzz_worlds -max_total_time="$seconds" -seed="$seed" -max_len=600 -len_control=0 -timeout=60 \
    -rss_limit_mb=1500 -verbosity=0 -artifact_prefix=build/fuzz/found/
fi
echo "seed $seed"
if "$@" 2>build/fuzz/worlds.log; then
  grep 'worlds, ' build/fuzz/worlds.log
  count 1 0
else
  tr '\r' '\n' <build/fuzz/worlds.log | tail -n 40
  count 0 1
fi
summary
