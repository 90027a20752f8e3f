#!/bin/sh
# style.sh [--no-install] [--format] [FILE...]: clang-format over all sources, then clang-tidy over these files, or all that
# the preset `clang` compiles; what is not clean is named. Clang's analyzer, which takes most of the time, then looks at the
# library and the examples alone: the tests run under sanitizers and Valgrind. --format: the first part alone (seconds;
# clang-tidy takes 2 to 10 of a core for a file). Ends with "N passed, N failed", in files.
set -eu
cd "$(dirname "$0")/.."
. tests/presets.sh

install=
format_alone=
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=--no-install ;;
    --format) format_alone=yes ;;
    *) break ;;
  esac
  shift
done
sh examples/packages.sh $install clang clang-format clang-tidy cmake make python3 libxsimd-dev doctest-dev nlohmann-json3-dev zlib1g-dev libcli11-dev

version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" != 14 ]; then  # every version has another idea of the same style
  echo "the style is that of clang-format 14, and this is $version: nothing is checked"
  echo "0 passed, 0 failed"
  exit
fi

# checked NAME COMMAND...: runs the command for every file of a list, as many at a time as there are cores; a file has
# passed if it ends with 0.
checked() {
  name=$1
  shift
  rm -rf "build/style/$name"
  mkdir -p "build/style/$name"
  # shellcheck disable=SC2016 # for the shell that xargs starts
  xargs -P "$jobs" -I '{}' sh -c 'log=build/style/$1/$(echo "$2" | tr / +); file=$2; shift 2
    "$@" "$file" >"$log" 2>&1 && mv "$log" "$log.passed"' sh "$name" '{}' "$@" || true
  for log in "build/style/$name"/*; do
    case $log in
      *.passed) count 1 0 ;;
      *)
        count 0 1
        echo "FAILED: $name of $(basename "$log" | tr + /)"
        grep -E '(warning|error): ' "$log" | sort -u | head -n 10 || true
        ;;
    esac
  done
}

mkdir -p build/style
find include lib tests examples ! -path 'tests/data/*' \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' \) >build/style/files
checked format clang-format --dry-run --Werror <build/style/files
if [ -z "$format_alone" ]; then
  cmake --preset clang >build/style/configure.log
  cmake --build --preset clang --target documented >>build/style/configure.log  # a source of the tests
  if [ $# -gt 0 ]; then
    printf '%s\n' "$@" >build/style/files
    checked tidy clang-tidy -p build/clang --quiet <build/style/files
  else
    sed -n "s|^ *\"file\": \"$PWD/\(.*\)\"\$|\1|p" build/clang/compile_commands.json | sort -u >build/style/files
    grep -v '^tests/' build/style/files >build/style/library
    grep '^tests/' build/style/files >build/style/tests
    checked tidy clang-tidy -p build/clang --quiet <build/style/library
    checked tidy_of_tests clang-tidy -p build/clang --quiet '--checks=-clang-analyzer-*' <build/style/tests
  fi
fi
summary
