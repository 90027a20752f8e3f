"""How deep a measured program painted its stack, as lines "BUILD FIGURE BYTES".

usage: painted.py BUILD SAID [BOUNDS]    BUILD: "TARGET CONTRACT LEVEL"; SAID and BOUNDS: lines "FIGURE BYTES"

With BOUNDS, what the call graph gives, it ends with 1 when a figure has no bound or is above it.
"""
import sys

from table import lines_of


def read(lines):
    return {figure: int(value) for figure, value in map(str.split, lines)}


def too_deep(said, bounds):
    return [figure for figure in said if figure not in bounds or said[figure] > bounds[figure]]


def main(build, said, bounds=None):
    said = read(lines_of(said))
    for figure, value in said.items():
        print(build, figure, value)
    wrong = too_deep(said, read(lines_of(bounds))) if bounds else []
    return "\n".join(f"{build}: {figure} {said[figure]} is more than the call graph says" for figure in wrong) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (3, 4) else __doc__)
