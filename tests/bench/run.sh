#!/bin/sh
# Times Linnet and the strongest alternatives of Debian on the same work, in turn: README.md here says what and how.
#
# usage: run.sh [--no-install] [--build DIRECTORY] [--check | --update] [options of the program]
#
#   --work W1,W2-adam,...   workloads by the beginnings of their names; all without it
#   --peers eigen,...       of eigen, openblas, onednn, fann, torch; all without it; "" for none
#   --rounds N, --sample MS 11 rounds of samples of at least 30 ms of thread time each
#   --isa avx2              Linnet's AVX2 table, and peers that are held to AVX2 too
#   --offset                Linnet a second time, with every buffer of the caller 4 bytes behind a 64-byte boundary
#   --check                 two runs with --offset, two with --isa avx2, and the bars of this processor that both reach:
#                           seven minutes on a quiet machine
#   --update                the same, stored in figures/PROCESSOR.txt and shown by README.md (documents.sh)
# --check and --update end with 1 when a bar of this processor is missed, or its core was not quiet.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

install=
build=$root/build/bench
mode=run
while [ $# -gt 0 ]; do
  case "$1" in
    --no-install) install=--no-install ;;
    --build) shift; build=$1 ;;
    --check | --update) mode=${1#--} ;;
    *) break ;;
  esac
  shift
done

sh "$here/build.sh" $install --build "$build" bench bench_peers
known=$(python3 -B "$here/figures.py" quiet)
bench() { "$build/tests/bench/bench" --modules "$build/tests/bench" --quiet "$known" "$@"; }

# One OpenBLAS for everybody in the process: libtorch would bring another, which does not go with the serial one.
for directory in /usr/lib/*/openblas-serial; do
  [ ! -d "$directory" ] || export LD_LIBRARY_PATH="$directory"
done
# OpenBLAS chooses its kernels, whatever the environment says; but on a processor that it does not know these are SSE3's.
unset OPENBLAS_CORETYPE
if bench --cores --peers openblas | grep -q ' openblas: Prescott$'; then
  if grep -qw avx512f /proc/cpuinfo; then
    export OPENBLAS_CORETYPE=SkylakeX
  elif grep -qw avx2 /proc/cpuinfo; then
    export OPENBLAS_CORETYPE=Haswell
  fi
fi

if [ "$mode" = run ]; then
  bench "$@"
  exit
fi

logs=
for run in 1 2; do
  for isa in native avx2; do
    offset=
    [ "$isa" = avx2 ] || offset=--offset
    log=$build/$isa-$run.log
    bench --isa "$isa" $offset "$@" >"$log" || { cat "$log"; exit 1; }  # somebody did other work
    grep -E ' linnet(\+4)?=|NOT QUIET' "$log"
    logs="$logs $log"
  done
done
{
  echo "# Written by tests/bench/run.sh --update: what figures.py here makes of two runs."
  python3 -B "$here/figures.py" head
  # shellcheck disable=SC2086 # a list of names
  python3 -B "$here/figures.py" condense $logs
} >"$build/figures.txt"
if [ "$mode" = update ]; then
  mkdir -p "$here/figures"
  cp "$build/figures.txt" "$here/figures/$(python3 -B "$here/figures.py" processor).txt"
  sh "$here/documents.sh"
fi
python3 -B "$here/figures.py" judge "$build/figures.txt"
