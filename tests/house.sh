#!/bin/sh
# house.sh [--no-install]: counts over lib/ and include/ against their bars, and the include graph of lib/ and include/,
# drawn, in which no arrow may go up. Ends with "N passed, N failed". It first shows each check a planted defect. The bars
# and the floors are in tests/sources/house.py.
set -eu
cd "$(dirname "$0")/.."

sh examples/packages.sh ${1:+"$1"} python3 universal-ctags
exec python3 -B tests/sources/house.py
