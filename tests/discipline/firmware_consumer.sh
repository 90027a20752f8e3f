#!/bin/sh
# Linnet in a firmware project of somebody else, for a Cortex-M4F: from the lines of examples/README.md, word for word
# (compiled by hand; installed and found; the digits in a real board's memory); as a subdirectory of the firmware's own
# CMake build, under its own toolchain file; installed, moved and found. Each image then learns under QEMU. It may hold
# no heap and no printf.
#
# usage: firmware_consumer.sh SOURCE_DIRECTORY CMAKE       77: there is no arm-none-eabi-g++
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
cmake=$2
command -v arm-none-eabi-g++ >/dev/null || { echo "there is no arm-none-eabi-g++"; exit 77; }
command -v qemu-system-arm >/dev/null || echo "there is no qemu-system-arm: the images are built, not run"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs a command quietly; shows what it said when it fails.
must() {
  what=$1
  shift
  if ! "$@" >"$scratch/log" 2>&1; then
    echo "FAILED: $what: $*"
    tail -n 25 "$scratch/log" | sed 's/^/    /'
    exit 1
  fi
}
no_heap() {
  arm-none-eabi-nm "$2" | grep -E ' (malloc|_malloc_r|free|_sbrk|printf|_printf_r|_Znwj|_ZdlPv|__cxa_throw)$' && {
    echo "FAILED: $1: the image holds the functions above"
    exit 1
  }
  echo "ok: $1: $(arm-none-eabi-size "$2" | awk 'NR == 2 { print $1 + $2 " bytes of flash, " $2 + $3 " of RAM" }')"
}
learns() {
  if command -v qemu-system-arm >/dev/null; then
    must "$1 does not run" sh "$root/toolchains/qemu-cortex-m.sh" mps2-an386 "$2"
    grep -qx learnt "$scratch/log" || { echo "FAILED: $1 says: $(cat "$scratch/log")"; exit 1; }
  fi
  no_heap "$1" "$2"
}

# The firmware that was there before: a program, a start-up, a linker script, a toolchain file.
mkdir "$scratch/project"
cp "$here/firmware_consumer/main.cpp" "$here/firmware_consumer/CMakeLists.txt" "$scratch/project"
for file in startup.cpp semihosting.cpp board.hpp cortex-m.ld; do
  cp "$root/examples/firmware/$file" "$scratch/project"
done
cat >"$scratch/toolchain.cmake" <<'END'
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(core "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard")
set(CMAKE_CXX_FLAGS_INIT "${core} -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,--gc-sections)
END

# The blocks of shell lines below a heading of the document, one after the other.
lines_below() { python3 -B "$here/../sources/pages.py" lines "$root/examples/README.md" "$1"; }

# ---- The lines of the document, in a project that has Linnet in the folder linnet.

cp -r "$scratch/project" "$scratch/lines"
ln -s "$root" "$scratch/lines/linnet"
lines_below "In a firmware of your own" >"$scratch/own.sh"
lines_below "On a board" | sed '/^#1$/,$d' >"$scratch/board.sh"
for words in 'own.sh -o firmware.elf' 'own.sh cmake --install' 'board.sh -o digits.elf'; do
  grep -q -e "${words#* }" "$scratch/${words%% *}" || {
    echo "FAILED: examples/README.md has no '${words#* }'"
    exit 1
  }
done
cat "$scratch/board.sh" >>"$scratch/own.sh"
(cd "$scratch/lines" && must "the lines of examples/README.md" sh -eu "$scratch/own.sh")
learns "from compiler lines, as examples/README.md has them" "$scratch/lines/firmware.elf"
learns "installed and found, as examples/README.md has it" "$scratch/lines/build/firmware.elf"
if command -v qemu-system-arm >/dev/null; then
  must "the digits on an STM32F405" sh "$root/examples/firmware/shown.sh" "$root/examples/README.md" \
    "## firmware/digits" sh "$root/toolchains/qemu-cortex-m.sh" netduinoplus2 "$scratch/lines/digits.elf"
fi
no_heap "the digits on an STM32F405, as examples/README.md has it" "$scratch/lines/digits.elf"

# ---- As a subdirectory.

must "configuring as a subdirectory" "$cmake" -S "$scratch/project" -B "$scratch/along" -DCMAKE_BUILD_TYPE=MinSizeRel \
  -DCMAKE_TOOLCHAIN_FILE="$scratch/toolchain.cmake" -DLINNET_SOURCE="$root"
must "building as a subdirectory" "$cmake" --build "$scratch/along" --parallel 2
learns "as a subdirectory" "$scratch/along/firmware.elf"

# ---- Installed by the lines above, moved, found by a toolchain file of the project's own.

mv "$scratch/lines/installed" "$scratch/elsewhere"
must "configuring with the package" "$cmake" -S "$scratch/project" -B "$scratch/found" -DCMAKE_BUILD_TYPE=MinSizeRel \
  -DCMAKE_TOOLCHAIN_FILE="$scratch/toolchain.cmake" -DCMAKE_PREFIX_PATH="$scratch/elsewhere"
must "building with the package" "$cmake" --build "$scratch/found"
learns "installed, moved and found" "$scratch/found/firmware.elf"
