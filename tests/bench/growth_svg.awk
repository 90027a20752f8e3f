# awk -f growth_svg.awk GROWTH: time over operations against width, depth and batch, as a picture; dark where the
# reader's screen is.
BEGIN {
  panel_width = 250
  panel_height = 240
  left = 64
  top = 58
  gap = 46
  low = 5    # picoseconds per operation, at the bottom
  high = 500
  names[1] = "width"
  names[2] = "depth"
  names[3] = "batch"
  title["width"] = "width (3 layers, 64 rows)"
  title["depth"] = "layers (128 units, 64 rows)"
  title["batch"] = "rows (3 layers of 128 units)"
}
$1 == "peak" { peak = $2 }
$1 == "step" && $2 in title {
  v = $2 == "depth" ? $4 : $2 == "batch" ? $5 : $3
  n = ++count[$2, $6]
  at[$2, $6, n] = v
  each[$2, $6, n] = 1e12 * $7 / $10
}
function log2(x) { return log(x) / log(2) }
function y_of(picoseconds) { return top + panel_height * (1 - log(picoseconds / low) / log(high / low)) }
function x_of(name, v, first, last) {
  first = at[name, "sgd", 1]
  last = at[name, "sgd", count[name, "sgd"]]
  if (name == "depth") return origin + 12 + (panel_width - 24) * (v - first) / (last - first)
  return origin + 12 + (panel_width - 24) * log2(v / first) / log2(last / first)
}
function text(x, y, class, anchor, words) {
  printf "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, words
}
function line(x1, y1, x2, y2, class) {
  printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2, class
}
function curve(name, rule, k, x, y, points) {
  for (k = 1; k <= count[name, rule]; ++k) {
    x = x_of(name, at[name, rule, k])
    y = y_of(each[name, rule, k])
    points = points sprintf("%.1f,%.1f ", x, y)
    printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"%s-dot\"/>\n", x, y, rule
  }
  printf "<polyline points=\"%s\" class=\"%s\"/>\n", points, rule
}
function panel(name, k, ticks, tick, x, y, every) {
  split("5 10 20 50 100 200 500", ticks, " ")
  for (k = 1; k <= 7; ++k) {
    y = y_of(ticks[k])
    line(origin, y, origin + panel_width, y, "grid")
    text(origin - 6, y + 4, "tick", "end", ticks[k])
  }
  every = name == "depth" ? 1 : 2
  for (k = 1; k <= count[name, "sgd"]; k += every) {
    x = x_of(name, at[name, "sgd", k])
    line(x, top + panel_height, x, top + panel_height + 4, "axis")
    text(x, top + panel_height + 18, "tick", "middle", at[name, "sgd", k])
  }
  line(origin, top, origin, top + panel_height, "axis")
  line(origin, top + panel_height, origin + panel_width, top + panel_height, "axis")
  line(origin, y_of(1e12 / peak), origin + panel_width, y_of(1e12 / peak), "floor")
  text(origin + panel_width / 2, top + panel_height + 40, "label", "middle", title[name])
  curve(name, "adam")
  curve(name, "sgd")
}
function legend(x, class, words) {
  line(x, 24, x + 28, 24, class)
  if (class != "floor") printf "<circle cx=\"%.1f\" cy=\"24\" r=\"3\" class=\"%s-dot\"/>\n", x + 14, class
  text(x + 36, 28, "label", "start", words)
}
END {
  width = left + 3 * panel_width + 2 * gap + 16
  height = top + panel_height + 56
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", width, height
  printf " width=\"%d\" height=\"%d\" role=\"img\"", width, height
  print " font-family=\"system-ui, 'DejaVu Sans', sans-serif\">"
  print "<title>Time of a training step per floating-point operation, against width, depth and batch</title>"
  print "<style>"
  print ".back{fill:#ffffff}.label{fill:#1f2328;font-size:13px}.tick{fill:#59636e;font-size:11px}"
  print ".axis{stroke:#59636e}.grid{stroke:#d1d9e0;stroke-width:.7}"
  print ".floor{stroke:#59636e;stroke-dasharray:5 4;stroke-width:1.3}.sgd,.adam{fill:none;stroke-width:2}"
  print ".sgd{stroke:#0969da}.sgd-dot{fill:#0969da}.adam{stroke:#bc4c00}.adam-dot{fill:#bc4c00}"
  print "@media (prefers-color-scheme:dark){.back{fill:#0d1117}.label{fill:#e6edf3}.tick{fill:#9198a1}"
  print ".axis,.floor{stroke:#9198a1}.grid{stroke:#30363d}"
  print ".sgd{stroke:#58a6ff}.sgd-dot{fill:#58a6ff}.adam{stroke:#f0883e}.adam-dot{fill:#f0883e}}"
  print "</style>"
  printf "<rect width=\"%d\" height=\"%d\" class=\"back\"/>\n", width, height
  legend(left, "sgd", "SGD")
  legend(left + 96, "adam", "Adam")
  legend(left + 200, "floor", sprintf("all multiply-adds at the peak, %.0f GFLOP/s", peak / 1e9))
  printf "<text transform=\"translate(18 %.1f) rotate(-90)\" class=\"label\"", top + panel_height / 2
  print " text-anchor=\"middle\">picoseconds per FLOP</text>"
  for (p = 1; p <= 3; ++p) {
    origin = left + (p - 1) * (panel_width + gap)
    panel(names[p])
  }
  print "</svg>"
}
