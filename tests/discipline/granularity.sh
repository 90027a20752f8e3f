#!/bin/sh
# Naming is linking: a program carries the activations, initializers, losses, optimizers and schedules that it names, and inference carries nothing
# of training. Without --gc-sections: the files of the archive alone see to it. The
# programs are those whose size tests/figures.sh measures.
#
# usage: granularity.sh SOURCE_DIRECTORY COMPILER CMAKE
set -eu
export LC_ALL=C

root=$(cd "$1" && pwd)
compiler=$2
cmake=$3

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

set -- -std=c++17 -Os -fno-exceptions -fno-rtti

# ---- The scalar library, by the flags given here alone.

{
  "$cmake" -S "$root" -B "$scratch/lib" -DLINNET_SIMD=OFF -DLINNET_TESTS=OFF -DLINNET_EXAMPLES=OFF \
    -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$*"
  "$cmake" --build "$scratch/lib" --target linnet --parallel 2
} >"$scratch/log" 2>&1 || true
library=$(find "$scratch/lib" -name liblinnet.a)
[ -n "$library" ] || {
  echo "FAILED: the scalar library does not build"
  tail -n 20 "$scratch/log"
  exit 1
}

# The members of the archive in the image, without their ending.
members() {
  grep -o 'liblinnet\.a([^)]*)' "$1" | sed -E 's/.*\((.*)\)/\1/; s/(\.cpp)?\.o(bj)?$//' | sort -u
}
cat >"$scratch/run.cpp" <<'END'
#include <linnet/linnet.hpp>

int main() {  // called with nothing bound: what is linked is what counts
  linnet::Trainer trainer;
  linnet::Diagnostics diagnostics;
  linnet::Pcg32 random(1);
  linnet::Fault fault;
  float loss = 0.0f;
  linnet::FitPlan plan{1};
  plan.fault = &fault;
  plan.find_fault = linnet::find_fault;
  plan.take_step = linnet::Diagnostics::take_step;
  plan.step_context = &diagnostics;
  const bool fitted = linnet::fit(trainer, {{}, {}, {}, 1}, random, plan) == linnet::Status::ok;
  return fitted || linnet::evaluate(trainer, {{}, {}, {}, 1}, loss) == linnet::Status::ok;
}
END
for program in empty inference trainer run; do
  source=$root/tests/figures/$program.cpp
  [ -f "$source" ] || source=$scratch/$program.cpp
  "$compiler" "$@" -I"$root/include" "$source" "$library" -Wl,-Map="$scratch/$program.map" \
    -o "$scratch/$program" || { echo "FAILED: $program does not link"; exit 1; }
  members "$scratch/$program.map" >"$scratch/$program.members"
done
[ ! -s "$scratch/empty.members" ] || { echo "FAILED: a program that names nothing carries something"; failed=1; }

# The descriptors in the image are those that the program names.
(cd "$root/lib" && find activation initializer loss optimizer schedule -name '*.cpp' ! -name '*_scalar.cpp') | sed 's|.*/||; s|\.cpp$||' | sort >"$scratch/descriptors"
names_only() {
  program=$1
  shift
  printf '%s\n' "$@" | sort >"$scratch/expected"
  comm -12 "$scratch/descriptors" "$scratch/$program.members" >"$scratch/found"
  if cmp -s "$scratch/expected" "$scratch/found"; then
    echo "ok: of activations, initializers, losses, optimizers and schedules $program carries $* and no other"
  else
    echo "FAILED: $program carries more (>) or less (<) than it names"
    diff "$scratch/expected" "$scratch/found" | grep '^[<>]' | sed 's/^/    /'
    failed=1
  fi
}
names_only inference tanh softmax
names_only trainer tanh softmax softmax_cross_entropy sgd xavier_uniform

# One initializer after the other, not optimized.
set -- -std=c++17 -O0
for name in uniform normal truncated_normal 'constant(1.0f)' identity xavier_uniform xavier_normal kaiming_uniform \
  'kaiming_normal.with_gain(gain(activation::tanh))' orthogonal 'sparse(0.5f)' linear_default automatic; do
  cat >"$scratch/one.cpp" <<END
#include <linnet/initialize.hpp>
using namespace linnet;
int main() {
  float memory[4];
  Pcg32 random(1);
  return initialize(Matrix(memory, 2, 2, 2, 1), random, initializer::$name) == Status::ok ? 0 : 1;
}
END
  "$compiler" "$@" -I"$root/include" "$scratch/one.cpp" "$library" -Wl,-Map="$scratch/one.map" -o "$scratch/one" ||
    { echo "FAILED: $name does not link"; failed=1; continue; }
  members "$scratch/one.map" >"$scratch/one.members"
  case $name in
    automatic) names_only one automatic kaiming_normal kaiming_uniform xavier_uniform ;;
    identity) names_only one identity_matrix ;;
    kaiming_normal*) names_only one kaiming_normal tanh ;;
    *) names_only one "${name%%(*}" ;;
  esac
done

# One schedule after the other.
for name in 'constant()' 'step(5)' 'multi_step({})' 'exponential(0.9)' 'linear(5)' 'cosine(5)' 'cosine_restarts(5)' \
  'one_cycle(5)' 'polynomial(5)' 'warm_up(2, schedule::cosine(5))'; do
  cat >"$scratch/one.cpp" <<END
#include <linnet/schedule.hpp>
using namespace linnet;
int main() { return schedule::$name(1, 0.1f) > 0.0f ? 0 : 1; }
END
  "$compiler" "$@" -I"$root/include" "$scratch/one.cpp" "$library" -Wl,-Map="$scratch/one.map" -o "$scratch/one" ||
    { echo "FAILED: $name does not link"; failed=1; continue; }
  members "$scratch/one.map" >"$scratch/one.members"
  case $name in
    warm_up*) names_only one cosine_rate ;;
    *) names_only one "${name%%(*}_rate" ;;
  esac
done

if grep -E 'diagnostics|fit|groups' "$scratch/trainer.members" >"$scratch/found"; then
  echo "FAILED: a program that trains without asking for diagnostics, runs or groups carries $(tr '\n' ' ' <"$scratch/found")"
  failed=1
else
  echo "ok: a program that trains carries nothing of diagnostics, runs and groups that it does not ask for"
fi

if grep -E 'weighted|reader|guide|keeper|validation|schedule' "$scratch/trainer.members" "$scratch/run.members" >"$scratch/found" ||
  ! grep -qx fit "$scratch/run.members"; then
  echo "FAILED: a program whose rows have no weights, in arrays, without a guide carries $(tr '\n' ' ' <"$scratch/found")"
  failed=1
else
  echo "ok: a whole run, watched, carries nothing that takes weights, a callback's samples or a guide"
fi

if grep -E 'train|gradient|bind|step|initialize|random' "$scratch/inference.members" >"$scratch/found"; then
  echo "FAILED: a program that only predicts carries $(tr '\n' ' ' <"$scratch/found")"
  failed=1
else
  echo "ok: a program that only predicts carries nothing of training: $(tr '\n' ' ' <"$scratch/inference.members")"
fi

exit "$failed"
