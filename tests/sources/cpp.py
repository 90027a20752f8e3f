"""C++ sources as the checks of this folder read them: without comments, and without what stands in literals."""
import pathlib
import re

TOKEN = re.compile(r"""
    (?P<line_comment>  //(?:\\\n|[^\n])*)                                       # a backslash at its end continues it
  | (?P<comment>       /\*.*?(?:\*/|\Z))
  | (?P<raw>           (?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")
  | (?P<string>        "(?:\\.|[^"\\\n])*")
  | (?P<character>     '(?:\\.|[^'\\\n])+')
  | (?P<kept>          \#[ \t]*include[ \t]*(?:"[^"\n]*"|<[^>\n]*>)             # it names a file
                    |  [A-Za-z_]\w*                                             # a whole name: FOR"(" is no raw string
                    |  [0-9](?:'?\w)*)                                          # a number: 1'000 has no character
    """, re.VERBOSE | re.DOTALL)
INSTEAD = {"line_comment": "", "comment": " ", "raw": '""', "string": '""', "character": "''"}


def _without_contents(token):
    if token.lastgroup == "kept":
        return token.group()
    return INSTEAD[token.lastgroup] + "\n" * token.group().count("\n")


def code(text):
    """The lines of a source without comments and without the contents of literals, as many as it has."""
    return TOKEN.sub(_without_contents, text.removesuffix("\n")).split("\n")


def read(root, *folders):
    """The texts of the C++ sources in folders of `root`, by their paths from there, in the order of these."""
    root = pathlib.Path(root)
    paths = [path for folder in folders for path in (root / folder).rglob("*.[ch]pp")]
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return dict(sorted(texts.items()))


def lines(sources):
    """(path, number, code) of every line of these texts, which are given by their paths."""
    return [(path, number, line) for path, text in sources.items() for number, line in enumerate(code(text), 1)]
