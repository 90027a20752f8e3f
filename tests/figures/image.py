"""What is known of the functions of an image: their frames, and whom they call.

A function that GCC compiled with -fcallgraph-info=su (all of the library) has the frame and the calls that the
compiler names. Of another one (libgcc, memcpy) every push and every subtraction from the stack pointer in its code
counts, and it runs on into the next one unless it ends in a jump. Calls that only the code shows (the compiler's
helpers) count for both. A tail call counts as a call.
"""
import re

from disassembly import instruction, words_of_list

INDIRECT = "__indirect_call"  # what the compiler calls a function that it does not know


class Image:
    def __init__(self):
        self.standing_for = {}  # each function: the name that stands for all names at its address
        self.no_functions = set()  # data, and the labels of measured regions
        self.frames, self.pushed = {}, {}  # bytes, as the compiler says and as the code shows
        self.dynamic, self.unbounded = set(), set()  # of no fixed size, as the compiler says and as the code shows
        self.indirect, self.indirect_in_code = set(), set()  # functions with an indirect call
        self.calls = {}  # function: {function: None}, in the order that they are seen
        self.address_taken = {}  # functions whose address is in the image: None, as above

    def name_of(self, function):
        return self.standing_for.get(function, function)

    def add_call(self, caller, callee):
        self.calls.setdefault(caller, {})[callee] = None

    # ---- What stack.py asks. The compiler knows best.

    def is_known(self, function):
        return function in self.frames or function in self.pushed

    def frame(self, function):
        return self.frames.get(function, self.pushed.get(function, 0))

    def has_fixed_frame(self, function):
        return function not in (self.dynamic if function in self.frames else self.unbounded)

    def calls_indirectly(self, function):
        return function in (self.indirect if function in self.frames else self.indirect_in_code)

    def callees(self, function):
        """Those that are in the image: a call of another one was optimized away."""
        return [callee for callee in self.calls.get(function, ()) if callee in self.standing_for]

    # ---- readelf -sW IMAGE, and readelf -rW IMAGE of one that was linked with --emit-relocs.

    def read_symbols(self, lines):
        first_at = {}
        for words in map(str.split, lines):
            if len(words) < 8:
                continue
            address, kind, name = words[1], words[3], words[7]
            if kind == "FUNC":
                self.standing_for[name] = first_at.setdefault(address, name)
            elif kind == "OBJECT" or (kind == "NOTYPE" and name.startswith("figures_")):
                self.no_functions.add(name)

    def read_references(self, lines):
        """An address that the program holds is taken. Only the processor looks into the vector table."""
        section = ""
        for line in lines:
            words = line.split()
            if line.startswith("Relocation section"):
                section = words[2]
            elif len(words) >= 5 and words[2].startswith("R_ARM_") and words[4] in self.standing_for:
                jump = re.search("CALL|JUMP|PREL|PC|NONE|V4BX", words[2])
                if not jump and not re.search("debug|vectors|exidx", section):
                    self.address_taken[self.name_of(words[4])] = None

    # ---- The compiler's call graph: the .ci files, one after the other.

    def read_graph(self, lines):
        for line in lines:
            if line.startswith("node: "):
                self.read_node(line)
            elif line.startswith("edge: "):
                caller, callee = (self.name_of(title_of(line, end)) for end in ("sourcename", "targetname"))
                if callee == INDIRECT:
                    self.indirect.add(caller)
                else:
                    self.add_call(caller, callee)

    def read_node(self, line):
        """Static functions of the same name count as one, the worst of them."""
        size = re.search(r"\\n(\d+) bytes \(([^)]*)\)", line)
        if size:  # else defined elsewhere
            function = self.name_of(title_of(line, "title"))
            self.frames[function] = max(int(size[1]), self.frames.get(function, 0))
            if size[2] == "dynamic":
                self.dynamic.add(function)

    # ---- objdump -d --no-show-raw-insn IMAGE

    def read_code(self, lines):
        function, runs_on = None, False
        for line in lines:
            header = re.match(r"[0-9a-f]+ <(.*)>:$", line)
            if header and not header[1].startswith("figures_"):  # those are labels inside a function
                following = None if header[1] in self.no_functions else self.name_of(header[1])
                if function and following and runs_on:
                    self.add_call(function, following)
                function, runs_on = following, True
            shown = instruction(line)
            if function and shown and not is_padding(*shown[1:]):
                self.read_instruction(function, *shown[1:])
                runs_on = not is_end(*shown[1:])

    def read_instruction(self, function, operation, operands):
        taken = taken_from_stack(operation, operands)
        self.pushed[function] = self.pushed.get(function, 0) + (taken or 0)
        if taken is None:
            self.unbounded.add(function)
        target = re.search(r"<([^>+]*)(.)", operands) if operation.startswith(("b", "cb")) else None
        if target:
            callee = self.name_of(target[1])
            # A jump inside a function calls nothing; Cortex-M0 writes a far one as bl.
            if callee != function or (operation in ("bl", "blx") and target[2] == ">"):
                self.add_call(function, callee)
        elif operation == "blx" or (operation == "bx" and not operands.startswith("lr")):
            self.indirect_in_code.add(function)


def title_of(line, end):
    """The mangled name; the compiler writes the file before that of a static function."""
    return re.search(end + r': "([^"]*)"', line)[1].rpartition(":")[2]


def taken_from_stack(operation, operands):
    """Bytes that one instruction takes; None if it sets the stack pointer to what cannot be told."""
    if operation.startswith(("push", "vpush")) or (operation.startswith(("stmdb", "vstmdb")) and "sp!" in operands):
        return 4 * words_of_list(operands)
    stored = re.search(r"\[sp, #-(\d+)\]!", operands)
    if stored and operation in ("str", "str.w", "strd", "strd.w"):
        return int(stored[1])
    constant = re.match(r"sp, (?:sp, )?#(\d+)", operands)
    if constant and operation in ("sub", "sub.w", "subw", "subw.w"):
        return int(constant[1])
    if constant and operation in ("add", "add.w"):
        return 0
    sets_pointer = operands.startswith("sp, ") and re.fullmatch(r"(sub|add|mov)s?w?(\.w)?", operation)
    return None if sets_pointer else 0


def is_padding(operation, operands):
    return operation.startswith((".word", ".short", "nop", "...")) or (operation == "movs" and operands == "r0, r0")


def is_end(operation, operands):
    """Whether nothing runs on behind this instruction."""
    if operation.startswith(("pop", "ldm")):
        return "pc}" in operands
    if operation in ("ldr", "ldr.w"):
        return operands.startswith("pc, ")
    return operation in ("b", "b.n", "b.w", "bx")
