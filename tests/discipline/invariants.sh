#!/bin/sh
# invariants.sh: the tests that carry the number of each invariant of lib/SAFETY.md in their names. Ends with 1 where an
# invariant has no test, or a test names an invariant that there is not.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."

stated=$(sed -n 's/^\*\*\(S[0-9]*\)\.\*\*.*/\1/p' lib/SAFETY.md)
# in names of tests, and in comments of the bars of tests/figures
named() { grep -rhoE '("|^# )S[0-9]+(, S[0-9]+)*: [^"]*' tests --include='*.cpp' --include='*.txt' | sed 's/^["# ]*//'; }
failed=0
for number in $stated; do
  tests=$(named | grep -E "^([S0-9, ]*, )?$number(,[S0-9, ]*)?: " || true)
  if [ -z "$tests" ]; then
    echo "FAILED: $number has no test"
    failed=1
  else
    echo "$tests"
  fi
done
for number in $(named | sed 's/: .*//' | tr -d ',' | tr ' ' '\n' | sort -u); do
  echo "$stated" | grep -qx "$number" || { echo "FAILED: lib/SAFETY.md has no $number"; failed=1; }
done
exit $failed
