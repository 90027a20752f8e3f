"""How resume.py plans runs, and what it calls a difference."""
import contextlib
import io
import unittest

import resume


class Trip:
    """Programs that count the steps of each medium, and say them as their hash."""

    def __init__(self, lose=None):
        self.steps = {}
        self.lose = lose  # the target on which what was kept is lost

    def __call__(self, target, medium, rule, unit, steps):
        before = 0 if target == self.lose and medium.startswith("carried") else self.steps.get(medium, 0)
        self.steps[medium] = before + steps
        return f"steps {before + steps} hash {before + steps:016x}"


def quietly(runs, carry):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        return resume.judge(runs, carry), said.getvalue()


class Resume(unittest.TestCase):
    def test_a_plan_has_the_stops_that_were_asked_for(self):
        for stops in (1, 2, 3, 42, 200):
            self.assertEqual(sum(len(run.legs) - 1 for run in resume.planned(stops, 1)), stops)

    def test_every_rule_goes_both_ways_before_one_goes_a_third_time(self):
        runs = resume.planned(2 * resume.RULES * resume.STOPS_OF_A_RUN, 1)
        went = {(run.rule, tuple(target for target, _ in run.legs)) for run in runs}
        self.assertEqual(went, {(rule, way) for rule in range(resume.RULES) for way in resume.WAYS})

    def test_a_seed_says_all_of_a_plan_and_another_seed_says_another(self):
        self.assertEqual(resume.planned(42, 5), resume.planned(42, 5))
        self.assertNotEqual(resume.planned(42, 5), resume.planned(42, 6))

    def test_runs_that_end_as_those_that_never_stopped_do_not_differ(self):
        self.assertEqual(quietly(resume.planned(42, 1), Trip()), ((42, 0), ""))

    def test_a_run_that_began_anew_on_the_way_differs(self):
        runs = resume.planned(42, 1)
        (stops, differ), said = quietly(runs, Trip(resume.BIG_ENDIAN))
        self.assertEqual((stops, differ), (42, len(runs)))
        self.assertIn("DIFFERS: rule 12, ", said)

    def test_two_runs_that_fail_with_the_same_words_differ(self):
        (_, differ), _ = quietly(resume.planned(3, 1), lambda *_: "x86-64 ended with 1: nothing is kept")
        self.assertEqual(differ, 1)


if __name__ == "__main__":
    unittest.main()
