#!/usr/bin/env python3
"""pages.py programs PAGE FOLDER: writes the cpp blocks of a page (*.md) into a folder: those with a main as
    program-1.cpp, program-2.cpp, ..., the first text block behind each as expected-1, ..., the others into blocks.inc.
pages.py lines PAGE HEADING: prints the sh blocks below a heading, with a line #1, #2, ... behind each.
"""
import pathlib
import sys


def blocks(text):
    """(heading above it, language, its text) of every block between ``` and ```. Headings are those with ##."""
    found, heading, language, inside = [], "", None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if language is None:
                language, inside = line[3:].strip(), []
            else:
                found.append((heading, language, "".join(inside)))
                language = None
        elif language is not None:
            inside.append(line + "\n")
        elif line.startswith("## "):
            heading = line[3:]
    return found


def programs(text):
    """((program, what it prints or None) of each whole program, the other cpp blocks)"""
    whole, others = [], []
    for _, language, block in blocks(text):
        if language == "cpp" and "int main" in block:
            whole.append((block, None))
        elif language == "cpp":
            others.append(block)
        elif language == "text" and whole and whole[-1][1] is None:
            whole[-1] = (whole[-1][0], block)
    return whole, others


def lines_below(text, heading):
    below = [block for above, language, block in blocks(text) if above == heading and language == "sh"]
    return "".join(f"{block}#{number}\n" for number, block in enumerate(below, 1))


def write_programs(text, folder):
    whole, others = programs(text)
    for number, (program, expected) in enumerate(whole, 1):
        (folder / f"program-{number}.cpp").write_text(program, encoding="utf-8")
        if expected is not None:
            (folder / f"expected-{number}").write_text(expected, encoding="utf-8")
    (folder / "blocks.inc").write_text("".join(others), encoding="utf-8")


def main():
    what, page, argument = sys.argv[1:]
    text = pathlib.Path(page).read_text(encoding="utf-8")
    if what == "programs":
        write_programs(text, pathlib.Path(argument))
    else:
        print(lines_below(text, argument), end="")


if __name__ == "__main__":
    main()
