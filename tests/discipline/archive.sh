#!/bin/sh
# Proves on the symbol and section tables of the static archive what the library promises: nothing is referenced but
# memcpy, memset and helpers of the compiler; nothing runs before main(); nothing can be written to; and no function
# that was compiled for one instruction set can stand in for another.
#
# usage: archive.sh NM LIBRARY.a      (objdump is looked for under the name of nm)
set -eu
export LC_ALL=C

nm=$1
library=$2
objdump=$(dirname "$nm")/$(basename "$nm" | sed 's/nm\([^n]*\)$/objdump\1/')
command -v "$objdump" >/dev/null 2>&1 || objdump=$(basename "$objdump")
[ -f "$library" ] || { echo "archive.sh: no such file: $library" >&2; exit 2; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# what they cannot read is missed by archive.py
"$nm" -A -P "$library" >"$scratch/symbols" || true
"$objdump" -h "$library" >"$scratch/sections" || true
python3 -B "$(dirname "$0")/../sources/archive.py" "$library" "$scratch/symbols" "$scratch/sections"
