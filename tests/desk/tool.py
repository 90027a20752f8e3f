"""What the tests of the desk tool share: the tool, a folder of their own, networks as Python has them."""
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "keep"))
import safetensors  # noqa: E402

CHECKPOINTS = TESTS / "data" / "checkpoints"
STORED = sorted((TESTS / "data" / "safetensors").glob("*.safetensors"))
TOOL = pathlib.Path()  # its path, from the command line of the tests
NETWORKS = 20  # random ones that each conversion is given


class InAFolder(unittest.TestCase):
    """Runs the tool in a folder that is empty at first."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_tool(self, *arguments, **options):
        command = [str(TOOL), *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, text=True, capture_output=True, check=False, **options)

    def good(self, *arguments):
        """What the tool prints when it ends with 0."""
        ended = self.run_tool(*arguments)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), arguments)
        return ended.stdout

    def refused(self, code, sentence, *arguments):
        """The tool ends with this code, says this, and writes nothing else."""
        before = self.files()
        ended = self.run_tool(*arguments)
        self.assertEqual((ended.returncode, ended.stdout), (code, ""), arguments)
        self.assertIn(sentence, ended.stderr)
        self.assertEqual(self.files(), before)

    def files(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def put(self, name, data):
        (self.folder / name).write_bytes(data)
        return name


def floats_of(tensors, layers):
    """Weights and biases, layer by layer, of tensors with the names of torch.nn.Sequential."""
    names = [f"{2 * layer}.{part}" for layer in range(layers) for part in ("weight", "bias")]
    return [x for name in names if name in tensors for x in tensors[name][2]]


def random_file(number):
    """(topology, layers for float64.predict, floats, bytes of a .safetensors file) of a random network."""
    generator = random.Random(2600 + number)
    topology, parameters = safetensors.network(generator, ("F32",))
    tensors = {f"{k // 2 * 2}.{('weight', 'bias')[k % 2]}": p for k, p in enumerate(parameters) if p}
    layers = []
    for k, word in enumerate(topology.split()[1:]):
        activation = word.split(":")[1].replace(",nobias", "")
        (_, (units, inputs), weights), bias = parameters[2 * k], parameters[2 * k + 1]
        matrix = [weights[o * inputs:(o + 1) * inputs] for o in range(units)]
        layers.append((activation, matrix, bias[2] if bias else [0.0] * units))
    floats = [x for p in parameters if p for x in p[2]]
    return topology, layers, floats, safetensors.write(tensors, {"linnet.topology": topology})
