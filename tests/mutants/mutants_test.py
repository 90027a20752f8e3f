"""What mutants.py reads, plants and counts: python3 mutants_test.py"""
import os
import unittest

import mutants

BLOCK = ["# a comment\n", "lib/a.cpp: missing check\n", "- if (x) {\n", "+ if (false) {\n"]


class Reads(unittest.TestCase):
    def test_a_block_is_a_fault_with_its_place_its_kind_and_both_texts(self):
        fault, = mutants.read(BLOCK)
        self.assertEqual((fault.path, fault.kind, fault.vectors, fault.place), ("lib/a.cpp", "missing check", False, None))
        self.assertEqual((fault.before, fault.after, fault.equivalent), ("if (x) {", "if (false) {", None))

    def test_vectors_places_and_reasons_are_read(self):
        fault, = mutants.read(["lib/a.cpp: sign, place 2 on vectors\n", "- x\n", "+ \n", "= nobody asks\n"])
        self.assertEqual((fault.kind, fault.vectors, fault.place), ("sign", True, 2))
        self.assertEqual((fault.after, fault.equivalent), ("", "nobody asks"))

    def test_half_a_block_and_one_that_changes_nothing_are_refused(self):
        for lines in (BLOCK[:3], ["- x\n"], BLOCK[:3] + ["+ if (x) {\n"], BLOCK + ["+ twice\n"], ["what is this\n"]):
            with self.assertRaises(ValueError):
                mutants.read(lines)

    def test_the_list_of_the_tree_is_found_in_the_tree(self):
        with open(os.path.join(mutants.HERE, "mutants.txt"), encoding="utf-8") as file:
            faults = mutants.read(file)
        self.assertGreaterEqual(len(faults), 150)
        for fault in faults:
            with open(os.path.join(mutants.ROOT, fault.path), encoding="utf-8") as file:
                text = file.read()
            self.assertNotEqual(fault.planted_in(text), text)


class Plants(unittest.TestCase):
    def test_the_one_place_is_changed(self):
        fault, = mutants.read(BLOCK)
        self.assertEqual(fault.planted_in("a if (x) { b"), "a if (false) { b")

    def test_none_and_two_places_are_refused(self):
        fault, = mutants.read(BLOCK)
        for text in ("nothing", "if (x) { if (x) {"):
            with self.assertRaises(ValueError):
                fault.planted_in(text)

    def test_of_several_places_the_one_that_is_named_is_changed(self):
        fault, = mutants.read(["a: b, place 2\n", "- x\n", "+ y\n"])
        self.assertEqual(fault.planted_in("x x x"), "x y x")
        with self.assertRaises(ValueError):
            fault.planted_in("x")


class Shards(unittest.TestCase):
    def test_together_they_are_all_faults_once(self):
        faults = list(range(10))
        self.assertEqual(sorted(sum((mutants.shard(faults, f"{k}/3") for k in (1, 2, 3)), [])), faults)
        with self.assertRaises(ValueError):
            mutants.shard(faults, "4/3")


if __name__ == "__main__":
    unittest.main()
