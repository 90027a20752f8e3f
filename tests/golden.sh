#!/bin/sh
# golden.sh [--some] [--no-install] [--only BOARD]: builds the library and examples/self_test for every target with GCC
# and Clang, at -O1, -O2, -O3 and -Os, in both contracts, runs them (emulated where need be) and compares the hashes with
# those stored in tests/golden.hpp. One line per build and kernel table; ends with 1 if any differs.
# --some: each target once, compilers, levels and contracts in turn. --only: that board's builds alone.
set -eu
cd "$(dirname "$0")/.."

boards='x86-64 aarch64 armv7-neon armv7 armv6 riscv64 s390x
        cortex-m0plus cortex-m3 cortex-m4f cortex-m7 cortex-m33 cortex-m55'
packages='g++ clang cmake make binutils libxsimd-dev g++-aarch64-linux-gnu g++-arm-linux-gnueabihf g++-arm-linux-gnueabi
          g++-riscv64-linux-gnu g++-s390x-linux-gnu gcc-arm-none-eabi libnewlib-arm-none-eabi
          libstdc++-arm-none-eabi-newlib qemu-user qemu-system-arm'
room=build/golden

# cpu_has FLAG...: as lib/tables/select.cpp asks
cpu_has() {
  for flag in "$@"; do
    grep -qw "$flag" /proc/cpuinfo || return 1
  done
}
has_avx2() { cpu_has avx2 fma; }
has_avx512() { has_avx2 && cpu_has avx512f avx512cd avx512dq avx512bw avx512vl; }

# The tables that a board's archive must have and this computer can run, best first.
tables_of() {
  case $1 in
    x86-64)
      if has_avx512; then echo avx512; fi
      if has_avx2; then echo avx2; fi
      echo sse2 scalar ;;
    aarch64) echo neon64 scalar ;;
    armv7-neon) echo neon scalar ;;
    *) echo scalar ;;
  esac
}

toolchain_of() {
  case $1 in
    x86-64) ;;
    cortex-*) echo "$PWD/toolchains/$1.cmake" ;;
    *) echo "$PWD/toolchains/$1-linux.cmake" ;;
  esac
}

# stored CONTRACT: the three hashes of tests/golden.hpp
stored() {
  case $1 in fused) name=kGoldenFused ;; *) name=kGoldenSeparate ;; esac
  sed -n "s/.*$name{0x\([0-9a-f]*\), 0x\([0-9a-f]*\), 0x\([0-9a-f]*\)}.*/\1 \2 \3/p" tests/golden.hpp
}

# build DIRECTORY BOARD COMPILER CONTRACT LEVEL: configures, builds, runs; what the self-test says is in DIRECTORY.log
build() {
  directory=$1
  LINNET_TOOLCHAIN=$(toolchain_of "$2")
  export LINNET_TOOLCHAIN
  case $3:$LINNET_TOOLCHAIN in
    gcc:) set -- "$4" "$5" -DCMAKE_CXX_COMPILER=g++ ;;
    clang:) set -- "$4" "$5" -DCMAKE_CXX_COMPILER=clang++ ;;
    gcc:*) set -- "$4" "$5" "-DCMAKE_TOOLCHAIN_FILE=$LINNET_TOOLCHAIN" ;;
    clang:*) set -- "$4" "$5" "-DCMAKE_TOOLCHAIN_FILE=$PWD/tests/golden/clang.cmake" ;;
  esac
  case $1 in fused) fused=ON ;; *) fused=OFF ;; esac
  level=$2
  shift 2
  cmake -S . -B "$directory" "$@" -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=$level" -DLINNET_FUSED=$fused \
    -DLINNET_TESTS=OFF -DLINNET_EXAMPLES=ON -DLINNET_WARNINGS=OFF -DLINNET_INSTALL=OFF >"$directory.log" 2>&1 &&
    cmake --build "$directory" --target self_test >>"$directory.log" 2>&1 || return 1
  cksum <"$directory/lib/liblinnet.a" >>"$directory.archives"
  # the self-test's own verdict is its exit code; the lines are compared again below
  timeout 900 cmake --build "$directory" --target run_self_test >>"$directory.log" 2>&1
}

row() { printf '%-20s %-8s %-3s %-8s %-16s %-16s %s\n' "$@"; }

# line BOARD COMPILER LEVEL CONTRACT TABLE LOG: compares one table's hashes with the stored ones
line() {
  # shellcheck disable=SC2046  # three words
  set -- "$@" $(stored "$4")
  training=$(sed -n "s/^$5 training \([0-9a-f]*\) .*/\1/p" "$6")
  subnormal=$(sed -n "s/^$5 subnormal \([0-9a-f]*\) .*/\1/p" "$6")
  expected=$8
  if [ "$5" = neon ]; then expected=$9; fi
  verdict=DIFFERS
  if [ "$training" = "$7" ] && [ "$subnormal" = "$expected" ]; then verdict=ok; fi
  row "$1/$5" "$2" "$3" "$4" "${training:--}" "${subnormal:--}" $verdict
}

