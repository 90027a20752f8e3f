"""The figures as tables in Markdown.

usage: render.py short|full BARS FIGURES    short: as README.md shows them, full: as tests/figures/README.md does
"""
import re
import sys

from table import is_for, lines_of, number, read_bars, read_figures

NONE = "—"
MULTIPLY_ADDS = 14_540_800  # of the step of wide.cpp
# Inner loops: name in arm_model.py, vector multiply-adds of a turn, what it is.
LOOPS = [
    ("multiply", 64, "tile of 8 rows by 2 vectors and four terms"),
    ("panel", 64, "the same, B transposed or packed"),
    ("outer", 24, "outer sum of 12 rows by 2 vectors"),
    ("row", 16, "one row by 4 vectors and four terms"),
]


class Core:
    """The figures of one target and contract, at every level."""

    def __init__(self, target, contract):
        self.target, self.contract, self.values = target, contract, {}

    def name(self):
        name = self.target.replace("cortex-m0plus", "cortex-m0+").replace("cortex-m", "Cortex-M")
        name = re.sub("f(-clang)?$", r"F\1", name).replace("-clang", ", by Clang")
        return name + (", `LINNET_FUSED=OFF`" if self.contract == "separate" else "")

    def has(self, level, figure):
        return (level, figure) in self.values

    def number(self, level, figure):
        return self.values[level, figure]

    def at(self, level, figure):
        return f"{self.number(level, figure):,}" if self.has(level, figure) else NONE

    def cells(self, level, *figures):
        return [self.at(level, figure) for figure in figures]


def read_cores(lines):
    """In the order in which they first appear."""
    cores = {}
    for (target, contract, level, figure), value in read_figures(lines).items():
        core = cores.setdefault((target, contract), Core(target, contract))
        core.values[level, figure] = number(value)
    return list(cores.values())


def row(*cells):
    return "| " + " | ".join(cells) + " |"


# ---- The short tables.


def short_tables(cores, _):
    yield "| core | inference | SGD trainer | everything | stack, `predict` and `step` | instructions, `-O2` | `-Os` |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for core in cores:
        if core.target.startswith("cortex") and (core.contract == "fused" or core.target == "cortex-m0plus"):
            yield short_row(core)
    yield "\nThe same with ReLU, mean squared error and Adam:\n"
    yield from adam_table(core for core in cores if core.contract == "fused")
    for core in cores:
        if (core.target, core.contract) == ("cortex-m4f", "fused"):
            yield short_classifier(core)


def short_row(core):
    flash = core.cells("Os", "flash.inference", "flash.trainer", "flash.everything")
    stack = f"{larger(core, 'stack.predict')}, {larger(core, 'stack.step')}"
    instructions = [", ".join(core.cells(level, "predict.instructions", "step.instructions")) for level in ("O2", "Os")]
    return row(core.name(), *flash, stack, *instructions)


def larger(core, figure):
    """Of the figures at both levels."""
    return f"{max(core.values.get((level, figure), 0) for level in ('O2', 'Os')):,}" if core.has("Os", figure) else NONE


def short_classifier(core):
    parameters, memory, step_o2, step_os = classifier_cells(core, "head")
    behind = classifier_cells(core, "behind")
    return (f"\nA classifier of 32 numbers into 6 (softmax cross-entropy, SGD) on a Cortex-M4F: {parameters} bytes of "
            f"parameters, {memory} of training\nmemory, {step_o2} instructions a step at `-O2` and {step_os} at `-Os`; "
            f"behind a frozen layer {', '.join(behind[:3])} and {behind[3]}.")


def classifier_cells(core, net):
    """Bytes of parameters and of training memory, instructions of a step at -O2 and at -Os; of a net of head.cpp."""
    memory = core.cells("Os", f"ram.{net}.parameters", f"ram.{net}.memory")
    return memory + [core.at(level, f"{net}.instructions") for level in ("O2", "Os")]


def adam_table(cores):
    yield "| core | Adam trainer | instructions of a step, `-O2` | `-Os` | cycles by a model, `-O2` | `-Os` |"
    yield "|---|--:|--:|--:|--:|--:|"
    for core in cores:
        if core.has("Os", "adam.instructions"):
            instructions, cycles = ([core.at(level, f"adam.{what}") for level in ("O2", "Os")]
                                    for what in ("instructions", "cycles"))
            yield row(core.name(), core.at("Os", "flash.adam"), *instructions, *cycles)


# ---- The full ones.


def full_tables(cores, bars):
    yield from memory_table(cores)
    yield from stack_table(cores)
    yield from instructions_table(cores)
    for core in cores:
        if core.has("O3", "wide.step"):
            yield wide_step(core)
    for core in cores:
        if core.has("O3", "model.multiply.cortex-a53"):
            yield from model_table(core)
    yield "\n## Adam\n"
    yield from adam_table(cores)
    yield from own_loss_table(cores)
    yield from keep_table(cores)
    yield from classifier_table(cores)
    yield from bars_table(cores, bars)


def memory_table(cores):
    yield "## Flash and RAM, bytes at `-Os`\n"
    yield ("| core | inference | trainer | tuner | second network | everything | model + training memory"
           " | `Network` + `Trainer` | writable data of the library |")
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for core in cores:
        if core.has("Os", "flash.inference"):
            flash = [f"flash.{program}" for program in ("inference", "trainer", "tuner", "second", "everything")]
            objects = " + ".join(core.cells("Os", "ram.network", "ram.trainer"))
            yield row(core.name(), *core.cells("Os", *flash, "ram.lent"), objects, core.at("Os", "library.writable"))


