"""Learning rates in 64-bit arithmetic, from the formulas that PyTorch documents for torch.optim.lr_scheduler.

    python3 -B schedule_values.py             writes schedule_values.hpp beside this file
    python3 -B schedule_values.py --check     ends with 1 where it would write something else

Where PyTorch also documents a recursion, the rate of a step from that of the step before, both are computed and must
agree. Plateaus have a recursion alone. Nothing of the library is used here.
"""
import math
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("schedule_values.hpp")
MANY = (0, 1, 2, 3, 7, 50, 99, 100, 101, 999, 1000, 4999, 5000, 12345, 99999, 100000, 250000, 777777)


# ---- Closed forms: the rate of step t.

def constant(base, t, steps=0, factor=1.0):
    return base * factor if t < steps else base


def step(base, t, period, gamma):
    return base * gamma ** (t // period)


def multi_step(base, t, milestones, gamma):
    return base * gamma ** sum(m <= t for m in milestones)


def exponential(base, t, gamma):
    return base * gamma ** t


def linear(base, t, steps, first, last):
    return base * (first + (last - first) * min(t, steps) / steps)


def cosine(base, t, steps, lowest):
    return lowest + (base - lowest) * (1 + math.cos(math.pi * t / steps)) / 2


def cosine_restarts(base, t, period, growth, lowest):
    if growth == 1:
        t %= period
    while t >= period:
        t -= period
        period *= growth
    return cosine(base, t, period, lowest)


def one_cycle(base, t, steps, rising=0.3, divisor=25.0, final_divisor=1e4):
    def along(start, end, share):
        return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
    first = base / divisor
    peak, end = rising * steps - 1, steps - 1
    t = min(t, end)
    if t <= peak:
        return along(first, base, t / peak)
    return along(base, first / final_divisor, (t - peak) / (end - peak))


def polynomial(base, t, steps, power):
    return base * (1 - min(t, steps) / steps) ** power


def warm_up(base, t, steps, first, plan):
    return linear(base, t, steps, first, 1.0) if t < steps else plan(base, t - steps)


# ---- Recursions: the rate of step t from `rate`, that of step t - 1.

def next_step(rate, t, period, gamma):
    return rate * gamma if t % period == 0 else rate


def next_multi_step(rate, t, milestones, gamma):
    return rate * gamma ** milestones.count(t)


def next_exponential(rate, _t, gamma):
    return rate * gamma


def next_linear(rate, t, steps, first, last):
    return rate if t > steps else rate * (1 + (last - first) / (steps * first + (t - 1) * (last - first)))


def next_polynomial(rate, t, steps, power):
    return rate if t > steps else rate * ((1 - t / steps) / (1 - (t - 1) / steps)) ** power


def next_constant(rate, t, steps, factor):
    return rate / factor if t == steps else rate


RECURSIONS = {step: next_step, multi_step: next_multi_step, exponential: next_exponential, linear: next_linear,
              polynomial: next_polynomial, constant: next_constant}


def check_recursion(formula, base, arguments, most=3000):
    if formula not in RECURSIONS or (formula is constant and not arguments):
        return
    rate = formula(base, 0, *arguments)
    for t in range(1, most):
        rate = RECURSIONS[formula](rate, t, *arguments)
        said = formula(base, t, *arguments)
        assert math.isclose(rate, said, rel_tol=1e-9, abs_tol=1e-300), (formula.__name__, arguments, t, rate, said)


# ---- What the test has under the same names.

CASES = (
    ("constant", 0.1, constant, (), MANY),
    ("constant for 5 steps", 0.1, constant, (5, 1 / 3), range(8)),
    ("step", 0.1, step, (30, 0.1), (*range(0, 200, 30), 29, 59, 89, 899)),
    ("step that halves", 0.1, step, (2, 0.5), range(9)),
    ("step of a thousand", 0.1, step, (1000, 0.97), (*MANY, 1999, 2000, 2001)),
    ("multi-step", 0.1, multi_step, ((2, 4), 0.1), range(7)),
    ("multi-step with a double one", 0.1, multi_step, ((30, 80, 80, 4000), 0.3), MANY),
    ("exponential 0.9", 0.1, exponential, (0.9,), range(0, 700, 35)),
    ("exponential 0.9999", 1e-2, exponential, (0.9999,), MANY),
    ("exponential 0.999999", 1e-2, exponential, (0.999999,), (*MANY, 10 ** 6, 10 ** 7, 7 * 10 ** 7)),
    ("exponential 0.9999999999", 1.0, exponential, (0.9999999999,), (10 ** 9, 10 ** 10, 3 * 10 ** 10)),
    ("exponential that grows", 1e-6, exponential, (1.07,), range(0, 300, 30)),
    ("linear", 0.1, linear, (5, 1 / 3, 1.0), range(8)),
    ("linear down to nothing", 0.1, linear, (100000, 1.0, 0.0), MANY),
    ("cosine", 0.1, cosine, (4, 0.0), range(4)),
    ("cosine that comes back", 0.1, cosine, (5000, 1e-5), MANY),
    ("cosine to 1e-5", 1e-3, cosine, (5000, 1e-5), (*range(0, 5000, 555), 4990, 4998, 4999, 5000)),
    ("cosine to nothing", 1e-3, cosine, (100000, 0.0), (*range(0, 100000, 19973), 99000, 99900)),
    ("cosine with restarts", 0.1, cosine_restarts, (3, 2, 0.0), range(24)),
    ("cosine with equal restarts", 0.1, cosine_restarts, (7, 1, 1e-3), (*range(16), 10 ** 9, 10 ** 12 + 3)),
    ("cosine with restarts for long", 0.1, cosine_restarts, (10, 3, 1e-4), (*MANY, 10 ** 9, 10 ** 15)),
    ("one-cycle", 0.1, one_cycle, (8,), range(10)),
    ("one-cycle over 5000", 1e-2, one_cycle, (5000,), (*range(0, 5000, 481), 1498, 1499, 1500, 4998, 4999, 9999)),
    ("one-cycle with its own shares", 0.5, one_cycle, (300, 0.25, 10.0, 100.0), range(0, 301, 23)),
    ("polynomial", 0.1, polynomial, (4, 2.0), range(6)),
    ("polynomial 0.9", 0.1, polynomial, (20000, 0.9), (*MANY, 19990, 19999, 20000)),
    ("polynomial 1", 0.1, polynomial, (100000, 1.0), MANY),
    ("polynomial 3.5", 0.1, polynomial, (777778, 3.5), MANY),
    ("polynomial 16", 0.1, polynomial, (1000000, 16.0), MANY),
    ("cosine after a warm-up", 1e-3, warm_up, (100, 0.01, lambda base, t: cosine(base, t, 5000, 1e-5)), MANY[:13]),
    ("exponential after a warm-up", 0.1, warm_up, (5, 1 / 3, lambda base, t: exponential(base, t, 0.9)), range(0, 40, 3)),
    ("one-cycle after a warm-up", 0.1, warm_up, (10, 0.0, lambda base, t: one_cycle(base, t, 50)), range(0, 63, 4)),
)


# ---- Plateaus: ReduceLROnPlateau.step().

def plateau(losses, rate, factor=0.1, patience=10, threshold=1e-4, relative=True, larger=False, cooldown=0, lowest=0.0):
    best = -math.inf if larger else math.inf
    bad = rest = 0
    for loss in losses:
        margin = threshold * best if relative and math.isfinite(best) else threshold
        if loss > best + margin if larger else loss < best - margin:
            best, bad = loss, 0
        else:
            bad += 1
        if rest > 0:
            rest -= 1
            bad = 0
        if bad > patience:
            fresh = max(rate * factor, lowest)
            rate = fresh if rate - fresh > 1e-8 else rate
            rest, bad = cooldown, 0
        yield rate


def falling(k):
    """A loss that falls, stays, falls and stays for good; every seventh is worse."""
    return (1.0 / (1 + min(k, 12)) if k < 40 else 0.05 if k < 45 else 0.0499999) + (0.25 if k % 7 == 6 else 0.0)


PLATEAUS = (
    ("the defaults", {}),
    ("patience 1", {"patience": 1, "factor": 0.5}),
    ("no patience, a cooldown", {"patience": 0, "factor": 0.5, "cooldown": 3}),
    ("an absolute gain", {"patience": 2, "factor": 0.3, "threshold": 0.01, "relative": False}),
    ("a larger value is better", {"patience": 3, "factor": 0.2, "larger": True}),
    ("a lowest rate", {"patience": 0, "factor": 0.1, "lowest": 1e-3}),
)


def rows(items):
    """As many on a line as fit."""
    lines = [""]
    for item in items:
        if len(lines[-1]) + len(item) > 110:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "    ") + item + ","
    return lines


