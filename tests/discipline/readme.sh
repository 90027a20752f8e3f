#!/bin/sh
# The programs in README.md are the first thing that anybody tries: compiles every cpp block that is a whole program as it
# stands against the archive that was built, runs it, and compares what it prints with the first text block after it.
# The other cpp blocks belong to the first program: readme_blocks.cpp.in calls them.
#
# usage: readme.sh BUILD_DIRECTORY [README.md]       77: there is no README.md
set -eu
export LC_ALL=C

build=$(cd "$1" && pwd)
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
root=$(cached CMAKE_HOME_DIRECTORY)
compiler=$(cached CMAKE_CXX_COMPILER)
readme=${2:-$root/README.md}
library=$(find "$build" -name liblinnet.a | head -n 1)

[ -f "$readme" ] || { echo "there is no $readme"; exit 77; }
[ -n "$library" ] || { echo "FAILED: no liblinnet.a in $build"; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# program-1.cpp and expected-1, program-2.cpp and expected-2, ...; the cpp blocks without a main in blocks.inc.
here=$(cd "$(dirname "$0")" && pwd)
python3 -B "$here/../sources/pages.py" programs "$readme" "$scratch"
[ -s "$scratch/program-1.cpp" ] || { echo "FAILED: $readme has no whole program"; exit 1; }

for program in "$scratch"/program-*.cpp; do
  number=${program##*-}
  number=${number%.cpp}
  title="program $number of README.md"
  [ -s "$scratch/expected-$number" ] || { echo "FAILED: $readme has no text block behind $title"; exit 1; }
  "$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$root/include" "$program" "$library" -o "$scratch/readme" ||
    { echo "FAILED: $title does not compile"; exit 1; }
  "$scratch/readme" >"$scratch/printed" || { echo "FAILED: $title does not run"; exit 1; }
  if ! diff "$scratch/expected-$number" "$scratch/printed"; then
    echo "FAILED: $title prints something else (<: README.md, >: the program)"
    exit 1
  fi
  echo "ok: $title compiles and prints what README.md shows"
done

"$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror -I"$root/include" -I"$scratch" \
  -x c++ "$here/readme_blocks.cpp.in" -x none "$library" -o "$scratch/blocks" ||
  { echo "FAILED: a block of README.md does not compile"; exit 1; }
"$scratch/blocks" >/dev/null || { echo "FAILED: a block of README.md does not do what it is there for"; exit 1; }
echo "ok: the other blocks of README.md compile and run"

# Where the block is meant to be an example, word for word, it is.
for example in "$root"/examples/*.cpp; do
  if [ "$(head -n 1 "$example")" = "$(head -n 1 "$scratch/program-1.cpp")" ] && ! cmp -s "$example" "$scratch/program-1.cpp"; then
    echo "FAILED: the program starts like examples/${example##*/}, but is not the same"
    exit 1
  fi
done
