#!/usr/bin/env python3
"""Judges which lines and branches of the library the tests ran.

    python3 -B coverage.py LINES.json REASONS

LINES.json is gcovr's. REASONS lists what is not run, and why:

    lib/loss/descriptor.hpp: why no test runs these
    - a line of that file, without its indentation
    - another

A line that is not run and not listed fails, as does a share below its bar. Branches of lines that are listed do not
count; lines of which another branch is not taken are noted. Ends with "N passed, N failed".
"""
import json
import pathlib
import re
import sys

LINES = 99.5     # per cent that must be run
BRANCHES = 95.0  # per cent that must be taken

ROOT = pathlib.Path(__file__).resolve().parents[2]


def reasons(text):
    """{(file, line without indentation): why}"""
    found, head = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("- ") and head:
            found[(head[0], line[2:].strip())] = head[1]
        elif match := re.match(r"(\S+): (.+)", line):
            head = match.groups()
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"line {number} is neither a reason nor a line of code: {line}")
    return found


def missing(file, source):
    """Lines that were not run, and lines of which a branch was not taken, as (number, text)."""
    texts = source.splitlines()
    lines = [line for line in file["lines"] if not line.get("gcovr/noncode")]
    never = [line["line_number"] for line in lines if line["count"] == 0]
    partly = [line["line_number"] for line in lines
              if line["count"] > 0 and any(branch["count"] == 0 for branch in line["branches"])]
    return [[(number, texts[number - 1].strip()) for number in numbers] for numbers in (never, partly)]


def counts(file, source, listed):
    """Lines, lines that were run, branches of those that are not listed, branches that were taken."""
    texts = source.splitlines()
    lines = [line for line in file["lines"] if not line.get("gcovr/noncode")]
    branches = [branch for line in lines
                if line["count"] > 0 and (file["file"], texts[line["line_number"] - 1].strip()) not in listed
                for branch in line["branches"]]
    return len(lines), sum(line["count"] > 0 for line in lines), len(branches), sum(b["count"] > 0 for b in branches)


def bar(name, part, whole, least):
    share = 100.0 * part / whole if whole else 100.0
    good = share >= least
    print(f"{'ok' if good else 'FAILED'}: {share:.2f} % of {whole} {name}, {least} % is the least")
    return good


def judge(files, sources, listed):
    """How many checks passed and failed."""
    totals = zip(*(counts(file, sources[file["file"]], listed) for file in files))
    lines, run, branches, taken = (sum(numbers) for numbers in totals)
    results = [bar("lines are run", run, lines, LINES), bar("branches are taken", taken, branches, BRANCHES)]
    known = set()
    for file in files:
        never, partly = missing(file, sources[file["file"]])
        known |= {(file["file"], text) for _, text in never + partly}
        for number, text in never:
            results.append((file["file"], text) in listed)
            if not results[-1]:
                print(f"FAILED: not run: {file['file']}:{number}: {text}")
        for number, text in partly:
            if (file["file"], text) not in listed:
                print(f"note: a branch is not taken: {file['file']}:{number}: {text}")
    for path, text in sorted(set(listed) - known):
        print(f"note: listed, and run here: {path}: {text}")
    return sum(results), len(results) - sum(results)


def main(lines, why):
    files = json.loads(pathlib.Path(lines).read_text())["files"]
    sources = {file["file"]: (ROOT / file["file"]).read_text() for file in files}
    passed, failed = judge(files, sources, reasons(pathlib.Path(why).read_text()))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
