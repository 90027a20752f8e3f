# awk [-v part=short|full] -f growth_table.awk GROWTH: what growth.cpp printed as tables in Markdown, each step with
# what it is bound by; short: a few points. Without a part everything, and whether time over operations is flat.
#
# Bound by, from floors: the products' operations at the peak (FMA); a square root and a division for each parameter,
# with Adam (divide); each parameter read for forward and backward, read and written by the update, with Adam its two
# moments too (read for the check of the state, read, written), at the bandwidth of the cache that holds everything
# (L1 .. DRAM). FMA where that is 60 % of the time; else L3 or DRAM where parameters and trainer lie there; else the
# largest floor where the floors come to half of the time; else latency: calls, chains, rows shorter than a tile.
$1 == "peak" { peak = $2 }
$1 == "divide" { divide = $2 }
$1 == "cache" { size[$2] = $3 }
$1 == "read" {
  ++reads
  read_bytes[reads] = $2 * 1024
  read_rate[reads] = $3
}
$1 == "step" {
  key = $2 SUBSEP ($2 == "depth" ? $4 : $2 == "batch" ? $5 : $3)
  if (!((key) in seen)) {
    seen[key] = 1
    ++rows
    axis[rows] = $2
    value[rows] = $2 == "depth" ? $4 : $2 == "batch" ? $5 : $3
  }
  time[key, $6] = $7
  operations[key] = $10
  parameters[key] = $11
  trainer[key, $6] = $12
}
function bandwidth(bytes, k) {
  for (k = 1; k < reads; ++k) if (read_bytes[k] >= bytes) return read_rate[k]
  return read_rate[reads]
}
function place(bytes) {
  if (bytes <= size["L1"]) return "L1"
  return bytes <= size["L2"] ? "L2" : bytes <= size["L3"] ? "L3" : "DRAM"
}
function bound(key, rule, bytes, fma, memory, root) {
  bytes = 4 * (parameters[key] + trainer[key, rule])
  fma = operations[key] / peak
  memory = 4 * parameters[key] * (rule == "adam" ? 10 : 4) / bandwidth(bytes)
  root = rule == "adam" ? parameters[key] / divide : 0
  if (fma > 0.6 * time[key, rule]) return "FMA"
  if (bytes > size["L2"]) return place(bytes)
  if (fma + memory + root < 0.5 * time[key, rule]) return "latency"
  if (fma > memory && fma > root) return "FMA"
  return root > memory ? "divide" : place(bytes)
}
function shown(seconds) {
  if (seconds < 1e-5) return sprintf("%.2f µs", 1e6 * seconds)
  if (seconds < 1e-3) return sprintf("%.0f µs", 1e6 * seconds)
  return sprintf("%.1f ms", 1e3 * seconds)
}
function kilobytes(floats) { return sprintf(floats < 2560 ? "%.1f" : "%.0f", 4 * floats / 1024) }
function row(k, key, s, rule, text) {
  key = axis[k] SUBSEP value[k]
  text = "| " value[k]
  for (s = 1; s <= 2; ++s) {
    rule = s == 1 ? "sgd" : "adam"
    text = text sprintf(" | %s | %.1f | %.2f | %s", shown(time[key, rule]), 1e12 * time[key, rule] / operations[key],
      operations[key] / time[key, rule] / peak, bound(key, rule))
  }
  return text sprintf(" | %s | %s |", kilobytes(parameters[key]), kilobytes(trainer[key, "adam"]))
}
# The largest climb: time over operations at a point over the least of the smaller ones.
function climb(name, rule, k, key, each, least, most) {
  least = 1e30
  for (k = 1; k <= rows; ++k) {
    if (axis[k] != name) continue
    key = axis[k] SUBSEP value[k]
    each = time[key, rule] / operations[key]
    if (each / least > most) most = each / least
    if (each < least) least = each
  }
  return most
}
function climbs(name) { return sprintf("%.2f and %.2f", climb(name, "sgd"), climb(name, "adam")) }
function table(name, title, k) {
  print title "\n"
  print "| " substr(name, 1, 5) " | SGD | ps/FLOP | of peak | bound by | Adam | ps/FLOP | of peak | bound by" \
    " | parameters KiB | trainer KiB |"
  print "|--:|--:|--:|--:|---|--:|--:|--:|---|--:|--:|"
  for (k = 1; k <= rows; ++k) if (axis[k] == name) print row(k)
  print ""
}
function chosen(name, rows_of, list, n, values, k, key) {
  n = split(list, values, " ")
  for (k = 1; k <= n; ++k) {
    key = name SUBSEP values[k]
    printf "| 3 x %d, %s | %s | %.1f | %s | %s | %.1f | %s |\n", values[k], rows_of, shown(time[key, "sgd"]),
      1e12 * time[key, "sgd"] / operations[key], bound(key, "sgd"), shown(time[key, "adam"]),
      1e12 * time[key, "adam"] / operations[key], bound(key, "adam")
  }
}
function short_table() {
  print "| layers, rows | SGD step | ps/FLOP | bound by | Adam step | ps/FLOP | bound by |"
  print "|---|--:|--:|---|--:|--:|---|"
  chosen("width-1", "1 row", "16 128 512 2048")
  chosen("width", "64 rows", "16 128 512 2048")
  printf "\nAll multiply-adds at the peak would take %.1f ps/FLOP. Time over operations ", 1e12 / peak
  print "is at most so many times the least at a"
  printf "smaller size, SGD and Adam: width %s, depth %s, batch %s.\n", climbs("width"), climbs("depth"), climbs("batch")
}
function verdicts(axes, a, s, rule, most) {
  split("width depth batch", axes, " ")
  for (a = 1; a <= 3; ++a) {
    for (s = 1; s <= 2; ++s) {
      rule = s == 1 ? "sgd" : "adam"
      most = climb(axes[a], rule)
      printf "%s %s: %s, time over operations at most %.2f of the least before\n", axes[a], rule,
        most <= 1.15 ? "flat" : "climbs", most
    }
  }
}
END {
  if (part == "short") {
    short_table()
    exit
  }
  table("width", "Three layers of this width, 64 rows:")
  table("depth", "So many layers of 128 units, 64 rows:")
  table("batch", "Three layers of 128 units, so many rows:")
  table("width-1", "Three layers of this width, one row:")
  if (part == "") {
    verdicts()
    print "memory: as the formula says, at every point"
  }
}
