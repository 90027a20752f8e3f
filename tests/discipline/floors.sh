#!/bin/sh
# Each part of the house rests on those below it and on nothing else: the order of the public headers, what a source may
# include and name, what the top level of the repository holds, and what the public types promise of themselves.
#
# usage: floors.sh SOURCE_DIRECTORY COMPILER...      (each compiler checks the headers by itself)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
shift
cd "$root"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# Fails when the file of findings is not empty.
expect_none() {
  if [ -s "$2" ]; then
    echo "FAILED: $1"
    sed 's/^/    /' "$2"
    failed=1
  else
    echo "ok: $1"
  fi
}

# ---- What a source may include and name, and what stands at the top level.

code=0
python3 -B "$here/../sources/floors.py" "$root" || code=$?
[ "$code" -ne 2 ] || exit 1  # no sources
[ "$code" -eq 0 ] || failed=1

# ---- Each public header stands alone, and the public types are what they say.

strict='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror -fno-exceptions -fno-rtti'
for compiler in "$@"; do
  command -v "$compiler" >/dev/null 2>&1 || { echo "note: no $compiler here"; continue; }
  : >"$scratch/bad"
  for header in include/linnet/*.hpp; do
    name=${header#include/}
    printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$scratch/alone.cpp"
    for standard in c++17 c++20; do
      # shellcheck disable=SC2086 # a list of flags
      "$compiler" -std=$standard $strict -Iinclude -fsyntax-only "$scratch/alone.cpp" >>"$scratch/bad" 2>&1 ||
        echo "$name ($standard)" >>"$scratch/bad"
    done
  done
  expect_none "each public header compiles alone with $compiler" "$scratch/bad"

  : >"$scratch/bad"
  for enums in -fno-short-enums -fshort-enums; do
    # shellcheck disable=SC2086
    "$compiler" -std=c++17 $strict $enums -Iinclude -fsyntax-only "$here/plain_data.cpp" >>"$scratch/bad" 2>&1 ||
      echo "$enums" >>"$scratch/bad"
  done
  expect_none "the public types are plain data with $compiler, with short enumerations too" "$scratch/bad"
done

# On 32 bits the objects are small. Any compiler for 32 bits will do.
echo '#include <cstdint>
static_assert(sizeof(void*) == 4, "");' >"$scratch/bits.cpp"
small=
for try in "${1:-c++} -m32" arm-none-eabi-g++ arm-linux-gnueabihf-g++ arm-linux-gnueabi-g++; do
  if $try -std=c++17 -fsyntax-only "$scratch/bits.cpp" >/dev/null 2>&1; then
    small=$try
    break
  fi
done
if [ -n "$small" ]; then
  : >"$scratch/bad"
  for enums in -fno-short-enums -fshort-enums; do
    # shellcheck disable=SC2086
    $small -std=c++17 $strict $enums -Iinclude -fsyntax-only "$here/plain_data.cpp" >>"$scratch/bad" 2>&1 ||
      echo "$enums" >>"$scratch/bad"
  done
  expect_none "on 32 bits Network, Predictor and Trainer take at most 168 bytes each ($small)" "$scratch/bad"
else
  echo "note: no compiler for 32 bits here; the sizes were not checked"
fi

exit "$failed"
