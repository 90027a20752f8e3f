"""What the checks of this folder read in sources, and that each sees what it is for: python3 sources_test.py"""
import contextlib
import io
import pathlib
import shutil
import subprocess
import tempfile
import textwrap
import unittest

import cpp
import floors
import headers
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


MATHEMATICS = ("sqrt exp exp2 expm1 log log2 log1p pow sin cos tan tanh erf erfc fma floor ceil round lround rint "
               "nearbyint fabs fmin fmax fmod ldexp frexp").split()
OF_STD = ("size_t int8_t uint16_t int32_t uint64_t uintptr_t ptrdiff_t memcpy memset move forward declval true_type "
          "false_type integral_constant index_sequence make_index_sequence is_same_v enable_if_t remove_reference_t "
          "conditional_t decay_t").split()

# Lines that break a rule of floors.py: the start of its sentence, a file, lines.
BREAK = (
    ("linnet.hpp names", "include/linnet/linnet.hpp", (
        "int x;", "#include <cstddef>", "#include <linnet/Upper.hpp>", "#define A")),
    ("a public header includes only headers above", "include/linnet/low.hpp", (
        "#include <linnet/high.hpp>", "#include <linnet/low.hpp>", "#include <linnet/none.hpp>")),
    ("public headers include <cstddef>", "include/linnet/low.hpp", (
        "#include <vector>", '#include "linnet/low.hpp"', "# include <cmath>", "#include <cstddef> int x;")),
    ("a public header has no directives", "include/linnet/low.hpp", (
        "#if A", "  #endif", "#define LINNET_VERSION 1", "#pragma pack(1)")),
    ("a public header has no directives", "include/linnet/version.hpp", ("#define OTHER 1", "#if LINNET_VERSION")),
    ("sources include no system header", "lib/fit.cpp", (
        "#include <cmath>", "#include <new>", "#include <cpuid.h>", "# include <cstdio>",
        "#include <xsimd/xsimd.hpp>")),
    ("sources include no system header", "lib/vectors/by_xsimd.hpp", ("#include <new>",)),
    ("an instruction set is named", "lib/kernels/a.hpp", (
        "_mm256_add_ps(a, b);", "_mm_set1_ps(a);", "__m128 a;", "__m256i a;", "__m512 a;", "float32x2_t a;",
        "float32x4_t a;", "xsimd::batch<float> a;", "int a = LINNET_VECTOR_BITS;", "#ifdef __SSE2__", "#ifdef __AVX2__",
        "#if __FMA__", "#ifdef __ARM_NEON", "#ifdef __aarch64__", "#include <immintrin.h>", "#include <xmmintrin.h>",
        "#include <arm_neon.h>")),
    ("no include climbs", "lib/kernels/a.hpp", (
        '#include "../a.hpp"', '#include "detail/a.hpp"', '#include "kernels/src/a.hpp"', '# include "utils/a.hpp"')),
    ("no heap", "lib/fit.cpp", (
        "malloc(3);", "x = calloc(1, 2);", "realloc(x);", "free(x);", "alloca(3);", "int* x = new int;", "throw 1;",
        "try {", "catch (...) {", "dynamic_cast<A*>(b);", "typeid(a);", "virtual void f();", "thread_local int a;",
        "goto end;", "abort();", "exit(1);", "assert(a);", "delete x;", "return new (from) Stage;")),
    ("no heap", "lib/step/bind.cpp", ("return new Stage;",)),
    ("no output", "lib/fit.cpp", (
        "printf();", "fprintf();", "sprintf();", "snprintf();", "vprintf();", "vsprintf();", "vsnprintf();",
        "puts();", "fputs();", "putchar(1);", "fwrite();", "std::cout << 1;", "cerr << 1;", "FILE* a;",
        "f(stdout);", "f(stderr);", "a = errno;", "rand();", "srand(1);", "time(0);", "getenv();")),
    ("from std only", "lib/fit.cpp", (
        "std::vector<int> a;", "std::size_type a;", "std::size_t a = std::max(b, c);", "using namespace std::chrono;")),
    ("no function of the C mathematics", "lib/fit.cpp", (
        *(f"a = {name}(b);" for name in MATHEMATICS), "expf(1);", "(tanhl(b));", "-floor(a)",
        "__builtin_fmaf(a, b, c);", "__builtin_sqrtf(a);", "inline V tanh(V z, V parameter)")),
    ("no function of the C mathematics", "lib/arithmetic/number.hpp", ("__builtin_expf(a);", "fmaf(a, b, c);")),
    ("no writable static", "lib/fit.cpp", (
        "static int a;", "  static float b = 1;", "inline static int c[3];", "static constexpresso d;")),
)
# Lines that break no rule, with a file.
KEEP = (
    ("include/linnet/linnet.hpp", ("#include <linnet/high.hpp>", "", "/// a comment")),
    ("include/linnet/high.hpp", (
        "#include <cstddef>", "#include <cstdint>", "#include <type_traits>", "#include <utility>  // why",
        "#include <linnet/low.hpp>")),
    ("include/linnet/lifetime.hpp", ("#if defined(A)", "#define LINNET_LIFETIMEBOUND")),
    ("include/linnet/version.hpp", ("#define LINNET_VERSION_MAJOR 1",)),
    ("lib/fit.cpp", (
        *(f"#include <{name}>" for name in ("cstddef", "cstdint", "cstring", "type_traits", "utility")),
        *(f"std::{name} a;" for name in OF_STD), "#include <linnet/fit.hpp>", '#include "kernels/a.hpp"',
        "A(const A&) = delete;", "int renewed = time_of(newest);", "// malloc(3); std::vector", 'f("free(x); printf");',
        "sqrt_of(a);", "mine::exp(a);", "my_exp(a);", "static constexpr int a = 1;", "static const int b = 1;",
        "static int f(int a) {", "inline static constexpr int c = 1;", "int detail;")),
    ("lib/vectors/by_xsimd.hpp", ("#include <xsimd/xsimd.hpp>", "xsimd::batch<float> a;", "__m128 b;")),
    ("lib/arithmetic/number.hpp", ("#ifdef __FMA__", "return __builtin_fmaf(a, b, c);", "__builtin_sqrtf(a);")),
    ("lib/activation/formulas.hpp", ("[[gnu::always_inline]] inline V tanh(V z, V /*parameter*/, V& derivative) {",)),
    ("lib/step/bind.cpp", ("#include <new>", "  return new (aligned ? from : from + 1) Stage;")),
    ("lib/tables/select.cpp", ("#include <cpuid.h>",)),
)


