"""The tables of figures and of bars: lines "TARGET CONTRACT LEVEL FIGURE VALUE"."""


def read_figures(lines):
    """{(target, contract, level, figure): value}; values stay as they are written."""
    rows = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {(target, contract, level, figure): value for target, contract, level, figure, value in rows}


def read_skipped(lines):
    """The figures behind "# skipped: ", for which this machine has no tool."""
    return {tuple(line.split()[2:6]) for line in lines if line.startswith("# skipped: ")}


def read_bars(lines):
    """[(target, contract, level, figure, at most)]; `any` stands for every contract or level."""
    return [tuple(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def is_for(bar, target, contract, level, figure):
    return bar[0] == target and bar[1] in (contract, "any") and bar[2] in (level, "any") and bar[3] == figure


def number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()
