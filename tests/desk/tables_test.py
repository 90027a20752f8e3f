"""Tables: what Python's csv module writes is read, the rest is refused with its place; predictions with names of classes."""
import csv
import gzip
import io
import random
import struct

import float64
import npy
import safetensors
import tables
import tool
from train_test import layers_of

# (what is said, the table, options)
BROKEN = (
    ("broken.csv: there is no row in it", b"", ""),
    ("broken.csv: there is no row in it", b"\n \n\t\n", ""),
    ("no text in UTF-8", "a,b\n1,2\n".encode("utf-16"), ""),
    ("no text in UTF-8", b"a,b\n1,\0\n", ""),
    ("line 1, column 2: it is no UTF-8", "a,breit\u00e9\n1,2\n".encode("latin-1"), ""),
    ("its first row has numbers, not names: give --no-header", b"1,2\n3,4\n5,6\n", ""),
    ("no column is named 'y'; there are a, b", b"a,b\n1,2\n3,4\n", ""),
    ("more than one column is named 'y'", b"y,y\n1,2\n3,4\n", ""),
    ("no column is left as an input", b"y\n1\n2\n", ""),
    ("no column is left as an input", b"x,y\n1,2\n3,4\n", "--ignore x"),
    ("it has not two rows", b"x,y\n1,2\n", ""),
    ("line 3 (row 2), column 1 'x': it is empty", b"x,y\n1,2\n,4\n", ""),
    ("line 3 (row 2), column 2 'y': it is empty", b"x,y\n1,2\n3,\n", ""),
    ("line 4 (row 2), column 1 'x': 'n/a' is no number", b"x,y\n1,2\n\nn/a,4\n", ""),
    ("line 2 (row 1), column 1 'x': '1,5' is no number: give --decimal-comma", b"x;y\n1,5;2\n3;4\n", ""),
    ("'1.5' is no number with a decimal comma", b"x;y\n1.5;2\n3;4\n", "--decimal-comma"),
    ("a comma is its separator, too", b"x,y\n1,2\n3,4\n", "--decimal-comma"),
    ("'nan' is no finite number", b"x,y\nnan,2\n3,4\n", ""),
    ("'-inf' is no finite number", b"x,y\n-inf,2\n3,4\n", ""),
    ("'1e39' is beyond 32-bit floats", b"x,y\n1e39,2\n3,4\n", ""),
    ("'0x10' is no number", b"x,y\n0x10,2\n3,4\n", ""),
    ("'1 000' is no number", b"x,y\n1 000,2\n3,4\n", ""),
    ("line 3: it has 3 cells, the first row has 2", b"x,y\n1,2\n3,4,5\n", ""),
    ("line 3: it has 1 cells, the first row has 2", b"x,y\n1,2\n3\n", ""),
    ("line 2: a quotation mark is opened and never closed", b'x,y\n"1,2\n3,4\n', ""),
    ("line 4, column 1: something follows a closing quotation mark: 'b,4'", b'x,y\n1,"a\nc"\n"3"b,4\n', ""),
    ("line 3 (row 2), column 2 'y': 'lots' is no number, but others in this column are: give --classes",
     b"x,y\n1,2\n3,lots\n5,6\n", ""),
    ("column 'y' has one class alone: 'a'", b"x,y\n1,a\n3,a\n", ""),
    ("column 'y' is the same in all rows", b"x,y\n1,2\n3,2\n4,2\n", ""),
    ("column 'x' lies too far from 0", b"x,y\n5000001,2\n5000002,3\n5000003,2\n", ""),
    ("column 'y' lies too far from 0", b"y,x\n5000001,2\n5000002,3\n5000003,2\n", ""),
    ("--loss and --delta are for regressions", b"x,y\n1,a\n3,b\n4,a\n5,b\n", "--loss huber"),
    ("are for classes: the column has numbers", b"x,y\n1,2\n3,4\n", "--balanced"),
    ("it has fewer rows than 9 folds", b"x,y\n1,2\n3,4\n", "--folds 9"),
)


