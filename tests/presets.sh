# Functions for run.sh and boards.sh, which read this file: presets are configured, built, tested, and counted.
# shellcheck shell=sh

jobs=$(getconf _NPROCESSORS_ONLN)
passed=0
failed=0

# build PRESET [TARGET...]: these targets, or all; build/PRESET.log says more. Ends with 1 if that is not possible.
build() {
  preset=$1
  shift
  mkdir -p build
  cmake --preset "$preset" >"build/$preset.log" 2>&1 || { tail -n 60 "build/$preset.log"; return 1; }
  cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"} >>"build/$preset.log" 2>&1 ||
    { grep -E 'error|FAILED|undefined' "build/$preset.log" | head -n 20; tail -n 20 "build/$preset.log"; return 1; }
}

# part NAME: what follows, until the next one, is a part of its own; summary() says how long each took.
parts=
part() {
  parts="$parts$(date +%s) $*
"
  echo "== $*"
}

# How long each part took, from what part() noted.
durations() {
  printf '%s%s end\n' "$parts" "$(date +%s)" | while read -r began name; do
    [ -z "${before:-}" ] || printf '%4d s  %s\n' $((began - last)) "$before"
    before=$name
    last=$began
  done
}

# count PASSED FAILED: adds to the counts
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

# counts_of FILE: "PASSED FAILED" from what ctest said, "0 1" if no test was run. ctest ends with
# "97% tests passed, 1 tests failed out of 40".
counts_of() {
  counts=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$1")
  if [ -n "$counts" ]; then
    echo $((${counts#* } - ${counts% *})) "${counts% *}"
  else
    echo 0 1
  fi
}

# counted COMMAND...: a script whose last line is "N passed, N failed". One that ends without it has failed once.
counted() {
  mkdir -p build
  code=0
  "$@" >build/counted.log 2>&1 || code=$?
  cat build/counted.log
  counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' build/counted.log)
  if [ -z "$counts" ] || { [ "$code" -ne 0 ] && [ "${counts#* }" -eq 0 ]; }; then
    echo "$*: ended with $code"
    counts='0 1'
  fi
  count "${counts% *}" "${counts#* }"
}

# Prints how long the parts took, and the counts; ends with 1 if anything failed or nothing was run.
summary() {
  [ -z "$parts" ] || durations
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
