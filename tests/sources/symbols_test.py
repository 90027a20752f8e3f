"""What is read in the symbols of archives and programs, and found there: python3 symbols_test.py"""
import contextlib
import io
import unittest

import archive
import calls


class Calls(unittest.TestCase):
    LIBRARY = ("\nfit.cpp.o:\n0000000000000000 T linnet::fit(linnet::Samples const&, float&)\n"
               "0000000000000010 T linnet::fit(linnet::Samples::Key)\n0000000000000020 T linnet::hidden()\n"
               "                 U memcpy\n0000000000000030 t linnet::fit(int)\n00000000 R linnet::descriptor::adam2\n"
               "00000008 r linnet::descriptor::kept\n00000008 R linnet::descriptor::A::b\n")

    def test_names_are_read_in_signatures(self):
        for signature, name in (
                ("linnet::fit(linnet::Samples const&, float&)", "fit"),
                ("linnet::Trainer::step(linnet::RowsOf<float const> const&)", "Trainer::step"),
                ("linnet::Span<float> linnet::split<linnet::RowsOf<float> >(int)", "split"),
                ("linnet::MatrixOf<float>::operator()(unsigned long, unsigned long) const", "MatrixOf::operator()"),
                ("linnet::FixedTrainer<linnet::Topology<3> >::operator->()", "FixedTrainer::operator->"),
                ("linnet::layout::stage_floats(int)", "stage_floats"),
                ("linnet::optimizer::sgd(float)", "sgd"),
                ("linnet::initializer::constant(float)", "constant"),
                ("linnet::descriptor::adam", "descriptor::adam"),
                ("void other::f(linnet::A)", ""),
                ("memcpy", "")):
            self.assertEqual(calls.name_of(signature), name, signature)

    def test_symbols_are_read_by_their_type(self):
        self.assertEqual(calls.symbols(self.LIBRARY, "U"), {"memcpy"})
        self.assertEqual(calls.symbols(self.LIBRARY, "t"), {"linnet::fit(int)"})

    def test_public_is_what_is_declared_and_takes_no_private_type(self):
        self.assertEqual(calls.public_functions(self.LIBRARY, {"fit"}, ["linnet::Samples::Key"]),
                         {"linnet::fit(linnet::Samples const&, float&)"})

    def test_descriptors_are_global_constants(self):
        self.assertEqual(calls.descriptors(self.LIBRARY), {"linnet::descriptor::adam2"})

    def test_what_is_missing_is_named(self):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            results = [calls.judged({"b", "a", "c"}, {"c", "d"}, "all {}", "some"),
                       calls.judged({"a"}, {"a"}, "all {}", "some"),
                       calls.judged(set(), {"a"}, "all {}", "none wanted")]
        self.assertEqual(results, [False, True, False])
        self.assertEqual(printed.getvalue().splitlines(),
                         ["FAILED: some", "    a", "    b", "ok: all 1", "FAILED: none wanted"])


