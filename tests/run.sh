#!/bin/sh
# run.sh [--host] [--no-install]: builds and runs every test.
#   host    the suite once per kernel table that the processor has: optimized by GCC, by Clang in the contract of two
#           roundings, and under the address and undefined-behaviour sanitizers of Clang; two trainers in two threads under
#           the thread sanitizer; the quick cases under Valgrind; twelve planted faults; a minute of random calls;
#           clang-format and clang-tidy; counts over the sources, and who includes whom
#   boards  kernels, elementary functions and trainer on AArch64, ARMv7, Cortex-M4F and M0+ in emulators, what some
#           targets' archives are made of, a build for each target that must leave the stored bits, some stored figures
# What is run in part here is whole under a command of its own: tests/README.md. --host: the first part alone. Installs what
# is missing when run as root; otherwise prints the line that does and ends with 2.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
host_alone=
for argument in "$@"; do
  case $argument in
    --host) host_alone=yes ;;
    --no-install) install=--no-install ;;
    *) echo "usage: sh tests/run.sh [--host] [--no-install]" >&2; exit 2 ;;
  esac
done
sh examples/packages.sh $install g++ clang libclang-rt-dev cmake make binutils python3 doxygen libxsimd-dev \
  doctest-dev nlohmann-json3-dev zlib1g-dev libcli11-dev

for preset in release separate sanitize; do
  part "$preset: build"
  build "$preset"
  part "$preset: test"
  ctest --preset "$preset" --parallel "$jobs" >"build/$preset.tests" 2>&1 || true
  cat "build/$preset.tests"
  result=$(counts_of "build/$preset.tests")
  count "${result% *}" "${result#* }"
done

part "threads"  # this one program under the thread sanitizer
build threads threads
ctest --preset threads --tests-regex "two threads" >build/threads.tests 2>&1 || true
cat build/threads.tests
result=$(counts_of build/threads.tests)
count "${result% *}" "${result#* }"

part "valgrind"
counted sh tests/valgrind.sh $install
part "planted faults"  # one in 26 of them, by the tests that Valgrind was given
counted sh tests/mutants.sh $install --tests build/valgrind --shard 1/26
part "random calls"
counted sh tests/fuzz.sh $install 60

part "style"
counted sh tests/style.sh $install
part "the house"
counted sh tests/house.sh $install

if [ -z "$host_alone" ]; then
  part "boards"
  counted sh tests/boards.sh --core $install aarch64-linux armv7-neon-linux cortex-m4f cortex-m0plus microbit
  part "archives of targets"
  counted sh tests/discipline/targets.sh --some $install
  part "runs carried to other boards"
  counted sh tests/resume.sh $install
  part "the same bits"
  counted sh tests/golden.sh --some $install
  part "figures"
  counted sh tests/figures.sh --check --some $install
fi
summary
