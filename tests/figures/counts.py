"""How many instructions a region executes, as lines "BUILD FIGURE VALUE".

usage: counts.py BUILD COUNTS REGION FIGURE    BUILD: "TARGET CONTRACT LEVEL"; COUNTS: what count_instructions.c writes
       counts.py BUILD COUNTS                  the first pass that differs of each region, "REGION:PASS"

FIGURE.instructions is the most; FIGURE.instructions.spread is by how much passes differ. On a core without a
floating-point unit, where every addition takes another number of instructions, it is FIGURE.instructions.least instead;
elsewhere a comment says which pass is the first that differs, if one does.
"""
import sys

from table import lines_of

SOFTWARE = ("cortex-m0plus ", "cortex-m3 ")


def read_counts(lines):
    """{region: {word: number}} of lines "REGION passes N refused R least A most B first C differs K"."""
    rows = (line.split() for line in lines if " passes " in line)  # the emulator may say something, too
    return {words[0]: {word: int(value) for word, value in zip(words[1::2], words[2::2])} for words in rows}


def figures(build, figure, counts):
    least, most, number = counts["least"], counts["most"], counts["differs"]
    yield f"{build} {figure}.instructions {most}"
    if build.startswith(SOFTWARE):
        yield f"{build} {figure}.instructions.least {least}"
    else:
        yield f"{build} {figure}.instructions.spread {most - least}"
        if number:
            yield (f"# {build}: a {figure} takes {least} to {most} instructions; the first that is not "
                   f"{counts['first']} is number {number} of {counts['passes']} "
                   f"(refused and not counted: {counts['refused']})")


def differing(build, regions):
    if not build.startswith(SOFTWARE):
        yield from (f"{region}:{counts['differs']}" for region, counts in sorted(regions.items()) if counts["differs"])


def main(build, counts, region=None, figure=None):
    regions = read_counts(lines_of(counts))
    for line in figures(build, figure, regions[region]) if region else differing(build, regions):
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) in (3, 5) else sys.exit(__doc__)
