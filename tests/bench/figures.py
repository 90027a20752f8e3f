#!/usr/bin/env python3
"""Figures of the benchmark: taken from logs and judged by the bars of their processor. tables.py shows them.

usage: figures.py processor       the name that bars.txt has for this processor, or VENDOR-FAMILY-MODEL
       figures.py quiet           additions a cycle of this processor when it is quiet, as stored; 0: nothing is
       figures.py head            the first lines of a stored file: processor, compiler, date, library
       figures.py condense LOG... logs ISA-RUN.log of bench.cpp, a line per figure
       figures.py judge FILE      which bars it reaches; ends with 1 when one is missed or cannot be judged
"""
import datetime
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
QUIET_ROUNDS = 9  # a run with fewer is not judged


class Stored:
    """Lines of words: figures[words before the first number] = the words from there on; head: free text."""

    HEAD = ("processor", "model", "compiler", "date", "library")

    def __init__(self, text):
        self.head, self.figures = {}, {}
        for line in text.splitlines():
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if words[0] in self.HEAD:
                self.head[words[0]] = line.split(None, 1)[1]
            elif words[0] == "kernels":
                self.figures[tuple(words[:3])] = [" ".join(words[3:])]
            elif words[0] == "step":
                self.figures[tuple(words[:6])] = words[6:]
            else:
                key = {"time": 4, "roof": 3, "read": 2, "cache": 2, "peak": 1, "divide": 1, "quiet": 1}.get(words[0], 3)
                self.figures[tuple(words[:key])] = words[key:]

    def number(self, *key):
        return float(self.figures[key][0])

    def runs(self, *key):
        """Of a figure that is stored with its runs behind it."""
        return [float(word) for word in self.figures.get(key, [])[1:]]

    def works(self):
        return list(dict.fromkeys(key[2] for key in self.figures if key[0] == "time"))

    def title(self):
        name = self.head["processor"].replace("-", " ").title()
        return f"{name} ({self.head['model']}), {self.head['date']}, the library {self.head['library']}"


# ---- The processor, and its bars.


