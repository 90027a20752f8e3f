"""Every way in which the desk tool says no: its exit code, its sentence, and that it writes nothing."""
import os
import resource
import struct
import subprocess

import npy
import safetensors
import tool

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
ROW = struct.pack("<2f", 1.0, 2.0)
# (what is wrong, file)
ARRAYS = (
    ("no .npy file of version 1.0", b""),
    ("no .npy file of version 1.0", b"\x93NUMPX" + npy.file_of(HEADER, ROW)[6:]),
    ("no .npy file of version 1.0", npy.file_of(HEADER, ROW, version=b"\x02\x00")),
    ("its header is not one", npy.file_of(HEADER, ROW)[:60]),
    ("its header is not one", npy.file_of(HEADER + "x", ROW)),
    ("its header is not one", npy.file_of(HEADER.replace("}", ""), ROW)),
    ("its header is not one", npy.file_of(HEADER.replace("'descr'", "'dtype'"), ROW)),
    ("its header is not one", npy.file_of(HEADER.replace("{", "{'descr': '<f4', "), ROW)),
    ("its header is not one", npy.file_of("{'descr': '<f4', 'fortran_order': False, }", ROW)),
    ("its header is not one", npy.file_of(HEADER.replace("False", "0"), ROW)),
    ("its header is not one", npy.file_of(HEADER.replace("<f4', ", "<f4' "), ROW)),
    ("its header is not one", npy.file_of(HEADER, ROW).replace(b"\x76\x00", b"\x75\x00", 1)),
    ("its header is not one", npy.file_of(HEADER, ROW, padded=False)),
    ("astype('<f4')", npy.file_of(HEADER.replace("<f4", ">f4"), ROW)),
    ("astype('<f4')", npy.file_of(HEADER.replace("<f4", "<i4"), ROW)),
    ("ascontiguousarray", npy.file_of(HEADER.replace("False", "True"), ROW)),
    ("reshape(rows, columns)", npy.file_of(HEADER.replace("(1, 2)", "(2,)"), ROW)),
    ("reshape(rows, columns)", npy.file_of(HEADER.replace("(1, 2)", "(1, 1, 2)"), ROW)),
    ("reshape(rows, columns)", npy.file_of(HEADER.replace("(1, 2)", "()"), ROW)),
    ("reshape(rows, columns)", npy.file_of(HEADER.replace("(1, 2)", "(01, 2)"), ROW)),
    ("reshape(rows, columns)", npy.file_of(HEADER.replace("(1, 2)", "(1073741824, 2)"), ROW)),
    ("not as many bytes", npy.file_of(HEADER, ROW + b"\0")),
    ("not as many bytes", npy.file_of(HEADER, ROW[:-1])),
    ("not as many bytes", npy.file_of(HEADER.replace("(1, 2)", "(536870912, 1073741823)"), ROW)),
    ("rows have 3 numbers, the model reads 2", npy.write([[1.0, 2.0, 3.0]], 3)),
    ("row 1, column 0 (counted from 0) is NaN or infinite", npy.write([[1.0, 2.0], [float("nan"), 2.0]], 2)),
    ("row 0, column 1 (counted from 0) is NaN or infinite", npy.write([[1.0, float("inf")]], 2, "f8")),
    ("beyond 32-bit floats", npy.write([[1.0, -3.5e38]], 2, "f8")),
    ("numbers would leave the finite range", npy.write([[3e38, 3e38]], 2)),
)


def model(metadata=None, weights=(2.0, 2.0, 2.0, -2.0), kind="F32"):
    tensors = {"0.weight": (kind, [2, 2], list(weights)), "0.bias": ("F32", [2], [0.5, 0.25])}
    return safetensors.write(tensors, metadata)


def with_topology(text, **more):
    return model({"linnet.topology": text}, **more)


