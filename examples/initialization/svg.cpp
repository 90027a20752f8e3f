#include "svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace svg {

static constexpr std::size_t kSeries = 4;

const char* style_sheet() {
  return ".paper{fill:#ffffff}.ink{fill:#1b1f24}.muted{fill:#57606a}.axis{stroke:#57606a;fill:none}"
         ".grid{stroke:#dfe3e8}.level{stroke:#57606a;stroke-dasharray:1 "
         "4}.thin{stroke-width:1}.pale{stroke-opacity:.38}.line{stroke-width:1.8}"
         ".box{stroke-width:5}.ring{stroke:#57606a;stroke-width:.8}"
         ".s0,.s1,.s2,.s3{fill:none}.s0{stroke:#0b5cad}.s1{stroke:#b3470b}.s2{stroke:#2a7a3b}.s3{stroke:#7b3fa0}"
         ".f0{fill:#0b5cad}.f1{fill:#b3470b}.f2{fill:#2a7a3b}.f3{fill:#7b3fa0}"
         ".d1{stroke-dasharray:7 4}.d2{stroke-dasharray:2 3}.d3{stroke-dasharray:9 3 2 3}"
         ".faint{fill-opacity:.16}.half{fill-opacity:.34}"
         "text{font-family:system-ui,'DejaVu Sans',Helvetica,Arial,sans-serif;font-size:13px}"
         "text.small{font-size:12px}text.strong{font-size:15px;font-weight:600}"
         ".halo{paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}"
         "@media screen and "
         "(prefers-color-scheme:dark){.paper{fill:#14171c}.halo{stroke:#14171c}.ink{fill:#e6e9ed}.muted{fill:#a9b1bb}"
         ".axis,.level,.ring{stroke:#a9b1bb}.grid{stroke:#2b313a}"
         ".s0{stroke:#6cb2ff}.s1{stroke:#ffa35c}.s2{stroke:#6fd08a}.s3{stroke:#cf9bf5}"
         ".f0{fill:#6cb2ff}.f1{fill:#ffa35c}.f2{fill:#6fd08a}.f3{fill:#cf9bf5}}";
}

static std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

static std::string escaped(const std::string& words) {
  std::string result;
  for (const char c : words) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else {
      result += c;
    }
  }
  return result;
}

static bool drawable(Point p) { return std::isfinite(p.x) && std::isfinite(p.y); }

std::string stroke(std::size_t series) {
  const std::string k = std::to_string(series % kSeries);
  return "line s" + k + " d" + k;
}
std::string fill(std::size_t series) { return "f" + std::to_string(series % kSeries); }

// ---- A drawing.

Drawing::Drawing(double width, double height, const std::string& title, const std::string& description) {
  body_ = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + number(width) + " " + number(height) +
          "\" width=\"" + number(width) + "\" height=\"" + number(height) + "\" role=\"img\">\n<title>" +
          escaped(title) + "</title>\n<desc>" + escaped(description) + "</desc>\n<style>" + style_sheet() +
          "</style>\n";
  rectangle({0.0, 0.0, width, height}, "paper");
  text({14.0, 25.0}, Anchor::start, title, "ink strong");
}

void Drawing::line(Point from, Point to, const std::string& style) {
  if (!drawable(from) || !drawable(to)) return;
  body_ += "<line class=\"" + style + "\" x1=\"" + number(from.x) + "\" y1=\"" + number(from.y) + "\" x2=\"" +
           number(to.x) + "\" y2=\"" + number(to.y) + "\"/>\n";
}

void Drawing::path(const std::vector<Point>& points, const std::string& style, bool closed) {
  std::string d;
  bool down = false;
  for (const Point& p : points) {
    if (!drawable(p)) {
      down = false;
      continue;
    }
    d += (down ? "L" : "M") + number(p.x) + " " + number(p.y);
    down = true;
  }
  if (!d.empty()) body_ += "<path class=\"" + style + "\" d=\"" + d + (closed ? "Z" : "") + "\"/>\n";
}

void Drawing::rectangle(const Area& area, const std::string& style) {
  body_ += "<rect class=\"" + style + "\" x=\"" + number(area.left) + "\" y=\"" + number(area.top) + "\" width=\"" +
           number(area.width) + "\" height=\"" + number(area.height) + "\"/>\n";
}

