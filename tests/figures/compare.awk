# awk -f compare.awk BARS STORED MEASURED: what grew, what is new or gone, and which bars are met. Prints one line per
# difference and "N passed, N failed"; exits 1 when a figure failed.
#
# A figure fails when it is more than 1 % above the stored one (any growth, where that is 0), when there is no stored
# one, and when it misses a bar that the stored one meets. It passes when it shrank; more than 1 % is said, so that the
# table can be brought up to date. "# skipped: " stands before a figure for which this machine has no tool.
function key() { return $1 " " $2 " " $3 " " $4 }
$2 == "skipped:" { skipped[$3 " " $4 " " $5 " " $6] = 1 }
/^#/ || NF == 0 { next }
FILENAME == ARGV[1] {
  ++bars
  bar[bars] = $0
  next
}
FILENAME == ARGV[2] {
  stored[key()] = $5
  next
}
{
  k = key()
  measured[k] = 1
  at_most = bar_of($1, $2, $3, $4)
  if (!(k in stored)) {
    bad(k ": " $5 ", and the stored table has no such figure")
  } else if ($5 > stored[k] * 1.01) {
    bad(k ": " $5 ", stored " stored[k])
  } else if (at_most != "" && $5 > at_most && stored[k] <= at_most) {
    bad(k ": " $5 " misses " at_most)
  } else {
    ++passed
    if ($5 < stored[k] * 0.99) {
      print "better: " k ": " $5 ", stored " stored[k]
      ++better
    }
  }
  if (at_most != "") {
    if ($5 > at_most) ++missed; else ++met
    if ($5 > at_most) print "bar missed: " k ": " $5 ", to be at most " at_most
  }
}
function bar_of(target, contract, level, figure, k, f) {
  for (k = 1; k <= bars; ++k) {
    split(bar[k], f, " ")
    if (f[1] == target && (f[2] == contract || f[2] == "any") && (f[3] == level || f[3] == "any") && f[4] == figure) {
      return f[5]
    }
  }
  return ""
}
function bad(text) {
  print "FAILED: " text
  ++failed
}
END {
  for (k in stored) {
    split(k, f, " ")
    if (!(k in measured) && !(k in skipped) && (only == "" || index(" " only " ", " " f[1] ":" f[2] ":" f[3] " "))) {
      bad(k ": stored, and not measured")
    }
  }
  if (better > 0) print better " figures shrank by more than 1 %: sh tests/figures.sh --update"
  print met + 0 " bars met, " missed + 0 " missed"
  print passed + 0 " passed, " failed + 0 " failed"
  exit failed > 0
}