class Refusals(tool.InAFolder):
    def setUp(self):
        super().setUp()
        self.put("model.safetensors", with_topology("2 2:identity"))
        self.put("shape.safetensors", model())
        self.put("kept.lnt", (tool.CHECKPOINTS / "parameters.lnt").read_bytes())
        self.put("rows.npy", npy.write([[1.0, 2.0]], 2))

    def test_a_wrong_command_line_is_exit_2(self):
        for sentence, arguments in (
                ("subcommand is required", ""), ("subcommand is required", "learn kept.lnt"),
                ("subcommand is required", "--nothing"), ("not expected", "inspect kept.lnt more"),
                ("required", "hash"), ("required", "predict model.safetensors rows.npy"),
                ("does not end in", "convert kept.lnt out.txt"), ("does not end in", "convert kept.lnt out"),
                ("--unit", "convert kept.lnt out.lnt --unit 3"), ("--size", "convert kept.lnt out.lnt --size many"),
                ("--c99 and --name are for .h", "convert kept.lnt out.lnt --c99"),
                ("--size and --unit for .lnt", "convert kept.lnt out.h --size 4096"),
                ("--size and --unit for .lnt", "convert kept.lnt out.safetensors --unit 8"),
                ("--name are for .h", "convert kept.lnt out.safetensors --name model"),
                ("--topology", "hash kept.lnt --topology 2"), ("--topology", "hash kept.lnt --topology"),
                ("--activations: ''", "hash kept.lnt --activations tanh,"),
                ("--activations", "hash kept.lnt --activations tan"),
                ("no activation", "hash kept.lnt --activations tanh,nobias:relu")):
            with self.subTest(arguments):
                self.refused(2, sentence, *arguments.split())
        self.refused(2, "excludes", "hash", "kept.lnt", "--topology", "2 3:tanh", "--activations", "tanh")

    def test_a_wrong_command_line_of_train_is_exit_2(self):
        self.put("good.csv", b"x,y\n1,2\n3,4\n5,6\n7,8\n")
        self.refused(2, "--target is required", "train", "good.csv")
        self.refused(2, "DATA is required", "train", "--target", "y")
        for sentence, options in (
                ("--hidden: '0'", "--hidden 0"), ("--hidden: '8,,8'", "--hidden 8,,8"), ("--hidden", "--hidden 8,x"),
                ("--hidden", "--hidden 99999999999999999999"), ("--hidden", f"--hidden {','.join(['2'] * 16)}"),
                ("--hidden, --activation", "--activation tan"), ("--hidden, --activation", "--activation softmax"),
                ("--epochs", "--epochs 0"), ("--epochs", "--epochs many"), ("--batch", "--batch 0"), ("--batch", "--batch -1"),
                ("--test", "--test 0"), ("--test", "--test 1"), ("--test", "--test nan"), ("--seed", "--seed -1"),
                ("--seeds", "--seeds 0"), ("--folds", "--folds 1"), ("excludes", "--folds 3 --seeds 2"),
                ("excludes", "--folds 3 --test 0.5"), ("excludes", "--splits good.csv --folds 2"),
                ("excludes", "--splits good.csv --test 0.5"), ("--optimizer", "--optimizer newton"),
                ("--optimizer and its numbers", "--learning-rate -1"), ("--optimizer and its numbers", "--learning-rate nan"),
                ("--optimizer and its numbers", "--momentum 1"), ("--optimizer and its numbers", "--optimizer sgd --beta1 0.5"),
                ("--optimizer and its numbers", "--label-smoothing 2"), ("--optimizer and its numbers", "--clip-norm -1"),
                ("--initializer, --gain", "--initializer orthogonal --stddev 2"), ("--initializer, --gain", "--gain 2"),
                ("--initializer", "--initializer xavier"), ("--scale", "--scale half"), ("--loss", "--loss own"),
                ("--patience", "--patience -1"), ("--validation", "--validation 1"), ("--least-gain", "--least-gain -1"),
                ("--least-gain", "--least-gain nan"), ("--separator", "--separator |"), ("--out", "--out models/"), ("--decimal-comma", "--decimal-comma --separator ,")):
            with self.subTest(options):
                self.refused(2, sentence, "train", "good.csv", "--target", "y", *options.split())

    def test_files_that_are_not_there_or_no_models_are_exit_1(self):
        self.put("zip.bin", b"PK\x03\x04")
        for sentence, arguments in (
                ("No such file", "hash nothing.lnt"), ("No such file", "predict model.safetensors nothing.npy out.npy"),
                ("Is a directory", "inspect ."), ("weights_only=True", "hash zip.bin"), ("an array", "hash rows.npy"),
                ("no text in UTF-8", "predict model.safetensors kept.lnt out.npy"), ("beyond", "hash beyond.safetensors"),
                ("no checkpoint", "hash text.txt"), ("major version", "hash other.lnt")):
            with self.subTest(arguments):
                self.put("beyond.safetensors", model(weights=(1e300, 1.0, 1.0, 1.0), kind="F64"))
                self.put("text.txt", b"a text")
                self.put("other.lnt", other_format((self.folder / "kept.lnt").read_bytes()))
                self.refused(1, sentence, *arguments.split())

    def test_what_the_file_and_the_command_line_say_must_agree(self):
        for sentence, *arguments in (
                ("it says '2 2:identity', not '2 2:tanh'", "hash", "model.safetensors", "--topology", "2 2:tanh"),
                ("it says '2 2:identity', not '2 2:tanh'", "hash", "model.safetensors", "--activations", "tanh"),
                ("1 layers (2 2), but 2 activations", "hash", "shape.safetensors", "--activations", "tanh,tanh"),
                ("1 layers (2 2), but 2 activations", "hash", "model.safetensors", "--activations", "tanh,tanh"),
                ("not '2 3:tanh 1:identity'", "hash", "kept.lnt", "--topology", "2 3:tanh 1:identity"),
                ("not '2 3:tanh 1:identity,nobias'", "hash", "kept.lnt", "--activations", "tanh,identity"),
                ("too short for", "hash", "shape.safetensors", "--topology", "2 999999:tanh 9999:tanh"),
                ("tensor '0.weight'", "hash", "shape.safetensors", "--topology", "2 3:tanh"),
                ("has no place for", "hash", "shape.safetensors", "--layers", "fc1")):
            with self.subTest(arguments):
                self.refused(1, sentence, *arguments)

    def test_activations_that_nobody_says_are_asked_for(self):
        asked = "give --activations with 1 names, for the layers of 2 2"
        self.refused(1, asked, "predict", "shape.safetensors", "rows.npy", "out.npy")
        self.refused(1, asked, "convert", "shape.safetensors", "out.lnt")
        self.good("convert", "shape.safetensors", "said.lnt", "--activations", "leaky_relu(0.25)")
        self.assertIn("2 2:leaky_relu(0.25)", self.good("inspect", "said.lnt"))
        self.assertEqual(self.good("hash", "shape.safetensors"), self.good("hash", "said.lnt"))

    def test_names_of_layers_tell_tensors_of_one_shape_apart(self):
        tensors = {f"{name}.weight": ("F32", [2, 2], [x] * 4) for name, x in (("last", 2.0), ("begin", 1.0))}
        self.put("named.safetensors", safetensors.write(tensors))
        self.refused(1, "more than one order", "hash", "named.safetensors")
        self.assertEqual(self.good("hash", "named.safetensors", "--layers", "begin,last"),
                         safetensors.fnv([1.0] * 4 + [2.0] * 4) + "\n")

    def test_arrays_that_are_not_rows_of_the_model_are_exit_1(self):
        for sentence, file in ARRAYS:
            with self.subTest(sentence=sentence, file=file):
                self.put("rows.npy", file)
                self.refused(1, sentence, "predict", "model.safetensors", "rows.npy", "out.npy")

    def test_headers_and_media_that_cannot_be_are_exit_1(self):
        self.refused(1, "too small for two slots: 400", "convert", "kept.lnt", "out.lnt", "--size", "399")
        self.good("convert", "kept.lnt", "out.lnt", "--size", "400")
        self.refused(1, "a header of 'a b'", "convert", "kept.lnt", "model.h", "--name", "a b")


