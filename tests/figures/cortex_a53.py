"""A Cortex-A53 as a model: how many cycles a straight sequence of AArch64 instructions, or a turn of a loop, takes.

The core issues at most two instructions a cycle, in order, and waits for operands. The rules, and where they are from:

  [qsdr]  timings measured on an A53 by its cycle counter: github.com/daniestevez/qsdr, qsdr-benchmarks/tests
  [ncnn]  github.com/Tencent/ncnn, docs/developer-guide/arm-a53-a55-dual-issue.md
  [gcc]   gcc/config/arm/cortex-a53.md     [llvm]  llvm/lib/Target/AArch64/AArch64SchedA53.td

  - There are two NEON units of 64 bits. Arithmetic on 128 bits takes both, and only the first of a pair can be such
    [gcc]: an integer load pairs with a multiply-add before it, not with one behind it [qsdr].
  - A vector load of 64 bits takes one unit for a cycle, one of 128 bits both for two cycles, of two registers for four:
    so neither pairs with arithmetic on 128 bits [qsdr, ncnn]. A vector store takes both for a cycle a register [qsdr].
  - One load or store a cycle. A comparison pairs with its branch [qsdr]. A branch pairs with nothing behind it: an
    assumption.
  - Results after: integer arithmetic 1; integer load 3; vector load 3, of 128 bits 4, the second register 6; float
    arithmetic 4; insertion 2 [qsdr]; multiply-add 8, but 4 for the next one's addend [gcc, llvm]; integer vector
    arithmetic 2 [llvm].
  - A division keeps a unit busy for 14 cycles and a square root for 13 [llvm], for each of its two lanes. The latter is
    an assumption: no measurement of vectors of four is known to us.

Not in the model: caches, branches foreseen wrongly, two dependent additions in one cycle, and the remark in [ncnn] that
no vector load is issued four cycles behind a multiply-add.

Run as a program, it tests itself: by the measured sequences, and by some that follow from the rules.
"""

import re
import sys

ACCUMULATING = {"fmla", "fmls", "mla", "mls"}
READS_RESULT = ACCUMULATING | {"bif", "bit", "bsl", "movk", "sli", "sri"}
FLOAT_SLOW = {"fdiv": (14, 18), "fsqrt": (13, 17)}  # busy, latency of one lane
INTEGER_VECTOR = re.compile(r"(add|sub|neg|and|orr|eor|bic|orn|mvn|not|bif|bit|bsl|mov|movi|mvni|dup|ins|ext|zip"
                            r"|uzp|trn|ushr|sshr|shl|usra|ssra|cm(eq|gt|ge|hi|hs|lt|le|tst)|[us](max|min))\w?")
REGISTER = re.compile(r"\b([vqdshbxw])(\d+)\b|\b(sp)\b")


def registers(text):
    names = []
    for kind, number, sp in REGISTER.findall(text):
        names.append("sp" if sp else ("x" if kind in "xw" else "v") + number)
    return names


def split_operands(text):
    return [part.strip() for part in re.findall(r"(?:\[[^\]]*\]!?|\{[^}]*\}(?:\[\d+\])?|[^,])+", text)]


