"""A BatchNorm1d in a file of torch.nn.Sequential is folded into the Linear layer beside it, or refused by name."""
import random

import npy
import safetensors
import tool
from batch_norm import folded, network, numbered, predict, tensors_of

NETWORKS = 20
ROWS = 7


class Folding(tool.InAFolder):
    def test_predictions_are_those_of_the_network_that_is_not_folded(self):
        for number in range(NETWORKS):
            with self.subTest(number):
                modules, epsilon, said = network(number)
                self.put("model.safetensors", safetensors.write(tensors_of(modules)))
                first = modules[0][2]
                columns = first["weight"][1][1] if modules[0][1] == "linear" else first["running_mean"][1][0]
                generator = random.Random(number)
                rows = [[generator.gauss(0.0, 1.0) for _ in range(columns)] for _ in range(ROWS)]
                self.put("in.npy", npy.write(rows, columns))
                self.good("predict", "model.safetensors", "in.npy", "out.npy", *said)
                self.compare(modules, epsilon, npy.read((self.folder / "in.npy").read_bytes()))

    def compare(self, modules, epsilon, rows):
        predicted = npy.read((self.folder / "out.npy").read_bytes())
        self.assertEqual(len(predicted), ROWS)
        for row, outputs in zip(rows, predicted):
            expected, scale = predict(modules, row, epsilon)
            self.assertEqual(len(outputs), len(expected))
            for x, y in zip(outputs, expected):
                # 17 products and a sum, and twice as many rounded parameters, each within 2^-24 of the scale: 1e-6
                self.assertLessEqual(abs(x - y), 2e-6 * scale)

    def test_the_networks_have_batchnorm_at_every_place(self):
        pairs = set()
        for number in range(NETWORKS):
            kinds = [kind for _, kind, _ in network(number)[0]]
            pairs.update(zip([None] + kinds, kinds, kinds[1:]))
        for place in ((None, "norm", "linear"), ("activation", "norm", "linear"), ("linear", "norm", "activation")):
            self.assertIn(place, pairs)

    def test_every_parameter_is_rounded_once(self):
        for number in range(NETWORKS):
            with self.subTest(number):
                modules, epsilon, said = network(number)
                self.put("model.safetensors", safetensors.write(tensors_of(modules)))
                self.good("convert", "model.safetensors", "out.safetensors", *said)
                tensors, _ = safetensors.read((self.folder / "out.safetensors").read_bytes())
                for k, (matrix, biases, sizes) in enumerate(folded(modules, epsilon)):
                    self.look_at(tensors.pop(f"{2 * k}.weight")[2], [w for unit in matrix for w in unit], None)
                    if biases is not None:
                        self.look_at(tensors.pop(f"{2 * k}.bias")[2], biases, sizes)
                self.assertEqual(tensors, {})

    def look_at(self, floats, expected, sizes):
        self.assertEqual(len(floats), len(expected))
        for x, y, size in zip(floats, expected, sizes or map(abs, expected)):
            # half a unit in the last place of a float, and what 64-bit floats add up to
            self.assertLessEqual(abs(x - y), abs(y) * 2.0 ** -24 + size * 2.0 ** -48 + 2.0 ** -150)

    def test_inspect_shows_the_tensors_of_the_file_and_the_folded_network(self):
        self.put("model.safetensors", safetensors.write(small(), {"format": "pt"}))
        lines = self.good("inspect", "model.safetensors", "--activations", "tanh,identity").splitlines()
        self.assertIn("tensor           1.running_var, F32 [2]", lines)
        self.assertIn("tensor           1.num_batches_tracked, I64 []", lines)
        self.assertIn("read by          names of torch.nn.Sequential, BatchNorm folded", lines)
        self.assertIn("topology         3 2:tanh 1:identity", lines)  # a bias appeared in both layers

    def test_a_topology_that_is_said_is_that_of_the_folded_network(self):
        self.put("model.safetensors", safetensors.write(small()))
        plain = self.good("hash", "model.safetensors")
        self.assertEqual(self.good("hash", "model.safetensors", "--topology", "3 2:tanh 1:identity"), plain)
        self.assertEqual(self.good("hash", "model.safetensors", "--activations", "tanh,identity"), plain)
        self.assertEqual(self.good("hash", "model.safetensors", "--layers", "0,4"), plain)
        self.assertNotEqual(self.good("hash", "model.safetensors", "--eps", "0.001"), plain)
        for text in ("3 2:tanh,nobias 1:identity", "3 2:tanh 1:identity,nobias"):
            self.refused(1, "BatchNorm folded: tensor '", "hash", "model.safetensors", "--topology", text)
        said = {"linnet.topology": "3 2:tanh 1:identity", "a \\\" key": "\u20ac }"}
        self.put("said.safetensors", safetensors.write(small(), said, spaced=True))
        self.assertEqual(self.good("hash", "said.safetensors"), plain)
        self.refused(1, "it says '3 2:tanh 1:identity'", "hash", "said.safetensors", "--activations", "relu,identity")


# ---- Refusals.

