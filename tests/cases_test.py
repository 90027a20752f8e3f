"""How cases.py names the cases of a doctest program for ctest."""
import unittest

import cases

LISTING = """kernel table: scalar
<?xml version="1.0" encoding="UTF-8"?>
<doctest>
  <TestCase name="S5: a, b &amp; &quot;c&quot;" filename="/x/tests/fit_test.cpp" line="1" skipped="false"/>
  <TestCase name="slow" filename="/x/tests/fit_test.cpp" line="9" skipped="true"/>
  <TestCase name="stored bits" filename="/x/tests/golden.cpp" line="2" skipped="false"/>
</doctest>
"""


class Cases(unittest.TestCase):
    def test_names_and_topics_are_read_and_skipped_cases_left_out(self):
        self.assertEqual(cases.cases(LISTING), [('S5: a, b & "c"', "fit"), ("stored bits", "golden")])

    def test_two_cases_of_one_name_are_refused(self):
        with self.assertRaises(ValueError):
            cases.cases(LISTING.replace("stored bits", "S5: a, b &amp; &quot;c&quot;"))

    def test_a_program_without_cases_is_refused(self):
        with self.assertRaises(ValueError):
            cases.cases('<?xml version="1.0"?><doctest></doctest>')

    def test_a_comma_in_a_name_does_not_begin_another_pattern(self):
        test, properties = cases.registered("/b/suite", "sse2", "a, b", "fit")
        self.assertEqual(test, "add_test([=[sse2: a, b]=] [=[/b/suite]=] [=[--test-case=a\\, b]=])")
        self.assertIn('LABELS "suite;sse2;fit"', properties)
        self.assertIn('ENVIRONMENT "LINNET_KERNELS=sse2"', properties)

    def test_the_best_table_is_left_to_the_program(self):
        self.assertNotIn("ENVIRONMENT", cases.registered("/b/suite", "best", "a", "fit")[1])

    def test_slow_cases_are_those_of_half_a_second_and_more(self):
        said = "0.499999 s: a\n0.500000 s: b, c\n12.5 s: d\n  0.9 s: no case\n"
        self.assertEqual(cases.pattern(cases.slow(said)), "b\\, c,d")


if __name__ == "__main__":
    unittest.main()
