# awk -f judge.awk BARS FIGURES: which bars the median of the runs reaches; FIGURES as condense.awk writes them. The
# last line is "N bars reached, M missed; K goals beyond reached".
/^#/ || NF == 0 { next }
FILENAME == ARGV[1] && $1 == "offset" { offset_bar = $3; next }
FILENAME == ARGV[1] { bar[$1, $2] = $3; goal[$1, $2] = $4; next }
function judge(name, value, at_most, beyond, runs) {
  verdict = value <= at_most ? "reached" : "missed"
  if (value <= at_most) ++reached; else ++missed
  further = ""
  if (beyond != "-" && value <= at_most) {
    further = value <= beyond ? ", and the goal " beyond : ", not the goal " beyond
    if (value <= beyond) ++beyonds
  }
  printf "%-8s %-28s %.3f, to be at most %.2f%s (runs: %s)\n", verdict, name, value, at_most, further, runs
}
function rest(k, text) {
  for (k = 5; k <= NF; ++k) text = text (k > 5 ? " " : "") $k
  return text
}
$1 == "ratio" && ($2, $3) in bar { judge($2 " " $3, $4, bar[$2, $3], goal[$2, $3], rest()) }
$1 == "offset" { judge($2 " " $3 " at +4 bytes", $4, offset_bar, "-", rest()) }
END { printf "%d bars reached, %d missed; %d goals beyond reached\n", reached, missed, beyonds }
