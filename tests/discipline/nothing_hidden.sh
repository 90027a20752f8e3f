#!/bin/sh
# Links a program that calls every public function without any library beneath: whatever the archive needs beyond memcpy,
# memset and the compiler's helpers would be an undefined reference. Then shows from the symbol tables that the program
# does call every public function and names every descriptor.
#
# usage: nothing_hidden.sh SOURCE_DIRECTORY COMPILER NM LIBRARY.a [FLAG...]     (flags: the target's, for the program)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
compiler=$2
nm=$3
library=$4
shift 4

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

flags='-std=c++17 -O0 -ffreestanding -fno-exceptions -fno-rtti -fno-stack-protector -fno-pic -fno-pie'
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror'
protector=
if "$nm" -u -P "$library" | grep -q '^__stack_chk_fail'; then protector=-DSTACK_PROTECTOR; fi

# shellcheck disable=SC2086 # lists of flags
"$compiler" "$@" $flags $warnings $protector -I"$root/include" -c "$here/nothing_hidden.cpp" -o "$scratch/program.o"

# ---- The link.

if "$compiler" "$@" -nostdlib -nostartfiles -static -no-pie "$scratch/program.o" "$library" -lgcc -o "$scratch/program" \
  >"$scratch/link" 2>&1; then
  echo "ok: every public function links with nothing but memcpy and memset beneath"
else
  echo "FAILED: the archive needs something else"
  grep -o 'undefined reference to .*' "$scratch/link" | sort -u | sed 's/^/    /'
  grep -v warning: "$scratch/link" | head -n 5
  exit 1
fi

# ---- The run. (The stack protector wants a thread's memory, which nobody set up.)

case "$(uname -s)-$(uname -m)-$("$compiler" -dumpmachine)" in Linux-x86_64-x86_64*) runs=yes ;; *) runs= ;; esac
if [ -z "$protector" ] && [ -n "$runs" ]; then
  code=0
  "$scratch/program" || code=$?
  if [ "$code" -eq 0 ]; then
    echo "ok: and it trains, without a C library"
  else
    echo "FAILED: $code calls did not give what they should (above 128: a signal)"
    failed=1
  fi
fi

# ---- Is it really every function? Those of the archive by their full signature, inline ones by name.

awk -f "$here/code_only.awk" "$root"/include/linnet/*.hpp | awk -f "$here/public_functions.awk" | sort -u \
  >"$scratch/declared"
awk -f "$here/code_only.awk" "$root"/include/linnet/*.hpp | awk -v private=1 -f "$here/public_functions.awk" \
  >"$scratch/private_types"
[ "$(wc -l <"$scratch/declared")" -ge 50 ] || { echo "FAILED: the headers were not understood"; exit 1; }

# Turns a demangled signature into `name` or `Class::name`.
cat >"$scratch/name.awk" <<'END'
{
  signature = $0
  while (sub(/<[^<>]*>/, "", signature)) {}
  name = signature
  if (match(name, /operator\(\)\(/)) {
    name = substr(name, 1, RSTART + 9)
  } else {
    sub(/\(.*/, "", name)
  }
  sub(/^.* /, "", name)
  if (name !~ /^linnet::/) next
  gsub(/linnet::|layout::|optimizer::|initializer::/, "", name)
  print name "\t" $0
}
END
demangled() { "$nm" -C "$@" | sed -E 's/^[0-9a-fA-F]* *[A-Za-z] //'; }

"$nm" -C --defined-only "$library" | sed -nE 's/^[0-9a-fA-F]+ T //p' | awk -f "$scratch/name.awk" |
  awk -F'\t' 'NR == FNR { public[$1] = 1; next } $1 in public { print $2 }' "$scratch/declared" - | sort -u |
  awk 'FILENAME == ARGV[1] { hidden[$1] = 1; next } { for (t in hidden) if (index($0, t)) next; print }' \
    "$scratch/private_types" - >"$scratch/public"
demangled -u "$scratch/program.o" | sort -u >"$scratch/called"
comm -23 "$scratch/public" "$scratch/called" >"$scratch/missing"
if [ -s "$scratch/missing" ]; then
  echo "FAILED: public functions of the archive that nothing_hidden.cpp does not call"
  sed 's/^/    /' "$scratch/missing"
  failed=1
else
  echo "ok: it calls all $(wc -l <"$scratch/public" | tr -d ' ') public functions of the archive"
fi

demangled "$scratch/program.o" | awk -f "$scratch/name.awk" | cut -f1 | sort -u >"$scratch/named"
comm -23 "$scratch/declared" "$scratch/named" >"$scratch/missing"
if [ -s "$scratch/missing" ]; then
  echo "FAILED: functions declared in the headers that nothing_hidden.cpp does not call"
  sed 's/^/    /' "$scratch/missing"
  failed=1
else
  echo "ok: it calls all $(wc -l <"$scratch/declared" | tr -d ' ') names that the headers declare"
fi

"$nm" -C --defined-only "$library" | sed -nE 's/^[0-9a-fA-F]+ [RDGSV] (linnet::descriptor::[a-z0-9_]+)$/\1/p' | sort -u \
  >"$scratch/descriptors"
comm -23 "$scratch/descriptors" "$scratch/called" >"$scratch/missing"
if [ -s "$scratch/missing" ] || [ ! -s "$scratch/descriptors" ]; then
  echo "FAILED: descriptors that nothing_hidden.cpp does not name"
  sed 's/^/    /' "$scratch/missing"
  failed=1
else
  echo "ok: it names all $(wc -l <"$scratch/descriptors" | tr -d ' ') descriptors"
fi

exit "$failed"
