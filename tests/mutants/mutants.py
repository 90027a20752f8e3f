#!/usr/bin/env python3
"""Plants the faults of mutants.txt one after the other and runs the tests, which must see each.

The tests are compiled once. A worker has a copy of the sources in build/mutants, builds the library with the fault (the
scalar table alone; where the fault is one of vectors, the processor's own table too), links the tests with it and runs
them until one fails. A fault that no test sees is alive and counts as failed, but for those that are marked as
equivalent; so does one that does not compile.
"""
import argparse
import concurrent.futures
import hashlib
import os
import queue
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
from cases import slow_cases  # noqa: E402: tests/cases.py

PLACE = os.path.join(ROOT, "build", "mutants")
BUILD_SECONDS = 900
TEST_SECONDS = 300  # a fault may never end: that is seen too


class Mutant:
    def __init__(self, number, path, kind, vectors, place):
        self.number, self.path, self.kind, self.vectors, self.place = number, path, kind, vectors, place
        self.before = self.after = self.equivalent = None

    def __str__(self):
        return f"{self.number:3d} {self.path}: {self.kind}: {self.before.strip()}"

    def planted_in(self, text):
        """The text with the fault. What stands there must be found once, or `place` times at least."""
        parts = text.split(self.before)
        wanted = self.place or 1
        if len(parts) == 1 or len(parts) <= wanted or (self.place is None and len(parts) > 2):
            raise ValueError(f"{self}: found {len(parts) - 1} times")
        return self.before.join(parts[:wanted]) + self.after + self.before.join(parts[wanted:])


def read(lines):
    """The faults of mutants.txt."""
    mutants = []
    head = re.compile(r"^(\S+): (.+?)(, place (\d+))?( on vectors)?$")
    for line in lines:
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line[:2] in ("- ", "+ ", "= ", "+"):
            field = {"-": "before", "+": "after", "=": "equivalent"}[line[0]]
            if not mutants or getattr(mutants[-1], field) is not None:
                raise ValueError(f"not in a block: {line}")
            setattr(mutants[-1], field, line[2:])
            continue
        found = head.match(line)
        if not found:
            raise ValueError(f"neither a block nor a part of one: {line}")
        place = int(found.group(4)) if found.group(4) else None
        mutants.append(Mutant(len(mutants) + 1, found.group(1), found.group(2), bool(found.group(5)), place))
    for mutant in mutants:
        if mutant.before is None or mutant.after is None or mutant.before == mutant.after:
            raise ValueError(f"{mutant.number} {mutant.path}: no fault")
    return mutants


def shard(mutants, which):
    """K/N: every N-th, from the K-th on."""
    first, step = (int(x) for x in which.split("/"))
    if not 1 <= first <= step:
        raise ValueError(f"--shard {which}: K from 1 to N")
    return mutants[first - 1::step]


def run(command, seconds, environment=None):
    """The exit code, and the end of what it printed; -1 when it took too long."""
    with open(os.devnull, "rb") as nothing:
        process = subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=environment, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output.decode(errors="replace")[-4000:]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        return -1, "it did not end"


SAME_CODE = "the same code as without it"
FLAGS = ["-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O1 -w", "-DLINNET_DISCIPLINE=OFF", "-DLINNET_EXAMPLES=OFF"]
PROGRAMS = ("core", "suite")


def configure(source, directory, vectors):
    options = ["-DLINNET_TABLES=native"] if vectors else ["-DLINNET_SIMD=OFF"]
    checked(["cmake", "-S", source, "-B", directory, *FLAGS, *options])


def checked(command):
    code, output = run(command, BUILD_SECONDS)
    if code != 0:
        raise RuntimeError(output)


class Tests:
    """The objects of the tests, compiled once: with the library of a worker they become its programs."""

    def __init__(self, vectors, jobs, built=None):
        self.directory = built or os.path.join(PLACE, "vectors" if vectors else "scalar")
        self.slow = {}
        if built is None:
            configure(ROOT, self.directory, vectors)
            checked(["cmake", "--build", self.directory, "--parallel", str(jobs), "--target", *PROGRAMS])
        for name in PROGRAMS:
            self.slow[name] = slow_cases(os.path.join(self.directory, "tests", name))

    def objects(self, program):
        found = []
        for target in ("test_main", program):
            for folder, _, files in os.walk(os.path.join(self.directory, "tests", "CMakeFiles", target + ".dir")):
                found += [os.path.join(folder, file) for file in files if file.endswith(".o")]
        return found


