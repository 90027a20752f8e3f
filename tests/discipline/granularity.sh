#!/bin/sh
# Naming is linking: a program carries the activations, losses and optimizers that it names, and inference carries nothing
# of training. Without --gc-sections: the files of the archive alone see to it. Prints what the library adds to a program.
#
# usage: granularity.sh SOURCE_DIRECTORY COMPILER CMAKE       (on the host)
#        granularity.sh SOURCE_DIRECTORY COMPILER CMAKE FLAGS...   (for a board: sizes with these flags and --gc-sections)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
compiler=$2
cmake=$3
shift 3

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

set -- -std=c++17 -Os -fno-exceptions -fno-rtti -ffp-contract=off -fno-math-errno "$@"
system=$(uname -s)
case "$*" in
  *-mcpu=*)
    system=Generic
    set -- "$@" -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -Wl,--gc-sections --specs=nosys.specs
    ;;
esac

# ---- The scalar library, by the flags given here alone.

library_flags=$(echo "$*" | sed 's/-Wl,[^ ]*//g; s/--specs=[^ ]*//g')
{
  "$cmake" -S "$root" -B "$scratch/lib" -DLINNET_SIMD=OFF -DLINNET_TESTS=OFF -DLINNET_EXAMPLES=OFF \
    -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY \
    -DCMAKE_SYSTEM_NAME="$system" -DCMAKE_CXX_FLAGS="$library_flags"
  "$cmake" --build "$scratch/lib" --target linnet --parallel 2
} >"$scratch/log" 2>&1 || true
library=$(find "$scratch/lib" -name liblinnet.a)
[ -n "$library" ] || {
  echo "FAILED: the scalar library does not build"
  tail -n 20 "$scratch/log"
  exit 1
}

# The members of the archive in the image, without their ending.
members() {
  grep -o 'liblinnet\.a([^)]*)' "$1" | sed -E 's/.*\((.*)\)/\1/; s/(\.cpp)?\.o(bj)?$//' | sort -u
}
size=size
case "$compiler" in *-g++*) size=${compiler%g++*}size ;; esac
bytes() { "$size" "$1" 2>/dev/null | awk 'NR == 2 { print $1 + $2 }'; }

for program in empty predictor trainer; do
  "$compiler" "$@" -I"$root/include" "$here/granularity/$program.cpp" "$library" -Wl,-Map="$scratch/$program.map" \
    -o "$scratch/$program" || { echo "FAILED: $program does not link"; exit 1; }
  members "$scratch/$program.map" >"$scratch/$program.members"
done
[ ! -s "$scratch/empty.members" ] || { echo "FAILED: a program that names nothing carries something"; failed=1; }

# The descriptors in the image are those that the program names.
(cd "$root/lib" && find activation loss optimizer -name '*.cpp') | sed 's|.*/||; s|\.cpp$||' | sort >"$scratch/descriptors"
names_only() {
  program=$1
  shift
  printf '%s\n' "$@" | sort >"$scratch/expected"
  comm -12 "$scratch/descriptors" "$scratch/$program.members" >"$scratch/found"
  if cmp -s "$scratch/expected" "$scratch/found"; then
    echo "ok: of activations, losses and optimizers $program carries $* and no other"
  else
    echo "FAILED: $program carries more (>) or less (<) than it names"
    diff "$scratch/expected" "$scratch/found" | grep '^[<>]' | sed 's/^/    /'
    failed=1
  fi
}
names_only predictor tanh softmax
names_only trainer tanh softmax softmax_cross_entropy sgd

if grep -E 'train|initialize|random' "$scratch/predictor.members" >"$scratch/found"; then
  echo "FAILED: a program that only predicts carries $(tr '\n' ' ' <"$scratch/found")"
  failed=1
else
  echo "ok: a program that only predicts carries nothing of training: $(tr '\n' ' ' <"$scratch/predictor.members")"
fi

if empty=$(bytes "$scratch/empty") && [ -n "$empty" ]; then
  for program in predictor trainer; do
    echo "$program adds $(($(bytes "$scratch/$program") - empty)) bytes of code, constants and data at -Os ($compiler)"
  done
fi
exit "$failed"
