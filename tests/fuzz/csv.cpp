// Tables of text, for the desk tool: any bytes, and good tables that are edited. What is taken has rows of one length, no
// more cells than bytes, and reads back from what is written of it; a number is strtod's.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "csv.hpp"
#include "fuzz/found.hpp"
#include "fuzz/source.hpp"
#include "refused.hpp"

using desk::csv::Reader;
using linnet_fuzz::expect;

namespace {

using Rows = std::vector<std::vector<std::string>>;

// Returns whether the text was taken.
bool read(std::string_view text, char separator, Rows& rows) {
  std::size_t cells = 0;
  std::size_t last = 0;
  rows.clear();
  try {
    Reader reader("text", text, separator);
    while (reader.next()) {
      rows.emplace_back(reader.cells().begin(), reader.cells().end());
      expect(rows.back().size() == rows.front().size(), "a row of another length");
      expect(reader.line() > last, "two rows in one line");
      last = reader.line();
      cells += rows.back().size();
    }
  } catch (const desk::Refused& refused) {
    expect(std::strncmp(refused.what(), "text, line ", 11) == 0, "a refusal that does not say where");
    return false;
  }
  expect(cells <= text.size() + 1, "more cells than bytes");
  return true;
}

void look_at_number(const std::string& cell) {
  double value = 0.0;
  const char* wrong = desk::csv::read_number(cell, false, value);
  char* end = nullptr;
  const double other = std::strtod(cell.c_str(), &end);
  if (wrong == nullptr) {
    expect(end == cell.c_str() + cell.size(), "a number that strtod does not take");
    expect(std::isfinite(static_cast<float>(value)) && value == other, "another number than strtod's");
  }
  double with_comma = 0.0;
  std::string commas = cell;
  std::replace(commas.begin(), commas.end(), '.', ',');
  const char* wrong_too = desk::csv::read_number(commas, true, with_comma);
  expect(cell.find(',') != std::string::npos || (wrong == nullptr) == (wrong_too == nullptr), "a comma is no point");
  expect(wrong != nullptr || value == with_comma, "another number with a comma");
  const std::string shown = desk::csv::shown(cell);
  expect(shown.size() <= 67 && desk::csv::is_utf8(shown), "what cannot be shown");
}

void look(const std::string& text, char separator) {
  const auto memory = std::make_unique<char[]>(text.size());  // nothing beside it is looked at
  std::copy(text.begin(), text.end(), memory.get());
  const std::string_view bytes(memory.get(), text.size());
  const char found = desk::csv::find_separator(bytes, 0);
  expect(std::strchr("\t;, ", found) != nullptr, "no separator");
  Rows rows, again;
  if (!read(bytes, separator, rows)) return;
  std::string written;
  for (const auto& row : rows) {
    written += desk::csv::row_of(row);
    for (const std::string& cell : row) look_at_number(cell);
  }
  expect(read(written, ',', again) && again == rows, "what was written reads differently");
}

// Rows of cells as they come, and edits.
std::string edited(linnet_fuzz::Source& source, char separator) {
  constexpr const char* kCells[] = {"1",        "-2.5",         "+3e2", "1e39",        "1e-60", "nan",
                                    R"("a,b")", R"("a""b")",    "",     R"("")",       " 7 ",   "\"x\ny\"",
                                    "\xc3\xa4", "0x1p3",        ".5",   "5.",          "-",     "\"\r\n\"",
                                    "1,5",      "\xef\xbb\xbf", "1e",   "3.4028236e38"};
  const char* kEnds[] = {"\n", "\r\n", "\r", "\n\n"};
  const char* end = kEnds[source.below(4)];
  const std::size_t columns = 1 + source.below(4);
  std::string text = source.once_in(4) ? "\xef\xbb\xbf" : "";
  for (std::size_t row = source.below(5); row > 0; --row) {
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) text += separator;
      text += kCells[source.below(std::size(kCells))];
    }
    if (row > 1 || source.once_in(2)) text += end;
  }
  for (std::size_t k = source.below(3); k > 0 && !text.empty(); --k) {
    const std::size_t kind = source.below(3);
    text.replace(source.below(text.size() % 256 + 1) % text.size(), kind == 1 ? 0 : 1, kind == 2 ? 0 : 1,
                 static_cast<char>(source.byte()));
  }
  return text;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet_fuzz::Source source(data, size);
  const char separator = "\t;, "[source.below(4)];
  if (source.once_in(2)) {
    look(std::string(reinterpret_cast<const char*>(data), size), separator);
  } else {
    look(edited(source, separator), separator);
  }
  return 0;
}
