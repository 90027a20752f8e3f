#!/bin/sh
# Linnet as somebody else uses it: installed, moved elsewhere and found by find_package(); as a subdirectory of the
# program's own build; and from a plain compiler command. Each time the program has stricter habits than most:
# no exceptions, no run-time types, warnings are errors, in Linnet's headers too.
#
# usage: consumer.sh SOURCE_DIRECTORY BUILD_DIRECTORY COMPILER CMAKE NM       (the build directory is built)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
compiler=$3
cmake=$4
nm=$5

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs a command quietly; shows what it said when it fails.
must() {
  what=$1
  shift
  if ! "$@" >"$scratch/log" 2>&1; then
    echo "FAILED: $what: $*"
    tail -n 25 "$scratch/log" | sed 's/^/    /'
    exit 1
  fi
}
learns() {
  must "$1 does not run" "$2"
  grep -qx learnt "$scratch/log" || { echo "FAILED: $1 says: $(cat "$scratch/log")"; exit 1; }
  echo "ok: $1"
}

# ---- Installed, moved, found.

must "install" "$cmake" --install "$build" --prefix "$scratch/first"
mv "$scratch/first" "$scratch/elsewhere"
(cd "$scratch/elsewhere" && find . -type f | sort) >"$scratch/installed"
(cd "$root/include" && find . -type f | sed 's|^\./|./include/|' | sort) >"$scratch/expected"
grep '\.hpp$' "$scratch/installed" >"$scratch/headers"
cmp -s "$scratch/headers" "$scratch/expected" || {
  echo "FAILED: the headers installed are not the public ones"
  diff "$scratch/headers" "$scratch/expected" | sed 's/^/    /'
  exit 1
}
grep -vE '\.hpp$|/liblinnet\.a$|/cmake/linnet/linnet-[a-z-]*\.cmake$' "$scratch/installed" >"$scratch/others" || true
[ ! -s "$scratch/others" ] || { echo "FAILED: more is installed than is needed:"; cat "$scratch/others"; exit 1; }
find "$scratch/elsewhere" -name '*.cmake' -exec grep -nE "$root|$build|$scratch/first|linnet_warnings|xsimd" {} + \
  >"$scratch/paths" || true
[ ! -s "$scratch/paths" ] || { echo "FAILED: the package names what it left behind:"; cat "$scratch/paths"; exit 1; }

must "configuring with the package" "$cmake" -S "$here/consumer" -B "$scratch/found" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$scratch/elsewhere"
must "building with the package" "$cmake" --build "$scratch/found"
learns "a program finds the installed package" "$scratch/found/consumer"

# A later minor version is another library: 0.x promises nothing across them.
sed 's/find_package(linnet 0\.1/find_package(linnet 0.9/' "$here/consumer/CMakeLists.txt" >"$scratch/CMakeLists.txt"
cp "$here/consumer/main.cpp" "$scratch/main.cpp"
if "$cmake" -S "$scratch" -B "$scratch/later" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$scratch/elsewhere" \
  >"$scratch/log" 2>&1; then
  echo "FAILED: version 0.9 was asked for and another one taken"
  exit 1
fi
grep -q 'version' "$scratch/log" || { echo "FAILED: refused, but not for the version"; cat "$scratch/log"; exit 1; }
echo "ok: the package refuses to stand in for another minor version"

# ---- As a subdirectory: neither tests nor examples nor the warnings that are errors. Without a build type, as it comes
# when nobody thinks of one, so that the library is built without optimization.

must "configuring as a subdirectory" "$cmake" -S "$here/consumer" -B "$scratch/along" -DCMAKE_CXX_COMPILER="$compiler" \
  -DLINNET_SOURCE="$root" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
must "building as a subdirectory" "$cmake" --build "$scratch/along" --parallel 2
learns "a program builds it along" "$scratch/along/consumer"
must "the archive without optimization" sh "$here/archive.sh" "$nm" "$(find "$scratch/along" -name liblinnet.a)"
echo "ok: the archive keeps its promises without optimization"
if grep -E '"file".*/(tests|examples)/' "$scratch/along/compile_commands.json" | grep -v /consumer/main.cpp; then
  echo "FAILED: a program that only uses Linnet builds its tests or examples"
  exit 1
fi
if grep '"command"' "$scratch/along/compile_commands.json" | grep -v /consumer/main.cpp | grep -e ' -Werror'; then
  echo "FAILED: a warning in Linnet would stop somebody else's build"
  exit 1
fi
if find "$scratch/along" -name CTestTestfile.cmake | grep -q .; then
  echo "FAILED: Linnet's tests are among the program's"
  exit 1
fi
must "installing the program" "$cmake" --install "$scratch/along" --prefix "$scratch/program"
if find "$scratch/program" -name '*linnet*' 2>/dev/null | grep -q .; then
  echo "FAILED: installing the program installs Linnet"
  exit 1
fi
echo "ok: without its tests, its examples, its warnings and its installation"

# ---- By hand, for each standard from C++17 on.

library=$(find "$scratch/elsewhere" -name liblinnet.a)
for standard in c++17 c++20 c++23; do
  echo 'int main() {}' >"$scratch/empty.cpp"
  "$compiler" -std=$standard -fsyntax-only "$scratch/empty.cpp" 2>/dev/null || continue
  must "compiling by hand" "$compiler" -std=$standard -Wall -Wextra -Wpedantic -Werror -fno-exceptions -fno-rtti \
    -I"$scratch/elsewhere/include" "$here/consumer/main.cpp" "$library" -o "$scratch/by_hand"
  learns "a program is compiled by hand as $standard" "$scratch/by_hand"
done