def read_bars(text):
    processors, bars = [], []
    for words in (line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")):
        (processors if words[0] == "processor" else bars).append(words)
    return processors, bars


def describe(cpuinfo):
    """Vendor, family, model and model name of the first processor in /proc/cpuinfo."""
    found = dict(re.findall(r"^(vendor_id|cpu family|model|model name)\s*: (.*)$", cpuinfo.split("\n\n")[0], re.M))
    return found["vendor_id"], int(found["cpu family"]), int(found["model"]), found["model name"]


def name_processor(cpuinfo, processors):
    vendor, family, model, _ = describe(cpuinfo)
    for _, name, its_vendor, its_family, *models in processors:
        for first, last in ((int(part.split("-")[0]), int(part.split("-")[-1])) for part in models):
            if (vendor, family) == (its_vendor, int(its_family)) and first <= model <= last:
                return name
    return f"{vendor}-{family}-{model}"


def print_head(cpuinfo, processors):
    _, family, model, model_name = describe(cpuinfo)
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    layout = re.search(r"kLayoutVersion = (\d+)", (HERE / "../../include/linnet/memory.hpp").read_text()).group(1)
    print(f"processor {name_processor(cpuinfo, processors)}\nmodel {model_name}, family {family}, model {model}")
    print(f"compiler {compiler}\ndate {datetime.date.today()}\nlibrary of layout version {layout}")


def climb(growth, axis, rule):
    """The most of time over operations at a point, over the least at a smaller one."""
    least, most = float("inf"), 0.0
    for key, values in growth.figures.items():
        if key[0] == "step" and (key[1], key[5]) == (axis, rule):
            each = float(values[0]) / float(values[3])
            least, most = min(least, each), max(most, each / min(least, each))
    return most


def verdict(at_most, runs, rounds):
    """Of a bar: every run must reach it, in enough quiet rounds."""
    if not runs or len(rounds) != len(runs) or min(rounds) < QUIET_ROUNDS:
        return "not judged"
    return "reached" if max(runs) <= at_most else "missed"


def judged(file, bars):
    """(isa, workload, at most, runs, verdict, counted) of every bar of the file's processor and kind."""
    of_growth = ("peak",) in file.figures
    for processor, isa, work, at_most, *reported in bars:
        if processor != file.head["processor"] or (isa == "growth") != of_growth:
            continue
        if isa == "growth":
            runs = [climb(file, *work.rsplit("-", 1))]
            rows = [(work, runs, [int(least) for least in file.figures.get(("quiet",), [])[2:]])]
        elif isa == "offset":
            rows = [(w, file.runs("offset", "native", w), file.runs("quiet-rounds", "native", w)) for w in file.works()]
        else:
            rows = [(work, file.runs("ratio", isa, work), file.runs("quiet-rounds", isa, work))]
        for name, runs, rounds in rows:
            yield isa, name, float(at_most), runs, verdict(float(at_most), runs, rounds), not reported


def judge(file, bars):
    """Prints each verdict; the last line counts. Returns whether nothing that counts is missed or unknown."""
    counts = {"reached": 0, "missed": 0, "not judged": 0}
    for isa, work, at_most, runs, word, counted in judged(file, bars):
        counts[word] += counted
        shown = " ".join(f"{run:.3f}" for run in runs) or "no figure"
        note = "" if counted else " (reported)"
        print(f"{word:<10} {isa + ' ' + work:<24} {shown}, to be at most {at_most:.3f}{note}")
    if not any(bar[0] == file.head["processor"] for bar in bars):
        print(f"no bars for {file.head['processor']}: nothing is judged")
    print("{reached} bars reached, {missed} missed, {not judged} not judged (no figure, or too few quiet rounds)".format(**counts))
    return counts["missed"] + counts["not judged"] == 0


# ---- What bench.cpp prints, condensed.


def condense(logs):
    """(isa, text) of each run to lines of a stored file."""
    figures, best = {}, {}

    def add(value, *key):
        figures.setdefault(key, []).append(value)

    for isa, text in logs:
        for line in text.splitlines():
            if found := re.match(r"# kernels of (\S+): (.*)", line):
                figures["kernels", isa, found[1]] = found[2]
            elif found := re.match(r"# quiet: (\S+) additions a cycle now, (\S+) known", line):
                add(max(float(found[1]), float(found[2])), "quiet")
            elif found := re.match(r"# \S+ peak (\S+) GFLOP/s, reads from L1 (\S+) GB/s, from L2 (\S+) GB/s", line):
                for name, value in zip(("GFLOP/s", "L1-GB/s", "L2-GB/s"), found.groups()):
                    add(float(value), "roof", isa, name)
            elif found := re.match(r"(\S+) +(\S+) +median +(\S+) us", line):
                add(float(found[3]), "time", isa, found[1], found[2])
            elif found := re.match(r"(\S+) (offset )?linnet(?:\+4)?=", line):
                values = dict(re.findall(r"(\w+)=(\S+)", line))
                work = found[1]
                if "ratio" in values:
                    add(float(values["ratio"]), "offset" if found[2] else "ratio", isa, work)
                if not found[2]:
                    add(float(values["peak_share"]), "share", isa, work)
                    add(float(values["quiet_rounds"].split("/")[0]), "quiet-rounds", isa, work)
                    add(float(values["repeated"]), "repeated", isa, work)
                    if "best_peer" in values:
                        best.setdefault((isa, work), {})[values["best_peer"].split(":")[0]] = None
                        for name, value in zip(("quarter", "three-quarters"), values["quartiles"].split("..")):
                            add(float(value), name, isa, work)
    for key, values in figures.items():
        line = " ".join(key) + " "
        if key[0] == "kernels":
            line += values
        else:
            middle = {"quiet": max, "quiet-rounds": min}.get(key[0], statistics.median)
            line += f"{middle(values):.4g}"
            if key[0] in ("ratio", "offset", "quiet-rounds", "repeated"):
                line += "".join(f" {value:.4g}" for value in values)
        yield line
        if key[0] == "ratio":
            yield f"best {key[1]} {key[2]} " + ",".join(best[key[1:]])


def main(command, *names):
    bars_text = (HERE / "bars.txt").read_text()
    processors, bars = read_bars(bars_text)
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    if command == "processor":
        print(name_processor(cpuinfo, processors))
    elif command == "quiet":
        stored_here = HERE / "figures" / f"{name_processor(cpuinfo, processors)}.txt"
        file = Stored(stored_here.read_text() if stored_here.exists() else "")
        print(file.figures.get(("quiet",), ["0"])[0])
    elif command == "head":
        print_head(cpuinfo, processors)
    elif command == "condense":
        logs = [(re.sub(r"-\d+$", "", pathlib.Path(name).stem), pathlib.Path(name).read_text()) for name in names]
        print("\n".join(condense(logs)))
    elif command == "judge":
        return 0 if judge(Stored(pathlib.Path(names[0]).read_text()), bars) else 1
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