class Instruction:
    """What issuing it needs: units of NEON in its first cycle, cycles of issue, what it reads and writes, and when."""

    def __init__(self, text):
        text = re.sub(r"\s*(//|<).*", "", text.strip())
        self.name, _, rest = text.replace("\t", " ").partition(" ")
        self.operands = split_operands(rest)
        self.cycles, self.units, self.memory, self.first_only, self.branch = 1, 0, False, False, False
        self.reads = []          # (register, in which cycle of the issue)
        self.addend = None       # a register that is needed four cycles later if a multiply-add wrote it
        self.writes = {}         # register: latency
        self.divider = 0
        self.merges = False      # it writes a part of a register, and does not wait for the other
        base = self.name.split(".")[0]
        if base in ("b", "cbz", "cbnz", "tbz", "tbnz", "bl", "br", "ret"):
            self.branch = True
            self.reads = [(r, 0) for o in self.operands[:1] for r in registers(o)] if base[0] in "ct" else []
            self.reads += [("flags", 0)] if self.name.startswith("b.") else []
        elif base in ("nop", "prfm", "hint"):
            self.memory = base == "prfm"
            self.reads = [(r, 0) for o in self.operands for r in registers(o)]
        elif re.match(r"(ld|st)[rpu1n]", base):
            self.as_memory(base)
        else:
            self.as_arithmetic(base)

    def as_memory(self, base):
        self.memory = True
        address = next(k for k, o in enumerate(self.operands) if o.startswith("["))
        listed = []
        for operand in self.operands[:address]:
            span = re.match(r"\{v(\d+)\.\w+\s*-\s*v(\d+)", operand)
            listed += ["v%d" % k for k in range(int(span[1]), int(span[2]) + 1)] if span else registers(operand)
        for register in registers(self.operands[address]):
            self.reads.append((register, 0))
        if self.operands[address].endswith("!") or len(self.operands) > address + 1:
            self.writes[registers(self.operands[address])[0]] = 1
        vector = bool(listed) and listed[0][0] == "v"  # nothing: the register of zeros
        first = self.operands[0]
        wide = vector and (first[0] == "q" or bool(re.search(r"\.(4s|2d|8h|16b)", first)) and base != "ld1r")
        if base.startswith("st"):
            self.units = 2 if vector else 0
            self.cycles = len(listed) if vector else 1
            self.reads += [(register, k if vector else 0) for k, register in enumerate(listed)]
            return
        self.units = (2 if wide else 1) if vector else 0
        each = 2 if wide else 1
        self.cycles = each * len(listed) if vector else 1
        for k, register in enumerate(listed):
            self.writes[register] = (each * k + (4 if wide else 3)) if vector else 3
        if "}[" in first:
            self.cycles, self.units, self.merges = 1, 2, True

    def as_arithmetic(self, base):
        target, sources = self.operands[0], self.operands[1:]
        written = registers(target)
        if base in ("cmp", "cmn", "tst", "ccmp", "fcmp", "fcmpe"):
            sources, written = self.operands, []
            self.writes["flags"] = 1
        elif base in ("adds", "subs", "ands"):
            self.writes["flags"] = 1
        if base in ("csel", "cset", "csinc", "fcsel"):
            self.reads.append(("flags", 0))
        for operand in sources:
            self.reads += [(register, 0) for register in registers(operand)]
        vector = any(r[0] == "v" for r in written + [r for r, _ in self.reads])
        lane = self.merges = "[" in target
        if base in READS_RESULT:
            if base in ACCUMULATING:
                self.addend = written[0]
            else:
                self.reads += [(register, 0) for register in written]
        if not vector:
            latency = 4 if base in ("mul", "madd", "msub", "umulh") else 1
            self.writes.update({register: latency for register in written})
            return
        wide = not lane and bool(re.search(r"\.(4s|2d|8h|16b)", target))
        self.units = 2 if wide else 1
        self.first_only = wide
        latency = 4
        if base in ACCUMULATING or base in ("fmadd", "fmsub", "fnmadd", "fnmsub"):
            latency = 8
            if base not in ACCUMULATING:
                self.addend = registers(sources[-1])[0]
                self.reads = self.reads[:-1]
        elif base in FLOAT_SLOW:
            busy, latency = FLOAT_SLOW[base]
            self.divider = busy * (2 if wide else 1)
            latency += busy if wide else 0
        elif INTEGER_VECTOR.fullmatch(base):
            latency = 2
        self.writes.update({register: latency for register in written})

    def conflicts(self, first):
        """Whether it cannot be issued in the cycle in which `first` ends."""
        return (first.branch or self.first_only or first.units + self.units > 2 or first.memory and self.memory or
                any(register in first.writes for register in self.writes))


class CortexA53:
    def __init__(self):
        self.cycle = 0          # in which the next instruction is issued at the earliest
        self.alone = None       # the one that has been issued in this cycle, if there is room for another
        self.ready = {}         # register: (cycle, whether a multiply-add wrote it)
        self.divider_free = 0

    def operand_cycle(self, one):
        cycle = 0
        for register, later in one.reads:
            cycle = max(cycle, self.ready.get(register, (0, False))[0] - later)
        if one.addend is not None:
            ready, forwarded = self.ready.get(one.addend, (0, False))
            cycle = max(cycle, ready - 4 if forwarded else ready)
        return max(cycle, self.divider_free) if one.divider else cycle

    def issue(self, one):
        cycle = max(self.cycle, self.operand_cycle(one))
        pairs = self.alone is not None and cycle == self.cycle and not one.conflicts(self.alone)
        if self.alone is not None and not pairs:
            cycle = max(cycle, self.cycle + 1)
        for register, latency in one.writes.items():
            at = cycle + latency
            if register == "flags":
                at = cycle  # a branch may be issued beside the comparison
            if one.merges:
                at = max(at, self.ready.get(register, (0, False))[0])
            self.ready[register] = (at, one.addend is not None)
        if one.divider:
            self.divider_free = cycle + one.divider
        last = cycle + one.cycles - 1
        self.alone = None if pairs else one
        self.cycle = last + 1 if pairs else last

    def used(self):
        return self.cycle + (1 if self.alone is not None else 0)


