"""What `linnet train` makes of a table: splits, scales, scores, files, each computed again in Python from its definition."""
import math
import os
import pty
import re
import statistics
import subprocess

import float64
import safetensors
import tables
import tool


def layers_of(file):
    """What float64.predict takes, of a .safetensors file; softmax as its own step."""
    tensors, metadata = safetensors.read(file)
    layers = []
    for k, word in enumerate(metadata["linnet.topology"].split()[1:]):
        _, (units, inputs), weights = tensors[f"{2 * k}.weight"]
        matrix = [weights[o * inputs:(o + 1) * inputs] for o in range(units)]
        layers.append((word.split(":")[1].replace("softmax", "identity"), matrix, tensors[f"{2 * k}.bias"][2]))
    return layers


def parts_of(text, run=0):
    """(training rows, test rows, validation rows) of a table of splits."""
    cells = [int(line.split(",")[run]) for line in text.splitlines()]
    return [[row for row, cell in enumerate(cells) if cell == part] for part in (0, 1, 2)]


class Training(tool.InAFolder):
    def setUp(self):
        super().setUp()
        self.names, self.rows, self.kinds = tables.classes()
        self.put("shapes.csv", tables.table(self.names, self.rows, self.kinds))
        self.columns, self.inputs, self.targets = tables.numbers()
        self.put("prices.csv", tables.table(self.columns, self.inputs, self.targets, "price"))
        self.classify = ("train", "shapes.csv", "--target", "kind", "--epochs", "20")
        self.regress = ("train", "prices.csv", "--target", "price", "--epochs", "20")

    def splits_of(self, *command):
        self.good(*command, "--epochs", 1, "--write-splits", "splits.csv")
        return (self.folder / "splits.csv").read_text()

    def predicted(self, row):
        return float64.predict(layers_of((self.folder / "model.safetensors").read_bytes()), row)[0]


class Splits(Training):
    def test_a_seed_gives_the_split_that_python_draws(self):
        for seed in (0, 1, 2 ** 40):
            for share in (0.25, 0.1, 0.5):
                with self.subTest(seed=seed, share=share):
                    options = ("--seed", seed, "--test", share)
                    rows = range(len(self.rows))
                    expected = tables.taken(rows, self.kinds, share, tables.Pcg32(seed, tables.TEST))
                    self.assertEqual(parts_of(self.splits_of(*self.classify[:4], *options))[1], expected)
                    every = range(len(self.targets))
                    expected = tables.taken(every, [0] * len(every), share, tables.Pcg32(seed, tables.TEST))
                    self.assertEqual(parts_of(self.splits_of(*self.regress[:4], *options))[1], expected)

    def test_each_class_has_its_share_of_the_test_and_none_is_left_without_training_rows(self):
        for rows, expected in (({"a": 9, "b": 3, "c": 1}, [5, 2, 0]), ({"a": 8, "c": 1}, [5, 0, 0])):
            kinds = [kind for kind, count in rows.items() for _ in range(count)]
            self.put("few.csv", tables.table(["x"], [[k] for k in range(len(kinds))], kinds))
            train, test, _ = parts_of(self.splits_of("train", "few.csv", "--target", "kind", "--test", 0.5))
            self.assertEqual([[kinds[row] for row in test].count(kind) for kind in "abc"], expected)
            self.assertEqual(sorted(train + test), list(range(len(kinds))))

    def test_folds_test_every_row_once(self):
        text = self.splits_of(*self.classify[:4], "--folds", 5, "--seed", 3)
        tests = [parts_of(text, fold)[1] for fold in range(5)]
        self.assertEqual(sorted(sum(tests, [])), list(range(len(self.rows))))
        self.assertEqual(tests, tables.folds(self.kinds, 5, 3))
        sizes = [[self.kinds[row] for row in test].count("round") for test in tests]
        self.assertLessEqual(max(sizes) - min(sizes), 1)

    def test_splits_that_were_written_are_taken_and_give_the_same_model(self):
        said = self.good(*self.classify, "--seeds", 3, "--write-splits", "splits.csv")
        model = (self.folder / "model.safetensors").read_bytes()
        again = self.good(*self.classify, "--seeds", 3, "--splits", "splits.csv")
        self.assertEqual(said.splitlines()[:-2], again.splitlines()[:-2])
        self.assertEqual(said.splitlines()[-1], again.splitlines()[-1])
        self.assertEqual((self.folder / "model.safetensors").read_bytes(), model)
        self.assertRegex(self.good(*self.classify, "--splits", "splits.csv"), r", 3 splits\)\n$")

    def test_another_split_changes_neither_the_first_weights_nor_the_order(self):
        half = parts_of(self.splits_of(*self.classify[:4], "--test", 0.5))[1]
        self.put("one.csv", "".join(f"{int(row == half[0])}\n" for row in range(len(self.rows))).encode())
        self.put("two.csv", "".join(f"{int(row == half[1])}\n" for row in range(len(self.rows))).encode())
        lines = [self.good(*self.classify, "--splits", name, "--learning-rate", 0, "--scale", "none").splitlines()
                 for name in ("one.csv", "two.csv")]
        hashes = [[line for line in found if line.startswith("hash")] for found in lines]
        self.assertEqual(hashes[0], hashes[1])


