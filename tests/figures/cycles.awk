# An estimate of cycles: the instructions that were executed, each with the time that the core's manual gives it.
#
#   awk -v core=cortex-m4f -v region=NAME -f cycles.awk PROFILE CODE
#
# PROFILE as count_instructions.c writes it, CODE: objdump -d --no-show-raw-insn. Timings: Arm's Technical Reference
# Manuals of the Cortex-M4 (section 3.3.1, floating point 7.2.3), the Cortex-M3 (3.3.1) and the Cortex-M0+ (3.3). Where
# they give a range: a refill of the pipeline after a jump takes 2, an integer division 12 (M3: a long multiplication
# 5). What no table can say is left out: waiting for flash, stalls on a result that is not there yet, neighbouring
# loads that overlap. Instructions under a condition that does not hold count as if it held.

# How many registers a list "{r4, r5, lr}" or "{s16-s19}" names; d registers count twice.
function registers(text, item, n, k, ends, total) {
  sub(/^[^{]*{/, "", text)
  sub(/}.*/, "", text)
  gsub(/ /, "", text)
  n = split(text, item, ",")
  for (k = 1; k <= n; ++k) {
    size = item[k] ~ /^d/ ? 2 : 1
    if (split(item[k], ends, "-") == 2) {
      gsub(/[a-z]/, "", ends[1])
      gsub(/[a-z]/, "", ends[2])
      size *= ends[2] - ends[1] + 1
    }
    total += size
  }
  return total
}

function floating_point(operation, operands) {
  if (operation ~ /^v(ldm|stm|push|pop)/) return 1 + registers(operands)
  if (operation ~ /^v(ldr|str)/) return operation ~ /64/ || operands ~ /^d/ ? 3 : 2
  if (operation ~ /^v(div|sqrt)/) return 14
  if (operation ~ /^vf?n?(ma|ms|mla|mls)/) return 3
  if (operation ~ /^vmov/ && operands ~ /^r[0-9]+, r|^s[0-9]+, s[0-9]+, r/) return 2
  return 1
}

function small(operation, operands) {  # Cortex-M0+
  if (operation ~ /^(ldm|stm|push|pop)/) return registers(operands) + (operands ~ /pc/ ? 3 : 1)
  if (operation ~ /^(ldr|str)/) return 2
  if (operation == "bl") return 3
  if (operation ~ /^(bx|blx)$/) return 2
  return 1
}

function integer(operation, operands) {
  if (operation ~ /^(ldm|stm|push|pop)/) return 1 + registers(operands)
  if (operation ~ /^(ldrd|strd)/) return 3
  if (operation ~ /^(ldr|str)/) return 2
  if (operation ~ /^[us]div/) return 12
  if (core == "cortex-m3" && operation ~ /^[us]m(ul|la)l/) return 5
  if (core == "cortex-m3" && operation ~ /^ml[as]/) return 2
  if (operation ~ /^tb[bh]/) return 2
  return 1
}

FILENAME == ARGV[1] {
  if ($1 == region) {
    executed[$2] = $3
    jumped[$2] = $4
  }
  next
}

/^ *[0-9a-f]+:/ {
  address = $1
  sub(/:/, "", address)
  if (!(address in executed)) {
    next
  }
  operation = $2
  operands = $0
  sub(/^ *[0-9a-f]+:[ \t]*[^ \t]+[ \t]*/, "", operands)
  sub(/\.[nw]$/, "", operation)
  if (core == "cortex-m0plus") {
    cycles += executed[address] * small(operation, operands)
    refill = operation ~ /^(bl|bx|blx|pop)$/ ? 0 : 1  # those above contain it
  } else {
    each = operation ~ /^v/ ? floating_point(operation, operands) : integer(operation, operands)
    cycles += executed[address] * each
    refill = 2
  }
  cycles += jumped[address] * refill
  found += executed[address]
}

END {
  for (address in executed) wanted += executed[address]
  if (found != wanted) {
    print "cycles: " wanted - found " instructions are not in the disassembly" >"/dev/stderr"
    exit 1
  }
  printf "%d\n", cycles
}
