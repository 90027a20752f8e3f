"""The header of the irises, which tests/keep/irises.cpp classifies on every board, is what `linnet train` writes, and its bits
are what `linnet predict` says.

    linnet train iris.csv --target species --hidden 8 --activation tanh --out irises
"""
import re

import npy
import safetensors
import tables
import tool

STORED = tool.TESTS / "data" / "headers" / "irises.h"
COMMAND = ("train", "iris.csv", "--target", "species", "--hidden", "8", "--activation", "tanh", "--out", "irises")


class Header(tool.InAFolder):
    def setUp(self):
        super().setUp()
        self.put("iris.csv", tables.irises())
        self.good(*COMMAND)
        if "contract fused" not in (self.folder / "irises.html").read_text():
            self.skipTest("what is stored was trained where a multiply-add rounds once")

    def test_it_is_what_is_written(self):
        self.assertEqual((self.folder / "irises.h").read_text(), STORED.read_text())

    def test_the_bits_of_the_program_are_those_of_the_tool(self):
        self.good("predict", "irises.safetensors", "iris.csv", "out.npy")
        shares = npy.read((self.folder / "out.npy").read_bytes())
        right = sum(row.index(max(row)) == k // 50 for k, row in enumerate(shares))
        program = (tool.TESTS / "keep" / "irises.cpp").read_text()
        self.assertEqual(int(re.search(r"kRight = (\d+);", program).group(1)), right)
        self.assertEqual(re.search("kPredicted = 0x([0-9a-f]{16})u;", program).group(1),
                         safetensors.fnv([x for row in shares for x in row]))
