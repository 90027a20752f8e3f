"""Runs the tests of the desk tool.

    python3 -B run.py LINNET [--golden | --networks N]
        LINNET: the tool. --golden writes golden.txt anew. --networks: so many random ones are converted instead of 20
"""
import pathlib
import sys
import unittest

import tool

if __name__ == "__main__":
    tool.TOOL = pathlib.Path(sys.argv.pop(1)).resolve()
    if "--golden" in sys.argv:
        import golden_test
        golden_test.write()
    else:
        if "--networks" in sys.argv:
            tool.NETWORKS = int(sys.argv[sys.argv.index("--networks") + 1])
        here = str(pathlib.Path(__file__).resolve().parent)
        ended = unittest.TextTestRunner().run(unittest.defaultTestLoader.discover(here, "*_test.py"))
        sys.exit(not ended.wasSuccessful())
