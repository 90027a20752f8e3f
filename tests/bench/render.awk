# awk -v part=short|full -f render.awk BARS FIGURES: the figures that run.sh stored as tables in Markdown.
/^#/ || NF == 0 { next }
FILENAME == ARGV[1] { bar[$1, $2] = $3; goal[$1, $2] = $4; next }
$1 == "roof" { roof[$2, $3] = $4; next }
$1 == "time" {
  time[$2, $3, $4] = $5
  if (!($3 in known)) { known[$3] = 1; work[++works] = $3 }
  next
}
{
  value[$1, $2, $3] = $4
  if ($1 == "ratio" || $1 == "offset") runs[$1, $2, $3] = fixed($5) ", " fixed($6) ", " fixed($7)
}
function fixed(x) { return sprintf("%.2f", x) }
function three(x) { return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : x >= 1 ? "%.2f" : "%.3f", x) }
function shown(us) { return us >= 1000 ? three(us / 1000) " ms" : three(us) " µs" }
function at(isa, w, who) { return (isa, w, who) in time ? shown(time[isa, w, who]) : "—" }
function best(isa, w, names, n, k, text) {
  n = split(value["best", isa, w], names, ",")
  for (k = 1; k <= n; ++k) text = text (k > 1 ? "; " : "") name_of(names[k]) " " at(isa, w, names[k])
  return text
}
function name_of(id) {
  return id == "eigen" ? "Eigen" : id == "openblas" ? "OpenBLAS" : id == "onednn" ? "oneDNN" : "libtorch"
}
function short_table(k, w) {
  print "| workload | Linnet | best peer | ratio | its quartiles | AVX2 tables | buffers at +4 bytes | of FMA peak |"
  print "|---|--:|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= works; ++k) {
    w = work[k]
    printf "| %s | %s | %s | %s | %s..%s | %s | %s | %s |\n", w, at("native", w, "linnet"), best("native", w),
      fixed(value["ratio", "native", w]), fixed(value["quarter", "native", w]),
      fixed(value["three-quarters", "native", w]),
      fixed(value["ratio", "avx2", w]), fixed(value["offset", "native", w]), fixed(value["share", "native", w])
  }
}
function times_table(isa, k, w) {
  print "| workload | Linnet | Eigen | OpenBLAS | oneDNN | libtorch | FANN, other work |"
  print "|---|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= works; ++k) {
    w = work[k]
    printf "| %s | %s | %s | %s | %s | %s | %s |\n", w, at(isa, w, "linnet"), at(isa, w, "eigen"),
      at(isa, w, "openblas"), at(isa, w, "onednn"), at(isa, w, "torch"), at(isa, w, "fann")
  }
  printf "\nFMA peak %.0f GFLOP/s, reads from L1 %.0f GB/s, from L2 %.0f GB/s.\n\n", roof[isa, "GFLOP/s"],
    roof[isa, "L1-GB/s"], roof[isa, "L2-GB/s"]
}
function verdict(isa, w, r) {
  r = value["ratio", isa, w]
  if (r > bar[isa, w]) return "missed"
  return goal[isa, w] != "-" && r <= goal[isa, w] ? "reached, with the goal" : "reached"
}
function bars_table(isa, k, w) {
  print "| workload | ratio, three runs | bar | goal beyond | |"
  print "|---|--:|--:|--:|---|"
  for (k = 1; k <= works; ++k) {
    w = work[k]
    printf "| %s | %s | %s | %s | %s |\n", w, runs["ratio", isa, w], bar[isa, w], goal[isa, w], verdict(isa, w)
  }
  print ""
}
function offset_table(k, w) {
  print "| workload | buffers at +4 bytes to aligned, three runs | bar | |"
  print "|---|--:|--:|---|"
  for (k = 1; k <= works; ++k) {
    w = work[k]
    printf "| %s | %s | %s | %s |\n", w, runs["offset", "native", w], bar["offset", "any"],
      value["offset", "native", w] <= bar["offset", "any"] ? "reached" : "missed"
  }
}
END {
  if (part == "short") {
    short_table()
    exit
  }
  print "On a core with AVX-512:\n"
  times_table("native")
  bars_table("native")
  print "With Linnet's AVX2 table and everybody held to AVX2:\n"
  times_table("avx2")
  bars_table("avx2")
  offset_table()
}
