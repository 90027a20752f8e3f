"""What the checks of this folder read in sources, and that each sees what it is for: python3 sources_test.py"""
import contextlib
import io
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import cpp
import house


def write(root, texts):
    """Writes texts to their paths below `root`."""
    for name, text in texts.items():
        path = pathlib.Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Code(unittest.TestCase):
    def expect(self, text, *lines):
        self.assertEqual(cpp.code(text), list(lines))

    def test_comments_go_and_a_comment_between_two_names_keeps_them_apart(self):
        self.expect("int a;  // b\n", "int a;  ")
        self.expect("int/* b */a; /* c", "int a;  ")

    def test_the_contents_of_strings_and_characters_go(self):
        self.expect(r'f("a // b", u8"\"c\\", ' r"'\'', L'\\', '\"', '/*');", "f(\"\", u8\"\", '', L'', '', '');")

    def test_a_source_keeps_its_number_of_lines(self):
        self.expect("a\n/* b\n\n c */ d\n\n", "a", " ", "", " d", "")
        self.expect("", "")
        self.expect("a\n// b", "a", "")

    def test_a_backslash_continues_a_comment_and_a_string(self):
        self.expect("a // b \\\nstill\nc", "a ", "", "c")
        self.expect('"a\\\nb" c', '""', " c")

    def test_raw_strings_end_at_their_delimiter_and_keep_their_lines(self):
        self.expect('a = R"(x " // y)"; b', 'a = ""; b')
        self.expect('a = u8R"end(x)" )other"\n)end"; /* b */ c', 'a = ""', ";   c")

    def test_a_name_that_ends_with_r_starts_no_raw_string(self):
        self.expect('FOR"(a"; b)"', 'FOR""; b)"')

    def test_a_digit_separator_starts_no_character(self):
        self.expect("f(1'000, 0xff'ff, 1e+3'0, .5'0, 'a', 'b');", "f(1'000, 0xff'ff, 1e+3'0, .5'0, '', '');")
        self.expect("case'a': x1 = 'b';", "case'': x1 = '';")

    def test_the_names_of_included_files_stay(self):
        self.expect('#include "a//b.hpp"  // c', '#include "a//b.hpp"  ')
        self.expect("  # include <a/*b.hpp>\n'*/'", "  # include <a/*b.hpp>", "''")

    def test_a_quote_without_a_partner_ends_with_its_line(self):
        self.expect("#error don't\n'a' // b", "#error don't", "'' ")
        self.expect('#error 3" \n"a" // b', '#error 3" ', '"" ')


class Read(unittest.TestCase):
    def test_sources_of_all_folders_are_read_in_the_order_of_their_paths(self):
        with tempfile.TemporaryDirectory() as root:
            names = ("lib/b/c.cpp", "lib/b.hpp", "lib/README.md", "lib/x.h", "include/a.hpp", "tests/d.cpp")
            write(root, {name: f"// {name}\nx\n" for name in names})
            sources = cpp.read(root, "lib", "include")
        self.assertEqual(list(sources), ["include/a.hpp", "lib/b.hpp", "lib/b/c.cpp"])
        self.assertEqual(sources["lib/b.hpp"], "// lib/b.hpp\nx\n")

    def test_lines_carry_their_path_and_their_number(self):
        self.assertEqual(cpp.lines({"a": "x // y\n", "b": "\nz\n"}), [("a", 1, "x "), ("b", 1, ""), ("b", 2, "z")])


def universal_ctags():
    said = shutil.which("ctags") and subprocess.run(["ctags", "--version"], text=True, capture_output=True).stdout
    return said and "Universal" in said


