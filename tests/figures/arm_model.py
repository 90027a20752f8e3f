"""How many cycles a turn of the inner loops takes on ARM, by model: no such core ran anything.

usage: arm_model.py OBJDUMP OBJECTS: the directory of the objects of an AArch64 build, compiled as the library is.
Prints lines "model.LOOP.CORE CYCLES", and "skipped model.LOOP.CORE" where a model is missing. The Cortex-A53 is
cortex_a53.py. Cortex-A72 and Cortex-A76 are models of llvm-mca of LLVM 19: the A72 that of its predecessor, the
Cortex-A57, the A76 that of its server twin, Neoverse N1 (what LLVM calls cortex-a76 is the model of the A57 again).
"""

import re
import shutil
import subprocess
import sys

from cortex_a53 import cycles_of_turn

# The loop, its object, its function (a pattern), and what tells its loop from others: so many of an instruction.
LOOPS = [
    ("multiply", "neon64_products", r"multiply_tile_apart<8ul, 2ul, .*Distance\)0, .*Full>", "fmla", 64),
    ("panel", "neon64_products", r"Panel::add<8ul, 2ul, .*Full>", "fmla", 64),
    ("outer", "neon64_optimizers", r"outer_tile<12ul, 2ul, false, .*Full>", "fmla", 24),
    ("row", "neon64_products", r"::multiply_row\(", "fmla", 16),
    ("adam", "neon64_optimizers", r"void .*::outer<.*Adam<.*>\(", "fsqrt", 1),
]
MCA = ("llvm-mca-19", "/usr/lib/llvm-19/bin/llvm-mca")
MCA_CORES = [("cortex-a72", "cortex-a57"), ("cortex-a76", "neoverse-n1")]


def functions_of(objdump, object_file):
    """Name: [(address, instruction)]"""
    command = [objdump, "-dC", "--no-show-raw-insn", object_file]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    functions, lines = {}, []
    for line in said.stdout.splitlines():
        header = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        if header:
            lines = functions.setdefault(header[1], [])
        elif re.match(r" +[0-9a-f]+:\t", line):
            address, _, instruction = line.strip().partition(":\t")
            lines.append((int(address, 16), instruction))
    return functions


def loops_of(lines):
    """The innermost loops: what lies between a branch backward and its target."""
    found = []
    index = {address: k for k, (address, _) in enumerate(lines)}
    for k, (address, instruction) in enumerate(lines):
        branch = re.match(r"(b\.\w+|cbn?z|tbn?z)\s.*?\b([0-9a-f]+) <", instruction)
        if branch and index.get(int(branch[2], 16), k + 1) <= k:
            found.append((index[int(branch[2], 16)], k))
    inner = [a for a in found if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in found)]
    return [[instruction for _, instruction in lines[first:last + 1]] for first, last in inner]


def loop_of(functions, pattern, name, count):
    chosen = [loop for function, lines in functions.items() if re.search(pattern, function)
              for loop in loops_of(lines) if sum(line.split()[0] == name for line in loop) == count]
    if not chosen:
        raise SystemExit("no loop with %d %s in %s" % (count, name, pattern))
    return min(chosen, key=len)  # without partial vectors


def cycles_by_mca(mca, core, loop):
    """The growth of a run with the number of its turns."""
    text = "\n".join(re.sub(r"\b[0-9a-f]+ <.*", "0", line.split("//")[0]) for line in loop)
    total = []
    for turns in (100, 200):
        said = subprocess.run([mca, "-mtriple=aarch64", "-mcpu=" + core, "-iterations=%d" % turns], input=text,
                              check=True, capture_output=True, text=True)
        total.append(int(re.search(r"Total Cycles:\s+(\d+)", said.stdout)[1]))
    return (total[1] - total[0]) / 100


def main(objdump, objects):
    mca = next((path for path in map(shutil.which, MCA) if path), None)
    functions = {}
    for name, object_file, pattern, instruction, count in LOOPS:
        if object_file not in functions:
            functions[object_file] = functions_of(objdump, "%s/%s.cpp.o" % (objects, object_file))
        loop = loop_of(functions[object_file], pattern, instruction, count)
        print("model.%s.cortex-a53 %.1f" % (name, cycles_of_turn(loop)))
        for core, model in MCA_CORES:
            if mca:
                print("model.%s.%s %.1f" % (name, core, cycles_by_mca(mca, model, loop)))
            else:
                print("skipped model.%s.%s" % (name, core))


if __name__ == "__main__":
    main(*sys.argv[1:])