void Drawing::text(Point at, Anchor anchor, const std::string& words, const std::string& style, double turned) {
  const char* where = anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
  body_ += "<text class=\"" + style + "\" x=\"" + number(at.x) + "\" y=\"" + number(at.y) + "\" text-anchor=\"" +
           where + "\"";
  if (turned != 0.0) body_ += " transform=\"rotate(" + number(turned) + " " + number(at.x) + " " + number(at.y) + ")\"";
  body_ += ">" + escaped(words) + "</text>\n";
}

void Drawing::mark(Point at, std::size_t series) {
  if (!drawable(at)) return;
  const std::string k = std::to_string(series % kSeries);
  const std::string filled = "class=\"f" + k + "\"";
  const auto corner = [&at](double x, double y) { return number(at.x + x) + " " + number(at.y + y); };
  switch (series % kSeries) {
    case 0:
      body_ += "<circle " + filled + " cx=\"" + number(at.x) + "\" cy=\"" + number(at.y) + "\" r=\"3.4\"/>\n";
      break;
    case 1:
      body_ += "<path " + filled + " d=\"M" + corner(-3.2, -3.2) + "H" + number(at.x + 3.2) + "V" + number(at.y + 3.2) +
               "H" + number(at.x - 3.2) + "Z\"/>\n";
      break;
    case 2:
      body_ += "<path " + filled + " d=\"M" + corner(0.0, -4.4) + "L" + corner(4.2, 3.2) + "L" + corner(-4.2, 3.2) +
               "Z\"/>\n";
      break;
    default:
      body_ += "<path " + filled + " d=\"M" + corner(0.0, -4.8) + "L" + corner(4.4, 0.0) + "L" + corner(0.0, 4.8) +
               "L" + corner(-4.4, 0.0) + "Z\"/>\n";
  }
}

void Drawing::dot(Point at) {
  if (!drawable(at)) return;
  body_ += R"(<circle class="paper ring" cx=")" + number(at.x) + "\" cy=\"" + number(at.y) + "\" r=\"2.2\"/>\n";
}

void Drawing::key(Point at, std::size_t series, const std::string& words) {
  line(at, {at.x + 34.0, at.y}, stroke(series));
  mark({at.x + 17.0, at.y}, series);
  text({at.x + 42.0, at.y + 4.5}, Anchor::start, words, "ink");
}

void Drawing::key_of_mark(Point at, std::size_t series, const std::string& words) {
  mark({at.x + 17.0, at.y}, series);
  text({at.x + 42.0, at.y + 4.5}, Anchor::start, words, "ink");
}

void Drawing::key_of_band(Point at, const std::string& style, const std::string& words) {
  rectangle({at.x, at.y - 7.0, 34.0, 14.0}, style);
  text({at.x + 42.0, at.y + 4.5}, Anchor::start, words, "ink");
}

// ---- Axes.

static std::string tick_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

static std::vector<std::pair<double, std::string>> linear_ticks(double low, double high) {
  const double rough = (high - low) / 5.0;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough < 1.5 * power   ? 1.0
                               : rough < 3.5 * power ? 2.0
                               : rough < 7.5 * power ? 5.0
                                                     : 10.0);
  std::vector<std::pair<double, std::string>> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1.0)
    ticks.emplace_back(k * step, tick_text(k == 0.0 ? 0.0 : k * step));
  return ticks;
}

static std::vector<std::pair<double, std::string>> logarithmic_ticks(double low, double high) {
  const double decades = std::log10(high / low);
  std::vector<std::pair<double, std::string>> ticks;
  for (int decade = static_cast<int>(std::floor(std::log10(low))); decade <= std::log10(high); ++decade) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double value = digit * std::pow(10.0, decade);
      if (digit != 1.0 && decades > 3.0) continue;
      if (value >= low * 0.9999 && value <= high * 1.0001) ticks.emplace_back(value, tick_text(value));
    }
  }
  return ticks;
}

