#include "table.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gzip.hpp"
#include "refused.hpp"

namespace desk {

namespace {

constexpr std::size_t kMostClasses = 1000;

std::string_view text_of(const Bytes& file) { return {reinterpret_cast<const char*>(file.data()), file.size()}; }

Bytes read_text(const std::string& path) {
  Bytes file = unpacked(path, read_file(path));
  const std::string_view text = text_of(file);
  const std::string_view begin = text.substr(0, 2);
  if (begin == "\xff\xfe" || begin == "\xfe\xff" || text.find('\0') != std::string_view::npos) {
    throw Refused(path + ": it is no text in UTF-8: save it as CSV in UTF-8");
  }
  return file;
}

Writing with_separator(Writing writing, const Bytes& file) {
  if (writing.separator == '\0') writing.separator = csv::find_separator(text_of(file), writing.skip);
  return writing;
}

bool is_number(std::string_view cell, bool comma) {
  double ignored = 0.0;
  return csv::read_number(cell, comma, ignored) == nullptr;
}

}  // namespace

Table::Table(const std::string& path, const Writing& writing)
    : file_(read_text(path)),
      writing_(with_separator(writing, file_)),
      reader_(path, text_of(file_), writing_.separator),
      path_(path) {
  if (writing_.comma && writing_.separator == ',') throw Refused(path + ": a comma is its separator, too");
  reader_.skip_lines(writing_.skip);
  if (!reader_.next()) throw Refused(path + ": there is no row in it");
  read_ahead_ = !writing_.header;
  bool all_numbers = true;
  for (std::size_t column = 0; column < reader_.cells().size(); ++column) {
    const std::string_view cell = reader_.cells()[column];
    names_.emplace_back(writing_.header ? std::string(cell) : std::to_string(column + 1));
    all_numbers = all_numbers && is_number(cell, writing_.comma);
    if (!csv::is_utf8(names_.back())) throw Refused(reader_.place(column) + ": it is no UTF-8: save the file as that");
  }
  if (writing_.header && all_numbers) throw Refused(path + ": its first row has numbers, not names: give --no-header");
}

std::uint64_t Table::hash() const {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const unsigned char byte : file_) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

std::size_t Table::find(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    std::string all;
    for (std::size_t k = 0; k < names_.size() && k < 20; ++k) all += (k > 0 ? ", " : "") + csv::shown(names_[k]);
    throw Refused(path_ + ": no column is named '" + csv::shown(name) + "'; there are " + all +
                  (names_.size() > 20 ? ", ..." : ""));
  }
  if (std::find(found + 1, names_.end(), name) != names_.end()) {
    throw Refused(path_ + ": more than one column is named '" + csv::shown(name) + "'");
  }
  return static_cast<std::size_t>(found - names_.begin());
}

bool Table::next() {
  const bool there = read_ahead_ || reader_.next();
  read_ahead_ = false;
  row_ += there ? 1 : 0;
  return there;
}

std::string Table::place(std::size_t column) const {
  return reader_.place() + " (row " + std::to_string(row_) + "), column " + std::to_string(column + 1) +
         (writing_.header ? " '" + csv::shown(names_[column]) + "'" : "");
}

double Table::number(std::size_t column) const {
  double value = 0.0;
  const std::string_view text = cell(column);
  const char* wrong = csv::read_number(text, writing_.comma, value);
  if (wrong == nullptr) return value;
  std::string sentence = place(column) + ": " + (text.empty() ? "it" : "'" + csv::shown(text) + "'") + " " + wrong;
  if (!writing_.comma && is_number(text, true)) sentence += ": give --decimal-comma";
  throw Refused(sentence);
}

namespace {

// What the numbers of a column lie between.
class Range {
 public:
  void add(double value) {
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }
  [[nodiscard]] bool is_point() const { return low_ == high_; }
  // From a column further from 0 single precision takes too much of what it varies by: 2^-24 of it is 2^-12 of that.
  void expect_near(const std::string& path, const std::string& name) const {
    constexpr double kFarthest = 4096.0;
    const double varies = high_ - low_;
    if (varies > 0.0 && std::max(std::fabs(low_), std::fabs(high_)) > kFarthest * varies) {
      throw Refused(
          path + ": column '" + csv::shown(name) +
          "' lies too far from 0 for what it varies by: subtract a constant from it, or leave it out by --ignore");
    }
  }

