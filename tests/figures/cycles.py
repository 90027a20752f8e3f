"""An estimate of cycles: the instructions that were executed, each with the time that the core's manual gives it.

usage: cycles.py cortex-m4f|cortex-m3|cortex-m0plus REGION PROFILE CODE
       PROFILE as count_instructions.c writes it, CODE: objdump -d --no-show-raw-insn

Timings: Arm's Technical Reference Manuals of the Cortex-M4 (section 3.3.1, floating point 7.2.3), the Cortex-M3
(3.3.1) and the Cortex-M0+ (3.3). Where they give a range: a refill of the pipeline after a jump takes 2, an integer
division 12 (M3: a long multiplication 5). What no table can say is left out: waiting for flash, stalls on a result
that is not there yet, neighbouring loads that overlap. Instructions under a condition that does not hold count as if it
held.
"""
import re
import sys

from disassembly import instruction, words_of_list


def floating_point(operation, operands):
    if operation.startswith(("vldm", "vstm", "vpush", "vpop")):
        return 1 + words_of_list(operands)
    if operation.startswith(("vldr", "vstr")):
        return 3 if "64" in operation or operands.startswith("d") else 2
    if operation.startswith(("vdiv", "vsqrt")):
        return 14
    if re.match(r"vfn?m[as]|vn?ml[as]", operation):
        return 3
    if operation.startswith("vmov") and re.match(r"r\d+, r|s\d+, s\d+, r", operands):  # two registers at once
        return 2
    return 1


def integer(core, operation, operands):
    """Of a Cortex-M3 or M4."""
    if operation.startswith(("ldm", "stm", "push", "pop")):
        return 1 + words_of_list(operands)
    if operation.startswith(("ldrd", "strd")):
        return 3
    if operation.startswith(("ldr", "str", "tbb", "tbh")):
        return 2
    if operation.startswith(("udiv", "sdiv")):
        return 12
    if core == "cortex-m3" and operation.startswith(("umull", "smull", "umlal", "smlal")):
        return 5
    if core == "cortex-m3" and operation.startswith(("mla", "mls")):
        return 2
    return 1


def small(operation, operands):
    """Of a Cortex-M0+."""
    if operation.startswith(("ldm", "stm", "push", "pop")):
        return words_of_list(operands) + (3 if "pc" in operands else 1)
    if operation.startswith(("ldr", "str")):
        return 2
    return {"bl": 3, "bx": 2, "blx": 2}.get(operation, 1)


def times(core, operation, operands):
    """The cycles of an instruction, and those of the refill when it jumped."""
    operation = re.sub(r"\.[nw]$", "", operation)
    if core == "cortex-m0plus":
        # the time of these contains the refill
        return small(operation, operands), 0 if operation in ("bl", "bx", "blx", "pop") else 1
    if operation.startswith("v"):
        return floating_point(operation, operands), 2
    return integer(core, operation, operands), 2


def read_profile(lines, region):
    """{address: (executed, jumped)}"""
    words = (line.split() for line in lines)
    return {address: (int(executed), int(jumped)) for name, address, executed, jumped in words if name == region}


def estimate(core, profile, code):
    """The cycles; an error when an executed instruction is not in the disassembly."""
    cycles = found = 0
    for address, operation, operands in filter(None, map(instruction, code)):
        if address in profile:
            executed, jumped = profile[address]
            each, refill = times(core, operation, operands)
            cycles += executed * each + jumped * refill
            found += executed
    missing = sum(executed for executed, _ in profile.values()) - found
    if missing:
        raise ValueError(f"{missing} instructions are not in the disassembly")
    return cycles


def main(core, region, profile, code):
    with open(profile, encoding="utf-8") as profile_lines, open(code, encoding="utf-8") as code_lines:
        print(estimate(core, read_profile(profile_lines, region), code_lines))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:]) if len(sys.argv) == 5 else sys.exit(__doc__)
    except ValueError as fault:
        sys.exit(f"cycles: {fault}")
