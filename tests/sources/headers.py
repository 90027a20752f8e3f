#!/usr/bin/env python3
"""headers.py ROOT [--private]: the functions that the public headers declare, one a line: `name`, or `Class::name` of a
public member. With --private the types that are private: an overload that takes one is no public function.

Deleted and defaulted functions and conversions are left out. A declaration is known by its indentation, which is
clang-format's: none at the top, two spaces in a class.
"""
import re
import sys

import cpp

OPENS_CLASS = re.compile(r"(class|struct) (\w+)( final)? \{")
LABEL = re.compile(r" (public|private|protected):")
NO_FUNCTION = re.compile(r"""
    template\ < | (?:using|return|namespace|extern|enum)\b
  | (?:(?:inline|static)\ )*constexpr\ [^(]*\ =\             # a constant
  | \w+\ \(\*                                              # a pointer to a function
  | .*(?:=\ delete|=\ default|static_assert|refuse_temporary)
    """, re.VERBOSE)
OPERATOR = re.compile(r"(operator(?:\[\]|\(\)|->|==|!=))\(")
NAME = re.compile(r"(\w+) ?\(")


def declarations(lines):
    """(its class or nothing, whether others see it, its first line without indentation) of what is declared."""
    owner, public = "", True
    for line in lines:
        opens, label = OPENS_CLASS.match(line), LABEL.match(line)
        if opens:
            owner, public = opens[2], opens[1] == "struct"
        elif line.startswith("};"):
            owner, public = "", True
        elif label:
            public = label[1] == "public"
        elif re.match(r"  [A-Za-z\[]" if owner else r"[A-Za-z\[]", line):
            yield owner, public, line.strip()


def function(owner, line):
    """The name of the function that a line declares, if it does."""
    if NO_FUNCTION.match(line) or (not owner and re.search(r"\w::[a-z_]+\(", line)):  # of a class, declared in it
        return None
    name = (OPERATOR if "operator" in line else NAME).search(line)
    if name is None:
        return None
    return f"{owner}::{name[1]}" if owner else name[1]


def functions(lines):
    """The public functions that lines of code declare, each as often as it has overloads."""
    names = (function(owner, line) for owner, public, line in declarations(lines) if public)
    return [name for name in names if name]


def private_types(lines):
    found = ((owner, re.match(r"(?:struct|class) (\w+)", line))
             for owner, public, line in declarations(lines) if owner and not public)
    return [f"linnet::{owner}::{name[1]}" for owner, name in found if name]


def read(root):
    """The lines of code of all public headers."""
    return [code for _, _, code in cpp.lines(cpp.read(root, "include/linnet"))]


def main():
    lines = read(sys.argv[1])
    for name in private_types(lines) if "--private" in sys.argv[2:] else functions(lines):
        print(name)


if __name__ == "__main__":
    main()
