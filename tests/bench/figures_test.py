#!/usr/bin/env python3
"""Planted defects that figures.py must find."""
import contextlib
import io
import unittest

from figures import Stored, climb, condense, judge, name_processor, read_bars, verdict

BARS = """
processor tested AuthenticAMD 25 16-31 160
processor other GenuineIntel 6 207
tested native W2-adam 0.90
tested native W1-step 0.50 reported
tested offset any 1.15
tested growth width-sgd 1.15
other native W2-adam 0.10
"""
LOG = """# kernels of openblas: Cooperlake
# quiet: 4.10 additions a cycle now, 5.00 known
# W2-adam peak 117.0 GFLOP/s, reads from L1 217 GB/s, from L2 114 GB/s
W2-adam      linnet    median     12.600 us  min     12.500 us  spread   1 %  linnet/it 1.000  all checks on
W2-adam linnet=12.600us peak_share=0.660 quiet_rounds={rounds}/11 repeated=0.125 \
best_peer=onednn:14.400us ratio={ratio} quartiles=0.860..0.890
W2-adam offset linnet+4=13.000us ratio={offset} quartiles=1.010..1.050
"""
CPU = "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: {}\nmodel name\t: AMD EPYC\n\nvendor_id\t: else\n"


def file_of(*runs, processor="tested"):
    """A stored file of runs (ratio, quiet rounds, offset) of W2-adam."""
    logs = [("native", LOG.format(ratio=ratio, rounds=rounds, offset=offset)) for ratio, rounds, offset in runs]
    return Stored(f"processor {processor}\n" + "\n".join(condense(logs)))


def judged(file):
    """Whether all is well, and the last line of the verdict."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        good = judge(file, read_bars(BARS)[1])
    return good, said.getvalue().splitlines()[-1]


class Judge(unittest.TestCase):
    def test_figures_below_their_bars_reach_them(self):
        good, last = judged(file_of((0.88, 11, 1.02), (0.89, 9, 1.03)))
        self.assertTrue(good, last)
        self.assertTrue(last.startswith("2 bars reached, 0 missed, 0 not judged"), last)

    def test_one_run_above_the_bar_misses_it(self):
        good, last = judged(file_of((0.88, 11, 1.02), (0.91, 11, 1.02)))
        self.assertFalse(good)
        self.assertTrue(last.startswith("1 bars reached, 1 missed"), last)

    def test_buffers_above_their_bar_miss_it(self):
        self.assertFalse(judged(file_of((0.88, 11, 1.16), (0.88, 11, 1.02)))[0])

    def test_too_few_quiet_rounds_are_not_judged(self):
        good, last = judged(file_of((0.88, 8, 1.02), (0.88, 11, 1.02)))
        self.assertFalse(good)
        self.assertIn("2 not judged", last)

    def test_a_bar_counts_on_its_processor_only(self):
        self.assertFalse(judged(file_of((0.88, 11, 1.02), processor="other"))[0])
        good, last = judged(file_of((9.99, 11, 9.99), processor="unknown"))
        self.assertTrue(good)
        self.assertTrue(last.startswith("0 bars reached, 0 missed"), last)

    def test_a_reported_bar_does_not_count(self):
        file = file_of((0.88, 11, 1.02), (0.88, 11, 1.02))
        file.figures["ratio", "native", "W1-step"] = ["0.9"] * 3
        file.figures["quiet-rounds", "native", "W1-step"] = ["11"] * 3
        self.assertTrue(judged(file)[0])

    def test_a_bar_without_a_figure_is_not_judged(self):
        good, last = judged(Stored("processor tested\ntime native W1-step linnet 1"))
        self.assertFalse(good)
        self.assertIn("2 not judged", last)

    def test_figures_without_quiet_rounds_are_not_judged(self):
        self.assertEqual(verdict(0.9, [0.8, 0.8], []), "not judged")


class Growth(unittest.TestCase):
    def text(self, seconds, quiet=9):
        steps = ((8, 128), (16, 256), (32, seconds))  # 2, 1 and seconds / 1024 of a second each operation
        lines = [f"step width {w} 3 64 sgd {t} 1 1 {w * w} 1 1" for w, t in steps]
        return Stored("\n".join(["processor tested", "peak 1", f"quiet 5 0.1 {quiet}", *lines]))

    def test_a_climb_is_over_the_least_before(self):
        self.assertAlmostEqual(climb(self.text(1126.4), "width", "sgd"), 1.1)

    def test_a_curve_that_climbs_misses_its_bar(self):
        self.assertTrue(judged(self.text(1126.4))[0])
        self.assertFalse(judged(self.text(1280))[0])

    def test_a_curve_of_a_busy_core_is_not_judged(self):
        self.assertIn("1 not judged", judged(self.text(1126.4, quiet=8))[1])


class Condense(unittest.TestCase):
    def test_runs_stand_behind_their_median(self):
        file = file_of((0.88, 11, 1.02), (0.90, 9, 1.04))
        self.assertEqual(file.figures["ratio", "native", "W2-adam"], ["0.89", "0.88", "0.9"])
        self.assertEqual(file.figures["quiet-rounds", "native", "W2-adam"], ["9", "11", "9"])
        self.assertEqual(file.figures["repeated", "native", "W2-adam"][0], "0.125")
        self.assertEqual(file.figures["offset", "native", "W2-adam"][1:], ["1.02", "1.04"])
        self.assertEqual(file.figures["best", "native", "W2-adam"], ["onednn"])
        self.assertEqual(file.figures["kernels", "native", "openblas"], ["Cooperlake"])
        self.assertEqual(file.number("quiet"), 5.0)


class Processor(unittest.TestCase):
    def test_a_model_of_a_range_has_its_name(self):
        processors, _ = read_bars(BARS)
        self.assertEqual(name_processor(CPU.format(17), processors), "tested")
        self.assertEqual(name_processor(CPU.format(160), processors), "tested")
        self.assertEqual(name_processor(CPU.format(1), processors), "AuthenticAMD-25-1")


if __name__ == "__main__":
    unittest.main()
