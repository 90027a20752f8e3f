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
failed=0

fail() {
  echo "FAILED: $1"
  sed 's/^/    /' "$2"
  failed=1
}

# One line per symbol: object, name, type.
"$nm" -A -P "$library" | awk '{ object = $1; sub(/^.*\[/, "", object); sub(/\]:$/, "", object); print object, $2, $3 }' \
  >"$scratch/symbols"
[ -s "$scratch/symbols" ] || { echo "FAILED: $library has no symbols"; exit 1; }

# ---- 1. What the archive wants from outside.

awk '$3 ~ /^[Uvw]$/ { print $2 }' "$scratch/symbols" | sort -u >"$scratch/wanted"
awk '$3 !~ /^[Uvw]$/ { print $2 }' "$scratch/symbols" | sort -u >"$scratch/defined"
comm -23 "$scratch/wanted" "$scratch/defined" >"$scratch/external"
echo "references: $(tr '\n' ' ' <"$scratch/external")"

# libgcc's arithmetic: the ARM run-time ABI, the generic names, and what Thumb-1 and RISC-V call at -Os.
cat >"$scratch/allowed" <<'END'
mem(cpy|set|move|cmp)
__aeabi_mem(cpy|set|move|clr)[48]?
__aeabi_(f|d|cf|cd|i2|ui2|l2|ul2)[a-z0-9]+
__aeabi_u?(idiv|ldiv|idivmod|ldivmod|lcmp)
__aeabi_(lmul|llsl|llsr|lasr|lcmp)
__aeabi_unwind_cpp_pr[0-2]
__(add|sub|mul|div|neg|eq|ne|lt|le|gt|ge|unord|cmp|ucmp)[hsdt][fi][23]?
__(udiv|mod|umod|divmod|udivmod|ashl|ashr|lshr)[sdt]i[34]
__(fix|fixuns)[hsdt]f[sdt]i
__(float|floatun)[sdt]i[hsdt]f
__(extend|trunc)[hsdt]f[hsdt]f2
__(clz|ctz|ffs|popcount|parity|bswap)[sdt]i2
__gnu_thumb1_case_[us]?[qhs]i
__riscv_(save|restore)_[0-9]+
_GLOBAL_OFFSET_TABLE_
__stack_chk_(fail|guard)
END
grep -vxEf "$scratch/allowed" "$scratch/external" >"$scratch/bad" || true
[ ! -s "$scratch/bad" ] || {
  awk 'NR == FNR { bad[$1] = 1; next } $2 in bad && $3 ~ /^[Uvw]$/ { print $2, "in", $1 }' \
    "$scratch/bad" "$scratch/symbols" >"$scratch/where"
  fail "the archive references more than memcpy, memset and compiler helpers" "$scratch/where"
}
if grep -q '^__stack_chk' "$scratch/external"; then
  echo "note: the compiler's flags ask for a stack protector, which is not the library's doing"
fi

# ---- 2. Sections: nothing that can be written to, nothing that runs by itself, nothing per thread. Constants that hold
# addresses (.data.rel.ro) are read-only once the program is loaded.

"$objdump" -h "$library" |
  awk '/^[^ ].*: +file format/ { object = $1; sub(/:$/, "", object) }
       $1 ~ /^[0-9]+$/ && NF >= 6 { section = $2; size = $3; next }
       /ALLOC/ && !/READONLY/ && section !~ /^\.data\.rel\.ro/ && size !~ /^0+$/ { print object, section, "0x" size }
       section ~ /^\.(init_array|preinit_array|fini_array|ctors|dtors|tdata|tbss)/ { print object, section, "0x" size }
       { section = "" }' | sort -u >"$scratch/sections"
[ ! -s "$scratch/sections" ] || fail "sections that are written to, run before main() or exist per thread" "$scratch/sections"

"$objdump" -h "$library" | grep -q '\.text' || {
  echo "FAILED: $objdump shows no sections, so that nothing was checked"
  failed=1
}

# ---- 3. Symbols: no common blocks, no guards, no static initialization.

awk '$3 ~ /^[bBC]$/ || $2 ~ /^_ZGV|_GLOBAL__sub_I|__static_initialization|^__tls|^__emutls/ { print $1, $2, $3 }' \
  "$scratch/symbols" >"$scratch/bad"
[ ! -s "$scratch/bad" ] || fail "variables without initializer, guards or initialization at start-up" "$scratch/bad"

# ---- 4. Weak symbols. The linker keeps one of several definitions: if a kernel object shared one with another object, a
# function compiled for one instruction set could run on a processor without it.

kernels='^(scalar_product|scalar_gradient|(sse2|avx2|avx512|neon|neon64)_[a-z]*)\.'
awk '$3 ~ /^[VWu]$/ { print $2, $1 }' "$scratch/symbols" | sort -u |
  awk -v kernels="$kernels" '
    {
      group = $2
      if ($2 ~ kernels) { in_kernel[$1] = 1; sub(/_.*/, "", group) }  # the objects of one table may share
      if (index(objects[$1], " " group " ")) next
      objects[$1] = objects[$1] " " group " "
      ++count[$1]
    }
    END { for (s in count) if (count[s] > 1 && in_kernel[s]) print s ":" objects[s] }' | sort >"$scratch/shared"
[ ! -s "$scratch/shared" ] || fail "weak symbols that a kernel object shares with another object" "$scratch/shared"

# ---- 5. No names for others to collide with: every global symbol belongs to namespace linnet.

awk '$3 ~ /^[TDRBGSu]$/ && $2 !~ /^_ZN[KVr]*6linnet/ && $2 !~ /^_Z[A-Z]*N[KVr]*6linnet/ { print $1, $2, $3 }' \
  "$scratch/symbols" >"$scratch/bad"
[ ! -s "$scratch/bad" ] || fail "global symbols outside namespace linnet" "$scratch/bad"

[ "$failed" -eq 0 ] && echo "ok: $library"
exit "$failed"
