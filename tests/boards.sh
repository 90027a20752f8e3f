#!/bin/sh
# boards.sh [--core] [--no-install] [PRESET...]: the whole suite on emulated boards, one line for each: AArch64 and ARMv7
# Linux, Cortex-M4F, M7, M33, M55 and M0+ without a system, and on the micro:bit the checks that fit its 16 KB of RAM.
# --core: kernels, elementary functions and trainer alone. PRESET: one of CMakePresets.json, or microbit. Details are in
# build/PRESET.tests; ends with 1 if anything failed.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

label='^(core|suite)$'
target=board_suite
install=
while [ $# -gt 0 ]; do
  case $1 in
    --core) label='^core$' target=board_core ;;
    --no-install) install=--no-install ;;
    --test)  # BOARD PRESET LABEL: a call from below, once the board's programs are built
      code=0
      ctest --preset "$3" -L "$4" >"build/$2.tests" 2>&1 || code=$?
      [ "$code" -eq 0 ] || cat "build/$2.tests"
      result=$(counts_of "build/$2.tests")
      seconds=$(sed -n 's/^Total Test time (real) = *\([0-9]*\).*/\1/p' "build/$2.tests")
      printf '%-17s %2d passed, %d failed, %d s\n' "$2" "${result% *}" "${result#* }" "${seconds:-0}"
      exit 0 ;;
    -*) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
sh examples/packages.sh $install cmake make binutils python3 libxsimd-dev doctest-dev nlohmann-json3-dev g++-aarch64-linux-gnu \
  g++-arm-linux-gnueabihf qemu-user qemu-system-arm gcc-arm-none-eabi libnewlib-arm-none-eabi \
  libstdc++-arm-none-eabi-newlib
if [ $# -eq 0 ]; then  # the slowest first
  set -- cortex-m0plus cortex-m4f cortex-m7 cortex-m33 cortex-m55 aarch64-linux armv7-neon-linux microbit
fi

start=$(date +%s)
mkdir -p build
: >build/boards.jobs
for board in "$@"; do
  rm -f "build/$board.tests"
  case $board in
    microbit) preset=cortex-m0plus boards_label='^microbit$' boards_target=small_checks ;;
    *) preset=$board boards_label=$label boards_target=$target ;;
  esac
  if build "$preset" "$boards_target"; then
    echo "--test $board $preset $boards_label" >>build/boards.jobs
  else
    echo "$board is not built" | tee "build/$board.tests"
  fi
done
echo "built in $(($(date +%s) - start)) s"

# As many boards at once as there are processors here: an emulator takes one.
[ ! -s build/boards.jobs ] || xargs -P "$jobs" -n 4 sh tests/boards.sh <build/boards.jobs
for board in "$@"; do
  result=$(counts_of "build/$board.tests")
  count "${result% *}" "${result#* }"
done
summary
