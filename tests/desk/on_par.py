"""Trains what `linnet train` trains in PyTorch too, from the same rows, and compares how good both are.

    /usr/bin/python3 -B on_par.py LINNET [DATA] [NAME...]

LINNET: the tool. DATA: scikit-learn's data sets, by default those of Debian's python3-sklearn; python3-torch is asked for,
too. NAME: one of iris, wine, breast_cancer, digits, diabetes; without, all. Each is trained with the tool's defaults, 32
ReLU and 200 epochs, from 10 seeds, whose splits the tool writes out. PyTorch draws its own first weights and order from
the same kinds of start. The means must lie within two standard errors of their difference. A line for each data set, then
"N passed, N failed"; ends with 1 if one failed.
"""
import csv
import gzip
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import torch

DEBIAN = "/usr/lib/python3/dist-packages/sklearn/datasets/data"
SEEDS, UNITS, EPOCHS, BATCH, RATE = 10, 32, 200, 32, 1e-3


def words_of(path):
    """(cells of each row, the tool's options for this file)"""
    raw = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    rows = list(csv.reader(raw.splitlines()))
    skip = 0 if path.name.startswith("d") else 1  # the first line of the others counts rows and names classes
    return rows[skip:], ["--skip", str(skip), "--no-header"]


def table_of(name, data, folder):
    """(file, rows of numbers with the target behind, options)"""
    if name == "diabetes":  # two files, parted by blanks
        halves = [gzip.decompress((data / f"diabetes_{part}.csv.gz").read_bytes()).decode().splitlines()
                  for part in ("data_raw", "target")]
        rows = [[*inputs.split(), target] for inputs, target in zip(*halves)]
        path = folder / "diabetes.csv"
        path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
        options = ["--no-header"]
    else:
        path = data / {"wine": "wine_data.csv", "digits": "digits.csv.gz"}.get(name, f"{name}.csv")
        rows, options = words_of(path)
        options.append("--classes")
    return path, [[float(cell) for cell in row] for row in rows], [*options, "--target", str(len(rows[0]))]


def by_the_tool(tool, path, options, folder):
    """(scores of the seeds, splits: for each seed what each row is for)"""
    command = [tool, "train", path, *options, "--seeds", SEEDS, "--write-splits", folder / "splits.csv", "--out",
               folder / "model"]
    said = subprocess.run([str(word) for word in command], check=True, text=True, stdout=subprocess.PIPE).stdout
    mean, = re.findall(r"^mean test (?:accuracy|R2) (-?[0-9.]+) ", said, re.M)
    others = [float(x) for x in re.findall(r"^run \d+, seed \d+: test (?:accuracy|R2) (-?[0-9.]+)$", said, re.M)]
    assert len(others) == SEEDS - 1, said
    scores = [SEEDS * float(mean) - sum(others), *others]  # the first is printed as a table
    with open(folder / "splits.csv", encoding="utf-8") as file:
        return scores, list(zip(*([int(cell) for cell in row] for row in csv.reader(file))))


def network(inputs, outputs):
    hidden, last = torch.nn.Linear(inputs, UNITS), torch.nn.Linear(UNITS, outputs)
    torch.nn.init.kaiming_uniform_(hidden.weight, nonlinearity="relu")
    torch.nn.init.xavier_uniform_(last.weight)
    for layer in hidden, last:
        torch.nn.init.zeros_(layer.bias)
    return torch.nn.Sequential(hidden, torch.nn.ReLU(), last)


def standardized(numbers, train):
    mean, deviation = numbers[train].mean(0), numbers[train].std(0, unbiased=False)
    return (numbers - mean) / torch.where(deviation > 0, deviation, torch.ones_like(deviation))


def by_pytorch(rows, split, classified, seed):
    """The accuracy, or R2, on the rows for the test."""
    torch.manual_seed(seed)
    table = torch.tensor(rows, dtype=torch.float64)
    train = torch.tensor([k for k, use in enumerate(split) if use == 0])
    test = torch.tensor([k for k, use in enumerate(split) if use == 1])
    x = standardized(table[:, :-1], train).float()
    t = table[:, -1].long() if classified else standardized(table[:, -1:], train).float()
    net = network(x.shape[1], int(t.max()) + 1 if classified else 1)
    loss = torch.nn.CrossEntropyLoss() if classified else torch.nn.MSELoss()
    rule = torch.optim.Adam(net.parameters(), RATE)
    for _ in range(EPOCHS):
        for batch in train[torch.randperm(len(train))].split(BATCH):
            rule.zero_grad()
            loss(net(x[batch]), t[batch]).backward()
            rule.step()
    with torch.no_grad():
        y = net(x[test])
    if classified:
        return (y.argmax(1) == t[test]).float().mean().item()
    return (1 - ((y - t[test]) ** 2).sum() / ((t[test] - t[test].mean()) ** 2).sum()).item()


def main(tool, data=DEBIAN, *names):
    torch.set_num_threads(1)
    passed = failed = 0
    for name in names or ("iris", "wine", "breast_cancer", "digits", "diabetes"):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            path, rows, options = table_of(name, pathlib.Path(data), folder)
            ours, splits = by_the_tool(tool, path, options, folder)
        theirs = [by_pytorch(rows, split, "--classes" in options, seed) for seed, split in enumerate(splits)]
        apart = statistics.mean(ours) - statistics.mean(theirs)
        error = ((statistics.variance(ours) + statistics.variance(theirs)) / SEEDS) ** 0.5
        good = abs(apart) <= 2 * error
        passed, failed = passed + good, failed + (not good)
        print(f"{'ok' if good else 'FAILED'}: {name}: linnet {statistics.mean(ours):.4f}, PyTorch "
              f"{statistics.mean(theirs):.4f}, apart {apart:+.4f}, two standard errors {2 * error:.4f}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
