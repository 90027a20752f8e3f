"""Registers each case of a doctest program with ctest, once on each kernel table; or says which cases are slow.

    python3 -B cases.py PROGRAM OUTPUT TABLE...
    python3 -B cases.py --slow PROGRAM              runs it and prints a pattern for --test-case-exclude

OUTPUT is a file that ctest includes. A case is named "TABLE: its name" and has three labels: that of the program
(`suite`), the table, and the topic, which is its file without _test.cpp: `ctest -L fit`. The table `best` is the one that
the processor runs best. A table that it cannot run is skipped.
"""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


def cases(listing):
    """(name, topic) of each case that is not skipped, from what the program lists as XML."""
    root = ElementTree.fromstring(listing[listing.index("<?xml") :].encode())
    found = [(case.get("name"), os.path.basename(case.get("filename"))) for case in root.iter("TestCase")
             if case.get("skipped") == "false"]
    names = [name for name, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two cases are called: {name}")
    if not names:
        raise ValueError("the program has no cases")
    return [(name, file.removesuffix(".cpp").removesuffix("_test")) for name, file in found]


def pattern(names):
    """For --test-case and --test-case-exclude, where a comma begins another name."""
    return ",".join(name.replace(",", "\\,") for name in names)


def slow(output):
    """The cases that took half a second or more, from what the program said with --duration."""
    return [name for seconds, name in re.findall(r"^([0-9.]+) s: (.*)$", output, re.MULTILINE) if float(seconds) >= 0.5]


def slow_cases(program):
    """Their pattern, of a program that passes."""
    return pattern(slow(subprocess.run([program, "--duration=true"], stdin=subprocess.DEVNULL, capture_output=True,
                                       text=True, check=True).stdout))


def quoted(text):
    """As an argument of CMake."""
    return f"[=[{text}]=]"


def registered(program, table, name, topic):
    """The lines for ctest."""
    test = quoted(f"{table}: {name}")
    only = quoted("--test-case=" + pattern([name]))
    lines = [f"add_test({test} {quoted(program)} {only})"]
    properties = [f'LABELS "{os.path.basename(program)};{table};{topic}"', "SKIP_RETURN_CODE 77", "TIMEOUT 1200",
                  'FAIL_REGULAR_EXPRESSION "test cases: +0 "']  # a pattern that names none is no success
    if table != "best":
        properties.append(f'ENVIRONMENT "LINNET_KERNELS={table}"')
    lines.append(f"set_tests_properties({test} PROPERTIES {' '.join(properties)})")
    return lines


def main(program, output, tables):
    listed = subprocess.run([program, "--list-test-cases", "--reporters=xml"], capture_output=True, text=True, check=True)
    lines = [line for table in tables for name, topic in cases(listed.stdout)
             for line in registered(program, table, name, topic)]
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__" and sys.argv[1] == "--slow":
    print(slow_cases(sys.argv[2]))
elif __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
