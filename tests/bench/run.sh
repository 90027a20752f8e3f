#!/bin/sh
# Times Linnet and the strongest alternatives of Debian on the same work, in turn: README.md here says what and how.
#
# usage: run.sh [--no-install] [--build DIRECTORY] [options of the program]
#
#   --work W1,W2-adam,...   workloads by the beginnings of their names; all without it
#   --peers eigen,...       of eigen, openblas, onednn, fann, torch; all without it; "" for none
#   --rounds N, --sample MS 11 rounds of samples of at least 30 ms of thread time each
#   --isa avx2              Linnet's AVX2 table, and peers that are held to AVX2 too
#   --offset                Linnet a second time, with every buffer of the caller 4 bytes behind a 64-byte boundary
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)

install=
build=$root/build/bench
while [ $# -gt 0 ]; do
  case "$1" in
    --no-install) install=--no-install; shift ;;
    --build) build=$2; shift 2 ;;
    *) break ;;
  esac
done

sh "$root/examples/packages.sh" $install g++ cmake make libxsimd-dev doctest-dev nlohmann-json3-dev \
  libeigen3-dev libopenblas-serial-dev libdnnl-dev libfann-dev libtorch-dev
mkdir -p "$build"
{
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=g++ -DLINNET_BENCH=ON \
    -DLINNET_EXAMPLES=OFF -DLINNET_DISCIPLINE=OFF
  cmake --build "$build" --target bench bench_peers --parallel "$(getconf _NPROCESSORS_ONLN)"
} >"$build/build.log" 2>&1 || { grep -E 'error|undefined' "$build/build.log" | head -n 20; tail -n 20 "$build/build.log"; exit 1; }

exec "$build/tests/bench/bench" --modules "$build/tests/bench" "$@"
