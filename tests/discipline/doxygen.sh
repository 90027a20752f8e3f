#!/bin/sh
# Doxygen has nothing to say against the public headers and README.md: everything public has a comment, and what a comment
# refers to is there. First it is shown a planted member without one.
#
# usage: doxygen.sh SOURCE_DIRECTORY       77: there is no doxygen
set -eu
export LC_ALL=C

root=$(cd "$1" && pwd)
command -v doxygen >/dev/null || { echo "there is no doxygen"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# documents [SETTING]: makes the pages as the Doxyfile says, but in scratch; what Doxygen says goes to the log.
documents() {
  {
    cat "$root/tests/discipline/Doxyfile"
    printf '\nOUTPUT_DIRECTORY = "%s"\n%s\n' "$scratch" "${1:-}"
  } >"$scratch/Doxyfile"
  (cd "$root" && doxygen "$scratch/Doxyfile") >"$scratch/log" 2>&1 || echo "doxygen ended with $?" >>"$scratch/log"
}

cat >"$scratch/planted.hpp" <<'END'
/// Of the test.
namespace planted {
/// A struct.
struct Planted {
  int one;  ///< documented
  int other;
};
}  // namespace planted
END
documents "INPUT = \"$scratch/planted.hpp\""
echo "$scratch/planted.hpp:6: warning: Member other (variable) of struct planted::Planted is not documented." >"$scratch/expected"
cmp -s "$scratch/expected" "$scratch/log" || {
  echo "FAILED: of a planted member without a comment Doxygen should say (<) and said (>):"
  diff "$scratch/expected" "$scratch/log" | sed 's/^/    /'
  exit 1
}

documents
if [ -s "$scratch/log" ]; then
  echo "FAILED: Doxygen $(doxygen --version) says:"
  sed "s|^$root/||; s/^/    /" "$scratch/log"
  exit 1
fi
# It says nothing, too, of what it does not see, as of all that is in a namespace without a comment. What descriptor holds
# no program names.
namespaces=$(sed -n 's/^namespace \([a-z_]*\) {$/namespacelinnet_1_1\1/p' "$root"/include/linnet/*.hpp | sort -u)
for page in index classlinnet_1_1Trainer $namespaces; do
  case $page in
    *_1_1linnet) page=namespacelinnet ;;
    *_1_1descriptor) continue ;;
  esac
  [ -s "$scratch/html/$page.html" ] || { echo "FAILED: Doxygen makes no page $page"; exit 1; }
done
echo "ok: the public headers are documented, and Doxygen makes pages of them without a warning"