class Patience(Training):
    OPTIONS = ("--patience", 5, "--learning-rate", 0.05, "--seed", 3)

    def setUp(self):
        super().setUp()
        self.kinds[::7] = [{"flat": "round", "round": "tall", "tall": "flat"}[kind] for kind in self.kinds[::7]]
        self.put("shapes.csv", tables.table(self.names, self.rows, self.kinds))  # no loss falls to 0

    def test_a_share_of_the_training_rows_validates(self):
        text = self.splits_of(*self.classify[:4], *self.OPTIONS)
        train, test, validation = parts_of(text)
        rows = sorted(train + validation)
        self.assertEqual(test, parts_of(self.splits_of(*self.classify[:4], "--seed", 3))[1])
        self.assertEqual(validation, tables.taken(rows, self.kinds, 0.15, tables.Pcg32(3, tables.VALIDATION)))
        self.put("splits.csv", text.encode())
        self.good(*self.classify, *self.OPTIONS, "--splits", "splits.csv", "--write-splits", "again.csv")
        self.assertEqual((self.folder / "again.csv").read_text(), text)

    def test_it_ends_a_training_and_takes_the_weights_of_the_best_epoch(self):
        said = self.good("train", "shapes.csv", "--target", "kind", *self.OPTIONS, "--write-splits", "splits.csv")
        best, last = map(int, re.search(r"weights +of epoch (\d+) of (\d+),", said).groups())
        self.assertEqual(last, best + 5)
        self.assertLess(last, 200)
        validation = parts_of((self.folder / "splits.csv").read_text())[2]
        taken = (self.folder / "model.safetensors").read_bytes()
        losses = {}
        for epochs in range(1, last + 1):
            self.good("train", "shapes.csv", "--target", "kind", *self.OPTIONS[2:], "--splits", "splits.csv", "--epochs",
                      epochs)
            losses[epochs] = self.loss_on(validation)
            if epochs == best:
                self.assertEqual((self.folder / "model.safetensors").read_bytes(), taken)
        self.assertEqual(min(losses, key=losses.get), best)

    def loss_on(self, rows):
        names, losses = sorted(set(self.kinds)), []
        for row in rows:
            logits = self.predicted(self.rows[row])
            top = max(logits)
            losses.append(top + math.log(math.fsum(math.exp(z - top) for z in logits))
                          - logits[names.index(self.kinds[row])])
        return math.fsum(losses) / len(losses)


