#!/usr/bin/env python3
"""floors.py ROOT: the order of the public headers, what a source may include and name, what stands at the top level.

Prints a line for every rule and, where it is broken, by what. Ends with 1 where one is broken, with 2 where there is
nothing to read.
"""
import pathlib
import re
import subprocess
import sys

import cpp

PUBLIC = re.compile(r"include/linnet/[^/]+\.hpp")
UMBRELLA = "include/linnet/linnet.hpp"

# (sentence, a pattern of code that breaks it, patterns of PATH:CODE that are allowed all the same)
RULES_OF_HEADERS = (
    ("public headers include <cstddef>, <cstdint>, <type_traits>, <utility> and each other, nothing else",
     r"#\s*include",
     r":#include <(cstddef|cstdint|type_traits|utility|linnet/[a-z_]+\.hpp)>\s*$"),
    ("a public header has no directives but #pragma once and #include; lifetime.hpp asks for an attribute, version.hpp "
     "says the version",
     r"^\s*#",
     r":#(pragma once|include .*)$",
     r"^include/linnet/lifetime\.hpp:",
     r"^include/linnet/version\.hpp:#define LINNET_VERSION"),
)
RULES_OF_SOURCES = (
    ("sources include no system header that brings memory, output or mathematics; xsimd in by_xsimd.hpp alone",
     r"#\s*include\s*<",
     r"<(cstddef|cstdint|cstring|type_traits|utility|linnet/[a-z_]+\.hpp)>",
     r"^lib/vectors/by_xsimd\.hpp:#include <xsimd/xsimd\.hpp>",
     r"^lib/step/bind\.cpp:#include <new>",
     r"^lib/tables/select\.cpp:#include <cpuid\.h>"),
    ("an instruction set is named in lib/vectors alone",
     r"_mm[0-9]*_|__m(128|256|512)|float32x[24]_t|xsimd|LINNET_VECTOR_BITS|__(SSE|AVX|FMA__|ARM_NEON|aarch64)"
     r"|(imm|xmm)intrin|arm_neon",
     r"^lib/vectors/",
     r"^lib/arithmetic/number\.hpp:"),  # it asks how a float is multiplied and added
    ("no include climbs out of its folder, and none goes to src, detail or utils",
     r'#\s*include.*"(\.\./|[a-z_/]*(src|detail|utils)/)'),
    ("no heap, no exceptions, no run-time types, no way out but a Status",
     r"\b(malloc|calloc|realloc|free|alloca|new|throw|try|catch|dynamic_cast|typeid|virtual|thread_local|goto|abort"
     r"|exit|assert)\b|(?<!= )\bdelete\b",
     r"^lib/step/bind\.cpp:#include <new>",
     r"^lib/step/bind\.cpp:  return new \(aligned \? from : from \+ 1\) Stage;"),  # stages are made in lent memory
    ("no output, no clock, no environment",
     r"\b((f|s|sn|v|vs|vsn)?printf|f?puts|putchar|fwrite|cout|cerr|FILE|stdout|stderr|errno|rand|srand|time|getenv)\b"),
    ("from std only sizes, integers, memcpy and type traits",
     r"std::(?!(size_t|u?int(8|16|32|64|ptr)_t|ptrdiff_t|memcpy|memset|move|forward|declval|true_type|false_type"
     r"|integral_constant|index_sequence|make_index_sequence|is_[a-z_]+|enable_if_t|remove_[a-z]+_t|conditional_t"
     r"|decay_t)\b)"),
    ("no function of the C mathematics library; the two that are one instruction only in number.hpp",
     r"(?<![\w:])(__builtin_)?(sqrt|exp|exp2|expm1|log|log2|log1p|pow|sin|cos|tan|tanh|erf|erfc|fma|floor|ceil|round"
     r"|lround|rint|nearbyint|fabs|fmin|fmax|fmod|ldexp|frexp)[fl]?\(",
     r"^lib/arithmetic/number\.hpp:.*__builtin_(fma|sqrt)f\(",
     r"^lib/activation/formulas\.hpp:.*inline V tanh\(V z, V "),  # ours, defined there
    ("no writable static",  # one that is neither constant nor a function
     r"^\s*(inline )?static (?!(constexpr|const|inline constexpr) |[A-Za-z_:<>&* ]+\()"),
)
TOP_LEVEL = re.compile(r"CMakeLists\.txt|lib|include|tests|examples|toolchains|README\.md|CHANGELOG\.md"
                       r"|CONTRIBUTING\.md|CMakePresets\.json|LICENSE|\..*")


