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

public='include/linnet/*.hpp'
# shellcheck disable=SC2086 # a list of files
awk -f "$here/code_only.awk" $public >"$scratch/public"
find lib include -name '*.[ch]pp' | sort >"$scratch/files"
xargs awk -f "$here/code_only.awk" <"$scratch/files" >"$scratch/code"
if [ ! -s "$scratch/public" ] || [ ! -s "$scratch/code" ]; then
  echo "FAILED: no sources in $root"
  exit 1
fi

# ---- The order of the public headers is the order in which linnet.hpp names them.

sed -n 's/^#include <linnet\/\(.*\)>$/\1/p' include/linnet/linnet.hpp >"$scratch/order"
{
  for header in include/linnet/*.hpp; do
    name=${header##*/}
    [ "$name" = linnet.hpp ] || grep -qx "$name" "$scratch/order" || echo "linnet.hpp does not name $name"
  done
  grep -vE '^[^:]*:[0-9]+:(#pragma once|#include <linnet/[a-z_]+\.hpp>|[[:space:]]*)$' "$scratch/public" |
    grep '^include/linnet/linnet\.hpp:' || true
} >"$scratch/bad"
expect_none "linnet.hpp names every public header and does nothing else" "$scratch/bad"

awk -F: 'NR == FNR { floor[$1] = FNR; next }
         $1 !~ /\/linnet\.hpp$/ && match($3, /^#include <linnet\/[^>]*>/) {
           upper = $1; sub(/.*\//, "", upper)
           lower = substr($3, 18, RLENGTH - 18)
           if (!(lower in floor) || floor[lower] >= floor[upper]) print $1 ":" $2 ": includes " lower
         }' "$scratch/order" "$scratch/public" >"$scratch/bad"
expect_none "a public header includes only headers above it in linnet.hpp" "$scratch/bad"

grep -E '#[[:space:]]*include' "$scratch/public" |
  grep -vE ':#include <(cstddef|cstdint|type_traits|utility|linnet/[a-z_]+\.hpp)>[[:space:]]*$' >"$scratch/bad" || true
expect_none "public headers include <cstddef>, <cstdint>, <type_traits>, <utility> and each other, nothing else" "$scratch/bad"

grep -E '^[^:]*:[0-9]+:[[:space:]]*#' "$scratch/public" | grep -vE ':#(pragma once|include .*)$' |
  grep -vE '^include/linnet/(lifetime\.hpp:|version\.hpp:[0-9]+:#define LINNET_VERSION)' >"$scratch/bad" || true
expect_none "a public header has no directives but #pragma once and #include; lifetime.hpp asks for an attribute, version.hpp says the version" "$scratch/bad"

for header in include/linnet/*.hpp; do
  [ "$(grep -c '^#pragma once$' "$header")" -eq 1 ] || echo "$header"
done >"$scratch/bad"
expect_none "every public header says #pragma once" "$scratch/bad"

# ---- What the library may include and name.

grep -E '#[[:space:]]*include[[:space:]]*<' "$scratch/code" |
  grep -vE '<(cstddef|cstdint|cstring|type_traits|utility|linnet/[a-z_]+\.hpp)>' |
  grep -vE '^lib/vectors/by_xsimd\.hpp:[0-9]+:#include <xsimd/xsimd\.hpp>' |
  grep -vE '^lib/step/bind\.cpp:[0-9]+:#include <new>' |
  grep -vE '^lib/tables/select\.cpp:[0-9]+:#include <cpuid\.h>' >"$scratch/bad" || true
expect_none "sources include no system header that brings memory, output or mathematics; xsimd in by_xsimd.hpp alone" \
  "$scratch/bad"

# number.hpp asks how a float is multiplied and added.
grep -E '_mm[0-9]*_|__m(128|256|512)|float32x[24]_t|xsimd|LINNET_VECTOR_BITS|__(SSE|AVX|FMA__|ARM_NEON|aarch64)|(imm|xmm)intrin|arm_neon' \
  "$scratch/code" | grep -vE '^lib/(vectors/|arithmetic/number\.hpp)' >"$scratch/bad" || true
expect_none "an instruction set is named in lib/vectors alone" "$scratch/bad"

grep -E '"(\.\./|[a-z_/]*(src|detail|utils)/)' "$scratch/code" | grep '#include' >"$scratch/bad" || true
expect_none "no include climbs out of its folder, and none goes to src, detail or utils" "$scratch/bad"

# Whole words, in code without comments and literals. The stages of a trainer are made in lent memory.
grep -nwE 'malloc|calloc|realloc|free|alloca|new|throw|try|catch|dynamic_cast|typeid|virtual|thread_local|goto|abort|exit|assert' \
  "$scratch/code" | cut -d: -f2- |
  grep -vE '^lib/step/bind\.cpp:[0-9]+:(#include <new>|  return new \(aligned \? from : from \+ 1\) Stage;)' >"$scratch/bad" || true
grep -wE 'delete' "$scratch/code" | grep -vE '= delete;' >>"$scratch/bad" || true
expect_none "no heap, no exceptions, no run-time types, no way out but a Status" "$scratch/bad"

grep -wE '(f|s|sn|v|vs|vsn)?printf|f?puts|putchar|fwrite|cout|cerr|FILE|stdout|stderr|errno|rand|srand|time|getenv' \
  "$scratch/code" >"$scratch/bad" || true
expect_none "no output, no clock, no environment" "$scratch/bad"

grep -E 'std::[a-z_]+' "$scratch/code" |
  sed -E 's/std::(size_t|u?int(8|16|32|64|ptr)_t|ptrdiff_t|memcpy|memset|move|forward|declval|true_type|false_type|integral_constant|index_sequence|make_index_sequence|is_[a-z_]+|enable_if_t|remove_[a-z]+_t|conditional_t|decay_t)([^a-z_]|$)/\3/g' |
  grep -E 'std::' >"$scratch/bad" || true
expect_none "from std only sizes, integers, memcpy and type traits" "$scratch/bad"

grep -E '(^|[^_[:alnum:]:])(__builtin_)?(sqrt|exp|exp2|expm1|log|log2|log1p|pow|sin|cos|tan|tanh|erf|erfc|fma|floor|ceil|round|lround|rint|nearbyint|fabs|fmin|fmax|fmod|ldexp|frexp)[fl]?\(' "$scratch/code" |
  grep -vE '^lib/arithmetic/number\.hpp:[0-9]+:.*__builtin_(fma|sqrt)f\(' |
  grep -vE '^lib/activation/formulas\.hpp:[0-9]+:.*inline V tanh\(V z, V ' >"$scratch/bad" || true  # ours, defined there
expect_none "no function of the C mathematics library; the two that are one instruction only in number.hpp" "$scratch/bad"

# A static that is not constant is a writable global.
grep -E '^[^:]*:[0-9]+:[[:space:]]*(inline )?static ' "$scratch/code" |
  grep -vE 'static (constexpr|const|inline constexpr) |static [A-Za-z_:<>&* ]+\(' >"$scratch/bad" || true
expect_none "no writable static" "$scratch/bad"

# ---- What stands at the top level.

if command -v git >/dev/null 2>&1 && git -c safe.directory='*' rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  git -c safe.directory='*' ls-files --cached --others --exclude-standard |
    sed 's/\/.*//' | sort -u |
    grep -vxE 'CMakeLists\.txt|lib|include|tests|examples|toolchains|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|CMakePresets\.json|LICENSE|\..*' \
      >"$scratch/bad" || true
  expect_none "the top level holds what the plan allows and nothing else" "$scratch/bad"
else
  echo "note: not a git checkout; the top level was not looked at"
fi

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
