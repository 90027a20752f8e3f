#!/usr/bin/env python3
"""links.py ROOT: every link of every page (*.md) leads to a file or folder of the tree, and to a heading that is there.

Links into the web are not followed. Ends with 1 where one leads nowhere.
"""
import pathlib
import re
import sys


def lines_outside_code(page):
    inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield line


def anchor(heading):
    """What a forge makes of a heading: lower case, letters, digits, hyphens and underscores, a hyphen for a space."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def anchors(page):
    return {anchor(line.lstrip("#")) for line in lines_outside_code(page) if re.match(r"#+ ", line)}


def broken_links(root):
    for page in sorted(root.rglob("*.md")):
        if "build" in page.relative_to(root).parts:
            continue
        text = re.sub(r"`[^`]*`", "", "\n".join(lines_outside_code(page)))
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            if not target.exists():
                yield f"{page.relative_to(root)}: {link} leads to no file"
            elif heading and heading not in anchors(target):
                yield f"{page.relative_to(root)}: {link} leads to no heading"


def main():
    broken = list(broken_links(pathlib.Path(sys.argv[1])))
    print("\n".join(broken) if broken else "ok: every link leads somewhere")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
