#!/bin/sh
# Measures one build: prints lines "TARGET CONTRACT LEVEL FIGURE VALUE", one per figure, and comments beginning with #.
#
# usage: measure.sh TARGET CONTRACT LEVEL BUILD_DIRECTORY PLUGIN [--detail]
#   TARGET    a file of toolchains/, without .cmake: cortex-*, or aarch64-linux; with -clang behind it for Clang
#   CONTRACT  fused or separate;  LEVEL  O2, Os (the flags of CMake's Release with -O2, and of MinSizeRel) or O3
#   --detail  also shows where the stack goes, and which functions execute how many instructions
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=$1
contract=$2
level=$3
build=$4
plugin=$5
detail=${6:-}

case "$contract" in fused) fused=ON ;; separate) fused=OFF ;; *) echo "contract: $contract?" >&2; exit 2 ;; esac
case "$level" in O2 | O3) type=Release ;; Os) type=MinSizeRel ;; *) echo "level: $level?" >&2; exit 2 ;; esac
case "$target" in
  cortex-m0plus | cortex-m3) inputs=200 ;;  # software: 20 to 100 times the instructions
  *) inputs=10000 ;;
esac

core=${target%-clang}
LINNET_TOOLCHAIN=$root/toolchains/$core.cmake
export LINNET_TOOLCHAIN
toolchain=$LINNET_TOOLCHAIN
[ "$core" = "$target" ] || toolchain=$root/tests/golden/clang.cmake
# Adam and a classifier by itself, on a core with a floating-point unit and one without.
case "$core" in cortex-m4f | cortex-m0plus) more=yes ;; *) more= ;; esac

figure() { echo "$target $contract $level $1 $2"; }

# ---- Build.

{
  cmake -S "$here" -B "$build" -DCMAKE_TOOLCHAIN_FILE="$toolchain" \
    -DCMAKE_BUILD_TYPE=$type -DCMAKE_CXX_FLAGS_RELEASE="-$level -DNDEBUG" -DLINNET_FUSED=$fused \
    -DFIGURES_INPUTS=$inputs &&
    cmake --build "$build"
} >"$build.log" 2>&1 || {
  echo "$target $contract $level: does not build" >&2
  tail -n 20 "$build.log" >&2
  exit 1
}
tools=$(sed -n 's/^CMAKE_NM:[A-Z]*=//p' "$build/CMakeCache.txt")
tools=${tools%nm}
[ "$core" = "$target" ] || tools=arm-none-eabi-  # Clang's own know no images of newlib

address() {
  "${tools}nm" "$1" | awk -v name="$2" '$3 == name { print $1; found = 1 } END { exit !found }'
}
bytes_of() {  # bytes_of PROGRAM SYMBOL
  printf '%d\n' "0x$("${tools}nm" -S "$build/$1.elf" | awk -v name="$2" '$4 == name { print $2 }')"
}
flash() { "${tools}size" "$build/$1.elf" | awk 'NR == 2 { print $1 + $2 }'; }

# regions IMAGE PROFILE NAME...: the plugin's arguments
regions() {
  image=$1
  arguments=$plugin,profile=$2
  shift 2
  for region in "$@"; do
    begin=$(address "$image" "figures_${region}_begin")
    end=$(address "$image" "figures_${region}_end")
    arguments=$arguments,region=$region:$begin:$end
  done
  echo "$arguments"
}

# by_function IMAGE PROFILE REGION: executed instructions, the most first
by_function() {
  "${tools}nm" -nC --defined-only "$1" | python3 -B "$here/by_function.py" "$3" "$2"
}
# say_by_function IMAGE REGION
say_by_function() {
  [ -n "$detail" ] || return 0
  echo "# $target $contract $level: instructions of one $2, by function"
  by_function "$1" "$build/profile" "$2" | sed -n '1,20s/^/#   /p'
}

# ---- AArch64: a wide step, steps and predictions of a single row, and the inner loops by model.

