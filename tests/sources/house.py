#!/usr/bin/env python3
"""Counts over lib/ and include/ against their bars, and the include graph, drawn, in which no arrow may go up.

Ends with "N passed, N failed". It first shows each check a planted defect: those of sources_test.py.
"""
import pathlib
import re
import subprocess
import sys
import unittest

import cpp

# Two bars hold what has been reached and are wanted lower: 7000 and 200.
MOST_CODE_LINES = 9554    # neither blank nor all comment (cpp.py): 7973 at 313c309, with less in it; without ROOMS_SINCE
MOST_INLINING = 223       # words that command or forbid inlining, in code: 352 there
MOST_CONDITIONS = 60      # #if, #ifdef, #ifndef and #elif: 101 there
MOST_FUNCTION_LINES = 40  # from the line of the name to the closing brace
MOST_FILE_LINES = 300

# The floors, the lowest first; rooms on one floor may include each other.
FLOORS = (
    ("arithmetic",),
    ("vectors",),
    ("kernels",),
    ("activation", "loss", "optimizer", "initializer", "schedule", "replay"),
    ("tables",),
    ("step",),
    ("public",),
)

# Rooms that the bar of code lines is not for, by how the names of their files or folders begin.
ROOMS_SINCE = ("checkpoint", "store", "parameters", "topology_", "decimal", "json", "safetensors", "header", "outlet",
               "sink", "characters", "finite", "fnv", "schedule", "plateau", "replay", "normalizer", "fold",
               "doubles", "metrics", "reader", "batches", "keeper", "guide", "validation")

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("lib", "include")


# ---- What is counted. Sources are texts by their paths.

def code_lines(sources):
    return sum(bool(code.strip()) for _, _, code in cpp.lines(sources))


def inlining(sources):
    words = re.compile("always_inline|LINNET_INLINED|LINNET_STEP|noinline|flatten")
    return sum(len(words.findall(code)) for _, _, code in cpp.lines(sources))


def conditions(sources):
    condition = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif)(?![a-z])")
    return sum(bool(condition.match(code)) for _, _, code in cpp.lines(sources))


def tags(root):
    """What ctags says of every function, one a line."""
    command = ["ctags", "-R", "--languages=C++", "--langmap=C++:.cpp.hpp", "--kinds-C++=f", "--fields=+ne", "-f", "-"]
    return subprocess.run([*command, *FOLDERS], cwd=root, check=True, text=True, stdout=subprocess.PIPE).stdout


def long_functions(said, most):
    """Functions of more than `most` lines, from what ctags said."""
    found = []
    for tag in said.splitlines():
        name, path, *fields = tag.split("\t")
        values = dict(field.split(":", 1) for field in fields if ":" in field)
        if "end" in values:
            count = int(values["end"]) - int(values["line"]) + 1
            if count > most:
                found.append(f"{path}:{values['line']}: {name} has {count} lines")
    return found


def long_files(sources, most):
    counts = {path: text.count("\n") for path, text in sources.items()}
    return [f"{path} has {count} lines" for path, count in counts.items() if count > most]


# ---- Who includes whom.

def room(path):
    parts = pathlib.PurePosixPath(path).parts
    if parts == ("lib", "overlap.hpp"):
        return "step"
    return parts[1] if parts[0] == "lib" and len(parts) > 2 else "public"


def arrows(sources):
    """(file, its room, file that it includes, the room of that)"""
    include = re.compile(r'\s*#\s*include\s*"([^"]*)')
    found = ((path, include.match(code)) for path, _, code in cpp.lines(sources))
    return [(path, room(path), f"lib/{name[1]}", room(f"lib/{name[1]}")) for path, name in found if name]


def drawing(all_arrows):
    """A line for every room, with the rooms that it includes."""
    below = {}
    for _, upper, _, lower in all_arrows:
        below.setdefault(lower, {})
        below.setdefault(upper, {})
        if upper != lower:
            below[upper][lower] = True  # in the order in which they are met
    return sorted(f"{upper} -> {' '.join(lower) or 'nothing'}" for upper, lower in below.items())


def arrows_up(all_arrows):
    """Includes of a room on a higher floor, or from or to a room that is on none."""
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    return [f"{path} ({upper}) includes {included} ({lower})" for path, upper, included, lower in all_arrows
            if upper not in floor or lower not in floor or floor[lower] > floor[upper]]


# ---- What is printed.

def bar(name, number, most):
    kept = number <= most
    print(f"{'ok' if kept else 'FAILED'}: {name}: {number}, at most {most}")
    return kept


def none(name, found):
    """Prints what should not be."""
    for line in found:
        print(f"    {line}")
    return bar(name, len(found), 0)


def planted():
    """Whether each check sees its planted defect, a truth for each."""
    result = unittest.TestResult()
    tests = unittest.defaultTestLoader.loadTestsFromName("sources_test.PlantedHouse")
    tests.run(result)
    missed = result.failures + result.errors + result.skipped
    for test, why in missed:
        print(f"FAILED: {test}\n    {why.strip().splitlines()[-1]}")
    return [False] * len(missed) + [True] * (result.testsRun - len(missed))


def judged():
    """The house as it is, a truth for each bar."""
    sources = cpp.read(ROOT, *FOLDERS)
    all_arrows = arrows(sources)
    before = {path: text for path, text in sources.items()
              if not any(part.startswith(ROOMS_SINCE) for part in pathlib.Path(path).parts)}
    yield bar("code lines", code_lines(before), MOST_CODE_LINES)
    print(f"    with rooms since: {code_lines(sources)}")
    yield bar("inlining commands", inlining(sources), MOST_INLINING)
    yield bar("conditions of the preprocessor", conditions(sources), MOST_CONDITIONS)
    yield none(f"functions of more than {MOST_FUNCTION_LINES} lines", long_functions(tags(ROOT), MOST_FUNCTION_LINES))
    yield none(f"files of more than {MOST_FILE_LINES} lines", long_files(sources, MOST_FILE_LINES))
    print("rooms, and which they include:")
    for line in drawing(all_arrows):
        print(f"    {line}")
    yield none("includes that go up", arrows_up(all_arrows))


def main():
    results = [*planted(), *judged()]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
