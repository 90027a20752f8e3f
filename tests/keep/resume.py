"""resume.py STOPS [SEED]: runs that are stopped and carried from one target to another, against runs that never stop.

Each run takes one optimizer and stops up to three times, after a random number of steps: a Cortex-M4F, a computer and a
big-endian one, or the other way round, and back to the board. tests/resume.sh has built resume.cpp for the three.
Ends with "N stops, N differ" and "N passed, N failed", in runs.
"""
import collections
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOM = ROOT / "build" / "resume"
RULES = 14                # kRules of resume.cpp
UNITS = (1, 8, 64, 256)   # of writing
STOPS_OF_A_RUN = 3
MOST_STEPS = 60           # between two stops
BOARD, COMPUTER, BIG_ENDIAN = "cortex-m4f", "x86-64", "s390x-linux"
WAYS = ((BOARD, COMPUTER, BIG_ENDIAN, BOARD), (BOARD, BIG_ENDIAN, COMPUTER, BOARD))

Run = collections.namedtuple("Run", "number rule unit legs")  # legs: (target, steps) each


def planned(stops, seed):
    """The runs of this seed. Every rule comes once before one comes twice."""
    draw = random.Random(seed)
    runs = []
    while stops > 0:
        number = len(runs)
        way = WAYS[(number + number // RULES) % 2]  # each rule goes both ways in turn
        count = min(stops, STOPS_OF_A_RUN)
        legs = [(target, draw.randint(1, MOST_STEPS)) for target in way[:count + 1]]
        runs.append(Run(number, number % RULES, draw.choice(UNITS), legs))
        stops -= count
    return runs


def command(target, words):
    program = str(ROOM / target / "tests" / "resume")
    if target == BOARD:
        emulator = ["sh", str(ROOT / "toolchains" / "qemu-cortex-m.sh"), "mps2-an386"]
        return [*emulator, program + ".elf", "-append", " ".join(words)]
    if target == BIG_ENDIAN:
        return ["qemu-s390x", "-L", "/usr/s390x-linux-gnu", program, *words]
    return [program, *words]


def leg(target, medium, rule, unit, steps):
    """What the program says at the end of this leg."""
    words = [medium, str(rule), str(unit), str(steps)]
    done = subprocess.run(command(target, words), cwd=ROOM / "media", capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return f"{target} ended with {done.returncode}: {(done.stdout + done.stderr).strip()}"
    return done.stdout.strip()


def last_of(legs, medium, run, carry):
    said = None
    for target, steps in legs:
        said = carry(target, medium, run.rule, run.unit, steps)
        if not said.startswith("steps "):
            break
    return said


def difference(run, carry):
    """None where the run that was carried ends as the one that never stops; else a line that says what is different."""
    steps = sum(steps for _, steps in run.legs)
    never_stopped = last_of([(COMPUTER, steps)], f"straight{run.number}", run, carry)
    carried = last_of(run.legs, f"carried{run.number}", run, carry)
    if never_stopped == carried and carried.startswith(f"steps {steps} hash "):
        return None
    way = ", ".join(f"{steps} steps on {target}" for target, steps in run.legs)
    return f"DIFFERS: rule {run.rule}, unit {run.unit}, {way}: '{carried}', never stopped: '{never_stopped}'"


def judge(runs, carry=leg):
    """The stops of these runs, and how many runs differ."""
    differ = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for line in workers.map(lambda run: difference(run, carry), runs):
            if line is not None:
                print(line)
                differ += 1
    return sum(len(run.legs) - 1 for run in runs), differ


def main(arguments):
    stops = int(arguments[0])
    seed = int(arguments[1]) if len(arguments) > 1 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    (ROOM / "media").mkdir(parents=True, exist_ok=True)
    for old in (ROOM / "media").iterdir():
        old.unlink()
    runs = planned(stops, seed)
    count, differ = judge(runs)
    print(f"{count} stops, {differ} differ")
    print(f"{len(runs) - differ} passed, {differ} failed")
    return 0 if differ == 0 and runs else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
