"""What every command of the desk tool prints for stored files, word for word: golden.txt."""
import pathlib
import shutil
import subprocess
import tempfile

import npy
import tool

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden.txt"
ROWS = [[0.5, -1.0, 2.0, 0.25], [0.0, 0.0, 0.0, 0.0]]
COMMANDS = (
    "inspect parameters.lnt", "inspect training.lnt", "inspect frozen.lnt", "inspect rows.npy",
    *(f"inspect {path.name}" for path in tool.STORED[:5]),
    "inspect two.lnt", "inspect no_topology.safetensors", "inspect no_topology.safetensors --activations tanh,identity",
    "hash training.lnt", "hash 03.safetensors",
    "convert training.lnt model.safetensors", "convert model.safetensors model.lnt --size 4096 --unit 32",
    "convert model.lnt model.h", "convert model.lnt plain.h --c99 --name learned",
    "inspect model.safetensors", "inspect model.lnt",
    "predict model.safetensors rows.npy outputs.npy", "inspect outputs.npy",
    "inspect model.pt", "inspect text.md", "hash empty.lnt", "predict no_topology.safetensors rows.npy outputs.npy",
)


def fill(folder):
    """The files that the commands are about."""
    for path in (*tool.CHECKPOINTS.glob("*.lnt"), *tool.STORED[:5]):
        shutil.copy(path, folder)
    kept = (tool.CHECKPOINTS / "parameters.lnt").read_bytes()
    (folder / "two.lnt").write_bytes(b"\xff" * 37 + kept[:100] + kept)  # a dump: a torn one before a whole one
    said = (tool.STORED[5]).read_bytes()
    (folder / "no_topology.safetensors").write_bytes(said.replace(b"linnet.topology", b"another.keyword"))
    (folder / "rows.npy").write_bytes(npy.write(ROWS, 4))
    (folder / "model.pt").write_bytes(b"PK\x03\x04 and more")
    (folder / "text.md").write_text("# A text\n")
    (folder / "empty.lnt").write_bytes(b"\xff" * 512)


def printed(folder, command):
    ended = subprocess.run([str(tool.TOOL), *command.split()], cwd=folder, text=True, check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return f"$ linnet {command}\n{ended.stdout}" + (f"exit code {ended.returncode}\n" if ended.returncode else "")


def all_printed(folder):
    fill(folder)
    return "\n".join(printed(folder, command) for command in COMMANDS)


def write():
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_text(all_printed(pathlib.Path(folder)))


class Golden(tool.InAFolder):
    def test_every_command_prints_what_is_stored(self):
        self.maxDiff = None
        self.assertEqual(all_printed(self.folder), GOLDEN.read_text())
