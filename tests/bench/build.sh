#!/bin/sh
# build.sh [--no-install] --build DIRECTORY TARGET...: what run.sh and growth.sh start. Linnet as its users build it: a
# release build with no flags for this processor.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)

install=
if [ "$1" = --no-install ]; then
  install=$1
  shift
fi
build=$2
shift 2

sh "$root/examples/packages.sh" ${install:+"$install"} g++ cmake make libxsimd-dev doctest-dev nlohmann-json3-dev \
  libeigen3-dev libopenblas-serial-dev libdnnl-dev libfann-dev libtorch-dev gnuplot-nox python3
mkdir -p "$build"
{
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=g++ -DLINNET_BENCH=ON \
    -DLINNET_EXAMPLES=OFF -DLINNET_DISCIPLINE=OFF
  cmake --build "$build" --parallel "$(getconf _NPROCESSORS_ONLN)" --target "$@"
} >"$build/build.log" 2>&1 || {
  grep -E 'error|undefined' "$build/build.log" | head -n 20
  tail -n 20 "$build/build.log"
  exit 1
}
