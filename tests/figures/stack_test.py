"""Planted defects that stack.py and image.py must find: python3 stack_test.py"""
import contextlib
import io
import pathlib
import tempfile
import unittest

from disassembly import instruction
from image import Image, taken_from_stack
from stack import Search, main


def node(function, size, how="static"):
    return f'node: {{ title: "{function}" label: "void {function}()\\n/lib/a.cpp:3:6\\n{size} bytes ({how})" }}'


def edge(caller, callee="__indirect_call"):
    return f'edge: {{ sourcename: "/lib/a.cpp:{caller}" targetname: "{callee}" label: "/lib/a.cpp:5:2" }}'


def image_of(functions, graph=(), code="", taken="", section=".rel.rodata"):
    """`functions`, and those of them whose address is `taken`: words."""
    image = Image()
    image.read_symbols(f"{k}: {0x41 + 0x20 * k:08x} 32 FUNC GLOBAL DEFAULT 2 {name}"
                       for k, name in enumerate(functions.split()))
    image.read_code(code.splitlines())
    image.read_references([f"Relocation section '{section}' at offset 0x20a34 contains 2 entries:"] +
                          [f"00011240  0002b302 R_ARM_ABS32  00000041   {name}" for name in taken.split()])
    image.read_graph(graph)
    return image


class Stack(unittest.TestCase):
    def test_the_deepest_way_counts(self):
        graph = [node("step", 64), node("loss", 8), node("update", 24), node("exp", 40),
                 edge("step", "loss"), edge("step", "update"), edge("loss", "exp"), edge("step", "memset")]
        search = Search(image_of("step loss update exp", graph))
        self.assertEqual(search.depth_below("st"), (112, ["step (64)", "loss (8)", "exp (40)"]))
        self.assertEqual(search.faults, [])

    def test_a_call_that_leaves_the_library_does_not_count(self):
        graph = [node("save", 16), node("turn", 8), node("kernel", 64), edge("save", "turn"), edge("turn")]
        image = image_of("save turn kernel", graph, taken="kernel")
        self.assertEqual(Search(image).depth_below("save")[0], 88)
        self.assertEqual(Search(image, outward=["tu"]).depth_below("save")[0], 24)

    def test_a_recursion_is_found(self):
        graph = [node("step", 8), node("a", 8), node("b", 8), edge("step", "a"), edge("a", "b"), edge("b", "a")]
        search = Search(image_of("step a b", graph))
        search.depth_below("step")
        self.assertEqual(search.faults, ["recursion: the program > step > a > b > a"])

    def test_a_frame_of_no_fixed_size_is_found(self):
        search = Search(image_of("step", [node("step", 16, "dynamic")]))
        search.depth_below("step")
        self.assertEqual(search.faults, ["the frame of step has no fixed size"])
        code = "00000060 <memcpy>:\n  60:\tmov\tsp, r7\n  62:\tbx\tlr\n"
        search = Search(image_of("step memcpy", [node("step", 16, "dynamic,bounded"), edge("step", "memcpy")], code))
        search.depth_below("step")
        self.assertEqual(search.faults, ["the frame of memcpy has no fixed size"])

    def test_what_nothing_is_known_of_and_what_is_not_there_is_found(self):
        search = Search(image_of("step gone", [node("step", 16), edge("step", "gone")]))
        search.depth_below("step")
        self.assertIsNone(search.depth_below("predict"))
        self.assertEqual(search.faults, ["nothing is known of gone, which is called by the program > step",
                                         "the image has no function predict"])

    def test_static_functions_of_one_name_count_as_the_worst(self):
        graph = [node("/lib/a.cpp:tally", 8), node("/lib/b.cpp:tally", 32), node("/lib/c.cpp:tally", 16)]
        self.assertEqual(Search(image_of("tally", graph)).depth_below("tally")[0], 32)

    def test_the_code_gives_the_calls_that_the_compiler_does_not(self):
        code = "00000040 <step>:\n  40:\tpush\t{r4, lr}\n  42:\tbl\t60 <__aeabi_fmul>\n  46:\tpop\t{r4, pc}\n" \
               "00000060 <__aeabi_fmul>:\n  60:\tpush\t{r4, r5, lr}\n  62:\tb.n\t68 <__aeabi_fmul+0x8>\n"
        search = Search(image_of("step __aeabi_fmul", [node("step", 16)], code))
        self.assertEqual(search.depth_below("step"), (28, ["step (16)", "__aeabi_fmul (12)"]))


