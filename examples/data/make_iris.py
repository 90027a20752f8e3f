#!/usr/bin/env python3
"""Writes iris.hpp from the copy of Fisher's irises that scikit-learn carries.

    apt-get download python3-sklearn && dpkg-deb -x python3-sklearn_*.deb sklearn
    python3 make_iris.py sklearn/usr/lib/python3/dist-packages/sklearn/datasets/data/iris.csv > iris.hpp

Where the package is installed, the path can be left out. Needs nothing but Python itself.
"""
import csv
import sys

INSTALLED = "/usr/lib/python3/dist-packages/sklearn/datasets/data/iris.csv"
SAMPLES, FEATURES, CLASSES, MOST = 150, 4, 3, 100

HEADER = f"""\
#pragma once

// Made by make_iris.py; not edited by hand.
//
// {SAMPLES} irises of {CLASSES} species: R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936;
// "Iris", UCI Machine Learning Repository, https://doi.org/10.24432/C56C76.
// Licence: Creative Commons Attribution 4.0, https://creativecommons.org/licenses/by/4.0/. Changed: the form, and the
// samples 35 and 38, which have the values of Fisher's paper (see README.md).

#include <cstddef>
#include <cstdint>

namespace iris {{

inline constexpr std::size_t kSamples = {SAMPLES};
inline constexpr std::size_t kFeatures = {FEATURES};
inline constexpr std::size_t kClasses = {CLASSES};

// clang-format off

/// Length and width of a sepal, length and width of a petal, in millimetres.
inline constexpr std::uint8_t kFlowers[kSamples][kFeatures] = {{
"""
BETWEEN = """\
};

/// 0 setosa, 1 versicolor, 2 virginica.
inline constexpr std::uint8_t kSpecies[kSamples] = {
"""
FOOTER = """\
};

// clang-format on

}  // namespace iris
"""


def millimetres(text):
    """The number of tenths in a decimal number with one digit behind the point."""
    whole, tenths = text.split(".")
    if len(tenths) != 1:
        raise ValueError(f"{text} is not given in tenths")
    return 10 * int(whole) + int(tenths)


def read(path):
    """The rows of the file, each four lengths and a species, or the end of the program."""
    try:
        with open(path, "rt", encoding="ascii", newline="") as file:
            rows = [
                [*map(millimetres, row[:-1]), int(row[-1])]
                for row in list(csv.reader(file))[1:]
            ]
    except (OSError, ValueError) as error:
        sys.exit(f"{path}: {error}")
    if len(rows) != SAMPLES or any(len(row) != FEATURES + 1 for row in rows):
        sys.exit(f"{path}: not {SAMPLES} rows of {FEATURES} lengths and a species")
    if any(not 0 < length <= MOST for row in rows for length in row[:-1]):
        sys.exit(f"{path}: a length outside 1..{MOST} mm")
    if any(not 0 <= row[-1] < CLASSES for row in rows):
        sys.exit(f"{path}: a species outside 0..{CLASSES - 1}")
    return rows


def write(rows, file):
    file.write(HEADER)
    for first in range(0, SAMPLES, 5):
        flowers = rows[first : first + 5]
        file.write(" ".join("{" + ",".join(map(str, row[:-1])) + "}," for row in flowers) + "\n")
    file.write(BETWEEN)
    species = [str(row[-1]) for row in rows]
    for first in range(0, SAMPLES, 50):
        file.write(",".join(species[first : first + 50]) + ",\n")
    file.write(FOOTER)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("usage: make_iris.py [iris.csv] > iris.hpp")
    write(read(sys.argv[1] if len(sys.argv) == 2 else INSTALLED), sys.stdout)
