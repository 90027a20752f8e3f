#!/bin/sh
# power_cut.sh [RANDOM [SEED]]: keeps a small net on emulated media whose power is cut at every step of every operation, at
# every pair of steps on two of them, and RANDOM times anywhere (1000000); then damages a checkpoint in every bit, in
# RANDOM / 10 bursts, and at every length. The lines "N cuts, 0 lost" and "N damages, 0 taken" end it; 1 if a number is not 0.
set -eu
cd "$(dirname "$0")/.."

cmake --preset dev >/dev/null
cmake --build --preset dev --target power_cut --parallel "$(getconf _NPROCESSORS_ONLN)" >/dev/null
build/dev/tests/power_cut "${1:-1000000}" "${2:-1}" pairs
