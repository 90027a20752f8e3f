"""A model that is written as a header compiles without a warning and predicts the bits of the model that it was.

    python3 -B header_test.py MODEL_WRITTEN LIBRARY FUSED CXX CC

MODEL_WRITTEN is the program of model_written.cpp, FUSED 1 or 0, CXX and CC are compilers.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
STRICT = ["-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffp-contract=off"]


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, text=True, stdout=subprocess.PIPE).stdout


class WrittenModel(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.program, self.library, self.fused, self.cxx, self.cc = ARGUMENTS
        self.expected = run(self.program, self.place)
        self.assertEqual(len(self.expected.split()), 12)

    def predicted(self, *compile_command):
        run(*compile_command, "-o", self.place / "predict")
        return run(self.place / "predict")

    def test_the_headers_are_those_that_are_stored(self):
        for name in "model.hpp", "model.h":
            stored = HERE.parent / "data" / "headers" / name
            self.assertEqual((self.place / name).read_text(), stored.read_text())

    def test_a_model_in_cpp_predicts_the_same_bits(self):
        source = [HERE / "model_cpp.cpp", self.library]
        flags = ["-std=c++17", *STRICT, f"-I{self.place}", f"-I{HERE}", f"-I{INCLUDE}"]
        self.assertEqual(self.predicted(self.cxx, *flags, *source), self.expected)

    def test_a_model_in_c99_predicts_the_same_bits(self):
        flags = ["-std=c99", *STRICT, f"-DFUSED={self.fused}", f"-I{self.place}", f"-I{HERE}"]
        self.assertEqual(self.predicted(self.cc, *flags, HERE / "model_c99.c", "-lm"), self.expected)

    def test_another_model_predicts_other_bits(self):
        header = self.place / "model.h"
        header.write_text(header.read_text().replace("p-3f", "p-4f", 1))
        flags = ["-std=c99", *STRICT, f"-DFUSED={self.fused}", f"-I{self.place}", f"-I{HERE}"]
        self.assertNotEqual(self.predicted(self.cc, *flags, HERE / "model_c99.c", "-lm"), self.expected)


if __name__ == "__main__":
    ARGUMENTS = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
