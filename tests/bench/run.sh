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
#   --check                 three runs with --offset, three with --isa avx2, and the bars they reach: 15 minutes
#   --update                the same, stored in figures.txt and shown by README.md (documents.sh)
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
bench() { "$build/tests/bench/bench" --modules "$build/tests/bench" "$@"; }
if [ "$mode" = run ]; then
  bench "$@"
  exit
fi

logs=
for run in 1 2 3; do
  for isa in native avx2; do
    offset=
    [ "$isa" = avx2 ] || offset=--offset
    log=$build/$isa-$run.log
    bench --isa "$isa" $offset "$@" >"$log" || { cat "$log"; exit 1; }  # somebody did other work
    grep -E ' (best_peer|linnet\+4)=' "$log"
    logs="$logs $log"
  done
done
# shellcheck disable=SC2086 # a list of names
awk -f "$here/condense.awk" $logs >"$build/figures.txt"
awk -f "$here/judge.awk" "$here/bars.txt" "$build/figures.txt"
if [ "$mode" = update ]; then
  {
    echo "# Written by tests/bench/run.sh --update: what condense.awk here makes of three runs."
    echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(g++ --version | head -n 1)"
    cat "$build/figures.txt"
  } >"$here/figures.txt"
  sh "$here/documents.sh"
fi