def cycles_of(lines):
    """Cycles in which a sequence is issued."""
    core = CortexA53()
    for one in [Instruction(line) for line in lines]:
        core.issue(one)
    return core.used()


def cycles_of_turn(lines, turns=64):
    """Cycles of a turn, once the loop is under way."""
    core = CortexA53()
    loop = [Instruction(line) for line in lines]
    half = 0
    for turn in range(2 * turns):
        if turn == turns:
            half = core.used()
        for one in loop:
            core.issue(one)
    return (core.used() - half) / turns


def stream_loop():
    """Two blocks take turns: one is multiplied and added to while the other is stored and loaded anew."""
    loop = []
    for mine, other in ((0, 4), (4, 0)):
        work = ["fmul v%d.4s, v%d.4s, v31.4s" % (mine + k, mine + k) for k in range(4)]
        work += ["fadd v%d.4s, v%d.4s, v30.4s" % (mine + k, mine + k) for k in range(4)]
        loads = ["ldr x%d, [x10, #%d]" % (k, 8 + 16 * k) for k in range(5)]
        for k in range(6):
            loop.append(work[k])
            if k != 1:
                loop.append(loads.pop(0))
        loop.append("st1 {v%d.4s-v%d.4s}, [x10]" % (other, other + 3))
        for loaded, completed in ((1, 3), (2, 1), (0, 2)):
            loop.append("ldr d%d, [x10, #%d]" % (other + loaded, 16 * loaded))
            loop.append("ins v%d.d[1], x%d" % (other + completed, completed))
        loop += ["ins v%d.d[0], x4" % (other + 3), "ins v%d.d[1], x0" % other] + work[6:]
    return loop