def found(lines, pattern, *allowed):
    """Lines (path, number, code) in which the pattern is found, but for those that are allowed."""
    return [f"{path}:{number}:{code}" for path, number, code in lines
            if re.search(pattern, code) and not any(re.search(each, f"{path}:{code}") for each in allowed)]


# ---- The order of the public headers is the order in which linnet.hpp names them.

def included(code):
    """The public header that a line includes, if any."""
    name = re.match(r"#include <linnet/([^>]*)>", code)
    return name and name[1]


def order(public):
    return [included(code) for path, _, code in public if path == UMBRELLA and included(code)]


def unnamed(public):
    """Public headers that linnet.hpp does not name."""
    names = sorted({path.rpartition("/")[2] for path, _, _ in public if path != UMBRELLA})
    return [f"linnet.hpp does not name {name}" for name in names if name not in order(public)]


def upward(public):
    """Includes of a header that is not above the one that includes it."""
    place = {name: number for number, name in enumerate(order(public))}
    findings = []
    for path, number, code in public:
        lower, upper = included(code), path.rpartition("/")[2]
        if lower and path != UMBRELLA and place.get(lower, len(place)) >= place.get(upper, 0):
            findings.append(f"{path}:{number}: includes {lower}")
    return findings


def not_once(public):
    """Headers without #pragma once, or with two."""
    counts = {path: 0 for path, _, _ in public}
    for path, _, code in public:
        counts[path] += code == "#pragma once"
    return [path for path, count in counts.items() if count != 1]


def rules(sources):
    """(sentence, what breaks it) for every rule over sources, which are texts by their paths."""
    lines = cpp.lines(sources)
    public = [line for line in lines if PUBLIC.fullmatch(line[0])]
    umbrella = [line for line in public if line[0] == UMBRELLA]
    more = found(umbrella, r"\S", r":(#pragma once|#include <linnet/[a-z_]+\.hpp>)$")
    return [
        ("linnet.hpp names every public header and does nothing else", unnamed(public) + more),
        ("a public header includes only headers above it in linnet.hpp", upward(public)),
        *((sentence, found(public, *patterns)) for sentence, *patterns in RULES_OF_HEADERS),
        ("every public header says #pragma once", not_once(public)),
        *((sentence, found(lines, *patterns)) for sentence, *patterns in RULES_OF_SOURCES),
    ]


# ---- What stands at the top level.

def not_planned(paths):
    """What the plan of the top level does not name, of paths from there."""
    return sorted({name for name in (path.partition("/")[0] for path in paths) if not TOP_LEVEL.fullmatch(name)})


def paths_of_git(root):
    """All files that are in git or could be added; None where there is no git."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        said = subprocess.run(command, cwd=root, check=True, text=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return [path for path in said.split("\0") if path]


def main():
    root = pathlib.Path(sys.argv[1])
    sources = cpp.read(root, "lib", "include")
    if not any(PUBLIC.fullmatch(path) for path in sources):
        print(f"FAILED: no sources in {root}")
        sys.exit(2)
    results = rules(sources)
    paths = paths_of_git(root)
    if paths is not None:
        results.append(("the top level holds what the plan allows and nothing else", not_planned(paths)))
    for sentence, findings in results:
        print(f"{'FAILED' if findings else 'ok'}: {sentence}")
        for finding in findings:
            print(f"    {finding}")
    if paths is None:
        print("note: not a git checkout; the top level was not looked at")
    sys.exit(1 if any(findings for _, findings in results) else 0)


if __name__ == "__main__":
    main()
