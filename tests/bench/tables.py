#!/usr/bin/env python3
"""The stored figures of the benchmark as tables in Markdown.

usage: tables.py speed short|full   what run.sh stored; short: the newest file, full: every processor's
       tables.py growth full        what growth.sh stored, of every processor
       tables.py growth FILE        the same of one file
       tables.py newest             the stored growth that is drawn
"""
import pathlib
import sys

from figures import HERE, climb, judged, read_bars, Stored

PEERS = {"eigen": "Eigen", "openblas": "OpenBLAS", "onednn": "oneDNN", "torch": "libtorch", "fann": "FANN, other work"}
ISAS = {"native": "Linnet's best table.", "avx2": "Linnet's AVX2 table, and everybody held to AVX2."}
AXES = ("width", "depth", "batch")


def stored(room):
    """All files of a room and their places, the newest first."""
    files = [(Stored(path.read_text()), path) for path in sorted((HERE / room).glob("*.txt"))]
    return sorted(files, key=lambda file: file[0].head["date"], reverse=True)


def three(x):
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}" if x >= 1 else f"{x:.3f}"


def table(heads, align, rows):
    for cells in [heads, *rows]:
        print("| " + " | ".join(cells) + " |")
        if cells is heads:
            print("|" + "|".join(align) + "|")
    print()


def time_of(file, isa, work, who):
    if ("time", isa, work, who) not in file.figures:
        return "—"
    microseconds = file.number("time", isa, work, who)
    return three(microseconds / 1000) + " ms" if microseconds >= 1000 else three(microseconds) + " µs"


def speed_short(file):
    print(f"{file.title()}:\n")

    def fixed(*key):
        return f"{file.number(*key):.2f}" if key in file.figures else "—"

    rows = []
    for w in file.works():
        peers = file.figures["best", "native", w][0].split(",")
        best = "; ".join(f"{PEERS[peer]} {time_of(file, 'native', w, peer)}" for peer in peers)
        quartiles = f"{fixed('quarter', 'native', w)}..{fixed('three-quarters', 'native', w)}"
        quiet = ", ".join(f"{rounds:.0f}" for rounds in file.runs("quiet-rounds", "native", w)) or "not counted"
        rows.append([w, time_of(file, "native", w, "linnet"), best, fixed("ratio", "native", w), quartiles, quiet,
                     fixed("ratio", "avx2", w), fixed("offset", "native", w), fixed("share", "native", w)])
    heads = ["ratio", "its quartiles", "quiet rounds", "AVX2 tables", "buffers at +4 bytes", "of FMA peak"]
    table(["workload", "Linnet", "best peer", *heads], ["---"] + ["--:"] * 8, rows)


def speed_runs(file, isa, verdicts):
    """What each run found, and the bars, where this processor has any."""

    def runs(kind, work, shown="{:.2f}"):
        return ", ".join(shown.format(x) for x in file.runs(kind, isa, work)) or "—"

    rows = []
    for w in file.works():
        bar, word = verdicts.get((isa, w), (None, "—"))
        rows.append([w, runs("ratio", w), runs("offset", w), runs("quiet-rounds", w, "{:.0f}"),
                     runs("repeated", w, "{:.2f}"), *([f"{bar:.3f}" if bar else "—", word] if verdicts else [])])
    heads = ["ratio of each run", "buffers at +4 bytes", "quiet rounds", "samples repeated"]
    table(["workload", *heads, *(["bar", "verdict"] if verdicts else [])],
          ["---"] + ["--:"] * 4 + (["--:", "---"] if verdicts else []), rows)


def speed_full(file, bars):
    print(f"### {file.title()}\n\n{file.head['compiler']}.\n")
    verdicts = {(isa, w): (at_most, word if counted else word + ", reported")
                for isa, w, at_most, _, word, counted in judged(file, bars)}
    for isa, title in ISAS.items():
        kernels = [f"{PEERS[key[2]].split(',')[0]} {words[0]}" for key, words in file.figures.items()
                   if key[:2] == ("kernels", isa) and key[2] in PEERS]
        print(title + (f" Kernels chosen: {', '.join(kernels)}." if kernels else "") + "\n")
        table(["workload", "Linnet", *PEERS.values()], ["---"] + ["--:"] * (1 + len(PEERS)),
              [[w, *(time_of(file, isa, w, who) for who in ("linnet", *PEERS))] for w in file.works()])
        roofs = (file.number("roof", isa, name) for name in ("GFLOP/s", "L1-GB/s", "L2-GB/s"))
        print("FMA peak {:.0f} GFLOP/s, reads from L1 {:.0f} GB/s, from L2 {:.0f} GB/s.\n".format(*roofs))
        speed_runs(file, isa, verdicts)


