#pragma once

// A page of words, tables and figures: one file index.html that needs no other, and every picture as an SVG file.

#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace page {

/// `<`, `>` and `&` as HTML writes them.
std::string escaped(const std::string& words);

class Page {
 public:
  explicit Page(const std::string& title);

  /// `html` is taken as it is.
  void paragraph(const std::string& html);
  void heading(const std::string& id, const std::string& words);
  /// The first row is the head. Cells are taken as they are.
  void table(const std::vector<std::vector<std::string>>& rows);
  /// The panels stand side by side where there is room. `caption` is taken as it is.
  void figure(const std::string& id, const std::string& title, const figures::Panels& panels,
              const std::string& caption);

  [[nodiscard]] std::string finish() const { return html_ + "</main>\n</html>\n"; }
  /// Writes index.html, and each panel as ID.svg, or ID-1.svg, ID-2.svg, ... Returns false after a message.
  [[nodiscard]] bool write(const std::string& folder) const;

 private:
  std::string html_;
  std::vector<std::pair<std::string, std::string>> pictures_;  // name of the file, what is in it
};

}  // namespace page
