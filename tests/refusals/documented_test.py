"""What documented.py reads from comments."""
import os
import tempfile
import unittest

import documented

STATUS = """enum class [[nodiscard]] Status : std::uint8_t{
    ok = 0,
    not_bound = 1,  ///< used before bind()
    bad_label = 2,
    bad_target = 3,
    bad_weight = 4,
};
"""


def rows(header):
    return documented.rows([STATUS, header])


class Documented(unittest.TestCase):
    def test_statuses_are_named_outside_of_parentheses(self):
        found, silent = rows("/// Does it. Returns ok, or bad_label (not bad_target (bad_weight), as step()).\nStatus f(int a) noexcept;\n")
        self.assertEqual(found, [("f(int)", "ok"), ("f(int)", "bad_label")])
        self.assertEqual(silent, [])

    def test_a_sentence_goes_on_behind_a_semicolon_and_ends_at_a_point(self):
        found, _ = rows("/// Returns ok (1.5); bad_label, or\n/// what plan.take returned. Never bad_target.\nStatus f();\n")
        self.assertEqual(found, [("f()", "ok"), ("f()", "bad_label")])

    def test_a_function_that_says_nothing_is_named(self):
        for comment in ("", "/// Does it.\n", "/// Returns a number.\n"):
            self.assertEqual(rows(comment + "Status f(const Span<float>& x, std::size_t n = 3) noexcept;\n"),
                             ([], ["f(Span<float>, size_t)"]))

    def test_another_function_speaks_for_it(self):
        header = """class A {
 public:
  /// Returns what B::f() returns, or bad_weight.
  Status g() noexcept;
};
class B {
 public:
  /// Returns ok or
  /// not_bound.
  Status f() const noexcept;
  /// Returns what f() with weights returns.
  Status h();
  /// Returns ok or bad_weight.
  Status f(RowWeights weights);
  /// Returns what the call above returns, or not_bound.
  Status i();
};
"""
        found, silent = rows(header)
        self.assertEqual(silent, [])
        self.assertEqual([s for f, s in found if f == "A::g()"], ["ok", "not_bound", "bad_weight"])
        self.assertEqual([s for f, s in found if f == "B::h()"], ["ok", "bad_weight"])
        self.assertEqual([s for f, s in found if f == "B::i()"], ["ok", "not_bound", "bad_weight"])

    def test_a_reference_to_nothing_is_an_error(self):
        with self.assertRaises(ValueError):
            rows("/// Returns what g() returns.\nStatus f();\n")

    def test_functions_that_share_a_comment_differ_in_labels_and_targets(self):
        header = """/// Returns ok, bad_label or bad_target.
///@{
Status f(ConstRows inputs, ConstRows targets);
Status f(ConstRows inputs, Labels targets);
///@}
/// Says nothing.
Status g();
"""
        self.assertEqual(rows(header), ([("f(ConstRows, ConstRows)", "ok"), ("f(ConstRows, ConstRows)", "bad_target"),
                                         ("f(ConstRows, Labels)", "ok"), ("f(ConstRows, Labels)", "bad_label")], ["g()"]))

    def test_private_and_refusing_functions_are_left_out(self):
        header = """class A {
 public:
  /// Temporaries do not compile.
  template <std::size_t N>
  Status f(const TopologyOf<N>&&) noexcept {
    return refuse_temporary<TopologyOf<N>, Status>();
  }

 private:
  Status g();
};
/// Returns ok.
constexpr Status h(const View<const float>& v) noexcept {
"""
        self.assertEqual(rows(header), ([("h(View<const float>)", "ok")], []))

    def test_nothing_is_written_when_a_function_is_silent(self):
        with tempfile.TemporaryDirectory() as folder:
            header, output = os.path.join(folder, "a.hpp"), os.path.join(folder, "a.inc")
            for said, code in (("Does it.", 1), ("Returns ok.", 0)):
                with open(header, "w", encoding="utf-8") as file:
                    file.write(STATUS + f"/// {said}\nStatus f();\n")
                self.assertEqual(documented.main(output, [header]), code)
                self.assertEqual(os.path.exists(output), code == 0)


if __name__ == "__main__":
    unittest.main()
