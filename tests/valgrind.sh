#!/bin/sh
# valgrind.sh [--all] [--no-install]: the suite on the scalar table under Valgrind, which sees every number that is used
# before it was written. Cases that take half a second or more by themselves are left out; --all takes them too (half an
# hour). Ends with "N passed, N failed".
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
all=
for argument in "$@"; do
  case $argument in
    --all) all=yes ;;
    --no-install) install=--no-install ;;
    *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
sh examples/packages.sh $install g++ cmake make python3 valgrind libxsimd-dev doctest-dev nlohmann-json3-dev

build valgrind core suite || exit 1
for program in core suite; do
  slow=
  [ -n "$all" ] || slow=$(python3 -B tests/cases.py --slow "build/valgrind/tests/$program")
  code=0
  valgrind -q --error-exitcode=99 "build/valgrind/tests/$program" ${slow:+"--test-case-exclude=$slow"} \
    >"build/valgrind/$program.said" 2>&1 || code=$?
  cases=$(sed -n 's/^\[doctest\] test cases: *[0-9]* | *\([0-9]*\) passed | *\([0-9]*\) failed.*/\1 \2/p' "build/valgrind/$program.said")
  if [ "$code" -ne 0 ]; then
    grep -E "^==[0-9]+==|ERROR|values|logged|TEST CASE" "build/valgrind/$program.said" | head -n 60
    [ -n "$cases" ] && [ "${cases#* }" -gt 0 ] || cases="0 1"
  fi
  echo "$program under Valgrind: ${cases% *} passed, ${cases#* } failed"
  count "${cases% *}" "${cases#* }"
done
summary