def text():
    lines = ["// Written by schedule_values.py: learning rates in 64-bit arithmetic, and what a plateau makes of values.",
             "// clang-format off", "#pragma once", "", "#include <cstdint>", "", "namespace linnet_test {", "",
             "struct ScheduleValue {", "  const char* schedule;", "  double base;", "  std::uint64_t step;",
             "  double rate;", "};", "inline constexpr ScheduleValue kScheduleValues[] = {"]
    for name, base, formula, arguments, steps in CASES:
        check_recursion(formula, base, arguments)
        lines += rows(f'{{"{name}", {base!r}, {t}u, {formula(base, t, *arguments):.12g}}}' for t in steps)
    values = [float(f"{falling(k):.6g}") for k in range(80)]
    lines += ["};", "", "inline constexpr double kPlateauValues[] = {", *rows(map(repr, values)), "};", "",
              "struct PlateauRates {", "  const char* plateau;", "  double rates[80];  // after each of the values", "};",
              "inline constexpr PlateauRates kPlateauRates[] = {"]
    for name, settings in PLATEAUS:
        rates = plateau(values, 0.1, **settings)
        lines += [f'    {{"{name}", {{', *rows(f"{rate:.12g}" for rate in rates), "    }},"]
    return "\n".join([*lines, "};", "", "}  // namespace linnet_test", ""])


def main(arguments):
    if arguments == ["--check"]:
        same = FILE.read_text(encoding="utf-8") == text()
        print("the stored rates are those that are computed" if same else f"FAILED: {FILE.name} is not what is computed")
        return 0 if same else 1
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
