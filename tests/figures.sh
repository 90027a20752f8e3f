#!/bin/sh
# What the library costs on each core: code size, memory, stack, executed instructions; measured in emulators.
#
# usage: figures.sh [--check | --update | --documents] [--detail] [--no-install] [--build DIRECTORY]
#                   [--some | TARGET:CONTRACT:LEVEL...]
#
#   (nothing)   prints the figures as tables
#   --check     compares them with tests/figures/figures.txt: a growth of more than 1 % fails; so does a README.md or a
#               tests/figures/README.md that shows something else than that table. Ends with "N passed, N failed"
#   --update    writes that table and both documents anew
#   --documents writes the documents anew from that table; measures nothing
#   --detail    shows where stack and instructions go
#   A build is for instance cortex-m4f:fused:Os; without one all builds are measured (about 10 minutes on two cores).
#   --some      those builds that the bars are about, and one of each other kind of processor
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/tests/figures
stored=$here/figures.txt

usage() { sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//' >&2; exit 2; }
mode=print
detail=
install=
build=$root/build/figures
builds=
some="aarch64-linux:fused:O3 cortex-m0plus:fused:Os cortex-m4f:fused:O2 cortex-m4f:fused:Os cortex-m7:separate:Os
      cortex-m55:separate:O2 cortex-m4f-clang:fused:Os"
while [ $# -gt 0 ]; do
  case "$1" in
    --check | --update | --documents) mode=${1#--} ;;
    --detail) detail=--detail ;;
    --no-install) install=--no-install ;;
    --build) shift; build=${1:-}; [ -n "$build" ] || usage ;;
    --some) builds=$some ;;
    *:*:*) builds="$builds $1" ;;
    *) usage ;;
  esac
  shift
done
all=
for contract in fused separate; do
  for target in cortex-m0plus cortex-m3 cortex-m4f cortex-m7 cortex-m33 cortex-m55; do
    for level in O2 Os; do all="$all $target:$contract:$level"; done
  done
done
all="aarch64-linux:fused:O3$all cortex-m4f-clang:fused:Os"  # first: it takes longest
[ "$mode" != update ] || [ -z "$builds" ] || { echo "--update measures all builds" >&2; exit 2; }
mkdir -p "$build"

# ---- Documents.

if [ "$mode" = documents ]; then
  sh "$root/examples/packages.sh" $install python3
  python3 -B "$here/documents.py" write
  exit 0
fi

# ---- Measure, as many builds at a time as there are processors.

sh "$root/examples/packages.sh" $install gcc clang cmake make binutils gcc-arm-none-eabi libnewlib-arm-none-eabi \
  libstdc++-arm-none-eabi-newlib g++-aarch64-linux-gnu libxsimd-dev qemu-system-arm qemu-user python3 llvm-19
cc -O2 -Wall -Wextra -shared -fPIC -o "$build/libcount_instructions.so" "$here/count_instructions.c"

tools="$(arm-none-eabi-g++ -dumpfullversion) for Cortex-M, $(aarch64-linux-gnu-g++ -dumpfullversion) for AArch64, clang++ $(clang++ -dumpversion)"
jobs=$(getconf _NPROCESSORS_ONLN)
rm -f "$build"/*.figures "$build"/*.failed
# shellcheck disable=SC2086 # lists of words
printf '%s\n' ${builds:-$all} | tr : ' ' | xargs -P "$jobs" -n 3 sh -c '
  name=$2-$3-$4
  sh "$0/measure.sh" "$2" "$3" "$4" "$1/$name" "$1/libcount_instructions.so" '"$detail"' >"$1/$name.figures" ||
    touch "$1/$name.failed"' "$here" "$build"
: >"$build/measured"
for name in ${builds:-$all}; do
  name=$(echo "$name" | tr : -)
  if [ -e "$build/$name.failed" ]; then
    echo "$name could not be measured"
    [ "$mode" = check ] || exit 1  # there its figures fail, being absent
  fi
  cat "$build/$name.figures" >>"$build/measured"
done

# ---- Show.

case "$mode" in
  print)
    grep '^#' "$build/measured" || true
    python3 -B "$here/render.py" full "$here/bars.txt" "$build/measured"
    ;;
  update)
    {
      echo "# Written by tests/figures.sh --update: TARGET CONTRACT LEVEL FIGURE VALUE, explained in README.md here."
      echo "# g++ $tools"
      grep -v '^#' "$build/measured"
    } >"$stored"
    python3 -B "$here/documents.py" write
    echo "wrote $(grep -vc '^#' "$stored") figures"
    ;;
  check)
    grep '^#' "$build/measured" || true
    grep -qxF "# g++ $tools" "$stored" || echo "note: measured here with g++ $tools; stored: $(grep '^# g++' "$stored")"
    # shellcheck disable=SC2086 # a list of words
    python3 -B "$here/compare.py" "$build/measured" $builds
    ;;
esac
