"""One line of `objdump -d --no-show-raw-insn` for ARM."""
import re


def instruction(line):
    """(address, operation, operands) of a line, the address as it is written; None if it shows no instruction."""
    parts = re.match(r" *([0-9a-f]+):\s+(\S+)\s*(.*)", line)
    return parts.groups() if parts else None


def words_of_list(operands):
    """How many words of 32 bits a list of registers "{r4-r6, lr}" or "{d8, d9}" names; a d register is two."""
    words = 0
    for item in re.search(r"\{([^}]*)\}", operands)[1].replace(" ", "").split(","):
        first, _, last = item.partition("-")
        registers = int(last[1:]) - int(first[1:]) + 1 if last else 1
        words += registers * (2 if item.startswith("d") else 1)
    return words
