// Tables of text as spreadsheets and programs write them: RFC 4180, with more separators. One row at a time, so that a
// large file takes no more memory than its bytes.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace desk::csv {

/// What a separator of blanks is: runs of spaces and tabs, also before the first cell and behind the last.
inline constexpr char kBlanks = ' ';

/// Reads the rows of a text, which it points into. A row ends with LF, CRLF or CR. A cell in quotation marks may hold
/// separators and ends of rows, and a doubled mark for one. Blanks around a cell are no part of it, unless it is in
/// quotation marks. Rows without any character but blanks are passed over; a byte order mark of UTF-8, too.
class Reader {
 public:
  /// `about` is what its sentences begin with.
  Reader(std::string about, std::string_view text, char separator);

  /// Goes to the next row; false where there is none. Throws Refused where quotation marks do not end as they should, or
  /// where a row has not as many cells as the first one.
  bool next();
  /// Goes past lines as they are, whatever is in them.
  void skip_lines(std::size_t count);

  /// Those of the row; they mean something until the next one.
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  /// The line of the text, from 1, in which the row begins.
  [[nodiscard]] std::size_t line() const { return row_line_; }
  /// What a sentence about the row begins with: `data.csv, line 3`.
  [[nodiscard]] std::string place() const;
  /// ... and about a cell, by its column from 0: `data.csv, line 3, column 2`.
  [[nodiscard]] std::string place(std::size_t column) const;

 private:
  [[nodiscard]] bool at_end_of_line() const { return rest_.empty() || rest_.front() == '\n' || rest_.front() == '\r'; }
  void end_line();
  void skip_blanks();
  void read_row();
  std::string_view read_cell();
  std::string_view read_quoted();
  void expect_separator();

  std::string about_;
  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1, row_line_ = 1, columns_ = 0;
  std::vector<std::string_view> cells_;
  std::deque<std::string> unescaped_;  // cells of the row in which a mark was doubled; they stay where they are
  std::size_t unescaped_count_ = 0;
};

/// The separator of a text: the first of tab, semicolon and comma that parts each of its first rows into as many cells,
/// two or more; where there is none, blanks if these do, else a comma. `skipped` lines are not looked at.
char find_separator(std::string_view text, std::size_t skipped);

/// Reads a cell as a number, decimal, maybe with an exponent. `comma` is its decimal separator instead of a point. Returns
/// null, or what is wrong with it; then `value` means nothing. NaN, infinity and what no 32-bit float is near are wrong.
const char* read_number(std::string_view cell, bool comma, double& value);

/// A row as Reader reads it: cells that need it are in quotation marks; ends with LF.
std::string row_of(const std::vector<std::string>& cells);

/// Text of a file for people and terminals: no control characters, no more bytes than a line has, `?` for what is no UTF-8.
std::string shown(std::string_view text, std::size_t most = 60);

/// Whether a text is UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace desk::csv