def norm(width, **parts):
    all_parts = {"weight": ("F32", [width], [1.5] * width), "bias": ("F32", [width], [0.5] * width),
                 "running_mean": ("F32", [width], [0.25] * width), "running_var": ("F32", [width], [2.0] * width),
                 "num_batches_tracked": ("I64", [], [7])}
    all_parts.update(parts)
    return {part: parameter for part, parameter in all_parts.items() if parameter is not None}


def small(first=None, second=None, **names):
    """Linear 0, BatchNorm 1, an activation, BatchNorm 3, Linear 4; `names` are other tensors, None for no such."""
    modules = {0: {"weight": ("F32", [2, 3], [0.5, 1.0, -1.0, 2.0, 0.0, 1.0])}, 1: first or norm(2),
               3: second or norm(2), 4: {"weight": ("F32", [1, 2], [1.0, -2.0])}}
    tensors = {}
    for number, parts in modules.items():
        tensors.update(numbered(number, parts))
    tensors.update(names)
    return {name: parameter for name, parameter in tensors.items() if parameter is not None}


def renumbered(tensors, numbers):
    """The same with other numbers of modules."""
    return {f"{numbers.get(name[0], name[0])}{name[1:]}": parameter for name, parameter in tensors.items()}


def of(kind, *numbers):
    return kind, [len(numbers)], list(numbers)


NAN, INFINITY = float("nan"), float("inf")
# (what is said, the tensors)
REFUSED = (
    ("'1.running_mean': it is missing", small(norm(2, running_mean=None))),
    ("'1.running_var': it is missing", small(norm(2, running_var=None))),
    ("'3.num_batches_tracked': it is missing", small(None, norm(2, num_batches_tracked=None))),
    ("'1.weight': it is missing", small(norm(2, weight=None))),
    ("'3.bias': it is missing", small(None, norm(2, bias=None))),
    ("'3.running_mean': it is missing, for 3.weight has", small(**{f"3.{part}": None for part in (
        "running_mean", "running_var", "num_batches_tracked")})),
    ("'0.weight': it is missing", small(**{"0.weight": None, "0.bias": of("F32", 1.0, 2.0)})),
    ("'1.running_mean': its length is not 2, the units of the Linear layer 0", small(norm(3))),
    ("'3.running_mean': its length is not 2, the inputs of the Linear layer 4", small(None, norm(1))),
    ("'1.running_var': its shape is not that of 1.running_mean", small(norm(2, running_var=of("F32", 1.0)))),
    ("'1.weight': its shape is not that of", small(norm(2, weight=of("F32", 1.0, 1.0, 1.0)))),
    ("'1.weight': its shape is not that of", small(norm(2, weight=("F32", [2, 1], [1.0, 1.0])))),
    ("'1.bias': its shape is not that of", small(norm(2, bias=("F32", [1, 2], [1.0, 1.0])))),
    ("'1.running_mean': that of a BatchNorm1d has one dimension",
     small(norm(2, running_mean=("F32", [2, 1], [1.0, 1.0])))),
    ("'1.running_mean': that of a BatchNorm1d has one dimension", small(norm(2, running_mean=("F32", [], [1.0])))),
    ("'1.num_batches_tracked': it is not one I64", small(norm(2, num_batches_tracked=("F64", [], [7.0])))),
    ("'1.num_batches_tracked': it is not one I64", small(norm(2, num_batches_tracked=("I64", [1], [7])))),
    ("'1.num_batches_tracked': it is not one I64", small(norm(2, num_batches_tracked=("I64", [], [7, 7])))),
    ("'1.running_mean': its type is not", small(norm(2, running_mean=of("I64", 0, 1)))),
    ("'0.weight': its type is not", small(**{"0.weight": ("I64", [2, 3], [1] * 6)})),
    ("'0.weight': its type is not F32, F16, BF16 or F64, or its b", small(**{"0.weight": ("F32", [2, 3], [1.0] * 12)})),
    ("'0.weight': its type is not F32, F16, BF16 or F64, or its b", small(**{"0.weight": ("F32", [2, 3], [1.0] * 7)})),
    ("'0.weight': its type is not F32, F16, BF16 or F64, or its b", small(**{"0.weight": ("F32", [0, 3], [])})),
    ("'0.weight': the weights of a Linear layer have two dim", small(**{"0.weight": ("F32", [2, 3, 1], [1.0] * 6)})),
    ("'0.bias': its shape is not [2]", small(**{"0.bias": of("F32", 1.0)})),
    ("'1.running_var': a variance is negative", small(norm(2, running_var=of("F32", 1.0, -1e-6)))),
    *((f"'1.{part}': an element is NaN or infinite", small(norm(2, **{part: of(kind, 1.0, x)})))
      for part in ("running_var", "running_mean", "weight", "bias") for kind in ("F32", "F16", "BF16", "F64")
      for x in (NAN, INFINITY, -INFINITY)),
    ("'0.weight': an element is NaN or infinite", small(**{"0.weight": ("F32", [2, 3], [1.0] * 5 + [NAN])})),
    ("BatchNorm folded: tensor '0.weight'", small(norm(2, weight=of("F64", 1.0, 1e39)))),
    ("BatchNorm folded: tensor '0.bias'", small(norm(2, bias=of("F64", 1.0, 1e39)))),
    ("'6.running_mean': a BatchNorm behind the last activation", small(**numbered(6, norm(1)))),
    ("'2.running_mean': the place of this BatchNorm is not clear", renumbered(small(), {"3": 2, "4": 5})),
    ("'3.running_mean': the place of this BatchNorm is not clear", renumbered(small(), {"4": 5})),
    ("'1.running_mean': a BatchNorm behind the last activation", numbered(1, norm(2))),
    ("'fc.weight': BatchNorm is folded where all", small(**{"fc.weight": ("F32", [1, 1], [1.0])})),
    ("'bn.running_mean': BatchNorm is folded where all", small(**{"bn.running_mean": of("F32", 1.0)})),
    ("'1.momentum': BatchNorm is folded where all", small(**{"1.momentum": of("F32", 0.1)})),
    ("'01.weight': BatchNorm is folded where all", small(**{"01.weight": of("F32", 1.0)})),
    ("'.weight': BatchNorm is folded where all", small(**{".weight": of("F32", 1.0)})),
    ("'7': BatchNorm is folded where all", small(**{"7": of("F32", 1.0)})),
    ("'weight': BatchNorm is folded where all", small(**{"weight": of("F32", 1.0)})),
    ("'4294967297.weight': BatchNorm is folded where all", small(**{"4294967297.weight": of("F32", 1.0)})),
    ("BatchNorm folded: tensor '4.weight'", small(None, norm(3), **{"4.weight": ("F32", [1, 3], [1.0] * 3)})),
)


