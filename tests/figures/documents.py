"""Writes the stored table into the documents that show it, between <!-- figures --> and <!-- /figures -->.

usage: documents.py write
"""
import pathlib
import re
import sys

from render import render
from table import lines_of

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STORED, BARS = HERE / "figures.txt", HERE / "bars.txt"
PARTS = {"README.md": "short", "tests/figures/README.md": "full"}  # the tables that each document shows


def with_tables(text, tables):
    """The text with these tables; None if it has no room for them."""
    parts = re.split(r"^(<!-- /?figures -->\n)", text, flags=re.MULTILINE)
    if [mark.strip() for mark in parts[1::2]] != ["<!-- figures -->", "<!-- /figures -->"]:
        return None
    parts[2] = tables
    return "".join(parts)


def documents():
    """(document, as it is, as it should be) of each."""
    for document, part in PARTS.items():
        text = (ROOT / document).read_text(encoding="utf-8")
        yield document, text, with_tables(text, render(part, lines_of(BARS), lines_of(STORED)))


def check():
    """{document: whether it shows the stored table}"""
    return {document: text == wanted for document, text, wanted in documents()}


def write():
    for document, text, wanted in documents():
        if wanted is None:
            raise SystemExit(f"{document} has no room for the figures")
        (ROOT / document).write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    write() if sys.argv[1:] == ["write"] else sys.exit(__doc__)