def identity(columns):
    """A model that gives what it is given."""
    weights = [float(o == i) for o in range(columns) for i in range(columns)]
    tensors = {"0.weight": ("F32", [columns, columns], weights), "0.bias": ("F32", [columns], [0.0] * columns)}
    return safetensors.write(tensors, {"linnet.topology": f"{columns} {columns}:identity"})


class Reading(tool.InAFolder):
    def numbers_of(self, columns, *options):
        self.put("same.safetensors", identity(columns))
        self.good("predict", "same.safetensors", "in.csv", "out.npy", *options)
        return npy.read((self.folder / "out.npy").read_bytes())

    def test_what_python_writes_is_read(self):
        generator = random.Random(7)
        for turn in range(60):
            columns = generator.randrange(1, 6)
            separator = generator.choice(",;\t") if columns > 1 else ","
            rows = [[f"{generator.gauss(0, 10 ** generator.randrange(-9, 9)):.{generator.randrange(1, 18)}g}"
                     for _ in range(columns)] for _ in range(generator.randrange(1, 9))]
            out = io.StringIO()
            writer = csv.writer(out, delimiter=separator, lineterminator=generator.choice(("\n", "\r\n", "\r")),
                                quoting=generator.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)))
            writer.writerow([f'n{k} "{separator}\n' for k in range(columns)])
            writer.writerows(rows)
            with self.subTest(turn=turn, table=out.getvalue()):
                self.put("in.csv", generator.choice((b"", b"\xef\xbb\xbf")) + out.getvalue().encode())
                expected = [[struct.unpack("<f", struct.pack("<f", float(cell)))[0] for cell in row] for row in rows]
                self.assertEqual(self.numbers_of(columns), expected)

    def test_every_form_of_the_same_numbers_is_the_same(self):
        expected = [[1.5, -2.0], [0.25, 300.0]]
        for form, options in ((b"a,b\n1.5,-2\n0.25,3e2\n", ""), (b"1.5,-2\n0.25,3e2", "--no-header"),
                              (b"a;b\n1,5;-2\n,25;+3e2\n", "--decimal-comma"), (b"a\tb\r\n1.5\t-2\r\n.25\t300\r\n", ""),
                              (b"  a  b\n 1.5   -2  \n  0.25\t300\n\n", ""), (b"a b\n1.5 -2\n0.25 300", "--separator blanks"),
                              (b"# of today\nby,all,me\na,b\n1.5,-2\n0.25,300\n", "--skip 2"),
                              (b'\n"a" , "b"\n\n "1.5" ,\t-2\n\n0.25, "300"\n\n', ""), (b"a;b\n1.5;-2\n.25;3.E2\n", "--separator ;")):
            with self.subTest(form):
                self.put("in.csv", form)
                self.assertEqual(self.numbers_of(2, *options.split()), expected)

    def test_a_packed_table_is_unpacked(self):
        text = b"a,b\n" + b"".join(b"%d,%d\n" % (k, -k) for k in range(30000))
        self.put("same.safetensors", identity(2))
        self.put("in.csv", gzip.compress(text))
        if "without zlib" in self.run_tool("predict", "same.safetensors", "in.csv", "out.npy").stderr:
            self.refused(1, "unpack it by gunzip", "predict", "same.safetensors", "in.csv", "out.npy")
            self.skipTest("the tool was built without zlib")
        for packed in (gzip.compress(text), gzip.compress(text[:1000]) + gzip.compress(text[1000:])):
            self.put("in.csv", packed)
            self.assertEqual(self.numbers_of(2)[-1], [29999.0, -29999.0])
        for damaged in (packed[:-9], packed[:2000], packed[:100] + bytes([packed[100] ^ 1]) + packed[101:], packed + b"more"):
            self.put("in.csv", damaged)
            self.refused(1, "in.csv: it is a damaged gzip file", "predict", "same.safetensors", "in.csv", "out.npy")

    def test_what_cannot_be_read_is_refused_with_its_place(self):
        for sentence, table, options in BROKEN:
            with self.subTest(sentence=sentence, table=table):
                self.put("broken.csv", table)
                self.refused(1, sentence, "train", "broken.csv", "--target", "y", *options.split())

    def test_splits_that_do_not_fit_are_refused(self):
        self.put("good.csv", b"x,y\n1,2\n3,4\n5,6\n")
        for sentence, splits, options in (
                ("line 2 (row 2), column 1: '3' is none of 0", b"0\n3\n1\n", ""),
                ("it has not a line for each of the 3 rows", b"0\n1\n", ""),
                ("it has not a line for each of the 3 rows", b"0\n1\n0\n0\n", ""),
                ("column 2 has no rows to learn from, or none for the test", b"0,1\n1,1\n0,1\n", ""),
                ("it has 2 splits, not one for each seed", b"0,1\n1,0\n0,1\n", "--seeds 3")):
            with self.subTest(sentence):
                self.put("splits.csv", splits)
                self.refused(1, sentence, "train", "good.csv", "--target", "y", "--splits", "splits.csv", *options.split())
        self.refused(1, "No such file", "train", "good.csv", "--target", "y", "--splits", "nothing.csv")
        self.refused(1, "would be written over the data", "train", "good.csv", "--target", "y", "--write-splits", "./good.csv")
        self.refused(1, "no such folder", "train", "good.csv", "--target", "y", "--out", "nowhere/model")
        self.refused(1, "too long for a name", "train", "good.csv", "--target", "y", "--out", "m" * 64)