class Tables(unittest.TestCase):
    """Indirect calls."""

    GRAPH = [node("step", 64), edge("step"), node("kept", 100), node("rule", 20), node("sgd", 30), node("loss", 40)]
    NAMES = "step kept rule sgd loss"

    def depth(self, *more, taken="kept rule sgd loss", section=".rel.rodata", **prefixes):
        search = Search(image_of(self.NAMES, [*self.GRAPH, *more], taken=taken, section=section), **prefixes)
        return search.depth_below("step")[0], search.faults

    def test_an_indirect_call_counts_as_the_deepest_function_whose_address_is_taken(self):
        self.assertEqual(self.depth(taken="rule loss"), (64 + 40, []))

    def test_the_vector_table_and_what_no_section_of_the_program_holds_do_not_count(self):
        for section in (".rel.vectors", ".rel.debug_info", ".rel.ARM.exidx"):
            self.assertEqual(self.depth(section=section), (64, []))

    def test_an_indirect_call_below_an_indirect_call_is_found(self):
        self.assertEqual(self.depth(edge("loss"))[1],
                         ["an indirect call in loss, which an indirect call can reach by loss"])
        self.assertEqual(self.depth(edge("sgd", "rule"), edge("rule"), taken="sgd")[1],
                         ["an indirect call in rule, which an indirect call can reach by sgd"])

    def test_a_call_that_was_optimized_away_is_none(self):
        self.assertEqual(self.depth(edge("sgd", "exp"), edge("exp"), node("exp", 4))[1], [])

    def test_between_may_call_what_is_neither_between_nor_below(self):
        self.assertEqual(self.depth(edge("kept"), between=["kept"]), (64 + 100 + 40, []))

    def test_between_may_call_below_and_below_the_others(self):
        self.assertEqual(self.depth(edge("kept"), edge("rule"), between=["kept"], below=["rule"]),
                         (64 + 100 + 20 + 40, []))

    def test_what_is_called_from_both_sides_counts_with_all_tables_below_it(self):
        more = [edge("rule", "exp"), edge("exp"), edge("kept", "exp"), node("exp", 1)]
        for above, own in ([], 64), ([edge("step", "exp")], 64 + 1):
            image = image_of(self.NAMES + " exp", [*self.GRAPH, *more, *above], taken="kept rule loss")
            search = Search(image, between=["kept"], below=["rule"])
            self.assertEqual(search.depth_below("step")[0], own + 100 + 1 + 20 + 1 + 40)

    def test_jumps_take_no_address_and_no_table_has_the_entries(self):
        graph = [node("step", 8), edge("step"), node("loss", 40), node("main", 400)]
        image = image_of("main step loss", graph, taken="main")
        image.read_references(["00000042  0002b30a R_ARM_THM_CALL  00000081   loss"])
        self.assertEqual(Search(image).depth_below("step")[0], 8)

    def test_apart_counts_for_no_indirect_call(self):
        self.assertEqual(self.depth(edge("kept"), apart=["kept"]), (64 + 40, []))


class Program(unittest.TestCase):
    def run_on(self, graph):
        """What stack.py prints, says of faults, and returns."""
        symbols = "1: 00000041 8 FUNC GLOBAL DEFAULT 2 _Z4stepv\n2: 00000061 8 FUNC GLOBAL DEFAULT 2 _Z3sumv\n"
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name) for name in ("symbols", "code", "references", "graph")]
            for path, text in zip(paths, (symbols, "", "", "\n".join(graph))):
                path.write_text(text)
            with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()) as faults:
                result = main(["--apart", "_Z5apart", "_Z4step", *map(str, paths)])
        return said.getvalue(), faults.getvalue(), result

    def test_bytes_and_the_way_are_printed(self):
        graph = [node("_Z4stepv", 24), node("_Z3sumv", 8), edge("_Z4stepv", "_Z3sumv")]
        self.assertEqual(self.run_on(graph), ("_Z4step 32\n#   _Z4stepv (24)\n#     _Z3sumv (8)\n", "", 0))

    def test_a_fault_ends_with_1(self):
        _, faults, result = self.run_on([node("_Z4stepv", 24), edge("_Z4stepv", "_Z4stepv")])
        self.assertEqual((faults, result), ("stack: recursion: the program > _Z4stepv > _Z4stepv\n", 1))
        self.assertEqual(self.run_on([])[2], 1)