class Worker:
    """A copy of the sources, whose library is built with a fault."""

    def __init__(self, number, tests):
        self.place = os.path.join(PLACE, f"worker{number}")
        self.source = os.path.join(self.place, "source")
        self.tests = tests
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(ROOT, self.source, ignore=shutil.ignore_patterns("build", ".git"), symlinks=True)
        for vectors in tests:
            configure(self.source, self.library(vectors), vectors)
        self.clean = {}  # what the archive is without a fault
        self.written = 0.0

    def library(self, vectors):
        return os.path.join(self.place, "vectors" if vectors else "scalar")

    def seen(self, vectors, planted=True):
        """Who sees what is planted: None, "compiler", or the test's words."""
        code, output = run(["cmake", "--build", self.library(vectors), "--target", "linnet"], BUILD_SECONDS)
        if code != 0:
            return "compiler: " + "".join(re.findall(r".*error.*\n", output)[:1]).strip()
        with open(os.path.join(self.library(vectors), "lib", "liblinnet.a"), "rb") as file:
            archive = hashlib.sha256(file.read()).hexdigest()
        if self.clean.setdefault(vectors, archive) == archive and planted:
            return SAME_CODE
        for name in PROGRAMS:
            program = os.path.join(self.place, name)
            # The library first and whole: of an inline function that both have, the linker takes the first.
            checked(["c++", "-o", program, "-Wl,--whole-archive", os.path.join(self.library(vectors), "lib", "liblinnet.a"),
                     "-Wl,--no-whole-archive", *self.tests[vectors].objects(name)])
        for kind in ("--test-case-exclude=", "--test-case="):
            for name in PROGRAMS:
                slow = self.tests[vectors].slow[name]
                if kind == "--test-case=" and not slow:
                    continue
                code, output = run([os.path.join(self.place, name), "--abort-after=1", kind + slow], TEST_SECONDS)
                if code != 0:
                    case = re.findall(r"TEST CASE:\s*(.*)", output)
                    return f"{name}: {case[-1] if case else output.strip()[-80:]}"
        return None

    def try_out(self, mutant):
        path = os.path.join(self.source, mutant.path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            self.write(path, mutant.planted_in(text))
            return self.seen(mutant.vectors)
        finally:
            self.write(path, text)

    def write(self, path, text):
        """Each time newer than all before, also where a clock steps back: make goes by that."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.written = max(self.written + 1.0, os.stat(path).st_mtime)
        os.utime(path, (self.written, self.written))


def try_all(mutants, jobs, built):
    """Prints a line for each; returns how many are as they should be."""
    tests = {vectors: Tests(vectors, jobs, built) for vectors in sorted({mutant.vectors for mutant in mutants})}
    workers = queue.Queue()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for worker in pool.map(lambda number: Worker(number, tests), range(1, jobs + 1)):
            workers.put(worker)
        first = [workers.get() for _ in range(jobs)]
        for worker, who in zip(first, pool.map(lambda worker: [worker.seen(vectors, planted=False) for vectors in tests], first)):
            if any(who):
                raise RuntimeError(f"without a fault: {who}")
            workers.put(worker)

    def one(mutant):
        worker = workers.get()
        try:
            return worker.try_out(mutant)
        finally:
            workers.put(worker)

    passed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for mutant, who in zip(mutants, pool.map(one, mutants)):
            lives = who in (None, SAME_CODE)
            if lives and mutant.equivalent is not None:
                print(f"{mutant}\n    equivalent: {mutant.equivalent}", flush=True)
                passed += 1
            elif lives or who.startswith("compiler"):
                print(f"{mutant}\n    {'ALIVE' if who is None else who}", flush=True)
            else:
                print(f"{mutant}\n    {who}", flush=True)
                passed += 1
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shard", metavar="K/N", help="of these every N-th, from the K-th on")
    parser.add_argument("--only", metavar="TEXT", help="faults whose line has this text")
    parser.add_argument("--tests", metavar="BUILD", help="a build whose tests are taken, of the scalar table alone: only "
                        "faults that show there")
    parser.add_argument("--list", action="store_true", help="looks for the places alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    with open(os.path.join(HERE, "mutants.txt"), encoding="utf-8") as file:
        mutants = read(file)
    broken = 0
    for mutant in mutants:
        with open(os.path.join(ROOT, mutant.path), encoding="utf-8") as file:
            text = file.read()
        try:
            mutant.planted_in(text)
        except ValueError as error:
            print(error)
            broken += 1
    equivalent = sum(1 for mutant in mutants if mutant.equivalent is not None)
    if equivalent > len(mutants) // 20:
        print(f"{equivalent} of {len(mutants)} are called equivalent: 5 % is the most")
        broken += 1
    if broken > 0:
        print(f"0 passed, {broken} failed")
        return 1
    if arguments.tests:
        mutants = [mutant for mutant in mutants if not mutant.vectors]
    if arguments.only:
        mutants = [mutant for mutant in mutants if arguments.only in str(mutant)]
    if arguments.shard:
        mutants = shard(mutants, arguments.shard)
    passed = len(mutants) if arguments.list else try_all(mutants, max(1, min(arguments.jobs, len(mutants))), arguments.tests)
    print(f"{passed} passed, {len(mutants) - passed} failed")
    return 0 if passed == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
