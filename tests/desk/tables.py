"""Tables that the tests train on, and what the tool should make of them, in Python: splits, scales, scores."""
import csv
import io
import math
import random
import re

MASK = (1 << 64) - 1
TEST, VALIDATION = 1, 2  # what a seed is drawn for: examples/desk/splits.hpp


def text_of(rows, separator=",", end="\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def classes(rows=120, seed=1):
    """(names, rows of numbers, class of each): three classes of unlike size, columns of unlike scale, one constant."""
    generator = random.Random(seed)
    centres = {"flat": (20.0, 0.001, -3.0), "round": (23.0, 0.004, 5.0), "tall": (17.0, 0.004, 1.0)}
    named = [name for name in centres for _ in range({"flat": rows // 2, "round": rows // 3}.get(name, rows // 6))]
    generator.shuffle(named)
    numbers = []
    for name in named:
        a, b, c = centres[name]
        row = (a + generator.gauss(0, 1), b + generator.gauss(0, 0.001), 7.0, c + generator.gauss(0, 3))
        numbers.append([float(f"{x:.6g}") for x in row])
    return ["width", "mass", "always", "angle"], numbers, named


def numbers(rows=150, seed=2):
    """(names, rows of numbers, target of each)"""
    generator = random.Random(seed)
    inputs = [[round(generator.uniform(10, 20), 4), round(generator.gauss(0, 100), 3)] for _ in range(rows)]
    targets = [round(1000 + 3 * a * a + b + generator.gauss(0, 5), 3) for a, b in inputs]
    return ["a", "b"], inputs, targets


def table(names, rows, targets, target="kind", **form):
    return text_of([names + [target]] + [[*row, t] for row, t in zip(rows, targets)], **form).encode()


def irises():
    """Fisher's, as a table, from the header of the examples."""
    import tool  # pylint: disable=import-outside-toplevel
    header = (tool.TESTS.parent / "examples" / "data" / "iris.hpp").read_text(encoding="utf-8")
    flowers = re.findall(r"\{(\d+),(\d+),(\d+),(\d+)\}", header)
    assert len(flowers) == 150
    names = ["sepal length", "sepal width", "petal length", "petal width"]
    species = ("setosa", "versicolor", "virginica")
    rows = [[int(x) / 10 for x in flower] for flower in flowers]
    return table(names, rows, [species[k // 50] for k in range(150)], "species")


# ---- Random numbers: PCG-XSH-RR 64/32 (O'Neill 2014), its start by SplitMix64, from include/linnet/random.hpp.

def mixed(x):
    x = (x + 0x9e3779b97f4a7c15) & MASK
    x = ((x ^ x >> 30) * 0xbf58476d1ce4e5b9) & MASK
    x = ((x ^ x >> 27) * 0x94d049bb133111eb) & MASK
    return x ^ x >> 31


class Pcg32:
    def __init__(self, seed, identity):
        start = mixed((seed + mixed(identity)) & MASK)
        stream = mixed((start + identity) & MASK)
        self.state, self.increment = 0, (stream << 1 | 1) & MASK
        self.bits()
        self.state = (self.state + start) & MASK
        self.bits()

    def bits(self):
        old = self.state
        self.state = (old * 6364136223846793005 + self.increment) & MASK
        word, turn = (old >> 18 ^ old) >> 27 & 0xffffffff, old >> 59
        return (word >> turn | word << (32 - turn & 31)) & 0xffffffff

    def below(self, n):
        while True:
            drawn = self.bits()
            if n <= 1:
                return 0
            if drawn >= 2 ** 32 % n:
                return drawn % n

    def shuffle(self, items):
        for n in range(len(items), 1, -1):
            other = self.below(n)
            items[n - 1], items[other] = items[other], items[n - 1]


# ---- Splits: {row: part} as lists of the rows that are taken.

def groups(rows, labels):
    return [[row for row in rows if labels[row] == label] for label in sorted(set(labels))]


def taken(rows, labels, share, generator):
    """Rows of a share: of each class its part rounded down, then one more where the most was cut off."""
    parts = groups(rows, labels)
    count = min(max(math.floor(share * len(rows) + 0.5), 1), len(rows) - 1)
    exact = [len(part) * count / len(rows) for part in parts]
    shares = [len(part) * count // len(rows) for part in parts]
    order = sorted(range(len(parts)), key=lambda k: (-(len(parts[k]) * count % len(rows)), k))
    for k in [k for k in order if exact[k] > shares[k] and shares[k] + 1 < len(parts[k])][:count - sum(shares)]:
        shares[k] += 1
    result = []
    for part, wanted in zip(parts, shares):
        generator.shuffle(part)
        result += part[:wanted]
    return sorted(result)


def folds(labels, count, seed):
    """The test rows of each fold."""
    generator, dealt = Pcg32(seed, TEST), []
    for part in groups(range(len(labels)), labels):
        generator.shuffle(part)
        dealt += part
    return [sorted(dealt[fold::count]) for fold in range(count)]


# ---- Scales and scores, from their definitions.

def scales(rows, train):
    """(mean, deviation) of each column over the training rows; a constant one has deviation 1."""
    result = []
    for column in range(len(rows[0])):
        values = [rows[row][column] for row in train]
        mean = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / len(values))
        result.append((mean, deviation if max(values) > min(values) else 1.0))
    return result


def class_scores(true, predicted, names):
    """{class: (precision, recall, F1, rows)}; 0 / 0 is 0."""
    result = {}
    for name in names:
        both = sum(t == name == p for t, p in zip(true, predicted))
        said, are = predicted.count(name), true.count(name)
        precision, recall = both / said if said else 0.0, both / are if are else 0.0
        f1 = 2 * precision * recall / (precision + recall) if both else 0.0
        result[name] = (precision, recall, f1, are)
    return result


def r2(true, predicted):
    mean = math.fsum(true) / len(true)
    return 1 - math.fsum((t - p) ** 2 for t, p in zip(true, predicted)) / math.fsum((t - mean) ** 2 for t in true)
