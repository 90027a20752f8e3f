#!/bin/sh
# sweep.sh [preset [function...]]: measures exp, log, tanh and their relatives on all 2^32 floats. Presets: release (the
# default) and separate (LINNET_FUSED=OFF). Some minutes of all cores per preset. Ends with 1 if a bound is broken.
set -eu
cd "$(dirname "$0")/.."

preset=${1:-release}
[ $# -eq 0 ] || shift
cmake --preset "$preset"
cmake --build --preset "$preset" --target sweep --parallel "$(getconf _NPROCESSORS_ONLN)"
"build/$preset/tests/sweep" "$@"
