"""Damaged files: refused, or as if they were not damaged; never a crash, never another model."""
import random

import tool
from refusals_test import crc32

MARK = 8


class Damage(tool.InAFolder):
    def setUp(self):
        super().setUp()
        self.kept = (tool.CHECKPOINTS / "parameters.lnt").read_bytes()
        self.hash = self.put("kept.lnt", self.kept) and self.good("hash", "kept.lnt")

    def ended(self, name, file):
        """(exit code, what it prints) for the hash of a file; what it says when it refuses is one of its sentences."""
        ended = self.run_tool("hash", self.put(name, file))
        self.assertIn(ended.returncode, (0, 1), ended)
        if ended.returncode == 1:
            self.assertTrue(ended.stderr.startswith(f"linnet: {name}: "), ended.stderr)
        return ended.returncode, ended.stdout

    def test_a_checkpoint_with_one_wrong_bit_is_refused(self):
        # of 262 bytes: header and body, the commit, then four places for confirmations
        commit_end = 262 - 4 * MARK
        generator = random.Random(5)
        for k in range(262):
            with self.subTest(byte=k):
                damaged = bytearray(self.kept)
                damaged[k] ^= 1 << generator.randrange(8)
                expected = (1, "") if k < commit_end else (0, self.hash)
                self.assertEqual(self.ended("damaged.lnt", bytes(damaged)), expected)

    def test_a_checkpoint_that_ends_early_is_refused(self):
        for length in range(0, 262, 3):
            with self.subTest(length):
                self.assertEqual(self.ended("short.lnt", self.kept[:length]), (1, ""))
        self.assertEqual(self.ended("whole.lnt", self.kept[:262]), (0, self.hash))

    def test_an_older_checkpoint_is_taken_where_the_newer_one_is_torn(self):
        newer = (tool.CHECKPOINTS / "frozen.lnt").read_bytes()  # of another network, but that does not matter here
        self.assertEqual(self.ended("both.lnt", self.kept + newer[:200]), (0, self.hash))

    def test_an_older_checkpoint_is_taken_where_a_bit_of_the_newer_one_is_wrong(self):
        older, newer = (with_sequence(self.kept[:262], sequence) for sequence in (7, 8))
        header_sum = range(92, 96)  # which the commit's sum does not go over
        for k in (*range(0, 262 - 4 * MARK, 9), *header_sum):
            with self.subTest(byte=k):
                damaged = newer[:k] + bytes([newer[k] ^ 4]) + newer[k + 1:]
                self.assertEqual(self.ended("both.lnt", damaged + older), (0, self.hash))

    def test_the_newest_checkpoint_is_taken_past_the_end_of_its_numbers(self):
        slots = [with_sequence(self.kept[:262], sequence) for sequence in (0xffffffff, 0)]
        for order in ((0, 1), (1, 0)):
            self.put("two.lnt", b"".join(slots[k] for k in order))
            lines = self.good("inspect", "two.lnt").splitlines()
            self.assertIn("the newest, sequence 0", lines[1 + order.index(1)])

    def test_a_checkpoint_whose_header_cannot_be_is_refused_though_its_sums_are_right(self):
        self.assertEqual(self.ended("same.lnt", changed(self.kept, 1, {})), (0, self.hash))
        most = b"\xff\xff\xff\x7f"
        for sentence, changes in (
                ("does not know", {64 + 4: b"\x63"}), ("does not know", {64 + 5: b"\2"}), ("no network", {64: b"\0"}),
                ("no network", {29: b"\3"}), ("too short for", {64: most}), ("too short for", {32: most}),
                ("bind the network", {40: b"\1"}), ("its frozen parameters are not in it", {29: b"\1"}),
                ("out of range", {64 + 8: b"\0\0\x80\xbf"}), ("or is damaged", {96 + 16: b"\0\0\x80\x7f"})):
            with self.subTest(changes):
                self.put("changed.lnt", changed(self.kept, 1, changes))
                self.refused(1, sentence, "hash", "changed.lnt")
                self.refused(1, sentence, "inspect", "changed.lnt")

    def test_a_piece_that_says_to_be_longer_than_its_checkpoint_is_not_taken(self):
        self.assertIn("piece            order", self.good("inspect", "kept.lnt"))
        count = self.kept.index(b"order") + 12
        for elements in (4, 0x3fffffff):
            self.put("changed.lnt", changed(self.kept, 1, {count: elements.to_bytes(4, "little")}))
            ended = self.run_tool("inspect", "changed.lnt")
            self.assertIn(ended.returncode, (0, 1), ended)
            self.assertNotIn("piece            order", ended.stdout)

    def test_a_checkpoint_without_its_frozen_parameters_has_no_hash(self):
        frozen = (tool.CHECKPOINTS / "frozen.lnt").read_bytes()
        self.put("same.lnt", changed(frozen, 32, {}))
        self.assertEqual(self.good("hash", "same.lnt"), self.good("hash", tool.CHECKPOINTS / "frozen.lnt"))
        self.put("without.lnt", changed(frozen, 32, {frozen.index(b"ln.froze"): b"another"}))
        self.refused(1, "save it with Checkpoint::frozen", "hash", "without.lnt")
        said = self.good("inspect", "without.lnt")
        self.assertIn("4 17:tanh 3:identity", said)
        self.assertTrue(said.endswith("those of the frozen layers are not in the file: no hash\n"))

    def test_a_model_on_trial_says_so(self):
        unconfirmed = self.kept[:262 - 4 * MARK] + b"\xff" * 4 * MARK
        self.put("trial.lnt", unconfirmed)
        self.assertIn(", on trial", self.good("inspect", "trial.lnt"))
        self.assertNotIn(", on trial", self.good("inspect", "kept.lnt"))

    def test_a_damaged_safetensors_file_never_crashes_the_tool(self):
        for path in tool.STORED[:4]:
            file = path.read_bytes()
            for length in range(0, len(file), 1 + len(file) // 40):
                with self.subTest(file=path.name, length=length):
                    self.assertEqual(self.ended("short.safetensors", file[:length]), (1, ""))
            self.look_at_changes(path.name, file)

    def look_at_changes(self, name, file):
        generator = random.Random(name)
        for k in range(60):
            damaged = bytearray(file)
            damaged[generator.randrange(min(len(file), 700))] = generator.randrange(256)
            with self.subTest(file=name, change=k):
                self.ended("damaged.safetensors", bytes(damaged))
                self.assertIn(self.run_tool("inspect", "damaged.safetensors").returncode, (0, 1))


def round_up(count, unit):
    return (count + unit - 1) // unit * unit


def changed(slot, unit, changes):
    """A slot with other bytes at some places, {place: bytes}, its sums right; it is on no trial."""
    number = int.from_bytes
    end, body_bytes = number(slot[6:8], "little"), number(slot[16:20], "little")
    body = round_up(end + 4, unit)
    commit = body + round_up(body_bytes, unit)
    new = bytearray(slot[:commit])
    new[8] = 0  # saved on trial
    for place, data in changes.items():
        new[place:place + len(data)] = data
    header, items = bytes(new[:body - 4]), bytes(new[body:])
    mark = b"DONE" + crc32(header + items).to_bytes(4, "little")
    size = round_up(MARK, unit)
    return header + crc32(header).to_bytes(4, "little") + items + mark.rjust(size, b"\0") + b"\xff" * 4 * size


def with_sequence(slot, sequence):
    return changed(slot, 1, {12: sequence.to_bytes(4, "little")})
