#include "csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>
#include <utility>

#include "refused.hpp"

namespace desk::csv {

namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";  // the byte order mark of UTF-8

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Bytes of the character that a text begins with; 0 where it is none of UTF-8: too long, a surrogate, beyond 0x10ffff.
std::size_t character_bytes(std::string_view text) {
  const auto at = [text](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const unsigned first = at(0);
  const unsigned second = at(1);
  const auto follows = [&at](std::size_t k) { return (at(k) & 0xc0u) == 0x80u; };
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool good = (first != 0xe0 || second >= 0xa0) && (first != 0xed || second < 0xa0);
    return good && follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool good = (first != 0xf0 || second >= 0x90) && (first != 0xf4 || second < 0x90);
    return good && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// C0, DEL and C1: what a terminal may take for a command.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

Reader::Reader(std::string about, std::string_view text, char separator)
    : about_(std::move(about)), rest_(text), separator_(separator) {
  if (rest_.substr(0, kMark.size()) == kMark) rest_.remove_prefix(kMark.size());
}

std::string Reader::place() const { return about_ + ", line " + std::to_string(row_line_); }
std::string Reader::place(std::size_t column) const { return place() + ", column " + std::to_string(column + 1); }

void Reader::end_line() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_.substr(0, 2) == "\r\n" ? 2 : 1);
  ++line_;
}

void Reader::skip_lines(std::size_t count) {
  for (; count > 0 && !rest_.empty(); --count) {
    rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
    end_line();
  }
}

void Reader::skip_blanks() {
  while (!rest_.empty() && is_blank(rest_.front()) && (rest_.front() != separator_ || separator_ == kBlanks)) {
    rest_.remove_prefix(1);
  }
}

bool Reader::next() {
  while (!rest_.empty()) {
    row_line_ = line_;
    const std::string_view line = rest_;
    read_row();
    const std::size_t length = line.size() - rest_.size();
    end_line();
    if (line.substr(0, length).find_first_not_of(" \t") == std::string_view::npos) continue;
    if (columns_ == 0) columns_ = cells_.size();
    if (cells_.size() != columns_) {
      throw Refused(place() + ": it has " + std::to_string(cells_.size()) + " cells, the first row has " +
                    std::to_string(columns_));
    }
    return true;
  }
  cells_.clear();
  return false;
}

void Reader::read_row() {
  cells_.clear();
  unescaped_count_ = 0;
  skip_blanks();
  while (true) {
    cells_.push_back(read_cell());
    skip_blanks();
    if (at_end_of_line()) return;
    expect_separator();
  }
}

std::string_view Reader::read_cell() {
  skip_blanks();
  if (!rest_.empty() && rest_.front() == '"') return read_quoted();
  const char* ends = separator_ == kBlanks ? " \t\r\n" : "\r\n";
  std::size_t end = std::min(rest_.find_first_of(ends), rest_.size());
  if (separator_ != kBlanks) end = std::min(rest_.substr(0, end).find(separator_), end);
  std::string_view cell = rest_.substr(0, end);
  rest_.remove_prefix(end);
  while (!cell.empty() && is_blank(cell.back())) cell.remove_suffix(1);
  return cell;
}

// The marks that a cell begins and ends with are no part of it.
std::string_view Reader::read_quoted() {
  const std::string_view from = rest_;
  std::size_t end = 1;
  bool doubled = false;
  while (true) {
    end = from.find('"', end);
    if (end == std::string_view::npos) throw Refused(place() + ": a quotation mark is opened and never closed");
    if (end + 1 >= from.size() || from[end + 1] != '"') break;
    doubled = true;
    end += 2;
  }
  std::string_view cell = from.substr(1, end - 1);
  for (std::size_t k = 0; k < cell.size(); ++k) {
    if (cell[k] == '\n' || (cell[k] == '\r' && (k + 1 == cell.size() || cell[k + 1] != '\n'))) ++line_;
  }
  rest_.remove_prefix(end + 1);
  if (!doubled) return cell;
  if (unescaped_count_ == unescaped_.size()) unescaped_.emplace_back();
  std::string& text = unescaped_[unescaped_count_++];
  text.clear();
  for (std::size_t k = 0; k < cell.size(); k += cell[k] == '"' ? 2u : 1u) text += cell[k];
  return text;
}

void Reader::expect_separator() {
  if (separator_ == kBlanks) return;
  if (rest_.front() != separator_) {
    throw Refused(place(cells_.size() - 1) + ": something follows a closing quotation mark: '" +
                  shown(rest_.substr(0, std::min<std::size_t>(rest_.find_first_of("\r\n"), 20))) + "'");
  }
  rest_.remove_prefix(1);
}

char find_separator(std::string_view text, std::size_t skipped) {
  constexpr std::size_t kRows = 10;
  for (const char separator : {'\t', ';', ',', kBlanks}) {
    Reader reader("", text, separator);
    reader.skip_lines(skipped);
    try {
      std::size_t columns = 0;
      for (std::size_t row = 0; row < kRows && reader.next(); ++row) columns = reader.cells().size();
      if (columns > 1) return separator;
    } catch (const Refused&) {
      continue;
    }
  }
  return ',';
}

const char* read_number(std::string_view cell, bool comma, double& value) {
  constexpr std::size_t kLongest = 64;
  constexpr double kBeyond = 0x1.ffffffp127;  // half way from the largest float to what would be the next
  if (cell.empty()) return "is empty";
  if (cell.size() > kLongest) return "is no number";
  std::array<char, kLongest> text{};
  std::copy(cell.begin(), cell.end(), text.begin());
  char* begin = text.data();
  char* end = begin + cell.size();
  if (comma && std::find(begin, end, '.') != end) return "is no number with a decimal comma";
  if (comma) std::replace(begin, end, ',', '.');
  if (*begin == '+' && cell.size() > 1 && begin[1] != '-') ++begin;
  double number = 0.0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (stop != end) return "is no number";
  if (error == std::errc::result_out_of_range) return "is beyond 32-bit floats";
  if (error != std::errc() || !std::isfinite(number)) return "is no finite number";
  if (std::fabs(number) >= kBeyond) return "is beyond 32-bit floats";
  value = number;
  return nullptr;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    const bool blank_ends = !cell.empty() && (is_blank(cell.front()) || is_blank(cell.back()));
    const bool quoted = blank_ends || cell.find_first_of(",;\t\"\r\n") != std::string::npos ||
                        (cells.size() == 1 && cell.empty()) || cell.substr(0, kMark.size()) == kMark;
    if (&cell != cells.data()) row += ',';
    if (quoted) row += '"';
    for (const char c : cell) row += c == '"' ? std::string("\"\"") : std::string(1, c);
    if (quoted) row += '"';
  }
  return row + "\n";
}

std::string shown(std::string_view text, std::size_t most) {
  std::string result;
  for (std::size_t k = 0; k < text.size();) {
    if (result.size() >= most) return result + "...";
    const std::size_t bytes = character_bytes(text.substr(k));
    const std::string_view character = text.substr(k, bytes);
    result += bytes == 0 || is_control(character) ? std::string_view("?") : character;
    k += std::max<std::size_t>(bytes, 1);
  }
  return result;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace desk::csv
