#!/bin/sh
# The contract is not broken in silence. Builds a small program and the sources that it links by hand, as people do, with
# flags that give other bits elsewhere. Each build must either leave the bits of an unspoilt one, or be refused by the
# library when it compiles, or be found out by self_check() when it runs.
#
# usage: flags.sh SOURCE_DIRECTORY COMPILER...
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
shift

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
count=0
program=$here/flags/program.cpp
usual='-O1 -fno-math-errno -Wfatal-errors -Iinclude -Ilib'

# needed COMPILER: the sources that the program links, from an archive of all but the vector tables (these need flags of
# their own)
needed() {
  for source in $(find lib -name '*.cpp' | grep -vE '/(sse2|avx2|avx512|neon|neon64)_[a-z]*\.cpp$'); do
    # shellcheck disable=SC2086  # a list of flags
    "$1" -std=c++17 $usual -O0 -c "$source" -o "$scratch/$(echo "${source%.cpp}" | tr / +).o"
  done
  ar rc "$scratch/all.a" "$scratch"/*.o
  # shellcheck disable=SC2086
  "$1" -std=c++17 $usual "$program" "$scratch/all.a" -Wl,-Map="$scratch/map" -o "$scratch/program"
  grep -o 'lib+[a-z0-9_+]*\.o' "$scratch/map" | sort -u | sed 's/\.o$/.cpp/' | tr + /
}

# builds COMPILER FLAG...: the program
builds() {
  compiler=$1
  shift
  # shellcheck disable=SC2086
  "$compiler" -std=c++17 $usual "$@" "$program" $sources -o "$scratch/program" >"$scratch/log" 2>&1
}

# verdict COMPILER FLAG...: what comes of these flags
verdict() {
  if ! builds "$@"; then
    grep -q 'error: .*linnet' "$scratch/log" && echo refused || echo 'DOES NOT COMPILE, and not because of linnet'
    return
  fi
  said=$("$scratch/program") || { echo "DOES NOT RUN"; return; }
  case $said in
    *' flags or the processor spoil the arithmetic'*) echo 'found by self_check' ;;
    "$unspoilt ok") echo 'same bits' ;;
    *) echo "OTHER BITS IN SILENCE: $said" ;;
  esac
}

# tries COMPILER FLAG...: one line
tries() {
  found=$(verdict "$@")
  count=$((count + 1))
  echo "$found: $*"
  case $found in
    refused | 'found by self_check' | 'same bits') ;;
    *)
      failed=$((failed + 1))
      tail -n 5 "$scratch/log" | sed 's/^/    /'
      ;;
  esac
}

# Fused instructions, if this processor has them and the compiler needs to be told.
fma=
if [ "$(uname -m)" = x86_64 ] && grep -qw fma /proc/cpuinfo; then fma=-mfma; fi

sources=
unspoilt=
for compiler in "$@"; do
  command -v "$compiler" >/dev/null 2>&1 || { echo "note: no $compiler here"; continue; }
  sources=${sources:-$(needed "$compiler")}
  builds "$compiler" -ffp-contract=off || { cat "$scratch/log"; exit 1; }
  said=$("$scratch/program")
  unspoilt=${unspoilt:-${said% ok}}
  echo "unspoilt, by $compiler: $said"
  [ "$said" = "$unspoilt ok" ] || { echo "FAILED: not what an unspoilt build should say"; failed=$((failed + 1)); }

  for flags in "-std=gnu++17 -O2 $fma" "-O2 $fma -ffp-contract=fast" "$fma -funsafe-math-optimizations" \
    '-freciprocal-math -fno-signed-zeros' '-fassociative-math -fno-signed-zeros -fno-trapping-math' \
    -ffinite-math-only -Ofast; do
    # shellcheck disable=SC2086
    tries "$compiler" $flags
  done
  case $("$compiler" --version) in
    *clang*) tries "$compiler" -fno-honor-nans ;;
    *) tries "$compiler" -fsingle-precision-constant ;;
  esac
done

[ "$count" -gt 0 ] || { echo "FAILED: nothing was compiled"; exit 1; }
echo "$((count - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