class Refusals(tool.InAFolder):
    def test_what_cannot_be_folded_is_refused_by_name(self):
        for sentence, tensors in REFUSED:
            with self.subTest(sentence):
                self.put("model.safetensors", safetensors.write(tensors))
                self.refused(1, "model.safetensors", "convert", "model.safetensors", "out.safetensors",
                             "--activations", "tanh,identity")
                self.refused(1, sentence, "hash", "model.safetensors")

    def test_a_variance_of_0_needs_epsilon(self):
        self.put("model.safetensors", safetensors.write(small(norm(2, running_var=of("F32", 1.0, 0.0)))))
        self.refused(1, "'1.running_var': a variance is 0, and so is --eps", "hash", "model.safetensors", "--eps", "0")
        self.good("hash", "model.safetensors")
        self.put("model.safetensors", safetensors.write(small()))
        self.good("hash", "model.safetensors", "--eps", "0")

    def test_an_epsilon_that_is_none_is_exit_2(self):
        self.put("model.safetensors", safetensors.write(small()))
        for text in ("-0.001", "nan", "inf", "1e999", "some", ""):
            with self.subTest(text):
                self.refused(2, "--eps", "hash", "model.safetensors", f"--eps={text}")

    def test_names_of_layers_in_another_order_are_refused(self):
        self.put("model.safetensors", safetensors.write(small()))
        self.refused(1, "leave out --layers", "hash", "model.safetensors", "--layers", "4,0")
        self.refused(1, "leave out --layers", "hash", "model.safetensors", "--layers", "0")

    def test_a_file_that_is_no_longer_one_is_refused(self):
        file = safetensors.write(small(), {"format": "pt"})
        header = 8 + int.from_bytes(file[:8], "little")
        generator = random.Random(9)
        for k in range(150):
            damaged = bytearray(file)
            damaged[generator.randrange(header)] = generator.randrange(256)
            with self.subTest(change=k):
                self.put("damaged.safetensors", bytes(damaged))
                self.assertIn(self.run_tool("hash", "damaged.safetensors").returncode, (0, 1))
        for length in range(0, len(file), 23):
            with self.subTest(length=length):
                self.put("short.safetensors", file[:length])
                self.refused(1, "short.safetensors", "hash", "short.safetensors")

    def test_a_header_that_contradicts_itself_is_refused(self):
        file = safetensors.write(small())
        begin, other = file.index(b'"1.bias"'), file.index(b'"3.bias"')
        offsets = slice(file.index(b"[", file.index(b"data_offsets", begin)), file.index(b"}", begin))
        others = slice(file.index(b"[", file.index(b"data_offsets", other)), file.index(b"}", other))
        self.assertEqual(offsets.stop - offsets.start, others.stop - others.start)
        more = safetensors.write(small(**{"8.bias": of("F32", 1.0, 2.0)}))
        self.put("twice.safetensors", more.replace(b'"8.bias"', b'"1.bias"'))
        self.put("overlap.safetensors", file[:others.start] + file[offsets] + file[others.stop:])
        last = b"[104,112]"  # of 4.weight
        self.assertEqual(file.count(last), 1)
        self.put("backwards.safetensors", file.replace(last, b"[104,100]")[:-12])
        self.assertIn(b"}} ", file)  # the header is padded
        self.put("more.safetensors", file.replace(b"}} ", b"}}x"))
        for name in ("twice.safetensors", "overlap.safetensors", "backwards.safetensors", "more.safetensors"):
            self.refused(1, name, "hash", name)
