#!/bin/sh
# fuzz.sh [--no-install] [--random] [--only FUZZER] SECONDS [SEED]: for SECONDS random worlds of calls over all public
# functions, on every kernel table of this processor; for a third of them each random media, files and texts, for what reads
# them. All under the address and undefined-behaviour sanitizers (tests/fuzz/README.md). --only: one of worlds, checkpoint,
# safetensors, topology_text, npy, csv, slots, online, scales. --random: without sanitizers and without a fuzzer, 15 times
# as many calls. Without SEED the clock gives one; it is printed. What the fuzzer finds is in build/fuzz/found. Ends with 1
# if anything was.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
kind=fuzzer
only=
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=--no-install ;;
    --random) kind=random ;;
    --only) only=$2; shift ;;
    *) break ;;
  esac
  shift
done
seconds=${1:?usage: sh tests/fuzz.sh [--no-install] [--random] [--only FUZZER] SECONDS [SEED]}
seed=${2:-$(($(date +%s) % 1000000000))}
sh examples/packages.sh $install g++ clang libclang-rt-dev cmake make python3 libxsimd-dev doctest-dev nlohmann-json3-dev

mkdir -p build/fuzz/found
# run NAME SECONDS WHAT [ARGUMENT...]: the fuzzer of NAME; what it found, or the line that counts WHAT.
run() {
  name=$1
  time=$2
  what=$3
  shift 3
  if [ "$kind" = random ]; then
    build release "random_$name"
    set -- "build/release/tests/random_$name" "$time" "$seed"
  else
    build sanitize "fuzz_$name"
    set -- "build/sanitize/tests/fuzz_$name" -max_total_time="$time" -seed="$seed" -len_control=0 -timeout=60 \
      -rss_limit_mb=1500 -artifact_prefix=build/fuzz/found/ "$@"
  fi
  if "$@" 2>"build/fuzz/$name.log"; then
    tr '\r' '\n' <"build/fuzz/$name.log" | grep "$what" | tail -n 1 || true
    count 1 0
  else
    tr '\r' '\n' <"build/fuzz/$name.log" | tail -n 40
    count 0 1
  fi
}
echo "seed $seed"
third=$(((seconds + 2) / 3))
for fuzzer in ${only:-worlds checkpoint safetensors topology_text npy csv slots online scales}; do
  mkdir -p "build/fuzz/$fuzzer"  # what a run learns is where the next begins
  case $fuzzer in
    worlds) run worlds "$seconds" 'worlds, ' -max_len=600 -verbosity=0 ;;
    checkpoint) run checkpoint "$third" 'runs in ' -max_len=1200 build/fuzz/checkpoint ;;
    safetensors) run safetensors "$third" 'runs in ' -max_len=6000 build/fuzz/safetensors tests/data/safetensors ;;
    *) run "$fuzzer" "$third" 'runs in ' -max_len=600 "build/fuzz/$fuzzer" ;;
  esac
done
summary
