"""Every Status that the public headers document, as rows of a C++ array.

    python3 -B documented.py OUTPUT HEADER...

A row is {"Class::function(Type, Type)", Status::name}. They come from the sentence of a function's comment that begins
with "Returns" and names statuses. What stands in parentheses there explains and names none. In place of statuses
it may name a function, whose own then count:

    Returns what Trainer::step() returns, or gradients_not_kept.
    Returns what step() with weights returns.                        the overloads that take RowWeights
    Returns what the call above returns.

Functions between ///@{ and ///@} share a comment; there bad_label is for those that take labels, and bad_target for those
that take rows of targets. Ends with 1 where a function that returns a Status says no such sentence, or one that names
nothing known.
"""
import re
import sys
from typing import NamedTuple


class Function(NamedTuple):
    owner: str  # its class, or ""
    name: str
    parameters: tuple  # names of types
    comment: str

    def signature(self):
        prefix = self.owner + "::" if self.owner else ""
        return f"{prefix}{self.name}({', '.join(self.parameters)})"


DECLARATION = re.compile(r"^(?:static |constexpr |\[\[nodiscard\]\] )*Status (\w+)\((.*?)\)(?: const)?(?: noexcept)?\s*[;{]")


def statuses(headers):
    """The names in `enum class Status`, in their order."""
    body = re.search(r"enum class [^{]*\bStatus\b[^{]*\{(.*?)\n\};", "\n".join(headers), re.DOTALL).group(1)
    return re.findall(r"^\s+(\w+) = \d+,", body, re.MULTILINE)


def type_name(parameter):
    """`const Span<float>& memory = {}` -> `Span<float>`."""
    text = re.sub(r"\s*=.*|&|\b(?:std|linnet)::", "", parameter).strip()
    text = re.sub(r"^const ", "", text)
    return re.sub(r"(?<=[\w>*]) \w+$", "", text).strip()


def parameters(text):
    """Split where a comma stands outside of angles and braces."""
    parts, depth = [""], 0
    for c in text:
        depth += c in "<{"
        depth -= c in ">}"
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return tuple(type_name(p) for p in parts if p.strip())


def functions_of(header):
    """The public functions of a header that return a Status and can be called."""
    owner, visible, comment, group, found = "", True, [], None, []
    lines = header.split("\n")
    for k, line in enumerate(lines):
        text = line.strip()
        if match := re.match(r"(class|struct) (\w+)(?: final)? \{", line):
            owner, visible = match.group(2), match.group(1) == "struct"
        elif line.startswith("};"):
            owner, visible = "", True
        elif match := re.match(r" (public|private|protected):", line):
            visible = match.group(1) == "public"
        if text.startswith("///@{"):
            group = " ".join(comment)
        elif text.startswith("///@}"):
            group = None
        elif text.startswith("///"):
            comment.append(text[3:].strip())
            continue
        elif match := DECLARATION.match(re.sub(r"\s+", " ", " ".join(lines[k : k + 4])).strip()):
            body = " ".join(lines[k : k + 4]).split("}")[0]
            if visible and text.startswith(match.group(0).split("(")[0]) and "refuse_temporary" not in body:
                # an own comment within a group is the function's
                said = " ".join(comment) or group or ""
                found.append(Function(owner, match.group(1), parameters(match.group(2)), said))
        comment = []
    return found


def without_parentheses(text):
    """Those that are empty stay: f() is a function."""
    text = text.replace("()", "\0")
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return text.replace("\0", "()")


def sentence(comment):
    """What follows "Returns" up to the end of the sentence, without parentheses."""
    match = re.search(r"\bReturns ((?:[^.]|\.(?=\w))*)", without_parentheses(comment))
    return match.group(1) if match else ""


def referred(target, weighted, function, known):
    """The function that the words "what target() [with weights] returns" in the comment of `function` mean."""
    owner, _, name = target.rpartition("::")
    for candidate in known:
        near = candidate.owner in ((owner,) if owner else (function.owner, ""))
        if candidate is not function and near and candidate.name == name:
            if ("RowWeights" in candidate.parameters) == bool(weighted):
                return candidate
    raise ValueError(f"{function.signature()} says what {target}() returns{weighted}, which is nowhere")


def named(function, known, names):
    """The statuses that the comment of `function` names, by itself or by another."""
    text = sentence(function.comment)
    found = set(re.findall(r"\w+", text)) & set(names)
    for target, weighted in re.findall(r"what ([\w:]+)\(\)( with weights)? returns", text):
        found |= named(referred(target, weighted, function, known), known, names)
    if "what the call above returns" in text:
        found |= named(known[known.index(function) - 1], known, names)
    return found


def documented(function, known, names):
    """Those that this one of the functions that share its comment can return, in the order of the enumeration."""
    found = named(function, known, names)
    if "Labels" in function.parameters:
        found.discard("bad_target")
    elif function.parameters.count("ConstRows") == 2:
        found.discard("bad_label")
    return [name for name in names if name in found]


def rows(headers):
    """(signature, status) of everything documented, and the signatures of functions that document nothing."""
    names = statuses(headers)
    known = [function for header in headers for function in functions_of(header)]
    said = [(function.signature(), documented(function, known, names)) for function in known]
    return [(s, status) for s, found in said for status in found], [s for s, found in said if not found]


def main(output, paths):
    headers = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            headers.append(file.read())
    found, silent = rows(headers)
    for signature in silent:
        print(f"{signature} does not say what it returns", file=sys.stderr)
    if silent:
        return 1
    with open(output, "w", encoding="utf-8") as file:
        file.writelines(f'{{"{signature}", Status::{status}}},\n' for signature, status in found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
