"""What grew, what is new or gone, which bars are met, and whether the documents show the stored table.

usage: compare.py MEASURED [TARGET:CONTRACT:LEVEL...]    with builds: of the stored figures only theirs must be measured

A figure fails when it is more than 1 % above the stored one (any growth, where that is 0), when there is no stored one,
when it misses a bar that the stored one meets, and when it is stored and not measured. It passes when it shrank; more
than 1 % is said, so that the table can be brought up to date. A document fails that shows another table. Prints a line
for each difference and "N passed, N failed"; ends with 1 when something failed.
"""
import sys

import documents
from table import is_for, lines_of, number, read_bars, read_figures, read_skipped

MOST_GROWTH, MUCH_LESS = 1.01, 0.99


def bar_of(bars, key):
    """The most that a figure may be, as written, or None."""
    return next((bar[4] for bar in bars if is_for(bar, *key)), None)


def fault_of(value, stored, at_most):
    """Why a figure fails, or None."""
    if stored is None:
        return f"{value}, and the stored table has no such figure"
    if number(value) > number(stored) * MOST_GROWTH:
        return f"{value}, stored {stored}"
    if at_most is not None and number(value) > number(at_most) >= number(stored):
        return f"{value} misses {at_most}"
    return None


def is_wanted(key, builds):
    return not builds or ":".join(key[:3]) in builds


def not_measured(stored, measured, skipped, builds):
    return [key for key in stored if key not in measured and key not in skipped and is_wanted(key, builds)]


class Comparison:
    """What is said, a line each, and what is counted."""

    def __init__(self):
        self.lines = []
        self.passed = self.failed = self.better = self.met = self.missed = 0

    def fail(self, text):
        self.lines.append(f"FAILED: {text}")
        self.failed += 1

    def passes(self, name, value, stored):
        self.passed += 1
        if number(value) < number(stored) * MUCH_LESS:
            self.lines.append(f"better: {name}: {value}, stored {stored}")
            self.better += 1

    def judge_bar(self, name, value, at_most):
        if number(value) > number(at_most):
            self.lines.append(f"bar missed: {name}: {value}, to be at most {at_most}")
            self.missed += 1
        else:
            self.met += 1


def compare(bars, stored, measured, skipped=(), builds=()):
    result = Comparison()
    for key, value in measured.items():
        name, at_most = " ".join(key), bar_of(bars, key)
        fault = fault_of(value, stored.get(key), at_most)
        if fault:
            result.fail(f"{name}: {fault}")
        else:
            result.passes(name, value, stored[key])
        if at_most is not None:
            result.judge_bar(name, value, at_most)
    for key in not_measured(stored, measured, skipped, builds):
        result.fail(f"{' '.join(key)}: stored, and not measured")
    if result.better:
        result.lines.append(f"{result.better} figures shrank by more than 1 %: sh tests/figures.sh --update")
    result.lines.append(f"{result.met} bars met, {result.missed} missed")
    return result


def main(measured, *builds):
    stored = lines_of(documents.STORED)
    measured = lines_of(measured)
    skipped = read_skipped(stored) | read_skipped(measured)
    bars = read_bars(lines_of(documents.BARS))
    result = compare(bars, read_figures(stored), read_figures(measured), skipped, builds)
    for document, good in documents.check().items():
        if good:
            result.passed += 1
        else:
            result.fail(f"{document} does not show the stored table: sh tests/figures.sh --update")
    print("\n".join(result.lines))
    print(f"{result.passed} passed, {result.failed} failed")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
