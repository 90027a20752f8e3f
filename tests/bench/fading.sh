#!/bin/sh
# What a training step takes when half the hidden units have been dead for 4,900 steps, over the same step with moments
# of ordinary size. It must not take longer: processors take 2 to 45 times as long for subnormal numbers.
#
# usage: fading.sh [--no-install] [--build DIRECTORY] [--check | --update]
#
#   (nothing)  measures and prints: optimizer, ratio, microseconds of both, share of the moments that have faded
#   --check    also judges: every ratio is at most the bar of fading.txt
#   --update   the same, and stores what was measured in fading.txt
# With --check and --update it ends with "N passed, N failed".
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
    *) sed -n '5,10p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
  esac
  shift
done

# shellcheck disable=SC2086 # empty, or one word
sh "$here/build.sh" $install --build "$build" fading
"$build/tests/bench/fading" >"$build/fading.txt"
cat "$build/fading.txt"
[ "$mode" != run ] || exit 0

bar=$(awk '$1 == "bar" { print $2 }' "$here/fading.txt")
if [ "$mode" = update ]; then
  {
    echo "# Written by tests/bench/fading.sh --update: optimizer, ratio, microseconds of both, share of faded moments."
    echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(g++ --version | head -n 1)"
    echo "bar $bar"
    cat "$build/fading.txt"
  } >"$build/fading.stored"
  cp "$build/fading.stored" "$here/fading.txt"
fi
# A run without faded moments would have measured nothing.
awk -v bar="$bar" '
  $2 <= bar && $5 >= 0.3 { ++passed; next }
  { ++failed; print "FAILED: " $1 ": ratio " $2 " (at most " bar "), faded " $5 " (at least 0.3)" }
  END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 || passed == 0 }' "$build/fading.txt"