class Scores(Training):
    def test_the_table_of_classes_is_that_of_the_written_model(self):
        said = self.good(*self.classify, "--write-splits", "splits.csv", "--hidden", "16,8")
        test = parts_of((self.folder / "splits.csv").read_text())[1]
        names = sorted(set(self.kinds))
        predicted = []
        for row in test:
            outputs = self.predicted(self.rows[row])
            predicted.append(names[outputs.index(max(outputs))])
        true = [self.kinds[row] for row in test]
        self.assertIn(f"test accuracy    {sum(map(str.__eq__, true, predicted)) / len(test):.4f}\n", said)
        scores = tables.class_scores(true, predicted, names)
        for name in names:
            line = re.search(rf"^{name} +(\S+) +(\S+) +(\S+) +(\d+)$", said, re.M).groups()
            self.assertEqual(line, tuple(f"{x:.4f}" for x in scores[name][:3]) + (str(scores[name][3]),))
        mean = re.search(r"^mean +(\S+) +(\S+) +(\S+) +(\d+)$", said, re.M).groups()
        means = [math.fsum(scores[name][k] for name in names) / 3 for k in range(3)]
        for x, y in zip(mean, means):
            self.assertLessEqual(abs(float(x) - y), 0.51e-4)
        self.assertEqual(mean[3], str(len(test)))

    def test_the_r2_is_that_of_the_written_model(self):
        said = self.good(*self.regress, "--write-splits", "splits.csv", "--activation", "tanh")
        test = parts_of((self.folder / "splits.csv").read_text())[1]
        predicted = [self.predicted(self.inputs[row])[0] for row in test]
        true = [self.targets[row] for row in test]
        self.assertIn(f"test R2          {tables.r2(true, predicted):.4f}\n", said)
        rmse, mae = re.search(r"error +(\S+) root mean square, (\S+) mean absolute", said).groups()
        errors = [p - t for t, p in zip(true, predicted)]
        self.assertAlmostEqual(float(rmse) / math.sqrt(statistics.fmean(e * e for e in errors)), 1.0, delta=1e-5)
        self.assertAlmostEqual(float(mae) / statistics.fmean(map(abs, errors)), 1.0, delta=1e-5)

    def test_the_last_line_is_mean_and_deviation_of_the_runs(self):
        for command, what in ((self.classify, "accuracy"), (self.regress, "R2")):
            said = self.good(*command, "--seeds", 6)
            runs = [float(x) for x in re.findall(rf"test {what} +(-?\d\.\d{{4}})$", said, re.M)]
            last = said.splitlines()[-1]
            mean, deviation = re.fullmatch(rf"mean test {what} (\S+) \(deviation (\S+), 6 seeds\)", last).groups()
            self.assertEqual(len(runs), 6)
            self.assertAlmostEqual(float(mean), statistics.fmean(runs), delta=1.01e-4)
            self.assertAlmostEqual(float(deviation), statistics.stdev(runs), delta=1.6e-4)
        self.assertRegex(self.good(*self.classify, "--folds", 4), r"\nmean test accuracy \S+ \(deviation \S+, 4 folds\)\n$")

    def test_a_run_of_many_is_the_run_of_its_seed(self):
        many = re.findall(r"test accuracy +(\S+)$", self.good(*self.classify, "--seeds", 3, "--seed", 5), re.M)
        for k in range(3):
            alone = self.good(*self.classify, "--seed", 5 + k)
            self.assertIn(f"test accuracy    {many[k]}\n", alone)


class Scales(Training):
    """The scale goes into the weights: a table that Python has scaled, learned as it is, predicts the same."""

    def compare(self, command, rows, targets, outputs_of):
        self.good(*command, "--epochs", 3, "--write-splits", "splits.csv")
        train, test, _ = parts_of((self.folder / "splits.csv").read_text())
        folded = layers_of((self.folder / "model.safetensors").read_bytes())
        scale = tables.scales(rows, train)
        scaled = [[(x - mean) / deviation for x, (mean, deviation) in zip(row, scale)] for row in rows]
        goal, back = outputs_of(targets, train)
        self.put("scaled.csv", tables.table([f"c{k}" for k in range(len(rows[0]))], scaled, goal, "goal"))
        self.good("train", "scaled.csv", "--target", "goal", "--epochs", 3, "--scale", "none", "--splits", "splits.csv")
        plain = layers_of((self.folder / "model.safetensors").read_bytes())
        for row in test:
            one, scale_of_sums = float64.predict(folded, rows[row])
            other, _ = float64.predict(plain, scaled[row])
            for x, y in zip(one, map(back, other)):
                # Inputs that Python rounds once and the tool twice differ by 2^-24; twelve steps do not make 1e-4 of it.
                self.assertLessEqual(abs(x - y), 1e-4 * max(1.0, abs(y)), (row, scale_of_sums))

    def test_of_inputs(self):
        self.compare(self.classify[:4], self.rows, self.kinds, lambda kinds, _: (kinds, lambda y: y))

    def test_of_inputs_and_targets(self):
        def outputs_of(targets, train):
            mean, deviation = tables.scales([[t] for t in targets], train)[0]
            return [(t - mean) / deviation for t in targets], lambda y: mean + deviation * y
        self.compare(self.regress[:4], self.inputs, self.targets, outputs_of)

    def test_a_constant_column_is_left_out_of_account(self):
        said = self.good(*self.classify)
        self.assertIn("column 'always' is constant: it is left out of account\n", said)
        first = layers_of((self.folder / "model.safetensors").read_bytes())[0][1]
        self.assertEqual({unit[2] for unit in first}, {0.0})
        self.assertTrue(all(unit[0] != 0.0 for unit in first))

    def test_a_column_too_far_from_0_is_named(self):
        rows = [[1700000000 + k, k % 7] for k in range(60)]
        self.put("clock.csv", tables.table(["time", "x"], rows, [k % 7 for k in range(60)], "y"))
        self.refused(1, "column 'time' lies too far from 0", "train", "clock.csv", "--target", "y")
        self.good("train", "clock.csv", "--target", "y", "--epochs", 2, "--ignore", "time")


