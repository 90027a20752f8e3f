#!/bin/sh
# LINNET_TABLES: a program that asks for one vector table gets it and the scalar one and no other; a name that there is
# not is refused, and the message says which there are.
#
# usage: tables.sh SOURCE_DIRECTORY COMPILER CMAKE       (77: this target or processor does not have AVX2)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
compiler=$2
cmake=$3

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

configure() {
  "$cmake" -S "$here/consumer" -B "$scratch/build" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS=-O1 \
    -DLINNET_SOURCE="$root" -DLINNET_TABLES="$1" >"$scratch/log" 2>&1
}

if configure 'avx3'; then
  echo "FAILED: LINNET_TABLES=avx3 is accepted"
  exit 1
fi
tr '\n' ' ' <"$scratch/log" | grep -q 'LINNET_TABLES names avx3, but this build can have: scalar' || {
  echo "FAILED: avx3 is refused, but not by its name"
  tail -n 10 "$scratch/log"
  exit 1
}
echo "ok: a table that there is not is refused"

if ! tr '\n' ' ' <"$scratch/log" | grep -q 'can have: scalar .*avx2' || ! grep -qw avx2 /proc/cpuinfo; then
  echo "note: no AVX2 here"
  exit 77
fi
{ configure avx2 && "$cmake" --build "$scratch/build" --parallel 2; } >"$scratch/build.log" 2>&1 || {
  echo "FAILED: LINNET_TABLES=avx2 does not build"
  tail -n 20 "$scratch/log" "$scratch/build.log"
  exit 1
}
[ "$("$scratch/build/consumer")" = learnt ] || { echo "FAILED: the program does not learn with avx2 alone"; exit 1; }
if ar t "$(find "$scratch/build" -name liblinnet.a)" | grep -E '^(sse2|avx512)_' ||
  ! ar t "$(find "$scratch/build" -name liblinnet.a)" | grep -q '^avx2_'; then
  echo "FAILED: the archive has other tables than avx2"
  exit 1
fi
echo "ok: LINNET_TABLES=avx2 builds this table and the scalar one, and they run"