class PlantedHouse(unittest.TestCase):
    """A house with one defect for each check of house.py, which runs this before it judges the house itself."""
    SOURCES = {
        "lib/kernels/planted.hpp": '#include "loss/layer.hpp"  // up\n#include "vectors/part.hpp"  // down\n',
        "lib/vectors/part.hpp": "int at_the_bar() {\n" + "  // a line\n" * 38 + "}\n"
                                "int over_the_bar() {\n" + "  // a line\n" * 39 + "}\n",
        "include/linnet/planted.hpp": "#if A\n// #if B\n#elif C\n#endif\n[[gnu::always_inline]] int f();\n\n"
                                      + "// a line\n" * 296,
    }

    def test_code_lines_are_neither_blank_nor_comment(self):
        self.assertEqual(house.code_lines(self.SOURCES), 10)

    def test_conditions_are_counted(self):
        self.assertEqual(house.conditions(self.SOURCES), 2)

    def test_inlining_commands_are_counted(self):
        self.assertEqual(house.inlining(self.SOURCES), 1)

    @unittest.skipUnless(universal_ctags(), "there is no universal-ctags")
    def test_a_function_that_is_too_long_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            write(root, self.SOURCES)
            said = house.tags(root)
        self.assertEqual(house.long_functions(said, 40), ["lib/vectors/part.hpp:41: over_the_bar has 41 lines"])

    def test_a_file_that_is_too_long_is_found(self):
        self.assertEqual(house.long_files(self.SOURCES, 300), ["include/linnet/planted.hpp has 302 lines"])

    def test_an_include_that_goes_up_is_found(self):
        self.assertEqual(house.arrows_up(house.arrows(self.SOURCES)),
                         ["lib/kernels/planted.hpp (kernels) includes lib/loss/layer.hpp (loss)"])


class House(unittest.TestCase):
    def test_what_stands_in_comments_and_literals_is_not_counted(self):
        sources = {"lib/a.cpp": 'f("always_inline");  // noinline\n/*\n#if A\n*/\n'}
        self.assertEqual([house.code_lines(sources), house.inlining(sources), house.conditions(sources)], [1, 0, 0])

    def test_every_inlining_command_of_a_line_is_counted(self):
        self.assertEqual(house.inlining({"a": "always_inline LINNET_INLINED LINNET_STEP\nnoinline flatten\n"}), 5)

    def test_directives_that_ask_nothing_are_no_conditions(self):
        self.assertEqual(house.conditions({"a": "#if(A)\n # ifdef B\n#ifndef C\n#elif D\n"}), 4)
        self.assertEqual(house.conditions({"a": "#else\n#endif\n#define IF\n#iffy\nx #if\n"}), 0)

    def test_functions_are_read_from_what_ctags_says(self):
        said = "f\tlib/a.cpp\t/^int f(a::b c) {$/;\"\tf\t"
        both = f"{said}line:8\tend:10\n{said}line:20\tend:23\n"
        self.assertEqual(house.long_functions(both, 3), ["lib/a.cpp:20: f has 4 lines"])
        self.assertEqual(house.long_functions("f\tlib/a.cpp\t/^int f();$/;\"\tf\tline:1\n", 3), [])

    def test_a_file_at_the_bar_is_not_too_long(self):
        self.assertEqual(house.long_files({"a": "x\n" * 300}, 300), [])

    def test_every_file_has_its_room(self):
        rooms = {"include/linnet/fit.hpp": "public", "lib/fit.cpp": "public", "lib/step/fit.cpp": "step",
                 "lib/overlap.hpp": "step"}
        self.assertEqual({path: house.room(path) for path in rooms}, rooms)

    def test_rooms_on_one_floor_may_include_each_other(self):
        for upper, lower, goes_up in (("loss", "optimizer", False), ("optimizer", "loss", False),
                                      ("step", "tables", False), ("tables", "step", True),
                                      ("cellar", "vectors", True), ("step", "cellar", True)):
            arrows = house.arrows({f"lib/{upper}/a.cpp": f'#include "{lower}/b.hpp"\n'})
            self.assertEqual(len(house.arrows_up(arrows)), goes_up, f"{upper} includes {lower}")

    def test_the_drawing_has_each_room_once_with_the_rooms_it_includes(self):
        arrows = house.arrows({
            "lib/loss/a.cpp": '#include "vectors/a.hpp"\n#include "loss/b.hpp"\n#include <cstddef>\n',
            "lib/loss/b.hpp": '  # include "arithmetic/a.hpp"\n#include "vectors/b.hpp"\n/*\n#include "step/a.hpp"*/'})
        self.assertEqual(house.drawing(arrows),
                         ["arithmetic -> nothing", "loss -> vectors arithmetic", "vectors -> nothing"])

    def test_a_count_above_its_bar_has_failed(self):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            kept = [house.bar("a", 3, 3), house.bar("a", 4, 3), house.none("b", []), house.none("b", ["c"])]
        self.assertEqual(kept, [True, False, True, False])
        self.assertEqual(printed.getvalue().splitlines(), [
            "ok: a: 3, at most 3", "FAILED: a: 4, at most 3",
            "ok: b: 0, at most 0", "    c", "FAILED: b: 1, at most 0"])


if __name__ == "__main__":
    unittest.main()
