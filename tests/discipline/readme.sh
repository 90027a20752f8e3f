#!/bin/sh
# The program in README.md is the first thing that anybody tries: compiles its first cpp block as it stands against the
# archive that was built, runs it, and compares what it prints with the first text block after it. Then the other cpp
# blocks, which readme_blocks.cpp.in calls.
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

# The first block of each kind: cpp, then text; then all cpp blocks.
awk -v program="$scratch/readme.cpp" -v output="$scratch/expected" -v others="$scratch/blocks.inc" '
  /^```/ && inside { inside = 0; ++blocks; next }
  !inside && blocks > 1 && /^```cpp[ \t]*$/ { inside = 1; target = others; next }
  !inside && blocks == 0 && /^```cpp[ \t]*$/ { inside = 1; target = program; next }
  !inside && blocks == 1 && /^```text[ \t]*$/ { inside = 1; target = output; next }
  /^```/ { other = !other; next }
  inside { print > target }' "$readme"
[ -s "$scratch/readme.cpp" ] || { echo "FAILED: $readme has no cpp block"; exit 1; }
[ -s "$scratch/expected" ] || { echo "FAILED: $readme has no text block behind its first cpp block"; exit 1; }
grep -q 'int main' "$scratch/readme.cpp" || { echo "FAILED: the first cpp block is no whole program"; exit 1; }

"$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$root/include" "$scratch/readme.cpp" "$library" \
  -o "$scratch/readme" || { echo "FAILED: the program in README.md does not compile"; exit 1; }
"$scratch/readme" >"$scratch/printed" || { echo "FAILED: the program in README.md does not run"; exit 1; }
if ! diff "$scratch/expected" "$scratch/printed"; then
  echo "FAILED: the program prints something else (<: README.md, >: the program)"
  exit 1
fi
echo "ok: the program in README.md compiles and prints what README.md shows"

here=$(cd "$(dirname "$0")" && pwd)
"$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror -I"$root/include" -I"$scratch" \
  -x c++ "$here/readme_blocks.cpp.in" -x none "$library" -o "$scratch/blocks" || { echo "FAILED: a block of README.md does not compile"; exit 1; }
"$scratch/blocks" >/dev/null || { echo "FAILED: a block of README.md does not do what it is there for"; exit 1; }
echo "ok: the other blocks of README.md compile and run"

# Where the block is meant to be an example, word for word, it is.
for example in "$root"/examples/*.cpp; do
  if [ "$(head -n 1 "$example")" = "$(head -n 1 "$scratch/readme.cpp")" ] && ! cmp -s "$example" "$scratch/readme.cpp"; then
    echo "FAILED: the program starts like examples/${example##*/}, but is not the same"
    exit 1
  fi
done