class Code(unittest.TestCase):
    def test_what_an_instruction_takes_from_the_stack(self):
        for line, taken in [
            ("push {r4, r5, lr}", 12), ("vpush {d8-d10}", 24), ("vpush {s16-s18}", 12), ("push {r4-r7, lr}", 20),
            ("stmdb sp!, {r4, r5, r6, lr}", 16), ("stmdb r0!, {r4, r5}", 0), ("str.w lr, [sp, #-4]!", 4),
            ("strd r4, r5, [sp, #-16]!", 16), ("strd r4, r5, [sp, #16]", 0), ("sub sp, #520 @ 0x208", 520),
            ("sub.w sp, sp, #1040", 1040), ("add sp, #8", 0), ("add r3, sp, #4", 0), ("mov r0, sp", 0),
            ("mov sp, r7", None), ("sub.w sp, sp, r3", None), ("add sp, r3", None), ("bx lr", 0)]:
            with self.subTest(line):
                self.assertEqual(taken_from_stack(*instruction("  40:\t" + line)[1:]), taken)

    def calls(self, code):
        return {caller: list(callees) for caller, callees in image_of("f g h", code=code).calls.items()}

    def test_calls_and_jumps_to_another_function_are_calls(self):
        self.assertEqual(self.calls("00000040 <f>:\n 40:\tbl\t60 <g>\n 44:\tcbz\tr0, 82 <h+0x2>\n 46:\tpop\t{pc}\n"
                                    "00000060 <g>:\n 60:\tb.w\t80 <h>\n"), {"f": ["g", "h"], "g": ["h"]})

    def test_jumps_inside_a_function_are_none_and_a_call_of_itself_is_one(self):
        self.assertEqual(self.calls("00000040 <f>:\n 40:\tbne.n\t44 <f+0x4>\n 42:\tbl\t44 <f+0x4>\n 46:\tbx\tlr\n"), {})
        self.assertEqual(self.calls("00000040 <f>:\n 40:\tbl\t40 <f>\n 44:\tbx\tlr\n"), {"f": ["f"]})

    def test_code_without_a_jump_at_its_end_runs_on_over_padding_and_labels(self):
        self.assertEqual(self.calls("00000040 <f>:\n 40:\tadds\tr0, #1\n 42:\tnop\n"
                                    "00000050 <figures_step_begin>:\n 50:\tadds\tr0, #1\n"
                                    "00000060 <g>:\n 60:\tpop\t{r4, pc}\n 62:\tmovs\tr0, r0\n"
                                    "00000080 <h>:\n 80:\tpop\t{r4}\n"
                                    "000000a0 <i>:\n a0:\tbx\tlr\n"), {"f": ["g"], "h": ["i"]})

    def test_indirect_calls_are_found_and_returns_are_none(self):
        image = image_of("f g h", code="00000040 <f>:\n 40:\tblx\tr3\n00000060 <g>:\n 60:\tbx\tlr\n"
                                       "00000080 <h>:\n 80:\tbx\tr3\n")
        self.assertEqual(image.indirect_in_code, {"f", "h"})

    def test_names_at_one_address_are_one_function(self):
        image = Image()
        image.read_symbols(["1: 00000041 2 FUNC GLOBAL DEFAULT 2 __aeabi_fmul",
                            "2: 00000041 2 FUNC GLOBAL DEFAULT 2 __mulsf3",
                            "3: 00000081 4 OBJECT GLOBAL DEFAULT 2 table"])
        image.read_code(["00000060 <f>:", "  60:\tbl\t40 <__mulsf3>", "00000081 <table>:", "  81:\tpush\t{r4}"])
        self.assertEqual(list(image.calls["f"]), ["__aeabi_fmul"])
        self.assertEqual(image.pushed, {"f": 0})


if __name__ == "__main__":
    unittest.main()