def matrix_loop():
    """As kernels written by hand for the A53: halves of vectors loaded beside insertions and beside multiply-adds."""
    loop = []
    for k in range(4):
        loop += ["ldr d%d, [x0, #%d]" % (4 + k, 16 * k), "ins v%d.d[1], x%d" % (k, 10 + k)]
    for k in range(16):
        loop.append("fmla v%d.4s, v%d.4s, v%d.s[%d]" % (16 + k, k % 2, 2 + k // 8, k // 2 % 4))
        if k % 4 == 0:
            loop.append("ldr x%d, [x0, #%d]" % (20 + k // 4, 16 * k))
    return loop


MEASURED = [  # [qsdr]
    (1, "fadd v0.4s, v0.4s, v31.4s"),
    (4, "fadd v0.4s, v0.4s, v31.4s; fadd v1.4s, v1.4s, v31.4s; fadd v2.4s, v2.4s, v31.4s; fadd v3.4s, v3.4s, v31.4s"),
    (13, "; ".join(["fmul v0.4s, v0.4s, v31.4s"] * 4)),
    (2, "ldr q0, [x0]"), (5, "ldr q0, [x0]; fadd v0.4s, v0.4s, v0.4s"),
    (7, "ldr q0, [x0]; ldr q1, [x0]; fadd v1.4s, v1.4s, v1.4s"),
    (5, "ldp q0, q1, [x0]; fadd v0.4s, v0.4s, v0.4s"), (7, "ldp q0, q1, [x0]; fadd v1.4s, v1.4s, v1.4s"),
    (9, "ldp q0, q1, [x0]; ldp q2, q3, [x0]; fadd v2.4s, v2.4s, v2.4s"),
    (9, "ld1 {v0.4s-v3.4s}, [x0]; fadd v0.4s, v0.4s, v0.4s"), (11, "ld1 {v0.4s-v3.4s}, [x0]; fadd v3.4s, v3.4s, v3.4s"),
    (1, "ldr d0, [x0]"), (4, "ldr d0, [x0]; fadd v0.4s, v0.4s, v0.4s"),
    (5, "ldr d0, [x0]; ldr d1, [x0]; fadd v1.4s, v1.4s, v1.4s"),
    (2, "ldp d0, d1, [x0]"), (5, "ldp d0, d1, [x0]; ldp d2, d3, [x0]; fadd v1.4s, v1.4s, v1.4s"),
    (2, "str q0, [x0]; str q1, [x0]"), (4, "st1 {v0.4s-v3.4s}, [x0]"),
    (3, "stp q0, q1, [x0]; fadd v2.4s, v2.4s, v2.4s"),
    (3, "ins v0.d[1], x0; fadd v0.4s, v0.4s, v0.4s"), (1, "ins v0.d[1], x0; ins v1.d[1], x1"),
    (2, "ins v0.d[0], x0; ins v0.d[1], x1"),
    (2, "ldr d0, [x0]; fadd v1.4s, v1.4s, v1.4s"), (2, "fadd v1.4s, v1.4s, v1.4s; ldr d0, [x0]"),
    (2, "ldr x0, [x1]; fadd v0.4s, v0.4s, v0.4s"), (1, "fadd v0.4s, v0.4s, v0.4s; ldr x0, [x1]"),
    (1, "ldr d0, [x0]; ins v1.d[1], x0"), (1, "ins v1.d[1], x0; ldr d0, [x0]"), (2, "ldr d0, [x0]; ins v0.d[1], x0"),
    (2, "ld1 {v0.d}[0], [x0]; ins v1.d[1], x0"), (2, "fadd v0.4s, v0.4s, v0.4s; str q1, [x0]"),
    (2, "ldr d0, [x0]; str d1, [x0, #64]"), (2, "str x0, [x1]; fadd v0.4s, v0.4s, v0.4s"),
    (1, "fadd v0.4s, v0.4s, v0.4s; str x0, [x1]"), (2, "mov x0, v1.d[0]; fadd v0.4s, v0.4s, v0.4s"),
    (1, "ldr d1, [x0]; fadd v0.2s, v0.2s, v0.2s"), (2, "add x0, x0, x0; add x1, x1, x1; add x2, x2, x2"),
    (3, "fadd v0.4s, v0.4s, v0.4s; b 0f; fadd v3.4s, v3.4s, v3.4s; fadd v4.4s, v4.4s, v4.4s"),
]
MEASURED_TURNS = [
    (5, "fadd v0.4s, v0.4s, v0.4s; fadd v1.4s, v1.4s, v1.4s; fadd v2.4s, v2.4s, v2.4s; fadd v3.4s, v3.4s, v3.4s; "
        "add x0, x0, 1; cmp x0, x1; b.ne 0b"),
    (16, "add x2, x0, x1; add x1, x1, 32; cmp x1, x3; ldp q0, q1, [x2]; fmul v0.4s, v0.4s, v2.s[0]; "
         "fmul v1.4s, v1.4s, v2.s[0]; fadd v0.4s, v0.4s, v3.4s; fadd v1.4s, v1.4s, v3.4s; stp q0, q1, [x2]; b.ne 0b"),
    (32, stream_loop()),
]
FOLLOWING = [  # from the rules
    (2, "b 0f; add x0, x0, x1"), (5, "fmul v0.4s, v1.4s, v1.4s; ins v0.d[1], x0; fadd v1.4s, v0.4s, v0.4s"),
]
FOLLOWING_TURNS = [
    (20, matrix_loop()),  # 80 % of 16 multiply-adds, [ncnn]
    (4, "fmla v0.4s, v1.4s, v2.4s"), (8, "fmla v0.4s, v0.4s, v2.4s"),
    (54, "fsqrt v0.4s, v1.4s; fdiv v2.4s, v1.4s, v3.4s"),
]


def main():
    passed = failed = 0
    for judge, known in ((cycles_of, MEASURED + FOLLOWING), (cycles_of_turn, MEASURED_TURNS + FOLLOWING_TURNS)):
        for cycles, lines in known:
            lines = lines.split("; ") if isinstance(lines, str) else lines
            said = judge(lines)
            passed += said == cycles
            if said != cycles:
                failed += 1
                print("FAILED: %s cycles instead of %s: %s" % (said, cycles, "; ".join(lines)))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