class Floors(unittest.TestCase):
    HOUSE = {
        "include/linnet/high.hpp": "#pragma once\n",
        "include/linnet/lifetime.hpp": "#pragma once\n",
        "include/linnet/linnet.hpp": "#pragma once\n\n" + "".join(
            f"#include <linnet/{name}.hpp>\n" for name in ("version", "lifetime", "low", "high")),
        "include/linnet/low.hpp": "#pragma once\n",
        "include/linnet/version.hpp": "#pragma once\n",
    }

    def broken(self, path, line):
        """The rules that a house with this line breaks, with what is found."""
        sources = {**self.HOUSE, path: self.HOUSE.get(path, "") + line + "\n"}
        return {sentence: findings for sentence, findings in floors.rules(sources) if findings}

    def test_a_line_that_breaks_a_rule_is_found_by_that_rule(self):
        for start, path, lines in BREAK:
            for line in lines:
                with self.subTest(path=path, line=line):
                    found = [findings for sentence, findings in self.broken(path, line).items()
                             if sentence.startswith(start)]
                    number = self.HOUSE.get(path, "").count("\n") + 1
                    self.assertEqual(len(found), 1)
                    self.assertEqual(len(found[0]), 1)
                    self.assertTrue(found[0][0].startswith(f"{path}:{number}:"), found[0][0])

    def test_a_line_that_is_allowed_breaks_none(self):
        for path, lines in KEEP:
            for line in lines:
                with self.subTest(path=path, line=line):
                    self.assertEqual(self.broken(path, line), {})

    def test_every_rule_is_broken_by_a_line_or_has_a_test_of_its_own(self):
        own = ("every public header says #pragma once",)
        for sentence, _ in floors.rules(self.HOUSE):
            self.assertTrue(sentence.startswith(own + tuple(start for start, _, _ in BREAK)), sentence)

    def test_a_header_that_linnet_hpp_does_not_name_is_found(self):
        sentence = "linnet.hpp names every public header and does nothing else"
        self.assertEqual(self.broken("include/linnet/new.hpp", "#pragma once"),
                         {sentence: ["linnet.hpp does not name new.hpp"]})
        findings = self.broken("include/linnet/new.hpp", "#pragma once\n#include <linnet/low.hpp>")
        self.assertIn(["include/linnet/new.hpp:2: includes low.hpp"], findings.values())

    def test_a_header_without_pragma_once_or_with_two_is_found(self):
        sentence = "every public header says #pragma once"
        for line in ("", "// #pragma once"):
            self.assertEqual(self.broken("include/linnet/new.hpp", line)[sentence], ["include/linnet/new.hpp"])
        self.assertEqual(self.broken("include/linnet/low.hpp", "#pragma once")[sentence], ["include/linnet/low.hpp"])

    def test_what_the_plan_of_the_top_level_does_not_name_is_found(self):
        paths = [".ci/run", ".git", "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "CONTRIBUTING.md", "LICENSE",
                 "README.md", "examples/a", "include/linnet/a.hpp", "lib/a.cpp", "tests/a", "toolchains/a"]
        self.assertEqual(floors.not_planned(paths), [])
        self.assertEqual(floors.not_planned([*paths, "src/b", "src/a", "READMEXmd", "library/x"]),
                         ["READMEXmd", "library", "src"])

    def test_files_that_could_be_added_to_git_are_seen(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertIsNone(floors.paths_of_git(root))
            write(root, {"lib/a b": "", "build/c": "", ".gitignore": "build/\n"})
            try:
                subprocess.run(["git", "init", "-q"], cwd=root, check=True)
            except OSError:
                self.skipTest("there is no git")
            self.assertEqual(sorted(floors.paths_of_git(root)), [".gitignore", "lib/a b"])


class Headers(unittest.TestCase):
    def functions(self, text):
        return headers.functions(cpp.code(text))

    def test_functions_at_the_top_are_listed_once_for_each_declaration(self):
        self.assertEqual(self.functions(textwrap.dedent("""
            Status fit(const Samples& samples,
                       float& loss) noexcept;
            Status fit(float& loss) noexcept;
            template <class T>
            [[nodiscard]] inline Span<T> rows (std::size_t n) { return of(n); }
            constexpr std::size_t sum(std::size_t a) { return a; }
            """)), ["fit", "fit", "rows", "sum"])

    def test_public_members_are_listed_with_their_class(self):
        self.assertEqual(self.functions(textwrap.dedent("""
            class Trainer final {
              int hidden();
             public:
              Trainer(Trainer&& other) noexcept;
              /// step() again
              Status step(const Rows& inputs,
                          const Labels& targets) noexcept;
             protected:
              void unbind();
             public:
              T& operator[](std::size_t i);
              T* operator->() { return get(); }
              T& operator()(int a) const;
              bool operator==(const T& other) const;
              bool operator!=(const T& other) const;
             private:
              int data() const;
            };
            struct Config {
              int of() const {
                return f(a);
              }
            };
            int after();
            """)), [
                "Trainer::Trainer", "Trainer::step", "Trainer::operator[]", "Trainer::operator->",
                "Trainer::operator()", "Trainer::operator==", "Trainer::operator!=", "Config::of", "after"])

    def test_what_no_program_calls_by_its_name_is_left_out(self):
        for line in ("A(const A&) = delete;", "A(A&&) = default;", "static_assert(sizeof(A) == 4, a(b));",
                     "f(T&& a) { return refuse_temporary<T>(a); }", "using F = void (*)(int);", "return f(a);",
                     "constexpr int kA = f(3);", "inline constexpr int kA = f(3);", "enum class E : decltype(f(1)) {",
                     "operator Network&() { return get(); }", "constexpr operator bool() const;",
                     "A& operator=(const A& other);", "float a;", "bool (*f)(int a);", "// int f();"):
            with self.subTest(line=line):
                self.assertEqual(self.functions(line + "\n"), [])
                self.assertEqual(self.functions(f"struct S {{\n  {line}\n}};\n"), [])
        for line in ("namespace linnet::inner(a) {", 'extern "C" int f();', "template <class T = decltype(f())>",
                     "inline Status Trainer::step(int a) {", "#define A(b) b", "  indented(b);"):
            self.assertEqual(self.functions(line + "\n"), [], line)

    def test_names_that_only_start_like_a_word_of_the_language_are_listed(self):
        for line in ("enumerated f();", "returned f();", "using_it f();", "templated f();"):
            self.assertEqual(self.functions(line + "\n"), ["f"], line)

    def test_private_types_are_listed_apart(self):
        lines = cpp.code("class A {\n  struct Key {};\n public:\n  struct Seen {};\n  int f();\n private:\n"
                         "  class Other;\n  int g();\n};\nstruct B {};\nclass C;\n")
        self.assertEqual(headers.private_types(lines), ["linnet::A::Key", "linnet::A::Other"])
        self.assertEqual(headers.functions(lines), ["A::f"])

    def test_the_headers_of_the_tree_are_understood(self):
        names = set(headers.functions(headers.read(house.ROOT)))
        self.assertGreater(len(names), 150)
        self.assertLess({"fit", "to_string", "Trainer::step", "MatrixOf::operator()"}, names)


if __name__ == "__main__":
    unittest.main()
