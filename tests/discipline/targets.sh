#!/bin/sh
# Proves for each target that the library hides nothing: the archive is built by that target's toolchain file with
# -fshort-enums (its own flags are -fno-exceptions -fno-rtti); archive.sh reads its symbols and sections (no heap, no
# start-up code, nothing to write to); nothing_hidden.sh links every public function with -nostdlib -lgcc, from a program
# with ordinary enums; and a bare-metal image links although every way to the heap leads nowhere. Then the same proofs
# must refuse archives with a constructor, a variable and a call of malloc.
#
# usage: targets.sh [--no-install] [--some] [TARGET...]
#   TARGET: a file of toolchains/ without .cmake; all of them by default. --some: one of each kind of processor
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
root=$(pwd)
here=$root/tests/discipline

install=
some=
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=--no-install ;;
    --some) some=yes ;;
    -*) sed -n '/^# usage/s/^# //p' "$0" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
sh examples/packages.sh $install cmake make binutils python3 libxsimd-dev g++-aarch64-linux-gnu \
  g++-arm-linux-gnueabihf g++-arm-linux-gnueabi g++-riscv64-linux-gnu g++-s390x-linux-gnu gcc-arm-none-eabi \
  libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib
[ -z "$some" ] || set -- aarch64-linux armv7-neon-linux riscv64-linux cortex-m0plus cortex-m4f
if [ $# -eq 0 ]; then
  for file in toolchains/*-*.cmake; do  # cross.cmake and cortex-m.cmake are parts of the others
    name=$(basename "$file" .cmake)
    [ "$name" = cortex-m ] || set -- "$@" "$name"
  done
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# holds TARGET SENTENCE COMMAND...: one line; what the command said if it fails
holds() {
  name=$1
  sentence=$2
  shift 2
  if "$@" >"$scratch/log" 2>&1; then
    echo "ok      $name: $sentence"
    passed=$((passed + 1))
  else
    echo "FAILED  $name: $sentence"
    sed 's/^/    /' "$scratch/log" | tail -n 20
    failed=$((failed + 1))
  fi
}
# says TEXT COMMAND...: the command fails, and says why
says() {
  text=$1
  shift
  if "$@" >"$scratch/said" 2>&1; then
    echo "it passed"
    return 1
  fi
  grep -q "$text" "$scratch/said" || { cat "$scratch/said"; return 1; }
}

# ---- What a target is built with.

archive_of() {  # TARGET: sets build, library, compiler, nm, flags
  build=$scratch/$1
  library=$build/lib/liblinnet.a
  if ! { CXXFLAGS=-fshort-enums cmake -S "$root" -B "$build" -DCMAKE_TOOLCHAIN_FILE="$root/toolchains/$1.cmake" \
    -DLINNET_TESTS=OFF -DLINNET_EXAMPLES=OFF -DCMAKE_BUILD_TYPE=MinSizeRel &&
    cmake --build "$build" --target linnet --parallel "$(getconf _NPROCESSORS_ONLN)"; } >"$scratch/log" 2>&1; then
    return 1
  fi
  compiler=$(sed -n 's/^set(CMAKE_CXX_COMPILER "*\([^")]*\).*/\1/p' "$build"/CMakeFiles/*/CMakeCXXCompiler.cmake)
  nm=$(sed -n 's/^CMAKE_NM:[A-Z]*=//p' "$build/CMakeCache.txt")
  flags=$(sed -n 's/^CMAKE_CXX_FLAGS:[A-Z]*=//p' "$build/CMakeCache.txt" | sed 's/-fshort-enums//')
}

# An image of the Iris example with the start-up of examples/firmware, newlib at hand, and no way to the heap.
image_with() {  # LIBRARY SOURCE...
  archive=$1
  shift
  # shellcheck disable=SC2086  # lists of flags
  "$compiler" $flags -std=c++17 -Os -I"$root/include" -I"$root/lib" "$@" "$here/targets/forbidden_heap.cpp" \
    "$root/examples/firmware/text.cpp" "$root/examples/firmware/startup.cpp" \
    "$root/examples/firmware/semihosting.cpp" "$archive" -nostartfiles --specs=nosys.specs -Wl,--gc-sections \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free -T "$root/examples/firmware/cortex-m.ld" \
    -Wl,--defsym=RAM_LENGTH=0x10000 -o "$scratch/image"
}
image_is_clean() {
  image_with "$library" "$root/examples/firmware/iris.cpp" || return 1
  "${nm%nm}size" -A "$scratch/image" | awk '$1 == ".init_array" || $1 == ".data" { bytes += $2 } END { exit bytes > 0 }' ||
    { echo "the image has start-up code or initialized variables"; return 1; }
}

# ---- The targets.

for target in "$@"; do
  if ! archive_of "$target"; then
    holds "$target" "the library builds with -fno-exceptions -fno-rtti -fshort-enums" sh -c "tail -n 20 '$scratch/log'; false"
    continue
  fi
  holds "$target" "the archive asks for memcpy, memset and compiler helpers, keeps and starts nothing" \
    sh "$here/archive.sh" "$nm" "$library"
  # shellcheck disable=SC2086  # a list of flags
  holds "$target" "every public function links with nothing beneath" \
    sh "$here/nothing_hidden.sh" "$root" "$compiler" "$nm" "$library" $flags
  case $target in
    cortex-m*) holds "$target" "a firmware image links where every way to the heap leads nowhere" image_is_clean ;;
  esac
done

# ---- Do the proofs notice? On copies of the last bare-metal archive.

case " $* " in *' cortex-m4f '*) archive_of cortex-m4f ;; *) set -- ;; esac
spoilt_by() {  # FAULT: an archive with that object; malloc stands in for to_string()
  # shellcheck disable=SC2086  # a list of flags
  "$compiler" $flags -std=c++17 -Os -I"$root/include" -c "$here/targets/hidden_$1.cpp" -o "$scratch/status.cpp.obj"
  cp "$library" "$scratch/spoilt.a"
  [ "$1" != heap ] || "${nm%nm}ar" d "$scratch/spoilt.a" status.cpp.obj
  "${nm%nm}ar" q "$scratch/spoilt.a" "$scratch/status.cpp.obj"
}
refused() {  # FAULT TEXT COMMAND...
  spoilt_by "$1"
  shift
  says "$@"
}
if [ $# -gt 0 ]; then
  holds proof "archive.sh refuses an object that is constructed before main()" \
    refused constructor 'run before main()' sh "$here/archive.sh" "$nm" "$scratch/spoilt.a"
  holds proof "archive.sh refuses a variable" \
    refused variable 'written to' sh "$here/archive.sh" "$nm" "$scratch/spoilt.a"
  holds proof "archive.sh refuses a call of malloc" \
    refused heap 'malloc in' sh "$here/archive.sh" "$nm" "$scratch/spoilt.a"
  # shellcheck disable=SC2086  # a list of flags
  holds proof "nothing_hidden.sh refuses a call of malloc" \
    refused heap 'undefined reference to .malloc' sh "$here/nothing_hidden.sh" "$root" "$compiler" "$nm" \
    "$scratch/spoilt.a" $flags
  holds proof "an image with a call of malloc does not link" \
    refused heap 'FORBIDDEN_use_of_the_heap' image_with "$scratch/spoilt.a" "$root/examples/firmware/iris.cpp"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
