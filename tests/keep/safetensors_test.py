"""What the library writes as safetensors, read by a reader of ours that is not the library's.

    python3 -B safetensors_test.py WRITTEN_MODELS        the program of written.cpp
"""
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

import safetensors

STORED = pathlib.Path(__file__).resolve().parents[1] / "data" / "safetensors"
PROGRAM = None


def file_of(header, data=b""):
    return struct.pack("<Q", len(header)) + header + data


class Safetensors(unittest.TestCase):
    def test_a_written_model_has_its_names_its_topology_and_all_its_bits(self):
        with tempfile.TemporaryDirectory() as place:
            lines = subprocess.run([PROGRAM, place], check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
            self.assertEqual(len(lines), 20)
            for line in lines:
                file, digits, names, topology = line.split("\t")
                with self.subTest(file):
                    tensors, metadata = safetensors.read((pathlib.Path(place) / file).read_bytes())
                    self.assertEqual(list(tensors), names.split(","))
                    self.assertEqual(metadata, {"linnet.topology": topology})
                    self.assertEqual(safetensors.fnv(x for _, _, values in tensors.values() for x in values), digits)
                    self.assertEqual(shapes(tensors), shapes_of(topology))

    def test_the_stored_files_are_what_the_writer_writes(self):
        for number in range(20):
            stored = (STORED / f"{number:02}.safetensors").read_bytes()
            self.assertEqual(stored, safetensors.stored(number))
            safetensors.read(stored)

    def test_the_reader_refuses_what_is_not_of_the_format(self):
        entry = b'"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
        self.assertEqual(safetensors.read(file_of(b"{" + entry + b"}", b"\0\0\x80?"))[0]["a"], ("F32", [1], [1.0]))
        for header, data in ((b"{" + entry + b"," + entry + b"}", b"1234"), (b"{" + entry + b"}", b"12345"),
                             (b"{" + entry + b"}", b"123"), (b"{" + entry.replace(b"[1]", b"[2]") + b"}", b"1234"),
                             (b"{" + entry.replace(b"F32", b"I32") + b"}", b"1234"), (b" {}", b""),
                             (b"{" + entry.replace(b"[0,4]", b"[4,8]") + b"}", b"12345678"),
                             (b'{"__metadata__":{"a":1}}', b""), (b'{"\xff":{}}', b"")):
            with self.subTest(header), self.assertRaises(ValueError):
                safetensors.read(file_of(header, data))

    def test_a_hash_is_fnv_1a(self):
        self.assertEqual(safetensors.fnv([]), "cbf29ce484222325")
        self.assertNotEqual(safetensors.fnv([1.0, 2.0]), safetensors.fnv([2.0, 1.0]))


def shapes(tensors):
    return [shape for _, shape, _ in tensors.values()]


def shapes_of(topology):
    inputs, *layers = topology.split()
    found, width = [], int(inputs)
    for layer in layers:
        units = int(layer.split(":")[0])
        found += [[units, width]] if layer.endswith(",nobias") else [[units, width], [units]]
        width = units
    return found


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
