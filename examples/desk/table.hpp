// A file with a table of text: columns with names, rows of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv.hpp"
#include "files.hpp"

namespace desk {

/// How a table is written.
struct Writing {
  char separator = '\0';  // '\0': found
  bool header = true;     // the first row names the columns
  bool comma = false;     // for the decimal point
  std::size_t skip = 0;   // lines before the table
};

/// A table that is open, row by row. All calls throw Refused.
class Table {
 public:
  Table(const std::string& path, const Writing& writing);
  Table(const Table&) = delete;  // the reader points into the file
  Table& operator=(const Table&) = delete;

  /// Of the columns: those of the header, without one their numbers from 1.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// The column of a name, which only one has.
  [[nodiscard]] std::size_t find(const std::string& name) const;

  /// Goes to the next row; false where there is none.
  bool next();
  [[nodiscard]] std::string_view cell(std::size_t column) const { return reader_.cells()[column]; }
  /// A cell as a number, which a 32-bit float is near.
  [[nodiscard]] double number(std::size_t column) const;
  /// What a sentence about a cell begins with: `data.csv, line 3 (row 2), column 1 'width'`.
  [[nodiscard]] std::string place(std::size_t column) const;
  [[nodiscard]] const Writing& writing() const { return writing_; }
  /// FNV-1a of the file's bytes.
  [[nodiscard]] std::uint64_t hash() const;

 private:
  Bytes file_;
  Writing writing_;  // its separator is known
  csv::Reader reader_;
  std::string path_;
  std::vector<std::string> names_;
  std::size_t row_ = 0;
  bool read_ahead_ = false;  // the row that is next has been read
};

/// What a network learns from.
struct Data {
  std::string path, target;        // the file, the name of the column
  std::vector<std::string> names;  // of the inputs
  std::size_t rows = 0;
  std::vector<float> inputs;          // (rows, names)
  std::vector<float> targets;         // (rows, 1) of a regression
  std::vector<std::uint16_t> labels;  // (rows) of a classification
  std::vector<std::string> classes;   // their names, in order; empty for a regression
  std::uint64_t hash = 0;             // of the file

  [[nodiscard]] bool classified() const { return !classes.empty(); }
  [[nodiscard]] std::size_t columns() const { return names.size(); }
  [[nodiscard]] std::size_t outputs() const { return classified() ? classes.size() : 1; }
};

/// Which column is what.
struct Columns {
  std::string target;
  std::vector<std::string> ignored;
  bool classes = false;  // the target is a class, though it is a number
};

/// Reads all of a table; the columns but the target and those that are ignored are inputs. Throws Refused.
Data read_data(const std::string& path, const Writing& writing, const Columns& columns);

}  // namespace desk
