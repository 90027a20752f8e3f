"""Planted defects that what counts, compares and shows figures must find: python3 figures_test.py"""
import contextlib
import io
import os
import unittest

import compare
import counts
import documents
import painted
from by_function import count, read_symbols, show
from cycles import estimate, read_profile, times
from disassembly import words_of_list
from render import render
from table import read_bars, read_figures, read_skipped


def said(function, *arguments):
    """What it prints, and what it returns."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        result = function(*arguments)
    return output.getvalue().splitlines(), result


# ---- Cycles and instructions.


class Cycles(unittest.TestCase):
    CODE = ["00000040 <f>:", "      40:\tpush\t{r4, lr}", "      42:\tvldr\ts0, [r0]", "      46:\tbne.n\t42 <f+0x2>",
            "      48:\tpop\t{r4, pc}"]
    PROFILE = ["step 40 1 0", "step 42 9 0", "step 46 9 8", "step 48 1 1", "predict 50 7 0"]

    def test_each_instruction_has_its_time_and_each_jump_its_refill(self):
        profile = read_profile(self.PROFILE, "step")
        self.assertEqual(estimate("cortex-m4f", profile, self.CODE), 3 + 9 * 2 + 9 + 8 * 2 + 3 + 2)

    def test_an_instruction_that_is_not_in_the_disassembly_is_found(self):
        with self.assertRaisesRegex(ValueError, "^7 instructions are not in the disassembly$"):
            estimate("cortex-m4f", read_profile(self.PROFILE, "predict"), self.CODE)

    def test_the_times_are_those_of_the_manuals(self):
        for core, operation, operands, cycles in [
            ("cortex-m4f", "vdiv.f32", "s0, s1, s2", 14), ("cortex-m4f", "vsqrt.f32", "s0, s1", 14),
            ("cortex-m4f", "vfma.f32", "s0, s1, s2", 3), ("cortex-m4f", "vnmls.f32", "s0, s1, s2", 3),
            ("cortex-m4f", "vfnms.f32", "s0, s1, s2", 3), ("cortex-m4f", "vmsr", "fpscr, r3", 1),
            ("cortex-m4f", "vmul.f32", "s0, s1, s2", 1), ("cortex-m4f", "vldr", "d0, [r0]", 3),
            ("cortex-m4f", "vldmia", "r0!, {s0-s3}", 5), ("cortex-m4f", "vmov", "r0, r1, d0", 2),
            ("cortex-m4f", "vmov", "s0, r1", 1), ("cortex-m4f", "ldr.w", "r0, [r1, #4]", 2),
            ("cortex-m4f", "ldrd", "r0, r1, [r2]", 3), ("cortex-m4f", "udiv", "r0, r1, r2", 12),
            ("cortex-m4f", "umull", "r0, r1, r2, r3", 1), ("cortex-m3", "umull", "r0, r1, r2, r3", 5),
            ("cortex-m3", "mla", "r0, r1, r2, r3", 2), ("cortex-m0plus", "push", "{r4, r5, lr}", 4),
            ("cortex-m0plus", "pop", "{r4, pc}", 5), ("cortex-m0plus", "bl", "40 <f>", 3),
            ("cortex-m0plus", "ldr", "r0, [r1]", 2), ("cortex-m0plus", "muls", "r0, r1", 1)]:
            with self.subTest(f"{core} {operation} {operands}"):
                self.assertEqual(times(core, operation, operands)[0], cycles)

    def test_a_refill_is_counted_once(self):
        self.assertEqual([times("cortex-m0plus", name, "{r4, pc}")[1] for name in ("pop", "bne.n")], [0, 1])

    def test_a_list_of_registers_counts_words(self):
        self.assertEqual([words_of_list(text) for text in ("{r4}", "r0!, {r4-r7, lr}", "{d8-d9, d12}", "{s16, s17}")],
                         [1, 5, 6, 2])


class Functions(unittest.TestCase):
    def test_instructions_count_for_the_function_they_lie_in_the_most_first(self):
        symbols = read_symbols(["00000040 T f(int, float)\n", "00000048 t figures_step_begin\n", "00000060 T g\n",
                                "00000060 t $t\n", "00000080 T h\n", "00000088 t $d\n"])
        profile = ["step 40 1 0", "step 4a 2 0", "step 5e 1 0", "step 60 9 0", "step 90 4 0", "predict 40 50 0"]
        self.assertEqual(said(show, count("step", profile, symbols))[0], ["9 g", "4 h", "4 f(int, float)"])


class Counts(unittest.TestCase):
    LINES = ["qemu: warning: {}", "step passes 10 refused 2 least 40 most 43 first 41 differs {}",
             "predict passes 10 refused 0 least 1 most 1 first 1 differs 0"]

    def figures(self, build, differs):
        regions = counts.read_counts(line.format(differs) for line in self.LINES)
        return list(counts.figures(build, "adam", regions["step"])), list(counts.differing(build, regions))

    def test_passes_that_differ_are_said(self):
        lines, passes = self.figures("cortex-m4f fused O2", 7)
        self.assertEqual(lines[:2], ["cortex-m4f fused O2 adam.instructions 43",
                                     "cortex-m4f fused O2 adam.instructions.spread 3"])
        self.assertEqual(lines[2], "# cortex-m4f fused O2: a adam takes 40 to 43 instructions; the first that is not "
                                   "41 is number 7 of 10 (refused and not counted: 2)")
        self.assertEqual(passes, ["step:7"])

    def test_in_software_they_may_differ(self):
        self.assertEqual(self.figures("cortex-m3 fused O2", 7), (
            ["cortex-m3 fused O2 adam.instructions 43", "cortex-m3 fused O2 adam.instructions.least 40"], []))

    def test_a_painted_stack_above_its_bound_or_without_one_is_found(self):
        bounds = painted.read(["stack.step 248", "stack.predict 152"])
        self.assertEqual(painted.too_deep({"stack.step": 248, "stack.predict": 100}, bounds), [])
        self.assertEqual(painted.too_deep({"stack.step": 249, "stack.bind": 4}, bounds), ["stack.step", "stack.bind"])


# ---- The stored table.


class Compare(unittest.TestCase):
    STORED = ["m4 fused Os flash 1000", "m4 fused Os spread 0", "m4 fused O2 steps 200"]
    BARS = ["# comment", "m4 any Os flash 1005", "m4 fused any steps 150"]

    def judged(self, *measured, builds=()):
        """What is said, and how many passed and failed."""
        result = compare.compare(read_bars(self.BARS), read_figures(self.STORED), read_figures(measured),
                                 read_skipped(measured), builds)
        return result.lines, (result.passed, result.failed)

    def changed(self, *values):
        return self.judged(*(f"{line.rpartition(' ')[0]} {value}" for line, value in zip(self.STORED, values)))

    def test_the_stored_figures_pass_and_a_bar_that_they_miss_is_said(self):
        lines, counted = self.judged(*self.STORED)
        self.assertEqual(counted, (3, 0))
        self.assertEqual(lines, ["bar missed: m4 fused O2 steps: 200, to be at most 150", "1 bars met, 1 missed"])

    def test_a_figure_worse_by_more_than_one_percent_fails(self):
        self.assertEqual(self.changed(1000, 0, 202)[1], (3, 0))
        lines, counted = self.changed(1000, 0, 203)
        self.assertEqual(counted, (2, 1))
        self.assertEqual(lines[0], "FAILED: m4 fused O2 steps: 203, stored 200")

    def test_any_growth_from_nothing_fails(self):
        self.assertEqual(self.changed(1000, 1, 200)[0][0], "FAILED: m4 fused Os spread: 1, stored 0")

    def test_a_bar_that_was_met_and_is_missed_fails(self):
        self.assertEqual(self.changed(1006, 0, 200)[0][0], "FAILED: m4 fused Os flash: 1006 misses 1005")

    def test_a_figure_that_is_stored_and_not_measured_fails(self):
        self.assertEqual(self.judged(*self.STORED[:2])[0][0], "FAILED: m4 fused O2 steps: stored, and not measured")

    def test_of_builds_that_are_not_asked_for_and_without_a_tool_it_does_not(self):
        self.assertEqual(self.judged(*self.STORED[:2], builds=["m4:fused:Os"])[1], (2, 0))
        self.assertEqual(self.judged(*self.STORED[1:], builds=["m4:fused:Os"])[1], (2, 1))
        self.assertEqual(self.judged(*self.STORED[:2], "# skipped: m4 fused O2 steps")[1], (2, 0))

    def test_a_figure_that_is_not_stored_fails(self):
        self.assertEqual(self.judged(*self.STORED, "m4 fused Os ram 4")[0][1],
                         "FAILED: m4 fused Os ram: 4, and the stored table has no such figure")

    def test_what_shrank_passes_and_is_said(self):
        lines, counted = self.changed(989, 0, 200)
        self.assertEqual(counted, (3, 0))
        self.assertEqual(lines[0], "better: m4 fused Os flash: 989, stored 1000")
        self.assertIn("1 figures shrank by more than 1 %: sh tests/figures.sh --update", lines)

    def test_half_a_line_is_no_figure(self):
        with self.assertRaises(ValueError):
            read_figures(["cortex-m4f fused Os step.cycles"])

    def test_the_table_of_the_tree_passes_before_itself(self):
        lines, result = said(compare.main, documents.STORED)
        self.assertEqual(result, 0)
        self.assertRegex(lines[-1], "^[0-9]{3,} passed, 0 failed$")
        lines, result = said(compare.main, os.devnull, "cortex-m4f:fused:Os")
        self.assertEqual(result, 1)
        self.assertEqual(lines[0], "FAILED: cortex-m4f fused Os flash.inference: stored, and not measured")
        self.assertRegex(lines[-1], "^2 passed, [0-9]{2} failed$")  # the documents


class Documents(unittest.TestCase):
    TEXT = "before\n<!-- figures -->\nold\n<!-- /figures -->\nbehind\n"

    def test_the_tables_stand_between_the_marks_and_nothing_else_changes(self):
        self.assertEqual(documents.with_tables(self.TEXT, "new\n"), self.TEXT.replace("old", "new"))

    def test_a_document_without_both_marks_is_refused(self):
        for text in ("before\n", self.TEXT.replace("/", ""), self.TEXT.replace("<!-- figures -->\n", "")):
            self.assertIsNone(documents.with_tables(text, "new\n"))

    def test_the_documents_of_the_tree_show_the_stored_table(self):
        self.assertEqual(set(documents.check().values()), {True})

    def test_a_core_has_a_row_and_what_is_not_measured_a_dash(self):
        figures = ["cortex-m0plus separate Os flash.trainer 10284", "cortex-m4f fused O2 stack.step 240",
                   "cortex-m4f fused Os stack.step 1248", "cortex-m3 separate Os flash.trainer 1"]
        text = render("short", [], figures)
        self.assertIn("\n| Cortex-M0+, `LINNET_FUSED=OFF` | — | 10,284 | — | —, — | —, — | —, — |\n", text)
        self.assertIn("\n| Cortex-M4F | — | — | — | —, 1,248 | —, — | —, — |\n", text)
        self.assertNotIn("Cortex-M3", text)

    def test_a_bar_shows_the_worst_build_it_is_for_and_whether_it_is_missed(self):
        figures = ["cortex-m4f fused O2 steps 100", "cortex-m4f separate O2 steps 102", "cortex-m7 fused O2 steps 900",
                   "cortex-m4f separate Os steps 101", "cortex-m4f-clang fused Os steps 900"]
        text = render("full", ["cortex-m4f any any steps 101", "cortex-m4f any Os steps 101"], figures)
        self.assertIn("\n| steps | Cortex-M4F, `LINNET_FUSED=OFF` | `-O2` | 101 | 102 (missed) |\n", text)
        self.assertIn("\n| steps | Cortex-M4F, `LINNET_FUSED=OFF` | `-Os` | 101 | 101 |\n", text)

    def test_a_loop_shows_its_share_of_the_peak(self):
        build = "aarch64-linux fused O3"
        text = render("full", [], [f"{build} model.multiply.cortex-{core} 128.0" for core in ("a53", "a76")])
        self.assertIn("\n| tile of 8 rows by 2 vectors and four terms | 64 | 128 (50 %) | — | 128 (25 %) |\n", text)


if __name__ == "__main__":
    unittest.main()
