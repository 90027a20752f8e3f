"""The page that `linnet train` writes: whole, closed, alone, and nothing in it but text comes from the data."""
import html.parser
import re

import tables
import tool

VOID = {"meta"}
EVIL = ("</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "&lt;a&gt;", "' onload='x")


class Reader(html.parser.HTMLParser):
    """Every tag must be closed; (tags, attributes, text)."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], set(), [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text += data


class Page(tool.InAFolder):
    def page(self, *command):
        self.good("train", *command, "--epochs", 15)
        return Reader((self.folder / "model.html").read_text(encoding="utf-8"))

    def look(self, page):
        self.assertEqual(page.open, [])
        allowed = set("html head meta title style body h1 h2 p span div table tr th td code svg desc line path rect text "
                      "circle".split())
        self.assertEqual(page.tags - allowed, set())
        for name, value in page.attributes:
            self.assertNotRegex(name, "^on|src|href", (name, value))
            self.assertNotIn("url(", value or "")
        addresses = [value for name, value in page.attributes if "//" in (value or "")]
        self.assertEqual(set(addresses), {"http://www.w3.org/2000/svg"})

    def test_of_classes(self):
        self.put("shapes.csv", tables.table(*tables.classes()))
        page = self.page("shapes.csv", "--target", "kind", "--seeds", 3, "--hidden", "8,8")
        self.look(page)
        for text in ("kind from 4 columns", "All runs", "What was taken for what", "Loss by epoch", "3, after", "healthy",
                     "linnet train shapes.csv --target kind --seeds 3 --hidden 8,8 --epochs 15", "120 rows, 4 inputs",
                     "90 to learn from, 0 to validate, 30 to test", "4 8:relu 8:relu 3:softmax", "automatic, seed 0",
                     "adam, learning rate 0.001", "15 epochs in batches of 32", "standard", "always", "contract"):
            self.assertIn(text, page.text)
        said = self.good("inspect", "model.safetensors")
        self.assertIn(re.search("hash of weights +(.*)", said).group(1), page.text)

    def test_of_numbers(self):
        self.put("prices.csv", tables.table(*tables.numbers(), "price"))
        page = self.page("prices.csv", "--target", "price")
        self.look(page)
        self.assertIn("Predicted and true", page.text)
        self.assertNotIn("All runs", page.text)

    def test_names_out_of_the_data_are_text(self):
        rows = [[k % 4, k % 3] for k in range(40)]
        self.put("<i>.csv", tables.table([EVIL[0], "always"], [[row[0], 1] for row in rows], [EVIL[k % 4] for k in range(40)], EVIL[1]))
        page = self.page("<i>.csv", "--target", EVIL[1])
        self.look(page)
        for text in (*EVIL, "<i>.csv"):
            self.assertIn(text, page.text)

    def test_a_layer_that_learns_nothing_is_called_so(self):
        self.put("shapes.csv", tables.table(*tables.classes()))
        said = self.good("train", "shapes.csv", "--target", "kind", "--hidden", "8,8,8", "--activation", "sigmoid",
                         "--initializer", "normal", "--stddev", "0.001", "--epochs", 3)
        self.assertRegex(said, r"\nlayer 1: vanishing\. \S")
        page = Reader((self.folder / "model.html").read_text(encoding="utf-8"))
        self.assertIn("vanishing", page.text)
