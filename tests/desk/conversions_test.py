"""Models that the desk tool converts keep every bit, and predict what 64-bit floats predict."""
import random
import re
import struct

import float64
import npy
import safetensors
import tool


def bits(floats):
    return struct.pack(f"<{len(floats)}f", *floats)


def hexadecimal_floats(header):
    return [float.fromhex(word) for word in re.findall(r"(-?0x[0-9a-f.]+p[-+]?\d+)f", header)]


class Conversions(tool.InAFolder):
    def test_a_model_that_goes_through_a_checkpoint_keeps_every_bit(self):
        for number in range(tool.NETWORKS):
            with self.subTest(number):
                topology, layers, floats, file = tool.random_file(number)
                self.put("in.safetensors", file)
                unit = random.Random(number).choice((1, 8, 32, 256))
                self.good("convert", "in.safetensors", "kept.lnt", "--unit", unit)
                self.good("convert", "kept.lnt", "out.safetensors")
                tensors, metadata = safetensors.read((self.folder / "out.safetensors").read_bytes())
                self.assertEqual(metadata["linnet.topology"], topology)
                self.assertEqual(bits(tool.floats_of(tensors, len(layers))), bits(floats))
                self.assertEqual(self.good("hash", "kept.lnt"), safetensors.fnv(floats) + "\n")

    def test_a_header_has_every_bit_and_the_topology(self):
        for number in range(tool.NETWORKS):
            with self.subTest(number):
                topology, _, floats, file = tool.random_file(number)
                self.put("in.safetensors", file)
                self.good("convert", "in.safetensors", "model.h", "--c99")
                header = (self.folder / "model.h").read_text()
                self.assertEqual(bits(hexadecimal_floats(header)), bits(floats))
                self.assertIn(topology, header)

    def test_stored_files_of_other_names_and_types_come_to_their_hash(self):
        self.assertEqual(len(tool.STORED), 20)
        for path in tool.STORED:
            with self.subTest(path.name):
                _, metadata = safetensors.read(path.read_bytes())
                self.good("convert", path, "out.safetensors")
                self.assertEqual(self.good("hash", "out.safetensors"), metadata["test.hash"] + "\n")
                self.assertEqual(self.good("hash", path), metadata["test.hash"] + "\n")

    def test_predictions_are_those_of_64_bit_floats(self):
        for number in range(tool.NETWORKS):
            for kind in ("f4", "f8"):
                with self.subTest(number=number, kind=kind):
                    self.look_at_predictions(number, kind)

    def look_at_predictions(self, number, kind):
        _, layers, _, file = tool.random_file(number)
        generator = random.Random(number)
        columns = len(layers[0][1][0])
        rows = [[generator.gauss(0.0, 1.0) for _ in range(columns)] for _ in range(7)]
        rounded = [list(struct.unpack(f"<{columns}f", bits(row))) for row in rows]
        self.put("model.safetensors", file)
        self.put("in.npy", npy.write(rows, columns, kind))
        self.good("predict", "model.safetensors", "in.npy", "out.npy")
        predicted = npy.read((self.folder / "out.npy").read_bytes())
        self.assertEqual(len(predicted), 7)
        for row, outputs in zip(rounded, predicted):
            expected, scale = float64.predict(layers, row)
            self.assertEqual(len(outputs), len(expected))
            for x, y in zip(outputs, expected):
                self.assertLessEqual(abs(x - y), 2e-6 * scale)

    def test_no_rows_predict_no_rows(self):
        _, layers, _, file = tool.random_file(3)
        self.put("model.safetensors", file)
        self.put("in.npy", npy.write([], len(layers[0][1][0])))
        self.good("predict", "model.safetensors", "in.npy", "out.npy")
        self.assertEqual(npy.read((self.folder / "out.npy").read_bytes()), [])
