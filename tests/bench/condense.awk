# awk -f condense.awk ISA-RUN.log...: what bench.cpp printed in several runs, one line per figure. A figure of several
# runs is their median; of ratios each run stands behind it.
FNR == 1 {
  isa = FILENAME
  sub(/.*\//, "", isa)
  sub(/-[0-9]+\.log$/, "", isa)
}
function number(text) {
  sub(/^[^=]*=/, "", text)
  return text + 0
}
function add(key, value) {
  if (!(key in count)) order[++keys] = key
  list[key, ++count[key]] = value
}
function middle(key, n, k, j, swap, v) {
  n = count[key]
  for (k = 1; k <= n; ++k) v[k] = list[key, k]
  for (k = 1; k <= n; ++k) for (j = k + 1; j <= n; ++j) if (v[j] < v[k]) { swap = v[k]; v[k] = v[j]; v[j] = swap }
  return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
/^# .* peak / {
  add("roof " isa " GFLOP/s", $4 + 0)
  add("roof " isa " L1-GB/s", $9 + 0)
  add("roof " isa " L2-GB/s", $13 + 0)
}
$3 == "median" { add("time " isa " " $1 " " $2, $4 + 0) }
$3 ~ /^best_peer=/ {
  add("ratio " isa " " $1, number($4))
  add("share " isa " " $1, number($5))
  split(number_text($6), q, "[.][.]")
  add("quarter " isa " " $1, q[1] + 0)
  add("three-quarters " isa " " $1, q[2] + 0)
  best = number_text($3)
  sub(/:.*/, "", best)
  if (!((isa, $1, best) in named)) peer[isa " " $1] = peer[isa " " $1] (peer[isa " " $1] == "" ? "" : ",") best
  named[isa, $1, best] = 1
}
function number_text(text) {
  sub(/^[^=]*=/, "", text)
  return text
}
$2 == "offset" { add("offset " isa " " $1, number($4)) }
END {
  for (k = 1; k <= keys; ++k) {
    key = order[k]
    line = key " " sprintf("%.4g", middle(key))
    if (key ~ /^(ratio|offset) /) for (j = 1; j <= count[key]; ++j) line = line " " list[key, j]
    print line
    if (key ~ /^ratio /) print "best " substr(key, 7) " " peer[substr(key, 7)]
  }
}