def cores_and_levels(cores, figure):
    return [(core, level) for core in cores for level in ("O2", "Os") if core.has(level, figure)]


def stack_table(cores):
    yield "\n## Stack, bytes\n"
    yield ("| core | | `predict`, by call graph | everything linked | painted | `step`, by call graph"
           " | everything linked | painted | `bind`, by call graph | painted |")
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    figures = [f"stack.{function}{how}" for function in ("predict", "step") for how in ("", ".any", ".painted")]
    for core, level in cores_and_levels(cores, "stack.step"):
        yield row(core.name(), f"`-{level}`", *core.cells(level, *figures, "stack.bind", "stack.bind.painted"))


def instructions_table(cores):
    yield "\n## Executed instructions\n"
    yield "| core | | an inference | differs by | cycles, estimated | a step | differs by | cycles, estimated |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for core, level in cores_and_levels(cores, "step.instructions"):
        cells = [[core.at(level, f"{call}.instructions"), spread(core, level, call), core.at(level, f"{call}.cycles")]
                 for call in ("predict", "step")]
        yield row(core.name(), f"`-{level}`", *cells[0], *cells[1])


def spread(core, level, call):
    """By how much the instructions differ; in software the least is stored, since there they differ much."""
    if core.has(level, f"{call}.instructions.least"):
        most, least = (core.number(level, f"{call}.instructions{end}") for end in ("", ".least"))
        return f"{most - least:,}"
    return core.at(level, f"{call}.instructions.spread")


def wide_step(core):
    each = core.number("O3", "wide.step") / (MULTIPLY_ADDS / 4)
    return (f"\nAArch64 with NEON, `-O3`: a step of 784-128-64-10 on 64 samples executes {core.at('O3', 'wide.step')} "
            f"instructions, {each:.3f} per vector multiply-add\n({MULTIPLY_ADDS:,} multiply-adds, four at a time).\n"
            f"A step of 4-16-16-3 on one sample executes {core.at('O3', 'row.step')}, a prediction "
            f"{core.at('O3', 'row.predict')}.")


def model_table(core):
    yield "\n## Inner loops on AArch64, cycles of a turn by model, and the share of the peak\n"
    yield "| loop | vector multiply-adds | Cortex-A53 | Cortex-A72 | Cortex-A76 |"
    yield "|---|--:|--:|--:|--:|"
    for loop, multiply_adds, what in LOOPS:
        # at the peak a multiply-add in each cycle or, on an A76, two
        least = {"a53": multiply_adds, "a72": multiply_adds, "a76": multiply_adds / 2}
        yield row(what, str(multiply_adds), *(share(core, f"model.{loop}.cortex-{a}", least[a]) for a in least))
    yield "\nAdam takes {}, {} and {} cycles a parameter there.".format(*(adam_cycles(core, a) for a in least))


def share(core, figure, least):
    """Cycles, and `least`, those at the peak, as a share of them."""
    if not core.has("O3", figure):
        return NONE
    cycles = core.number("O3", figure)
    return f"{cycles:.0f} ({100 * least / cycles:.0f} %)"


def adam_cycles(core, processor):
    """Of a parameter: the loop takes four in a turn."""
    figure = f"model.adam.cortex-{processor}"
    return f"{core.number('O3', figure) / 4:.1f}" if core.has("O3", figure) else NONE


def own_loss_table(cores):
    yield "\n## A loss of the program's own\n"
    yield "| core | bytes of flash of the trainer |"
    yield "|---|--:|"
    yield from (row(core.name(), core.at("Os", "flash.own")) for core in cores if core.has("Os", "flash.own"))


def keep_table(cores):
    yield "\n## Keeping what was learned\n"
    yield "| core | `save`, `load` and `peek` beside the trainer | `confirm` and `revert` | stack, `save` and `load` |"
    yield "|---|--:|--:|--:|"
    yield from (row(core.name(), *core.cells("Os", "flash.keep", "flash.trial"),
                    ", ".join(core.cells("Os", "stack.save", "stack.load")))
                for core in cores if core.has("Os", "flash.keep"))


def classifier_table(cores):
    yield "\n## A classifier of 32 numbers into 6\n"
    yield "| core | | bytes of parameters | of training memory | instructions of a step, `-O2` | `-Os` |"
    yield "|---|---|--:|--:|--:|--:|"
    for net, what in (("head", "by itself"), ("behind", "behind a frozen layer")):
        for core in cores:
            if core.has("Os", f"{net}.instructions"):
                yield row(core.name(), what, *classifier_cells(core, net))


def bars_table(cores, bars):
    yield "\n## What was to be reached\n"
    yield "| figure, as in `bars.txt` | worst core and contract | | at most | reached |"
    yield "|---|---|---|--:|--:|"
    for bar in bars:
        figure, at_most = bar[3], number(bar[4])
        found = [(core.number(level, figure), core.name(), level) for core in cores for level in ("O2", "Os", "O3")
                 if is_for(bar, core.target, core.contract, level, figure) and core.has(level, figure)]
        if found:
            reached, name, level = max(found, key=lambda one: one[0])  # of equal ones the first
            missed = " (missed)" if reached > at_most else ""
            yield row(figure, name, f"`-{level}`", f"{at_most:,}", f"{reached:,}{missed}")


def render(part, bars, figures):
    tables = {"short": short_tables, "full": full_tables}[part]
    return "".join(f"{line}\n" for line in tables(read_cores(figures), read_bars(bars)))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("short", "full"):
        sys.exit(__doc__)
    print(render(sys.argv[1], *map(lines_of, sys.argv[2:])), end="")
