"""examples/README.md shows what the desk tool prints, and README.md what it and Python take."""
import ast
import shlex
import shutil
import sys

import npy
import safetensors
import tables
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

    def expect_fused(self, page):
        if "contract fused" not in (self.folder / page).read_text(encoding="utf-8"):
            self.skipTest("the page shows what was trained where a multiply-add rounds once")

    def test_the_page_of_the_examples_shows_what_a_training_prints(self):
        self.put("iris.csv", tables.irises())
        blocks = blocks_of("examples/README.md", "linnet train")
        self.maxDiff = None
        said = self.good(*shlex.split(blocks["sh"])[1:])
        self.expect_fused("flower.html")
        self.assertEqual(said, blocks["text"])

    def test_the_first_page_shows_how_a_training_ends(self):
        self.put("iris.csv", tables.irises())
        blocks = blocks_of("README.md", "From a CSV file")
        said = "".join(self.good(*shlex.split(line)[1:]) for line in blocks["sh"].splitlines())
        self.expect_fused("model.html")
        self.assertTrue(said.endswith(blocks["text"]), said)

    def test_the_help_and_the_page_state_the_defaults(self):
        text = self.good("train", "--help")
        for default in ("--test FLOAT=0.25", "--seed UINT=0", "--out TEXT=model", "or none [32]", "--activation TEXT=relu",
                        "=automatic", "=standard", "=200", "=32", "=adam", "[0.001 of Adam", "--clip-norm FLOAT=0", "[0, AdamW 0.01]",
                        "[mean_squared_error]", "each with the next seed; the first one's model is written [1]", "--skip UINT=0", "--validation FLOAT=0.15", "--least-gain FLOAT=0", "--patience UINT"):
            self.assertIn(default, text)

    def test_the_first_page_shows_commands_that_the_tool_takes(self):
        blocks = blocks_of("README.md", "To and from PyTorch")
        ast.parse(blocks["python"])
        tensors = {"0.weight": ("F32", [2, 1], [1.0, 2.0]), "2.weight": ("F32", [1, 2], [1.0, 2.0])}
        self.put("model.safetensors", safetensors.write(tensors))
        self.put("rows.npy", npy.write([[0.5]], 1))
        self.run_all(blocks["sh"])
        self.assertIn("1 2:tanh,nobias 1:identity,nobias", (self.folder / "model.h").read_text())
