#!/usr/bin/env python3
"""Writes digits.hpp from the copy of the handwritten digits that scikit-learn carries.

    apt-get download python3-sklearn && dpkg-deb -x python3-sklearn_*.deb sklearn
    python3 make_digits.py sklearn/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz > digits.hpp

Where the package is installed, the path can be left out. Needs nothing but Python itself.
"""
import csv
import gzip
import sys

INSTALLED = "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"
SAMPLES, PIXELS, CLASSES, MOST = 1797, 64, 10, 16

HEADER = f"""\
#pragma once

// Made by make_digits.py; not edited by hand.
//
// {SAMPLES:,} handwritten digits of 8x8 pixels: the test part of "Optical Recognition of Handwritten Digits",
// E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49.
// Licence: Creative Commons Attribution 4.0, https://creativecommons.org/licenses/by/4.0/. Changed: the form only.

#include <cstddef>
#include <cstdint>

namespace digits {{

inline constexpr std::size_t kSamples = {SAMPLES};
inline constexpr std::size_t kPixels = {PIXELS};
inline constexpr std::size_t kClasses = {CLASSES};

// clang-format off

/// Row by row from the top left; 0 is paper, {MOST} is ink.
inline constexpr std::uint8_t kImages[kSamples][kPixels] = {{
"""
BETWEEN = """\
};

/// The digit that each image shows.
inline constexpr std::uint16_t kLabels[kSamples] = {
"""
FOOTER = """\
};

// clang-format on

}  // namespace digits
"""


def read(path):
    """The rows of the file, each 64 pixels and a label, or the end of the program."""
    try:
        with gzip.open(path, "rt", encoding="ascii") as file:
            rows = [[int(number) for number in row] for row in csv.reader(file)]
    except (OSError, EOFError, ValueError) as error:
        sys.exit(f"{path}: {error}")
    if len(rows) != SAMPLES or any(len(row) != PIXELS + 1 for row in rows):
        sys.exit(f"{path}: not {SAMPLES} rows of {PIXELS} pixels and a label")
    if any(not 0 <= pixel <= MOST for row in rows for pixel in row[:-1]):
        sys.exit(f"{path}: a pixel outside 0..{MOST}")
    if any(not 0 <= row[-1] < CLASSES for row in rows):
        sys.exit(f"{path}: a label outside 0..{CLASSES - 1}")
    return rows


def write(rows, file):
    file.write(HEADER)
    for row in rows:
        file.write("{" + ",".join(map(str, row[:-1])) + "},\n")
    file.write(BETWEEN)
    labels = [str(row[-1]) for row in rows]
    for first in range(0, SAMPLES, PIXELS):
        file.write(",".join(labels[first : first + PIXELS]) + ",\n")
    file.write(FOOTER)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("usage: make_digits.py [digits.csv.gz] > digits.hpp")
    write(read(sys.argv[1] if len(sys.argv) == 2 else INSTALLED), sys.stdout)