if [ "$target" = aarch64-linux ]; then
  for program in wide row; do
    names=step
    [ $program = wide ] || names="step predict"
    # shellcheck disable=SC2086 # a list
    qemu-aarch64 -plugin "$(regions "$build/$program" "$build/profile" $names)" "$build/$program" 2>"$build/counts"
    for name in $names; do
      figure $program.$name "$(awk -v name=$name '$1 == name { print $9 }' "$build/counts")"
      say_by_function "$build/$program" $name
    done
  done
  python3 -B "$here/cortex_a53.py" >"$build/model.log" || { cat "$build/model.log" >&2; exit 1; }
  python3 -B "$here/arm_model.py" "${tools}objdump" "$build/linnet/lib/CMakeFiles/linnet.dir/tables" >"$build/model"
  sed "s/^model/$target $contract $level model/; s/^skipped/# skipped: $target $contract $level/" "$build/model"
  exit 0
fi

# ---- Cortex-M: sizes.

if [ "$level" = Os ]; then
  empty=$(flash empty)
  figure flash.inference $(($(flash inference) - empty - $(bytes_of inference figures_parameters)))
  figure flash.trainer $(($(flash trainer) - empty))
  [ -z "$more" ] || figure flash.adam $(($(flash trainer_adam) - empty))
  [ -z "$more" ] || figure flash.own $(($(flash own) - empty))
  figure flash.tuner $(($(flash tuner) - empty - $(bytes_of tuner figures_parameters)))
  figure flash.second $(($(flash second) - $(flash trainer)))
  [ -z "$more" ] || figure flash.keep $(($(flash keep) - $(flash trainer)))
  [ -z "$more" ] || figure flash.trial $(($(flash trial) - $(flash keep)))
  figure flash.everything $(($(flash everything) - empty))
  figure ram.lent $(($(bytes_of trainer figures_model) + $(bytes_of trainer figures_memory)))
  [ -z "$more" ] || for net in head behind; do
    figure ram.$net.parameters "$(bytes_of head figures_${net}_parameters)"
    figure ram.$net.memory "$(bytes_of head figures_${net}_memory)"
  done
  figure ram.network "$(bytes_of trainer figures_network)"
  figure ram.trainer "$(bytes_of trainer figures_trainer)"
  [ -z "$detail" ] || for program in inference trainer; do
    echo "# $target $contract $level: the largest functions of $program.elf, bytes"
    "${tools}nm" -SC -t d --size-sort -r "$build/$program.elf" | grep -v ' [bBdD] ' |
      sed -n '1,20s/^[0-9]* 0*\([0-9]*\) [^ ]*/#   \1/p'
  done
  figure library.writable "$("${tools}size" "$build/linnet/lib/liblinnet.a" |
    awk 'NR > 1 { n += $2 + $3 } END { print n + 0 }')"
fi

# ---- The stack, by the call graph, which Clang does not give.