class Writing(tool.InAFolder):
    def setUp(self):
        super().setUp()
        self.put("model.safetensors", with_topology("2 2:identity"))
        self.put("rows.npy", npy.write([[1.0, 2.0]] * 999, 2))
        self.put("out.npy", b"what was there")
        self.command = ("predict", "model.safetensors", "rows.npy", "out.npy")

    def test_a_disk_that_gets_full_leaves_what_was_there(self):
        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        before = self.files()
        ended = self.run_tool(*self.command, preexec_fn=little_room, restore_signals=False)
        self.assertEqual(ended.returncode, 1, ended)
        self.assertIn("out.npy: File too large", ended.stderr)
        self.assertEqual(self.files(), before)
        self.good(*self.command)
        self.assertEqual(len(npy.read((self.folder / "out.npy").read_bytes())), 999)
        self.assertEqual(set(self.files()), set(before))

    def test_a_disk_that_gets_full_while_files_are_written_leaves_all_of_them(self):
        self.put("good.csv", b"x,y\n" + b"".join(b"%d,%d\n" % (k, k % 5) for k in range(40)))
        command = ("train", "good.csv", "--target", "y", "--epochs", 2, "--out", "out")
        for name in ("out.safetensors", "out.h", "out.html"):
            self.put(name, b"what was there")
        before = self.files()

        def no_room_for_the_page():
            resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
        ended = self.run_tool(*command, preexec_fn=no_room_for_the_page, restore_signals=False)
        self.assertEqual(ended.returncode, 1, ended)
        self.assertIn("out.html: File too large", ended.stderr)
        self.assertEqual(self.files(), before)
        self.good(*command)
        self.assertEqual(set(self.files()), set(before))
        self.assertTrue(all(len(data) > 500 for name, data in self.files().items() if name.startswith("out.") and name != "out.npy"))

    def test_a_full_device_is_exit_1(self):
        self.refused(1, "/dev/full: No space left", *self.command[:3], "/dev/full")
        with open("/dev/full", "w", encoding="ascii") as full:
            ended = subprocess.run([str(tool.TOOL), "inspect", "rows.npy"], cwd=self.folder, stdout=full, check=False,
                                   stderr=subprocess.PIPE, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (1, "linnet: what it says could not be written\n"))

    def test_a_pipe_is_written_as_it_is(self):
        self.good(*self.command)
        end, begin = os.pipe()
        ended = self.run_tool(*self.command[:3], f"/dev/fd/{begin}", pass_fds=(begin,))
        os.close(begin)
        with open(end, "rb") as pipe:
            self.assertEqual(pipe.read(), (self.folder / "out.npy").read_bytes())
        self.assertEqual(ended.returncode, 0, ended)

    def test_a_link_stays_a_link(self):
        os.symlink("out.npy", self.folder / "link.npy")
        self.good(*self.command[:3], "link.npy")
        self.assertTrue((self.folder / "link.npy").is_symlink())
        self.assertEqual(len(npy.read((self.folder / "out.npy").read_bytes())), 999)

    def test_a_folder_that_nobody_can_write_to_is_exit_1(self):
        closed = self.folder / "closed"
        closed.mkdir(mode=0o555)
        places = ["/proc/out.npy", "nowhere/out.npy"] + ([] if os.geteuid() == 0 else ["closed/out.npy"])
        for place in places:
            with self.subTest(place):
                self.refused(1, f"{place}: ", *self.command[:3], place)
        self.assertEqual(list(closed.iterdir()), [])


def crc32(data):
    """That of zlib, from its definition."""
    total = 0xffffffff
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xedb88320 if total & 1 else 0)
    return total ^ 0xffffffff


def other_format(kept):
    """A checkpoint whose header says major version 2, with its own CRC right."""
    end, = struct.unpack("<H", kept[6:8])
    header = kept[:4] + b"\2" + kept[5:end]
    return header + struct.pack("<I", crc32(header)) + kept[end + 4:]
