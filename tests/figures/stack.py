"""The deepest stack below a function, in bytes, from the compiler's call graph.

usage: stack.py [--between PREFIXES] [--below PREFIXES] [--apart PREFIXES] [--outward PREFIXES]
                PREFIX SYMBOLS CODE REFERENCES GRAPH

  PREFIX      the function, by the beginning of its mangled name
  SYMBOLS     readelf -sW IMAGE               CODE   objdump -d --no-show-raw-insn IMAGE
  REFERENCES  readelf -rW IMAGE, linked with --emit-relocs
  GRAPH       the .ci files of gcc -fcallgraph-info=su, one after the other

image.py says what counts for a function. An indirect call counts as the deepest of all functions whose address is in
the image, the vector table apart (only the processor looks there). These must not call indirectly themselves, with the
exceptions that PREFIXES (words in one argument) name:

  --between  are called through a table and call through tables themselves, but none of each other: an indirect call in
             them counts as the deepest of the others
  --below    are called by these through a table, too, and call through tables all but both kinds
  --apart    are called through a table by what lies above the function PREFIX alone, and count for no indirect call
  --outward  call through pointers only what is the program's own, which does not count

Prints "PREFIX BYTES" and the way there as a comment. Ends with 1 on recursion, on a frame of no fixed size, on an
indirect call below an indirect call that neither --between nor --below allows, and when there is no such function.
"""
import argparse
import sys

from image import Image

ENTRIES = ("main", "reset_handler", "fault_handler")  # their addresses are taken, and no table has them
OTHERS, BELOW, BETWEEN = range(3)  # kinds of functions in tables; each calls only lower ones so


def bytes_of(depth):
    return depth[0]


class Search:
    """Depths are pairs: bytes below the entry of a function, its own frame included, and the way, a list of lines."""

    def __init__(self, image, between=(), below=(), apart=(), outward=()):
        self.image, self.faults = image, []
        self.between, self.below = tuple(between), tuple(below)
        self.apart, self.outward = tuple(apart), tuple(outward)
        self.done, self.open = {}, set()
        self.deepest_in_table = (0, [])  # of the kinds that have been searched
        self.in_table = None  # the function of kind OTHERS that is searched
        for kind in (OTHERS, BELOW, BETWEEN):
            if kind == BETWEEN:
                self.done.clear()  # what is called from both sides counts anew, with all tables below it
            self.search_tables(kind)
        self.done.clear()

    def kind_of(self, function):
        return BETWEEN if function.startswith(self.between) else BELOW if function.startswith(self.below) else OTHERS

    def search_tables(self, kind):
        deepest = (0, [])
        for function in self.image.address_taken:
            if function not in ENTRIES and not function.startswith(self.apart) and self.kind_of(function) == kind:
                self.in_table = function if kind == OTHERS else None
                deepest = max(deepest, self.depth(function, "a table"), key=bytes_of)
        self.in_table = None
        self.deepest_in_table = max(self.deepest_in_table, deepest, key=bytes_of)

    def depth(self, function, caller):
        """`caller`: the way from above, for what is said of a fault."""
        if function in self.done:
            return self.done[function]
        if function in self.open:
            self.faults.append(f"recursion: {caller} > {function}")
            return 0, []
        self.open.add(function)
        self.check(function, caller)
        found = [(0, [])] + [self.depth(callee, f"{caller} > {function}") for callee in self.image.callees(function)]
        if self.image.calls_indirectly(function) and not function.startswith(self.outward):
            found.append(self.depth_of_indirect_call(function))
        self.open.remove(function)
        below, way = max(found, key=bytes_of)  # of equal ones the first
        own = self.image.frame(function)
        self.done[function] = own + below, [f"{function} ({own})", *way]
        return self.done[function]

    def check(self, function, caller):
        if not self.image.is_known(function):
            self.faults.append(f"nothing is known of {function}, which is called by {caller}")
        if not self.image.has_fixed_frame(function):
            self.faults.append(f"the frame of {function} has no fixed size")

    def depth_of_indirect_call(self, function):
        if self.in_table is None:
            return self.deepest_in_table
        self.faults.append(f"an indirect call in {function}, which an indirect call can reach by {self.in_table}")
        return 0, []

    def depth_below(self, prefix):
        """Of the deepest function whose name begins so; None and a fault if there is none."""
        functions = [name for name in self.image.frames if name.startswith(prefix) and name in self.image.standing_for]
        if not functions:
            self.faults.append(f"the image has no function {prefix}")
        return max((self.depth(function, "the program") for function in functions), key=bytes_of, default=None)


def read_image(symbols, code, references, graph):
    image = Image()
    # symbols first: they say which names are one
    parts = [(image.read_symbols, symbols), (image.read_code, code), (image.read_references, references),
             (image.read_graph, graph)]
    for read, path in parts:
        with open(path, encoding="utf-8") as file:
            read(file)
    return image


def main(arguments):
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2], add_help=False)
    for option in ("--between", "--below", "--apart", "--outward"):
        parser.add_argument(option, type=str.split, default=[])
    for argument in ("prefix", "symbols", "code", "references", "graph"):
        parser.add_argument(argument)
    given = parser.parse_args(arguments)
    image = read_image(given.symbols, given.code, given.references, given.graph)
    search = Search(image, given.between, given.below, given.apart, given.outward)
    depth = search.depth_below(given.prefix)
    if depth:
        print(given.prefix, depth[0])
        print("#   " + "\n#     ".join(depth[1]))
    for fault in search.faults:
        print(f"stack: {fault}", file=sys.stderr)
    return 1 if search.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