class Archive(unittest.TestCase):
    SYMBOLS = [("fit.cpp.o", "_ZN6linnet3fitEv", "T"), ("fit.cpp.o", "memcpy", "U"),
               ("fit.cpp.o", "_ZN6linnet3sumEv", "U"), ("sum.cpp.o", "_ZN6linnet3sumEv", "T"),
               ("sum.cpp.o", ".LC0", "r"), ("sum.cpp.o", "__aeabi_fadd", "U")]
    SECTIONS = [("fit.cpp.o", ".text", 7, ["ALLOC", "READONLY"]), ("fit.cpp.o", ".data", 0, ["ALLOC"]),
                ("fit.cpp.o", ".comment", 7, []), ("fit.cpp.o", ".data.rel.ro.local", 8, ["ALLOC"])]

    def found(self, symbols=(), sections=()):
        return [finding for _, findings in archive.broken([*self.SYMBOLS, *symbols], [*self.SECTIONS, *sections])
                for finding in findings]

    def test_an_archive_that_keeps_its_promises_passes(self):
        self.assertEqual(self.found(), [])
        self.assertEqual(archive.external(self.SYMBOLS), ["__aeabi_fadd", "memcpy"])

    def test_symbols_are_read_with_their_object(self):
        self.assertEqual(archive.symbols("/a [b]/l.a[fit.cpp.o]: _Zf T 0 7\nl.a[a.o]: memcpy U         \nnm: none\n"),
                         [("fit.cpp.o", "_Zf", "T"), ("a.o", "memcpy", "U")])

    def test_sections_are_read_with_their_object(self):
        said = ("In archive l.a:\n\na.cpp.o:     file format elf64\n\nSections:\nIdx Name  Size  VMA\n"
                "  0 .text         0000001f  0  0  00000040  2**4\n                  CONTENTS, ALLOC, READONLY, CODE\n"
                " 11 .bss          00000000  0  0  00000047  2**0\n                  ALLOC\n"
                "b.o:     file format elf64\n  0 .data  00000008  0  0  00000040  2**4\n          CONTENTS, ALLOC\n")
        self.assertEqual(archive.sections(said), [
            ("a.cpp.o", ".text", 31, ["CONTENTS", "ALLOC", "READONLY", "CODE"]), ("a.cpp.o", ".bss", 0, ["ALLOC"]),
            ("b.o", ".data", 8, ["CONTENTS", "ALLOC"])])

    def test_a_reference_to_anything_but_helpers_is_found_with_its_object(self):
        for name in ("malloc", "memchr", "__aeabi_memmem", "_Znwm", "expf", "__cxa_throw", "linnet_memcpy", "memcpy_s"):
            for kind in "Uvw":
                self.assertEqual(self.found([("a.o", name, kind)]), [f"{name} in a.o"])

    def test_helpers_of_every_target_are_allowed(self):
        for name in ("memset", "memmove", "memcmp", "__aeabi_memclr4", "__aeabi_ui2f", "__aeabi_uidivmod",
                     "__aeabi_llsl", "__aeabi_unwind_cpp_pr0", "__addsf3", "__unordsf2", "__udivdi3", "__ashlti3",
                     "__fixunssfsi", "__floatundisf", "__extendhfsf2", "__clzsi2", "__gnu_thumb1_case_uqi",
                     "__riscv_save_12", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"):
            self.assertEqual(self.found([("a.o", name, "U")]), [], name)

    def test_a_section_that_is_written_to_is_found(self):
        for name in (".data", ".bss", ".data.rel.local"):
            self.assertEqual(self.found(sections=[("a.o", name, 16, ["ALLOC"])]), [f"a.o {name} 0x00000010"])

    def test_a_section_that_runs_by_itself_or_exists_per_thread_is_found(self):
        for name in (".init_array", ".preinit_array", ".fini_array.1", ".ctors", ".dtors", ".tdata", ".tbss"):
            self.assertEqual(self.found(sections=[("a.o", name, 0, ["ALLOC", "READONLY"])]), [f"a.o {name} 0x00000000"])

    def test_an_archive_without_sections_does_not_pass(self):
        self.assertEqual(len(archive.broken(self.SYMBOLS, [])), 1)

    def test_variables_guards_and_initialization_are_found(self):
        for name, kind in (("_ZN6linnet1aE", "b"), ("_ZN6linnet1aE", "B"), ("_ZN6linnet1aE", "C"),
                           ("_ZGVZN6linnet1fEvE1a", "V"), ("_GLOBAL__sub_I__ZN6linnet1aE", "t"),
                           ("_Z41__static_initialization_and_destruction_0ii", "t"), ("__tls_guard", "d"),
                           ("__emutls_v.a", "d")):
            self.assertEqual(self.found([("a.o", name, kind)])[0], f"a.o {name} {kind}")

    def test_a_weak_symbol_of_a_kernel_and_of_another_object_is_found(self):
        def weak(*objects):
            return self.found([(member, "_ZN6linnet4halfEv", "W") for member in objects])
        found = "_ZN6linnet4halfEv: "
        self.assertEqual(weak("fit.cpp.o", "avx2_product.cpp.o"), [found + "avx2 fit.cpp.o"])
        self.assertEqual(weak("sse2_row.cpp.o", "avx2_row.cpp.o"), [found + "avx2 sse2"])
        self.assertEqual(weak("scalar_gradient.cpp.o", "fit.cpp.o"), [found + "fit.cpp.o scalar"])
        self.assertEqual(weak("avx512_product.cpp.o", "avx512_gradient.cpp.o"), [])
        self.assertEqual(weak("scalar_product.cpp.o", "scalar_gradient.cpp.o"), [])
        self.assertEqual(weak("fit.cpp.o", "sum.cpp.o"), [])
        self.assertEqual(weak("neon_row.cpp.o"), [])

    def test_a_global_symbol_outside_the_namespace_is_found(self):
        for name, kind in (("main", "T"), ("_Z3fitv", "T"), ("_ZN5other6linnetE", "R"), ("table", "D"), ("_Za", "u")):
            self.assertEqual(self.found([("a.o", name, kind)]), [f"a.o {name} {kind}"])
        for name, kind in (("_ZNK6linnet1A1fEv", "T"), ("_ZTVN6linnet1AE", "R"), ("local", "t"), ("std", "W")):
            self.assertEqual(self.found([("a.o", name, kind)]), [])


if __name__ == "__main__":
    unittest.main()