 private:
  double low_ = HUGE_VAL, high_ = -HUGE_VAL;
};

// The cells of a target, until all of them are known.
class Target {
 public:
  Target(const Table& table, std::size_t column, bool classes)
      : table_(table), column_(column), all_numbers_(!classes), classes_(classes) {}

  void add() {
    const std::string_view cell = table_.cell(column_);
    if (cell.empty()) throw Refused(table_.place(column_) + ": it is empty");
    if (!csv::is_utf8(cell)) throw Refused(table_.place(column_) + ": it is no UTF-8: save the file as that");
    cells_.emplace_back(cell);
    const bool number = is_number(cell, table_.writing().comma);
    if (!number && first_text_.empty()) {
      first_text_ = table_.place(column_) + ": '" + csv::shown(cell) + "' is no number";
    }
    all_numbers_ = all_numbers_ && number;
    some_numbers_ = some_numbers_ || number;
  }

  void finish(Data& data) const {
    if (!all_numbers_ && some_numbers_ && !classes_) {
      throw Refused(first_text_ + ", but others in this column are: give --classes if they name classes");
    }
    return all_numbers_ ? finish_numbers(data) : finish_classes(data);
  }

 private:
  [[nodiscard]] double number(const std::string& cell) const {
    double value = 0.0;
    csv::read_number(cell, table_.writing().comma, value);
    return value;
  }

  void finish_numbers(Data& data) const {
    Range range;
    for (const std::string& cell : cells_) {
      range.add(number(cell));
      data.targets.push_back(static_cast<float>(number(cell)));
    }
    range.expect_near(data.path, data.target);
    if (range.is_point()) {
      throw Refused(data.path + ": column '" + csv::shown(data.target) + "' is the same in all rows");
    }
  }

  // Classes are in the order of their numbers where all have one, else of their bytes.
  void finish_classes(Data& data) const {
    std::map<std::string, std::uint16_t> labels;
    for (const std::string& cell : cells_) {
      labels.emplace(cell, std::uint16_t{0});
      if (labels.size() > kMostClasses) {
        throw Refused(data.path + ": column '" + csv::shown(data.target) + "' has more than " +
                      std::to_string(kMostClasses) + " classes");
      }
    }
    for (const auto& label : labels) data.classes.push_back(label.first);
    if (first_text_.empty()) {
      std::stable_sort(data.classes.begin(), data.classes.end(),
                       [this](const std::string& a, const std::string& b) { return number(a) < number(b); });
    }
    for (std::size_t k = 0; k < data.classes.size(); ++k) labels[data.classes[k]] = static_cast<std::uint16_t>(k);
    for (const std::string& cell : cells_) data.labels.push_back(labels[cell]);
    if (data.classes.size() < 2) {
      throw Refused(data.path + ": column '" + csv::shown(data.target) + "' has one class alone: '" +
                    csv::shown(data.classes.front()) + "'");
    }
  }

  const Table& table_;
  std::size_t column_;
  bool all_numbers_, some_numbers_ = false, classes_;
  std::string first_text_;
  std::vector<std::string> cells_;
};

}  // namespace

Data read_data(const std::string& path, const Writing& writing, const Columns& columns) {
  Table table(path, writing);
  Data data;
  data.path = path;
  data.target = columns.target;
  data.hash = table.hash();
  const std::size_t target_column = table.find(columns.target);
  std::vector<bool> is_input(table.names().size(), true);
  is_input[target_column] = false;
  for (const std::string& name : columns.ignored) is_input[table.find(name)] = false;
  for (std::size_t column = 0; column < is_input.size(); ++column) {
    if (is_input[column]) data.names.push_back(table.names()[column]);
  }
  if (data.names.empty()) throw Refused(path + ": no column is left as an input");
  Target target(table, target_column, columns.classes);
  std::vector<Range> ranges(is_input.size());
  for (; table.next(); ++data.rows) {
    for (std::size_t column = 0; column < is_input.size(); ++column) {
      if (!is_input[column]) continue;
      const double number = table.number(column);
      ranges[column].add(number);
      data.inputs.push_back(static_cast<float>(number));
    }
    target.add();
  }
  for (std::size_t column = 0; column < is_input.size(); ++column) {
    if (is_input[column]) ranges[column].expect_near(path, table.names()[column]);
  }
  if (data.rows < 2) throw Refused(path + ": it has not two rows to part");
  target.finish(data);
  return data;
}

}  // namespace desk
