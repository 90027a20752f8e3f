#pragma once

// Plots as SVG text: self-contained, light or dark as the reader's system is, light in print. Series differ in colour, in
// their dashes and in the shape of their marks.

#include <string>
#include <utility>
#include <vector>

namespace svg {

struct Point {
  double x, y;
};

struct Area {
  double left, top, width, height;
};

enum class Anchor { start, middle, end };

/// The width of a picture whose letters can still be read where it is drawn 360 pixels wide.
inline constexpr double kPanel = 440.0;

/// One picture. Coordinates are pixels from the upper left corner.
class Drawing {
 public:
  /// `title` and `description` are read aloud in the picture's place; the title is also drawn.
  Drawing(double width, double height, const std::string& title, const std::string& description);

  void line(Point from, Point to, const std::string& style);
  /// Points that are not finite interrupt it.
  void path(const std::vector<Point>& points, const std::string& style, bool closed = false);
  void rectangle(const Area& area, const std::string& style);
  /// `style` names classes: ink or muted, and small, strong, halo (nothing shines through).
  void text(Point at, Anchor anchor, const std::string& words, const std::string& style, double turned = 0.0);
  /// The mark of a series.
  void mark(Point at, std::size_t series);
  /// The point in the middle of a violin.
  void dot(Point at);
  /// A line and a mark, with words beside it.
  void key(Point at, std::size_t series, const std::string& words);
  /// A mark, with words beside it.
  void key_of_mark(Point at, std::size_t series, const std::string& words);
  /// A patch, `style` as of band(), with words beside it.
  void key_of_band(Point at, const std::string& style, const std::string& words);

  [[nodiscard]] std::string finish() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

/// Classes for lines and areas of a series.
std::string stroke(std::size_t series);
std::string fill(std::size_t series);

struct Axis {
  double low, high;
  std::string label;
  bool logarithmic = false;
  std::vector<std::pair<double, std::string>> ticks{};  ///< chosen for you when empty
};

/// A pair of axes in a drawing.
class Plot {
 public:
  /// Draws the frame, the grid and everything written around it. `area` is what lies between the axes.
  Plot(Drawing& drawing, const Area& area, Axis x, Axis y, const std::string& title);

  /// A line, with a mark at every `every`-th point, shifted by series so that marks of equal curves do not hide each
  /// other; 0: no marks.
  void curve(const std::vector<Point>& points, std::size_t series, std::size_t every);
  /// The same without marks, thin and pale.
  void trace(const std::vector<Point>& points, std::size_t series);
  /// What lies between two curves over the same x.
  void band(const std::vector<Point>& low, const std::vector<Point>& high, std::size_t series,
            const std::string& style);
  /// A level that something is compared with: a dotted line, with words on it.
  void level(double y, const std::string& words);
  [[nodiscard]] Point at(double x, double y) const;
  [[nodiscard]] Drawing& drawing() { return *drawing_; }
  [[nodiscard]] const Area& area() const { return area_; }

 private:
  void draw_ticks(bool horizontal);
  [[nodiscard]] static double place(const Axis& axis, double value);

  Drawing* drawing_;
  Area area_;
  Axis x_, y_;
};

/// The axis whose range holds all values, a little more, and no more than needed.
Axis around(const std::vector<double>& values, const std::string& label, bool logarithmic);

/// What stands in the style sheet of every drawing, for pages that hold drawings.
const char* style_sheet();

}  // namespace svg