# One job: a board, a compiler and a contract, all levels in one build directory. Its lines go to NAME.lines.
run_job() {
  IFS=: read -r board compiler contract levels <<END
$1
END
  directory=$room/$board-$compiler-$contract
  : >"$directory.part"
  : >"$directory.archives"
  for level in $(echo "$levels" | tr , ' '); do
    good=yes
    build "$directory" "$board" "$compiler" "$contract" "$level" || good=no
    for table in $(tables_of "$board"); do
      line "$board" "$compiler" "$level" "$contract" "$table" "$directory.log"
    done >"$directory.level"
    cat "$directory.level" >>"$directory.part"
    if [ $good = no ]; then
      cp "$directory.log" "$directory$level.log"
      # a self-test that ends with an error although its hashes are right, after a crash for example, counts too
      what=$(grep -q ' DIFFERS$' "$directory.level" || echo ', the self-test failed: DIFFERS')
      echo "  see $directory$level.log$what" >>"$directory.part"
    fi
  done
  rm -rf "$directory" "$directory.level"
  mv "$directory.part" "$directory.lines"
}

if [ "${1:-}" = --job ]; then
  run_job "$2"
  exit
fi

install=
some=no
while [ $# -gt 0 ]; do
  case $1 in
    --some) some=yes ;;
    --no-install) install=--no-install ;;
    --only) boards=${2:?--only takes a board}; shift ;;
    *) echo "usage: sh tests/golden.sh [--some] [--no-install] [--only BOARD]" >&2; exit 2 ;;
  esac
  shift
done
# shellcheck disable=SC2086  # a list of names
sh examples/packages.sh $install $packages

# The jobs, in the order of their lines.
list_all() {
  for board in $boards; do
    for compiler in gcc clang; do
      for contract in fused separate; do
        echo "$board:$compiler:$contract:-O1,-O2,-O3,-Os"
      done
    done
  done
}
# Where compilers have gone wrong before: GCC at -Os with vectors, GCC and Clang at -O2 and more where a vector unit
# flushes subnormal numbers (lib/CMakeLists.txt says what was done about it).
list_some() {
  for job in x86-64:gcc:fused:-Os aarch64:clang:separate:-O3 armv7-neon:clang:fused:-O2 armv7:gcc:separate:-O3 \
    armv6:clang:fused:-O1 riscv64:gcc:separate:-Os s390x:clang:fused:-O2 cortex-m0plus:gcc:fused:-O2 \
    cortex-m3:clang:separate:-Os cortex-m4f:gcc:fused:-O1 cortex-m7:clang:fused:-O3 cortex-m33:clang:separate:-O2 \
    cortex-m55:gcc:fused:-O3; do
    for board in $boards; do
      case $job in "$board":*) echo "$job" ;; esac
    done
  done
}
jobs=$(if [ $some = yes ]; then list_some; else list_all; fi)

begin=$(date +%s)
rm -rf "$room"
mkdir -p "$room"
row TARGET/TABLE COMPILER OPT CONTRACT TRAINING SUBNORMAL RESULT
echo "$jobs" | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I '{}' sh tests/golden.sh --job '{}' &
workers=$!
trap 'kill "$workers" 2>/dev/null; exit 130' INT TERM
for job in $jobs; do
  IFS=: read -r board compiler contract levels <<END
$job
END
  lines=$room/$board-$compiler-$contract.lines
  while [ ! -f "$lines" ]; do
    if ! kill -0 "$workers" 2>/dev/null && [ ! -f "$lines" ]; then
      echo "$job ended without a result: DIFFERS" >"$lines"
      break
    fi
    sleep 1
  done
  cat "$lines"
done
wait "$workers" || true

echo
echo "What was not run, and why:"
gap() { printf '  %-20s %s\n' "$1" "$2"; }
has_avx2 || gap x86-64/avx2 "built only: this processor does not have it"
has_avx512 || gap x86-64/avx512 "built only: this processor does not have it"
gap cortex-m0plus "an M0+: QEMU has none; the micro:bit's M0 has the same instructions and ran these"
gap riscv64 "vectors: the library has no kernel table for them"
gap s390x "likewise; it stands for what is big-endian"
gap "all but x86-64" "on hardware: these ran under QEMU; examples/self_test is what to run on a board"
builds=$(cat "$room"/*.archives | wc -l)
distinct=$(cat "$room"/*.archives | sort -u | wc -l)
passed=$(cat "$room"/*.lines | grep -c ' ok$') || true
failed=$(cat "$room"/*.lines | grep -c ' DIFFERS$') || true
seconds=$(($(date +%s) - begin))
echo "$builds builds of the archive, $distinct of them distinct; $((seconds / 60)) minutes $((seconds % 60)) seconds"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
