"""What coverage.py makes of gcovr's counts."""
import contextlib
import io
import unittest

import coverage

SOURCE = "int f(int x) {\n  if (x > 0) {\n    return 1;\n  }\n  return 0;\n}\n"


def line(number, count, *branches, **more):
    return {"line_number": number, "count": count, "branches": [{"count": n} for n in branches], **more}


def judge(lines, listed=None):
    """Passed, failed, and what was printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        passed, failed = coverage.judge([{"file": "a.cpp", "lines": lines}], {"a.cpp": SOURCE}, listed or {})
    return passed, failed, printed.getvalue()


class Coverage(unittest.TestCase):
    def test_all_that_is_run_passes(self):
        self.assertEqual(judge([line(1, 9), line(2, 9, 4, 5), line(3, 4), line(5, 5)])[:2], (2, 0))

    def test_a_line_that_is_not_run_and_not_listed_fails(self):
        passed, failed, printed = judge([line(1, 9), line(2, 9), line(3, 0), line(5, 9)])
        self.assertEqual((passed, failed), (1, 2))  # the share, and the line
        self.assertIn("FAILED: not run: a.cpp:3: return 1;", printed)

    def test_a_reason_lets_a_line_pass_but_not_the_share(self):
        lines = [line(1, 9)] * 300 + [line(3, 0)]
        self.assertEqual(judge(lines)[:2], (2, 1))
        self.assertEqual(judge(lines, {("a.cpp", "return 1;"): "why"})[:2], (3, 0))

    def test_what_is_no_code_does_not_count(self):
        self.assertEqual(judge([line(1, 9), line(3, 0, **{"gcovr/noncode": True})])[:2], (2, 0))

    def test_branches_of_lines_that_are_run_count(self):
        passed, failed, printed = judge([line(2, 9, 9, 0), line(3, 9, 1, 1)])
        self.assertEqual((passed, failed), (1, 1))
        self.assertIn("FAILED: 75.00 % of 4 branches are taken", printed)
        self.assertIn("note: a branch is not taken: a.cpp:2: if (x > 0) {", printed)

    def test_branches_of_listed_lines_do_not_count(self):
        self.assertEqual(judge([line(2, 9, 9, 0), line(3, 9, 1, 1)], {("a.cpp", "if (x > 0) {"): "why"})[:2], (2, 0))

    def test_a_reason_for_a_line_that_is_run_is_noted(self):
        self.assertIn("note: listed, and run here: a.cpp: return 1;",
                      judge([line(3, 1)], {("a.cpp", "return 1;"): "why"})[2])

    def test_reasons_are_read_by_file(self):
        text = "# a comment\n\na.cpp: why\n- return 1;\n- }\nb.cpp: else\n-   x\n"
        self.assertEqual(coverage.reasons(text), {("a.cpp", "return 1;"): "why", ("a.cpp", "}"): "why", ("b.cpp", "x"): "else"})
        for bad in ("- x\n", "a.cpp: why\nx\n"):
            with self.assertRaises(ValueError):
                coverage.reasons(bad)


if __name__ == "__main__":
    unittest.main()
