#!/usr/bin/env python3
"""archive.py LIBRARY SYMBOLS SECTIONS: whether the archive LIBRARY keeps what archive.sh says of it.

SYMBOLS is what `nm -A -P` says of it, SECTIONS what `objdump -h` says. Ends with 1 where a promise is broken.
"""
import pathlib
import re
import sys

# libgcc's arithmetic: the ARM run-time ABI, the generic names, and what Thumb-1 and RISC-V call at -Os.
HELPERS = re.compile(r"""
    mem(cpy|set|move|cmp)
  | __aeabi_mem(cpy|set|move|clr)[48]?
  | __aeabi_(f|d|cf|cd|i2|ui2|l2|ul2)[a-z0-9]+
  | __aeabi_u?(idiv|ldiv|idivmod|ldivmod|lcmp)
  | __aeabi_(lmul|llsl|llsr|lasr|lcmp)
  | __aeabi_unwind_cpp_pr[0-2]
  | __(add|sub|mul|div|neg|eq|ne|lt|le|gt|ge|unord|cmp|ucmp)[hsdt][fi][23]?
  | __(udiv|mod|umod|divmod|udivmod|ashl|ashr|lshr)[sdt]i[34]
  | __(fix|fixuns)[hsdt]f[sdt]i
  | __(float|floatun)[sdt]i[hsdt]f
  | __(extend|trunc)[hsdt]f[hsdt]f2
  | __(clz|ctz|ffs|popcount|parity|bswap)[sdt]i2
  | __gnu_thumb1_case_[us]?[qhs]i
  | __riscv_(save|restore)_[0-9]+
  | _GLOBAL_OFFSET_TABLE_
  | __stack_chk_(fail|guard)
    """, re.VERBOSE)
KERNEL = re.compile(r"(scalar_product|scalar_gradient|(sse2|avx2|avx512|neon|neon64)_[a-z]*)\.")  # objects of tables
WANTED = "Uvw"  # types of symbols that the object does not define


# ---- What the tools say.

def symbols(said):
    """(object, name, type) of every symbol."""
    found = (re.match(r".*\[(.*?)\]: (\S+) (\S)", line) for line in said.splitlines())
    return [symbol.groups() for symbol in found if symbol]


def sections(said):
    """(object, name, size, flags) of every section."""
    found, member = [], ""
    for part in re.finditer(r"^(\S.*): +file format|^ *\d+ (\S+) +([0-9a-f]+) .*\n(.*)", said, re.MULTILINE):
        if part[1]:
            member = part[1]
        else:
            found.append((member, part[2], int(part[3], 16), part[4].strip().split(", ")))
    return found


# ---- What is looked for in it.

def external(all_symbols):
    """The names that no object of the archive defines."""
    defined = {name for _, name, kind in all_symbols if kind not in WANTED}
    return sorted({name for _, name, kind in all_symbols if kind in WANTED} - defined)


def foreign(all_symbols):
    bad = {name for name in external(all_symbols) if not HELPERS.fullmatch(name)}
    return [f"{name} in {member}" for member, name, kind in all_symbols if name in bad and kind in WANTED]


def alive(all_sections):
    """Sections that are written to or run by themselves. Constants that hold addresses are read-only once loaded."""
    by_itself = re.compile(r"\.(init_array|preinit_array|fini_array|ctors|dtors|tdata|tbss)")
    return sorted({f"{member} {name} {size:#010x}" for member, name, size, flags in all_sections
                   if by_itself.match(name) or ("ALLOC" in flags and "READONLY" not in flags and size
                                                and not name.startswith(".data.rel.ro"))})


def uninitialized(all_symbols):
    """Variables without initializer, guards of static ones, and initialization at start-up."""
    names = re.compile("^_ZGV|_GLOBAL__sub_I|__static_initialization|^__tls|^__emutls")
    return [" ".join(symbol) for symbol in all_symbols if symbol[2] in "bBC" or names.search(symbol[1])]


def shared(all_symbols):
    """Weak symbols of a kernel object that another object has, too.

    The linker keeps one of several definitions: a function compiled for one instruction set could then run on a
    processor without it. The objects of one table may share.
    """
    groups = {}
    for member, name in sorted({(member, name) for member, name, kind in all_symbols if kind in "VWu"}):
        kernel = bool(KERNEL.match(member))
        groups.setdefault(name, {})[member.partition("_")[0] if kernel else member] = kernel
    return sorted(f"{name}: {' '.join(of_name)}" for name, of_name in groups.items()
                  if len(of_name) > 1 and any(of_name.values()))


def outside(all_symbols):
    """Global symbols that are not in namespace linnet, for others to collide with."""
    inside = re.compile("_Z([A-Z]*)N[KVr]*6linnet")
    return [" ".join(symbol) for symbol in all_symbols if symbol[2] in "TDRBGSu" and not inside.match(symbol[1])]


def broken(all_symbols, all_sections):
    """(what it is called, what was found) of every promise that is broken."""
    promises = [
        ("the archive references more than memcpy, memset and compiler helpers", foreign(all_symbols)),
        ("sections that are written to, run before main() or exist per thread", alive(all_sections)),
        ("variables without initializer, guards or initialization at start-up", uninitialized(all_symbols)),
        ("weak symbols that a kernel object shares with another object", shared(all_symbols)),
        ("global symbols outside namespace linnet", outside(all_symbols)),
    ]
    if not any(name.startswith(".text") for _, name, _, _ in all_sections):
        promises.append(("objdump shows no sections, so that nothing was checked", ["no .text"]))
    return [(sentence, findings) for sentence, findings in promises if findings]


def main():
    library, *said = sys.argv[1], *(pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[2:])
    all_symbols = symbols(said[0])
    if not all_symbols:
        print(f"FAILED: {library} has no symbols")
        sys.exit(1)
    names = external(all_symbols)
    print("references:", *names)
    if any(name.startswith("__stack_chk") for name in names):
        print("note: the compiler's flags ask for a stack protector, which is not the library's doing")
    bad = broken(all_symbols, sections(said[1]))
    for sentence, findings in bad:
        print(f"FAILED: {sentence}")
        for finding in findings:
            print(f"    {finding}")
    if bad:
        sys.exit(1)
    print(f"ok: {library}")


if __name__ == "__main__":
    main()
