#!/bin/sh
# same_bits.sh FROM..TO: builds examples/self_test of every commit of the range, with the scalar table alone, and prints
# its two hashes: a change of the house must leave them as they are. Ends with "N passed, N failed": a commit that does
# not build, or has other hashes than the first one, has failed.
set -eu
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }

room=$PWD/build/same_bits
passed=0
failed=0
first=
mkdir -p build
rm -rf "$room"
git worktree prune
git worktree add -q --detach "$room" "${1##*..}"
trap 'git worktree remove --force "$room"' EXIT
for commit in $(git rev-list --reverse "$1"); do
  git -C "$room" checkout -q "$commit"
  hashes=
  if cmake -S "$room" -B "$room/build" -DCMAKE_BUILD_TYPE=Release -DLINNET_SIMD=OFF -DLINNET_TESTS=OFF \
    -DLINNET_WARNINGS=OFF >"$room/build.log" 2>&1 &&
    cmake --build "$room/build" --parallel --target self_test >>"$room/build.log" 2>&1; then
    # it ends with 1 where the hashes are not those stored in that commit
    hashes=$("$room/build/examples/self_test" | awk '$1 == "scalar" { printf "%s ", $3 }') || true
  fi
  first=${first:-$hashes}
  if [ -n "$hashes" ] && [ "$hashes" = "$first" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  echo "${hashes:-does not build} $(git log -1 --format='%h %s' "$commit")"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
