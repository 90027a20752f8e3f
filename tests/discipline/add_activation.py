#!/usr/bin/env python3
"""add_activation.py ROOT: follows "How to add: an activation" of lib/README.md in a copy of the tree, word for word where
it says so, and builds and tests what comes out (scalar table; a vector table is compiled only as far as its types).

The sample is ShiLU with a fixed shift, max(z, -1). A file that has to know every activation and that the page forgets
stops the build (a switch without its case is an error) or the test.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

NAME = "shifted_relu"
NEW_FILE = f"""#include "activation/formulas.hpp"

LINNET_ACTIVATION({NAME}, rectifier, 0.0f, 0.0f, (activation_variant<float, formula::{NAME}>()))
"""
FORMULA = f"""template <class V>
inline V {NAME}(V z, V /*parameter*/, V& derivative) {{
  derivative = choose(z > V(-1.0f), V(1.0f), V(0.0f));
  return choose(z > V(-1.0f), z, V(-1.0f));
}}

"""
# (step of the page, file, text there, what is put before it)
EDITS = (
    (1, "include/linnet/activation.hpp", "};\n\n/// What the library knows", f"  {NAME} = 19,\n"),
    (1, "include/linnet/activation.hpp", ";\n}  // namespace descriptor", f", {NAME}"),
    (1, "include/linnet/activation.hpp", "}  // namespace activation",
     f"inline constexpr Activation {NAME}{{&descriptor::{NAME}, 0.0f}};  ///< max(z, -1)\n"),
    (2, "lib/activation/formulas.hpp", "}  // namespace formula", FORMULA),
    (3, "lib/CMakeLists.txt", "activation/elu.cpp", f"activation/{NAME}.cpp "),
    (4, "lib/tables/functions.hpp", "extern constexpr ActivationVariant softmax",
     f"extern constexpr ActivationVariant {NAME} = vector_activation<formula::{NAME}>();\n"),
    (4, "lib/activation/find.cpp", "&activation::softmax}", f"&activation::{NAME}, "),
    (4, "lib/diagnostics_data.cpp", "    case ActivationId::identity:",
     f"    case ActivationId::{NAME}:\n      return {{-1.0f, kInfinity}};\n"),
    (6, "tests/activations.hpp", '{"softsign"', f'{{"{NAME}", a::{NAME}}},\n'),
    (6, "tests/oracle.hpp", '  if (name == "softsign")', f'  if (name == "{NAME}") return z > -1 ? z : -1;\n'),
)
TESTS = {
    "formulas_test.cpp": ("*agree with double precision from -100*", "*found by its number*"),
    "gradient_test.cpp": ("the gradients of every activation*",),
    "verdict_test.cpp": ("targets beyond what the last activation gives*",),
}


def run(*command, **options):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"FAILED: {' '.join(command)}\n{result.stdout[-4000:]}")
    return result.stdout


def edit(tree):
    for step, name, anchor, text in EDITS:
        path = os.path.join(tree, name)
        with open(path, encoding="utf-8") as file:
            before = file.read()
        if before.count(anchor) != 1:
            sys.exit(f"FAILED: step {step}: {name} has '{anchor.strip()}' {before.count(anchor)} times, not once")
        with open(path, "w", encoding="utf-8") as file:
            file.write(before.replace(anchor, text + anchor))
    with open(os.path.join(tree, f"lib/activation/{NAME}.cpp"), "w", encoding="utf-8") as file:
        file.write(NEW_FILE)


def page_names_the_files(root):
    with open(os.path.join(root, "lib/README.md"), encoding="utf-8") as file:
        page = file.read()
    steps = page[page.index("**An activation.**"):page.index("**A loss.**")]
    missing = {name for _, name, _, _ in EDITS if os.path.basename(name) not in steps}
    if missing:
        sys.exit(f"FAILED: the steps do not name {', '.join(sorted(missing))}")


def main():
    root = os.path.abspath(sys.argv[1])
    page_names_the_files(root)
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "linnet")
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns("build", ".git"))
        edit(tree)
        build = os.path.join(scratch, "build")
        run("cmake", "-S", tree, "-B", build, "-DLINNET_SIMD=OFF", "-DLINNET_EXAMPLES=OFF", "-DLINNET_TESTS=OFF",
            "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O1")
        run("cmake", "--build", build, "--parallel", str(os.cpu_count()))
        compiler = (os.environ.get("CXX", "g++"), "-std=c++17", f"-I{tree}/include", f"-I{tree}/lib", f"-I{tree}/tests")
        program = os.path.join(scratch, "tests")
        sources = (os.path.join(tree, "tests", name) for name in ("main.cpp", *TESTS))
        run(*compiler, *sources, os.path.join(build, "lib/liblinnet.a"), "-o", program)
        for test in (test for tests in TESTS.values() for test in tests):
            if not re.search(r"test cases:\s+[1-9]", run(program, f"--test-case={test}")):
                sys.exit(f"FAILED: there is no test '{test}'")
        if os.uname().machine == "x86_64":
            run(*compiler, "-DLINNET_WITH_SSE2", "-DLINNET_NOT_CONTRACTED", "-fsyntax-only",
                f"{tree}/lib/tables/sse2_functions.cpp")
    print("ok: an activation is added by the steps of lib/README.md, builds and passes")


if __name__ == "__main__":
    main()
