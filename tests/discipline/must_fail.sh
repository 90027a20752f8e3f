#!/bin/sh
# Mistakes that the compiler has to catch. Each file in must_fail/ holds a mistake under MUST_FAIL and what is right
# otherwise: the right version must compile, the mistake must not, and for the reason that the first line gives.
#
#   // must fail: EXTENDED REGULAR EXPRESSION in the compiler's message     (| between what GCC and Clang say)
#   // flags: further flags of the compiler                                 (optional)
#
# usage: must_fail.sh SOURCE_DIRECTORY COMPILER...
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
shift

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
count=0

fail() {
  echo "FAILED: $1"
  sed 's/^/    /' "$2" | head -n 15
  failed=1
}

for compiler in "$@"; do
  command -v "$compiler" >/dev/null 2>&1 || { echo "note: no $compiler here"; continue; }

  for source in "$here"/must_fail/*.cpp; do
    name="${source##*/} with $compiler"
    expected=$(sed -n '1s/^\/\/ must fail: //p' "$source")
    flags=$(sed -n 's/^\/\/ flags: //p' "$source")
    [ -n "$expected" ] || { echo "FAILED: $name does not say what it expects"; failed=1; continue; }
    compile="$compiler -std=c++17 -Wall -Wextra $flags -I$root/include -fsyntax-only $source"
    count=$((count + 1))

    $compile >"$scratch/right" 2>&1 || fail "$name: the right version does not compile" "$scratch/right"
    if $compile -DMUST_FAIL >"$scratch/wrong" 2>&1; then
      echo "FAILED: $name: the mistake compiles"
      failed=1
    elif ! grep -qE -e "$expected" "$scratch/wrong"; then
      fail "$name: does not compile, but not because of '$expected'" "$scratch/wrong"
    fi
  done

  # -ffast-math gives other bits and takes checks for NaN away: every source that looks at a float refuses it, and
  # compiles without it. (The vector kernels, which need flags of their own, are the same headers as scalar.cpp.)
  without='status|names|diagnostics_remedy|training|activation|activation/find|checkpoint_(load|save|slot|trial)|json'
  without="$without|safetensors_(header|names|shape)"
  find "$root/lib" -name '*.cpp' | sed "s|^$root/lib/||; s|\.cpp\$||" |
    grep -vxE "$without|tables/(sse2|avx2|avx512|neon|neon64)_.*" | sort >"$scratch/sources"
  while read -r source; do
    compile="$compiler -std=c++17 -I$root/include -I$root/lib -fsyntax-only $root/lib/$source.cpp"
    count=$((count + 1))
    $compile >"$scratch/right" 2>&1 || fail "$source.cpp does not compile with $compiler" "$scratch/right"
    if $compile -ffast-math >"$scratch/wrong" 2>&1; then
      echo "FAILED: lib/$source.cpp compiles with $compiler -ffast-math"
      failed=1
    elif ! grep -qE 'error: .*-ffast-math breaks that promise' "$scratch/wrong"; then
      fail "lib/$source.cpp with $compiler -ffast-math: fails, but not with the #error" "$scratch/wrong"
    fi
  done <"$scratch/sources"
done

[ "$count" -gt 0 ] || { echo "FAILED: nothing was compiled"; exit 1; }
[ "$failed" -eq 0 ] && echo "ok: $count mistakes do not compile, and what is right does"
exit "$failed"
