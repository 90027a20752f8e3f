"""What is read in the blocks of pages: python3 pages_test.py"""
import pathlib
import tempfile
import unittest

import pages

PAGE = """# Page
```text
before any program
```
## One
```cpp
int f();
```
```sh
a
## b
```
```
sh
```
```cpp
int main() {}
```
```text
first

line
```
```text
second
```
## Two
```cpp\x20\x20
int main(int n) {}
```
```sh
c
```
### Three
```sh
d
```
```shell
e
```
"""


class Pages(unittest.TestCase):
    def test_programs_come_with_the_first_text_behind_them(self):
        whole, others = pages.programs(PAGE)
        self.assertEqual(whole, [("int main() {}\n", "first\n\nline\n"), ("int main(int n) {}\n", None)])
        self.assertEqual(others, ["int f();\n"])

    def test_programs_are_written_into_files(self):
        with tempfile.TemporaryDirectory() as folder:
            pages.write_programs(PAGE, pathlib.Path(folder))
            written = {path.name: path.read_text(encoding="utf-8") for path in pathlib.Path(folder).iterdir()}
        self.assertEqual(written, {"program-1.cpp": "int main() {}\n", "expected-1": "first\n\nline\n",
                                   "program-2.cpp": "int main(int n) {}\n", "blocks.inc": "int f();\n"})

    def test_shell_lines_are_those_below_the_heading(self):
        self.assertEqual(pages.lines_below(PAGE, "One"), "a\n## b\n#1\n")
        self.assertEqual(pages.lines_below(PAGE, "Two"), "c\n#1\nd\n#2\n")
        self.assertEqual(pages.lines_below(PAGE, "Three"), "")


if __name__ == "__main__":
    unittest.main()
