#!/usr/bin/env python3
"""calls.py ROOT LIBRARY PROGRAM: whether a program calls every public function and names every descriptor.

LIBRARY and PROGRAM are what `nm -C` says of the archive and of the program's object. Functions of the archive are
compared by their full signature, inline ones by name. Ends with 1 where one is missing.
"""
import pathlib
import re
import string
import sys

import headers

NAMESPACES = re.compile("linnet::|layout::|optimizer::|initializer::|schedule::|replay::")


def name_of(signature):
    """`name` or `Class::name` of a demangled signature; nothing where it is not one of the library."""
    left = None
    while left != signature:
        left, signature = signature, re.sub(r"<[^<>]*>", "", signature)
    call = re.match(r".*?operator\(\)(?=\()", signature)
    name = (call[0] if call else signature.partition("(")[0]).rpartition(" ")[2]
    return NAMESPACES.sub("", name) if name.startswith("linnet::") else ""


def symbols(said, types):
    """The demangled symbols of these types in what nm said."""
    found = (re.match(r"[0-9a-fA-F]* *([A-Za-z]) (.*)", line) for line in said.splitlines())
    return {symbol[2] for symbol in found if symbol and symbol[1] in types}


def public_functions(library, declared, private):
    """Signatures of the archive whose names are declared, but for those that take a private type."""
    return {signature for signature in symbols(library, "T")
            if name_of(signature) in declared and not any(name in signature for name in private)}


def descriptors(library):
    return {symbol for symbol in symbols(library, "RDGSV") if re.fullmatch("linnet::descriptor::[a-z0-9_]+", symbol)}


def judged(wanted, there, good, bad):
    """Prints whether all that is wanted is there."""
    missing = sorted(wanted - there)
    print(f"FAILED: {bad}" if missing or not wanted else f"ok: {good.format(len(wanted))}")
    for name in missing:
        print(f"    {name}")
    return bool(wanted) and not missing


def main():
    root, library, program = sys.argv[1], *(pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[2:])
    lines = headers.read(root)
    declared = set(headers.functions(lines))
    if len(declared) < 50:
        print("FAILED: the headers were not understood")
        sys.exit(1)
    called = symbols(program, "Uvw")
    named = {name_of(signature) for signature in symbols(program, string.ascii_letters)}
    results = [
        judged(public_functions(library, declared, headers.private_types(lines)), called,
               "it calls all {} public functions of the archive",
               "public functions of the archive that nothing_hidden.cpp does not call"),
        judged(declared, named, "it calls all {} names that the headers declare",
               "functions declared in the headers that nothing_hidden.cpp does not call"),
        judged(descriptors(library), called, "it names all {} descriptors",
               "descriptors that nothing_hidden.cpp does not name"),
    ]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
