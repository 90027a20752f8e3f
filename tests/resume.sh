#!/bin/sh
# resume.sh [--no-install] [STOPS [SEED]]: for every optimizer, runs that are stopped after random steps and carried
# through checkpoints from an emulated Cortex-M4F to this computer, to a big-endian one and back (or the other way round),
# against runs that never stop. Without STOPS each optimizer is carried once: 42. Only the scalar kernels are built.
# Ends with "N stops, N differ" and "N passed, N failed", in runs; the seed is printed.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
if [ "${1:-}" = --no-install ]; then
  install=--no-install
  shift
fi
sh examples/packages.sh $install g++ cmake make python3 doctest-dev nlohmann-json3-dev g++-s390x-linux-gnu qemu-user \
  gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm

mkdir -p build/resume
for target in x86-64 s390x-linux cortex-m4f; do
  log=build/resume/$target.log
  toolchain=
  [ "$target" = x86-64 ] || toolchain=-DCMAKE_TOOLCHAIN_FILE=$PWD/toolchains/$target.cmake
  cmake -S . -B "build/resume/$target" ${toolchain:+"$toolchain"} -DCMAKE_BUILD_TYPE=Release -DLINNET_TABLES=scalar \
    -DLINNET_EXAMPLES=OFF -DLINNET_DISCIPLINE=OFF >"$log" 2>&1 &&
    cmake --build "build/resume/$target" --parallel "$jobs" --target resume >>"$log" 2>&1 ||
    { tail -n 20 "$log"; echo "0 passed, 1 failed"; exit 1; }
done
python3 -B tests/keep/resume_test.py 2>build/resume/test.log || { cat build/resume/test.log; echo "0 passed, 1 failed"; exit 1; }
[ $# -gt 0 ] || set -- 42
exec python3 -B tests/keep/resume.py "$@"
