"""examples/README.md shows what the desk tool prints, and README.md what it and Python take."""
import ast
import shlex
import shutil
import sys

import npy
import safetensors
import tool

sys.path.insert(0, str(tool.TESTS / "sources"))
import pages  # noqa: E402

ROOT = tool.TESTS.parent


def blocks_of(page, heading):
    """{language: text} of the blocks below a heading."""
    found = pages.blocks((ROOT / page).read_text(encoding="utf-8"))
    return {language: text for above, language, text in found if above == heading}


class Pages(tool.InAFolder):
    def run_all(self, text):
        commands = [shlex.split(line, comments=True) for line in text.splitlines()]
        self.assertGreater(len(commands), 2)
        self.assertTrue(all(command[0] == "linnet" for command in commands))
        return "".join(self.good(*command[1:]) for command in commands)

    def test_the_page_of_the_examples_shows_what_the_tool_prints(self):
        shutil.copy(tool.CHECKPOINTS / "training.lnt", self.folder / "learned.lnt")
        self.put("rows.npy", npy.write([[0.5, -1.0, 2.0, 0.25], [1.0, 2.0, 3.0, 4.0]], 4))
        blocks = blocks_of("examples/README.md", "linnet")
        self.maxDiff = None
        self.assertEqual(self.run_all(blocks["sh"]), blocks["text"])

    def test_the_first_page_shows_commands_that_the_tool_takes(self):
        blocks = blocks_of("README.md", "To and from PyTorch")
        ast.parse(blocks["python"])
        tensors = {"0.weight": ("F32", [2, 1], [1.0, 2.0]), "2.weight": ("F32", [1, 2], [1.0, 2.0])}
        self.put("model.safetensors", safetensors.write(tensors))
        self.put("rows.npy", npy.write([[0.5]], 1))
        self.run_all(blocks["sh"])
        self.assertIn("1 2:tanh,nobias 1:identity,nobias", (self.folder / "model.h").read_text())