class Terminal(Training):
    def test_a_terminal_gets_a_bar_in_the_place_of_the_lines(self):
        command = [str(tool.TOOL), *map(str, self.classify), "--seeds", "2", "--hidden", "64,64"]
        end, begin = pty.openpty()
        with subprocess.Popen(command, cwd=self.folder, stdout=begin, env={**os.environ, "TERM": "xterm"}) as run:
            os.close(begin)
            said = b""
            while part := read_or_nothing(end):
                said += part
        os.close(end)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(said, rb"\rrun 1 of 2 \[=*> *\] train loss \d")
        self.assertNotIn(b"epoch  train loss", said)
        last = said.split(b"\x1b[K")[-1].replace(b"\r\n", b"\n").decode()
        self.assertTrue(self.good(*command[1:]).endswith(last), last)


def read_or_nothing(end):
    """What a terminal has got; nothing when the program has gone."""
    try:
        return os.read(end, 4096)
    except OSError:
        return b""


class Files(Training):
    def test_the_same_command_writes_the_same_bytes(self):
        said = self.good(*self.classify)
        files = self.files()
        self.assertEqual(set(files), {"shapes.csv", "prices.csv", "model.safetensors", "model.h", "model.html"})
        self.assertEqual(self.good(*self.classify), said)
        self.assertEqual(self.files(), files)
        self.good(*self.classify, "--seed", 1)
        for name in ("model.safetensors", "model.h", "model.html"):
            self.assertNotEqual((self.folder / name).read_bytes(), files[name])

    def test_names_are_in_the_model_and_in_the_header(self):
        self.good(*self.classify, "--out", "own name")
        _, metadata = safetensors.read((self.folder / "own name.safetensors").read_bytes())
        self.assertEqual(metadata["linnet.classes"], "flat,round,tall")
        self.assertEqual(metadata["linnet.inputs"], "width,mass,always,angle")
        self.assertEqual(metadata["linnet.target"], "kind")
        header = (self.folder / "own name.h").read_text()
        self.assertIn('own_name_classes[] = {"flat", "round", "tall"};', header)
        self.good("convert", "own name.safetensors", "again.safetensors")
        self.assertEqual(*((self.folder / f"{name}.safetensors").read_bytes() for name in ("own name", "again")))

    def test_what_is_said_of_memory_is_the_sum_of_its_parts(self):
        said = self.good(*self.classify, "--hidden", "16,16", "--batch", 8)
        parameters = 4 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3
        self.assertIn(f"to predict {4 * parameters} bytes of flash for the weights, 128 of RAM\n", said)
        # Adam's two floats a parameter, two rows of all units, 16 bytes of pointers a layer
        rows = [4 * (2 * parameters + batch * 2 * (16 + 16 + 3)) + 16 * 3 for batch in (1, 8)]
        self.assertIn(f"{4 * parameters + rows[0]} bytes of RAM, a row at a time (in batches {4 * parameters + rows[1]})\n", said)

    def test_every_option_of_a_recipe_is_taken(self):
        def hashes(command, *all_options):
            return [re.search("hash.*", self.good(*command, *options.split())).group() for options in all_options]

        found = hashes(self.classify, "", "--optimizer sgd_momentum", "--optimizer sgd_momentum --momentum 0.5",
                       "--learning-rate 0.1", "--weight-decay 0.01", "--optimizer adamw", "--beta1 0.8", "--beta2 0.99",
                       "--epsilon 1e-6", "--optimizer rmsprop", "--optimizer rmsprop --alpha 0.9", "--batch 1000",
                       "--optimizer rprop --batch 1000", "--clip-norm 0.001", "--clip-value 0.0001", "--hidden none",
                       "--hidden 8,8", "--initializer xavier_normal", "--initializer xavier_normal --gain 2",
                       "--initializer normal --stddev 0.1", "--initializer normal --stddev 0.2", "--scale min_max",
                       "--scale none", "--activation tanh", "--activation leaky_relu(0.1)", "--label-smoothing 0.1",
                       "--balanced", "--seed 1")
        found += hashes(self.regress, "", "--loss huber", "--loss huber --delta 0.5", "--loss mean_absolute_error",
                        "--loss smooth_l1 --delta 0.5")
        self.assertEqual(len(set(found)), len(found), found)
