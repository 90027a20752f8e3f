"""Executed instructions by function, "COUNT NAME", the most first.

usage: by_function.py REGION PROFILE <SYMBOLS    PROFILE as count_instructions.c writes it, SYMBOLS: nm -nC
"""
import bisect
import collections
import sys


def read_symbols(lines):
    """[(address, name)] of the functions, in the order of addresses."""
    words = (line.rstrip("\n").split(" ", 2) for line in lines)
    # $t and $d tell code from data; figures_ are the labels of measured regions, inside functions
    return [(int(address, 16), name) for address, _, name in words if not name.startswith(("$", "figures_"))]


def count(region, profile, symbols):
    """{name: executed instructions}"""
    starts = [address for address, _ in symbols]
    counts = collections.Counter()
    for name, address, executed, _ in map(str.split, profile):
        if name == region:
            function = bisect.bisect_right(starts, int(address, 16)) - 1
            counts[symbols[max(function, 0)][1]] += int(executed)
    return counts


def show(counts):
    """Of equal counts the name that is last in the alphabet comes first."""
    for executed, name in sorted(((executed, name) for name, executed in counts.items()), reverse=True):
        print(executed, name)


def main(region, profile):
    with open(profile, encoding="utf-8") as file:
        show(count(region, file, read_symbols(sys.stdin)))


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)
