#!/bin/sh
# run.sh [--no-install]: builds the library, with the kernels for this processor alone, and one of the examples, which
# learns handwritten digits, into build/examples, and runs it.
# Installs what is missing when run as root; otherwise prints the line that does and exits with 2.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

install=
case "$#:${1:-}" in
  0:) ;;
  1:--no-install) install=--no-install ;;
  *) echo "usage: sh examples/run.sh [--no-install]" >&2; exit 2 ;;
esac
sh examples/packages.sh $install g++ cmake make libxsimd-dev zlib1g-dev libcli11-dev

log=build/examples.log
give_up() {
  cat "$log" >&2
  echo "$1 failed; the lines above are from $log" >&2
  exit 1
}
configure() {
  cmake -S . -B build/examples "$@" -DCMAKE_BUILD_TYPE=Release -DLINNET_EXAMPLES=ON -DLINNET_TESTS=OFF \
    -DLINNET_TABLES=native >"$log" 2>&1
}

mkdir -p build
if command -v make >/dev/null || ! command -v ninja >/dev/null; then
  set --
else
  set -- -G Ninja
fi
# what an earlier run left may not fit: another generator, or a tree that has moved
configure "$@" || { rm -rf build/examples && configure "$@"; } || give_up configuring
echo "building for this processor alone (-DLINNET_TABLES=native); the first time this takes a minute or so"
cmake --build build/examples --target digits --parallel "$(getconf _NPROCESSORS_ONLN)" >"$log" 2>&1 || give_up building
exec build/examples/examples/digits
