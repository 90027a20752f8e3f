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

# ---- Is it really every function?

"$nm" -C "$library" >"$scratch/library"
"$nm" -C "$scratch/program.o" >"$scratch/object"
python3 -B "$here/../sources/calls.py" "$root" "$scratch/library" "$scratch/object" || failed=1

exit "$failed"