# ---- Growth.


def bound(file, key):
    """What a step is bound by, from floors: the products' operations at the peak (FMA); with Adam a square root and a
    division for each parameter (divide); each parameter read for forward and backward, read and written by the update,
    with Adam its two moments too, at the bandwidth of the cache that holds everything (L1 .. DRAM). FMA where that is
    60 % of the time; else L3 or DRAM where parameters and trainer lie there ("beyond L2" where nobody says how large L3
    is); else the largest floor where the floors come to half of the time; else latency: calls, chains, rows shorter
    than a tile.
    """
    time, operations, parameters, trainer = (float(file.figures[key][k]) for k in (0, 3, 4, 5))
    adam = key[5] == "adam"
    size = 4 * (parameters + trainer)
    reads = [(1024 * int(read[1]), float(words[0])) for read, words in file.figures.items() if read[0] == "read"]
    last = "DRAM" if file.number("cache", "L3") else "beyond L2"
    place = next((level for level in ("L1", "L2", "L3") if size <= file.number("cache", level)), last)
    bandwidth = next((rate for most, rate in reads if size <= most), reads[-1][1])
    floors = {
        "FMA": operations / file.number("peak"),
        place: 4 * parameters * (10 if adam else 4) / bandwidth,
        "divide": parameters / file.number("divide") if adam else 0.0,
    }
    if floors["FMA"] > 0.6 * time:
        return "FMA"
    if place not in ("L1", "L2"):
        return place
    return max(floors, key=floors.get) if sum(floors.values()) >= 0.5 * time else "latency"


def points(file, axis):
    """(value on the axis, key with SGD, key with Adam) of every point."""
    for key in file.figures:
        if key[:2] == ("step", axis) and key[5] == "sgd":
            yield {"depth": key[3], "batch": key[4]}.get(axis, key[2]), key, (*key[:5], "adam")


def step_cells(file, key, share):
    seconds, operations = float(file.figures[key][0]), float(file.figures[key][3])
    shown = f"{1e3 * seconds:.1f} ms" if seconds >= 1e-3 else f"{1e6 * seconds:.{2 if seconds < 1e-5 else 0}f} µs"
    of_peak = [f"{operations / seconds / file.number('peak'):.2f}"] if share else []
    return [shown, f"{1e12 * seconds / operations:.1f}", *of_peak, bound(file, key)]


def growth_full(file):
    climbs = ", ".join(f"{axis} {climb(file, axis, 'sgd'):.2f} and {climb(file, axis, 'adam'):.2f}" for axis in AXES)
    print(f"### {file.title()}\n")
    print(f"Time over operations is at most so many times the least at a smaller size, SGD and Adam: {climbs}.\nAll "
          f"multiply-adds at the peak would take {1e12 / file.number('peak'):.1f} ps/FLOP.", end="")
    quiet = file.figures.get(("quiet",))
    print(f" At each point at least {quiet[2]} of 11 samples were quiet.\n" if quiet else "\n")
    titles = {"width": "Three layers of this width, 64 rows", "depth": "So many layers of 128 units, 64 rows",
              "batch": "Three layers of 128 units, so many rows", "width-1": "Three layers of this width, one row"}
    for axis, title in titles.items():
        rows = []
        for value, sgd, adam in points(file, axis):
            kib = (float(file.figures[adam][k]) / 256 for k in (4, 5))
            rows.append([value, *step_cells(file, sgd, True), *step_cells(file, adam, True),
                         *(f"{x:.1f}" if x < 10 else f"{x:.0f}" for x in kib)])
        print(title + ":\n")
        each = ["ps/FLOP", "of peak", "bound by"]
        align = ["--:"] + (["--:"] * 3 + ["---"]) * 2 + ["--:"] * 2
        table([axis[:5], "SGD", *each, "Adam", *each, "parameters KiB", "trainer KiB"], align, rows)


def main(room, part=None):
    if room == "newest":
        print(stored("growth")[0][1])
    elif room == "speed" and part == "short":
        speed_short(stored("figures")[0][0])
    elif room == "speed" and part == "full":
        _, bars = read_bars((HERE / "bars.txt").read_text())
        for file, _ in stored("figures"):
            speed_full(file, bars)
    elif room == "growth" and part == "full":
        for file, _ in stored("growth"):
            growth_full(file)
    elif room == "growth" and part:
        growth_full(Stored(pathlib.Path(part).read_text()))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