Axis around(const std::vector<double>& values, const std::string& label, bool logarithmic) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const double value : values) {
    if (!std::isfinite(value) || (logarithmic && value <= 0.0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (!(low <= high)) return {logarithmic ? 1.0 : 0.0, logarithmic ? 10.0 : 1.0, label, logarithmic, {}};
  if (logarithmic) return {low / 1.25, high * 1.25, label, true, {}};
  const double margin = high > low ? 0.05 * (high - low) : 0.5;
  return {low - margin, high + margin, label, false, {}};
}

double Plot::place(const Axis& axis, double value) {
  if (axis.logarithmic) return std::log(value / axis.low) / std::log(axis.high / axis.low);
  return (value - axis.low) / (axis.high - axis.low);
}

Point Plot::at(double x, double y) const {
  return {area_.left + area_.width * place(x_, x), area_.top + area_.height * (1.0 - place(y_, y))};
}

Plot::Plot(Drawing& drawing, const Area& area, Axis x, Axis y, const std::string& title)
    : drawing_(&drawing), area_(area), x_(std::move(x)), y_(std::move(y)) {
  for (Axis* axis : {&x_, &y_})
    if (axis->ticks.empty())
      axis->ticks = axis->logarithmic ? logarithmic_ticks(axis->low, axis->high) : linear_ticks(axis->low, axis->high);
  draw_ticks(true);
  draw_ticks(false);
  drawing_->rectangle(area_, "axis");
  const double middle = area_.left + 0.5 * area_.width;
  if (!title.empty()) drawing_->text({middle, area_.top - 8.0}, Anchor::middle, title, "ink");
  if (!x_.label.empty()) drawing_->text({middle, area_.top + area_.height + 36.0}, Anchor::middle, x_.label, "muted");
  if (!y_.label.empty())
    drawing_->text({area_.left - 44.0, area_.top + 0.5 * area_.height}, Anchor::middle, y_.label, "muted", -90.0);
}

void Plot::draw_ticks(bool horizontal) {
  const double bottom = area_.top + area_.height;
  const double right = area_.left + area_.width;
  for (const auto& tick : horizontal ? x_.ticks : y_.ticks) {
    const Point p = horizontal ? at(tick.first, y_.low) : at(x_.low, tick.first);
    if (horizontal) {
      drawing_->line({p.x, area_.top}, {p.x, bottom}, "grid");
      drawing_->text({p.x, bottom + 17.0}, Anchor::middle, tick.second, "muted small");
    } else {
      drawing_->line({area_.left, p.y}, {right, p.y}, "grid");
      drawing_->text({area_.left - 6.0, p.y + 4.0}, Anchor::end, tick.second, "muted small");
    }
  }
}

void Plot::curve(const std::vector<Point>& points, std::size_t series, std::size_t every) {
  std::vector<Point> places;
  places.reserve(points.size());
  for (const Point& p : points) places.push_back(at(p.x, p.y));
  drawing_->path(places, stroke(series));
  if (every == 0) return;
  const std::size_t shift = series * every / kSeries;
  for (std::size_t k = shift; k < places.size(); k += every) drawing_->mark(places[k], series);
}

void Plot::trace(const std::vector<Point>& points, std::size_t series) {
  std::vector<Point> places;
  places.reserve(points.size());
  for (const Point& p : points) places.push_back(at(p.x, p.y));
  drawing_->path(places, "thin pale s" + std::to_string(series % kSeries));
}

void Plot::band(const std::vector<Point>& low, const std::vector<Point>& high, std::size_t series,
                const std::string& style) {
  std::vector<Point> places;
  places.reserve(low.size() + high.size());
  for (const Point& p : low) places.push_back(at(p.x, p.y));
  for (auto p = high.rbegin(); p != high.rend(); ++p) places.push_back(at(p->x, p->y));
  drawing_->path(places, fill(series) + " " + style, true);
}

void Plot::level(double y, const std::string& words) {
  if (!(place(y_, y) > 0.0 && place(y_, y) < 1.0)) return;
  const Point end = at(x_.high, y);
  drawing_->line(at(x_.low, y), end, "level");
  drawing_->text({end.x - 5.0, end.y - 4.0}, Anchor::end, words, "muted small halo");
}

}  // namespace svg