class Classes(tool.InAFolder):
    def test_numbers_that_name_classes_are_in_the_order_of_numbers(self):
        kinds = [("10", "9", "-1")[k % 3] for k in range(30)]
        self.put("in.csv", tables.table(["x"], [[k] for k in range(30)], kinds, "y"))
        said = self.good("train", "in.csv", "--target", "y", "--classes", "--epochs", 1)
        self.assertIn("3 classes of 'y'", said)
        self.assertIn("classes          -1, 9, 10\n", self.good("inspect", "model.safetensors"))
        self.put("in.csv", tables.table(["x"], [[k] for k in range(30)], [*kinds[1:], "n/a"], "y"))
        self.good("train", "in.csv", "--target", "y", "--classes", "--epochs", 1)
        self.assertIn("classes          -1, 10, 9, n/a\n", self.good("inspect", "model.safetensors"))


class Predicting(tool.InAFolder):
    NAMES = ("\u00e4\U0001f426 \"class\"", "two,\nlines", "<b>&amp;</b>\\", "'; rm -rf /")

    def setUp(self):
        super().setUp()
        generator = random.Random(3)
        self.kinds = [self.NAMES[k % 4] for k in range(80)]
        self.rows = [[round(k % 4 + generator.gauss(0, 0.2), 3), round(generator.gauss(0, 1), 3)] for k in range(80)]
        self.put("odd.csv", tables.table(["x,1", "\u03bc"], self.rows, self.kinds, "the \"kind\""))
        self.good("train", "odd.csv", "--target", "the \"kind\"", "--learning-rate", "0.02")

    def table(self, *command):
        self.good("predict", "model.safetensors", *command)
        with open(self.folder / command[1], encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def test_predictions_have_the_names_that_the_data_had(self):
        header, *predicted = self.table("odd.csv", "out.csv")
        layers = layers_of((self.folder / "model.safetensors").read_bytes())
        classes = sorted(self.NAMES, key=lambda name: name.encode())
        self.assertEqual(header, ["the \"kind\"", *classes])
        for row, cells in zip(self.rows, predicted):
            logits, scale = float64.predict(layers, row)
            exponentials = [float64.math.exp(z - max(logits)) for z in logits]
            for share, cell in zip(exponentials, cells[1:]):
                self.assertLessEqual(abs(share / sum(exponentials) - float(cell)), 4e-6 * scale)
            self.assertEqual(cells[0], classes[logits.index(max(logits))])
        self.assertGreater(sum(cells[0] == kind for cells, kind in zip(predicted, self.kinds)), 70)

    def test_columns_are_found_by_their_names_in_any_order(self):
        expected = self.table("odd.csv", "out.csv")
        rows = [["more", row[1], kind, row[0]] for row, kind in zip(self.rows, self.kinds)]
        self.put("other.csv", tables.text_of([["c", "\u03bc", "d", "x,1"], *rows]).encode())
        self.assertEqual(self.table("other.csv", "out.csv"), expected)
        self.put("bare.csv", tables.text_of(self.rows).encode())
        self.assertEqual(self.table("bare.csv", "out.csv", "--no-header"), expected)
        self.put("less.csv", tables.text_of([["x,1", "d"], [1, 2]]).encode())
        self.refused(1, "no column is named '\u03bc'", "predict", "model.safetensors", "less.csv", "out.csv")
        self.put("bare.csv", b"1,2,3\n")
        self.refused(1, "its rows have 3 numbers, the model reads 2", "predict", "model.safetensors", "bare.csv", "out.csv",
                     "--no-header")

    def test_arrays_and_tables_give_the_same_numbers(self):
        rows = self.table("odd.csv", "out.csv")[1:]
        self.good("predict", "model.safetensors", "odd.csv", "out.npy")
        shares = npy.read((self.folder / "out.npy").read_bytes())
        self.assertEqual([[struct.unpack("<f", struct.pack("<f", float(x)))[0] for x in row[1:]] for row in rows], shares)
        self.put("in.npy", npy.write(self.rows, 2, "f8"))
        self.assertEqual(self.table("in.npy", "again.csv")[1:], rows)

    def test_names_in_a_header_are_the_texts_that_c_reads(self):
        header = (self.folder / "model.h").read_text(encoding="ascii")
        self.assertIn(r'"\303\244\360\237\220\246 \"class\""', header)
        self.assertIn(r'"two,\012lines"', header)
        self.assertIn(r'"<b>&amp;</b>\\"', header)

    def test_damaged_names_never_crash_the_tool(self):
        file = (self.folder / "model.safetensors").read_bytes()
        generator = random.Random(11)
        for turn in range(150):
            damaged = bytearray(file)
            damaged[generator.randrange(20, 330)] = generator.choice(b'"\\u,{}[]:dD8c\xff\x00 ')
            with self.subTest(turn=turn, file=bytes(damaged[:330])):
                self.put("damaged.safetensors", bytes(damaged))
                for command in (("inspect",), ("convert", "out.h"), ("predict", "odd.csv", "out.csv")):
                    ended = self.run_tool(command[0], "damaged.safetensors", *command[1:])
                    self.assertIn(ended.returncode, (0, 1), ended)

    def test_names_that_another_program_wrote_are_read(self):
        tensors, metadata = safetensors.read((self.folder / "model.safetensors").read_bytes())
        expected = self.table("odd.csv", "out.csv")
        self.put("model.safetensors", safetensors.write(tensors, {"a": "\u00e4\U0001f426", **metadata}))  # in ASCII, escaped
        self.assertEqual(self.table("odd.csv", "out.csv"), expected)
        metadata["linnet.classes"] = "a,b"  # not as many as there are outputs
        self.put("model.safetensors", safetensors.write(tensors, metadata))
        self.assertEqual(self.table("odd.csv", "out.csv")[0], [f"output {k}" for k in (1, 2, 3, 4)])

    def test_a_terminal_gets_no_commands_out_of_the_data(self):
        self.put("bad.csv", tables.table(["x"], [[k] for k in range(8)], ["\x1b[31mred", "\u009bblue"] * 4, "y\x07"))
        said = self.good("train", "bad.csv", "--target", "y\x07", "--epochs", "1")
        said += self.good("inspect", "model.safetensors")
        self.assertIn("?[31mred", said)
        self.assertEqual([c for c in said if c != "\n" and (c < " " or "\x7f" <= c < "\xa0")], [])
