#!/bin/sh
# house.sh [--no-install]: counts over lib/ and include/ against their bars, and the include graph of lib/ and include/,
# drawn, in which no arrow may go up. Ends with "N passed, N failed". It first shows each check a planted defect.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

# Two bars hold what has been reached and are wanted lower: 7000 and 200.
most_code_lines=9525   # neither blank nor all comment (tests/discipline/code_only.awk): 7973 at 313c309, with less in it
most_inlining=223      # words that command or forbid inlining, in code: 352 there
most_conditions=60     # #if, #ifdef, #ifndef and #elif: 101 there
most_function_lines=40 # from the line of the name to the closing brace
most_file_lines=300

# The floors, the lowest first; rooms on one floor may include each other.
floors='arithmetic
vectors
kernels
activation loss optimizer initializer
tables
step
public'

sh examples/packages.sh ${1:+"$1"} universal-ctags

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0
house=$PWD

# bar NAME NUMBER MOST
bar() {
  if [ "$2" -le "$3" ]; then
    passed=$((passed + 1))
    echo "ok: $1: $2, at most $3"
  else
    failed=$((failed + 1))
    echo "FAILED: $1: $2, at most $3"
  fi
}

# ---- What is counted, in the tree at hand.

code() { find lib include -name '*.[ch]pp' | sort | xargs awk -f "$house/tests/discipline/code_only.awk"; }
code_lines() { code | grep -cE '^[^:]*:[0-9]*:.*[^[:space:]]'; }
inlining() { code | grep -oE 'always_inline|LINNET_INLINED|LINNET_STEP|noinline|flatten' | wc -l; }
conditions() { code | grep -cE '^[^:]*:[0-9]*:[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)([^a-z]|$)' || true; }
long_functions() {
  ctags -R --languages=C++ --langmap=C++:.cpp.hpp --kinds-C++=f --fields=+ne -f - lib include |
    awk -F'\t' -v most="$most_function_lines" '
      { line = end = 0
        for (i = 4; i <= NF; ++i) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) }
        if (end > 0 && end - line + 1 > most) print $2 ":" line ": " $1 " has " end - line + 1 " lines" }'
}
long_files() {
  find lib include -name '*.[ch]pp' -exec wc -l {} + |
    awk -v most="$most_file_lines" '$2 != "total" && $1 > most { print $2 " has " $1 " lines" }'
}

# FILE ROOM FILE ROOM: who includes whom.
arrows() {
  code | awk -v quote='"' '
    function room(file) {
      if (file ~ /^include\/linnet\//) return "public"
      sub(/^lib\//, "", file)
      if (file == "overlap.hpp") return "step"
      if (file !~ /\//) return "public"
      sub(/\/.*/, "", file)
      return file
    }
    match($0, /^[^:]*:[0-9]*:[[:space:]]*#[[:space:]]*include[[:space:]]*"/) {
      from = $0; sub(/:.*/, "", from)
      to = substr($0, RLENGTH + 1); sub(quote ".*", "", to)
      print from, room(from), "lib/" to, room("lib/" to)
    }'
}
drawing() {
  arrows | awk '{ rooms[$2] = 1; rooms[$4] = 1
                  if ($2 != $4 && !(($2, $4) in seen)) { seen[$2, $4] = 1; below[$2] = below[$2] " " $4 } }
                END { for (r in rooms) print r " ->" (r in below ? below[r] : " nothing") }' | sort
}
arrows_up() {
  arrows | awk -v floors="$floors" '
    BEGIN { n = split(floors, f, "\n"); for (i = 1; i <= n; ++i) { m = split(f[i], r, " "); for (j = 1; j <= m; ++j) at[r[j]] = i } }
    !($2 in at) || !($4 in at) || at[$4] > at[$2] { print $1 " (" $2 ") includes " $3 " (" $4 ")" }'
}

# ---- Each check sees what it is for.

mkdir -p "$scratch/defects/lib/kernels" "$scratch/defects/lib/vectors" "$scratch/defects/include/linnet"
(
  cd "$scratch/defects"
  { echo '#include "loss/layer.hpp"  // up'; echo '#include "vectors/part.hpp"  // down'; } >lib/kernels/planted.hpp
  { echo 'int at_the_bar() {'; yes '  // a line' | head -n 38; echo '}'
    echo 'int over_the_bar() {'; yes '  // a line' | head -n 39; echo '}'; } >lib/vectors/part.hpp
  { echo '#if A'; echo '// #if B'; echo '#elif C'; echo '#endif'; echo '[[gnu::always_inline]] int f();'; echo
    yes '// a line' | head -n 296; } >include/linnet/planted.hpp
)
# sees WHAT FOUND EXPECTED
sees() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: of $1 in the planted files '$3' was expected, and found: $2"
  fi
}
cd "$scratch/defects"
sees "code lines" "$(code_lines)" 10
sees "conditions" "$(conditions)" 2
sees "inlining commands" "$(inlining | tr -d ' ')" 1
sees "functions too long" "$(long_functions)" "lib/vectors/part.hpp:41: over_the_bar has 41 lines"
sees "files too long" "$(long_files)" "include/linnet/planted.hpp has 302 lines"
sees "arrows up" "$(arrows_up)" "lib/kernels/planted.hpp (kernels) includes lib/loss/layer.hpp (loss)"
cd "$house"

# ---- The house as it is.

bar "code lines" "$(code_lines)" "$most_code_lines"
bar "inlining commands" "$(inlining)" "$most_inlining"
bar "conditions of the preprocessor" "$(conditions)" "$most_conditions"
# none NAME COMMAND: what the command prints should not be
none() {
  "$2" >"$scratch/found"
  sed 's/^/    /' "$scratch/found"
  bar "$1" "$(wc -l <"$scratch/found")" 0
}
none "functions of more than $most_function_lines lines" long_functions
none "files of more than $most_file_lines lines" long_files
echo "rooms, and which they include:"
drawing | sed 's/^/    /'
none "includes that go up" arrows_up

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