: >"$build/bounds"
# stack PROGRAM FIGURE FUNCTION: FUNCTION is the mangled name's beginning
stack() {
  image=$build/$1.elf
  "${tools}readelf" -sW "$image" >"$build/symbols"
  "${tools}objdump" -d --no-show-raw-insn "$image" >"$build/code"
  "${tools}readelf" -rW "$image" >"$build/references"
  # Trainer calls KeptGradients, OptimizerState and the loss of weighted rows through tables, and these the kernels, the
  # loss and the optimizer, or GroupRule, which calls the optimizer. Whole runs alone call SampleWeights, what a pass does
  # with a batch, and what belongs to readers and guides. The functions of a Store and of a Sink are the program's.
  local=_ZN6linnet12_GLOBAL__N_1
  runs="_ZN6linnet13SampleReading _ZN6linnet9mean_loss ${local}9take_loss ${local}9take_step ${local}6Guided"
  runs="$runs ${local}5checkERKNS_7Trainer ${local}5checkERKNS_8FitGuide ${local}5checkERKNS_6Keeper ${local}3setERNS_7Trainer"
  python3 -B "$here/stack.py" \
    --between "_ZN6linnet13KeptGradients _ZN6linnet14OptimizerState _ZN6linnet13weighted_loss" \
    --below _ZN6linnet9GroupRule --apart "$runs _ZN6linnet13SampleWeights _ZL7figures _ZL12figures _ZL13figures" \
    --outward "_ZN6linnet6Stream _ZN6linnet4save _ZN6linnet6revert _ZN6linnet6Outlet _ZZN6linnet6Outlet" \
    "$3" "$build/symbols" "$build/code" "$build/references" "$build/graph" >"$build/stack" || {
    echo "$target $contract $level: the stack of $3 in $1 has no bound" >&2
    exit 1
  }
  bytes=$(awk 'NR == 1 { print $2 }' "$build/stack")
  figure "$2" "$bytes"
  echo "$2.painted $bytes" >>"$build/bounds"
  [ -z "$detail" ] || "${tools}c++filt" <"$build/stack" | sed 1d
}
if [ "$core" = "$target" ]; then
  grep -o 'CMakeFiles/linnet\.dir/[^ ]*\.obj' "$build/linnet/lib/CMakeFiles/linnet.dir/link.txt" |
    sed "s|^|$build/linnet/lib/|; s|obj\$|ci|" | xargs cat >"$build/graph"
  # The painted stack, measured below, can be no deeper than these.
  stack inference stack.predict _ZN6linnet9Predictor7predict
  stack trainer stack.step _ZN6linnet7Trainer4step
  stack trainer stack.bind _ZN6linnet7Trainer4bind
  if [ -n "$more" ] && [ "$level" = Os ]; then
    stack keep stack.save _ZN6linnet4saveE
    stack keep stack.load _ZN6linnet4loadE
  fi
  stack everything stack.predict.any _ZN6linnet9Predictor7predict
  stack everything stack.step.any _ZN6linnet7Trainer4step
fi

# ---- Instructions, and the stack as painted.

machine=$(sed -n 's/^set(LINNET_MACHINE \(.*\))$/\1/p' "$root/toolchains/$core.cmake")
# run PROGRAM PROFILE REGIONS [,OPTION...]: what the program says and what is counted in its regions
run() {
  image=$build/$1.elf
  # shellcheck disable=SC2086 # a list
  sh "$root/toolchains/qemu-cortex-m.sh" "$machine" "$image" -plugin "$(regions "$image" "$2" $3)${4:-}" \
    >"$build/said" 2>"$build/counts" || {
    echo "$target $contract $level: the measured program failed" >&2
    cat "$build/said" "$build/counts" >&2
    exit 1
  }
}
refused() { echo ",refused=$(address "$build/$1.elf" figures_refused)"; }

# counted REGION FIGURE: instructions of a region of the last run, and their cycles by the model
counted() {
  python3 -B "$here/counts.py" "$target $contract $level" "$build/counts" "$1" "$2"
  case "$core" in
    cortex-m0plus | cortex-m3 | cortex-m4f)
      "${tools}objdump" -d --no-show-raw-insn "$image" >"$build/code"
      cycles=$(python3 -B "$here/cycles.py" "$core" "$1" "$build/profile" "$build/code")
      figure "$2.cycles" "$cycles"
      ;;
  esac
  say_by_function "$image" "$1"
}

if [ -n "$more" ]; then
  run head "$build/profile" "head behind"
  counted head head
  counted behind behind
  run counted_adam "$build/profile" step "$(refused counted_adam)"
  counted step adam
fi
run counted "$build/profile" "step predict" "$(refused counted)"
bounds=$build/bounds
[ "$core" = "$target" ] || bounds=
python3 -B "$here/painted.py" "$target $contract $level" "$build/said" ${bounds:+"$bounds"}
counted predict predict
counted step step

# Which functions count otherwise in the first pass that differs.
[ -n "$detail" ] || exit 0
for pass in $(python3 -B "$here/counts.py" "$target $contract $level" "$build/counts"); do
  region=${pass%:*}
  run counted "$build/profile.other" "step predict" "$(refused counted),pass=${pass#*:}"
  echo "# $target $contract $level: $region ${pass#*:} beside the first (>: executed by it, <: by the first)"
  by_function "$image" "$build/profile" "$region" | sort >"$build/first"
  by_function "$image" "$build/profile.other" "$region" | sort >"$build/other"
  diff "$build/first" "$build/other" | grep '^[<>]' | sed 's/^/#   /'
done
