// Arrays of NumPy: rows of 32-bit or 64-bit floats, little-endian, in C order, in version 1.0 of their format. Anything
// else is refused. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <linnet/view.hpp>

#include "numbers.hpp"

namespace desk::npy {

struct Array {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;  // (rows, columns)
};

inline constexpr char kMagic[] = "\x93NUMPY\x01";  // and the zero behind it: version 1.0
inline constexpr std::size_t kBegin = 10;          // magic, version, bytes of the header
inline constexpr std::uint64_t kMost = 1u << 30u;  // rows, columns: their product times 8 fits 64 bits

/// What the header says.
struct Header {
  std::size_t width = 0;  // bytes of a number
  bool c_order = false;
  std::uint64_t rows = 0, columns = 0;
};

/// The header, a literal of Python: a dictionary of three keys in any order.
class Literal {
 public:
  explicit Literal(std::string_view text) : rest_(text) {}

  /// Returns null, or what is wrong.
  const char* read(Header& header) {
    constexpr const char* kNoHeader = "its header is not one of .npy";
    unsigned seen = 0;
    if (!take('{')) return kNoHeader;
    while (!take('}')) {
      const std::string_view key = string();
      const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
      if (bit == 0 || (seen & bit) != 0 || !take(':')) return kNoHeader;
      seen |= bit;
      if (const char* wrong = bit == 1 ? descr(header) : bit == 2 ? order(header) : shape(header)) {
        return wrong;
      }
      if (!take(',') && (rest_.empty() || rest_.front() != '}')) return kNoHeader;
    }
    skip();
    return seen == 7 && rest_ == "\n" ? nullptr : kNoHeader;
  }

 private:
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
  bool take(char c) {
    skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    skip();
    return true;
  }
  bool word(std::string_view text) {
    if (rest_.substr(0, text.size()) != text) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  // Between quotes of either kind; empty where there is none.
  std::string_view string() {
    const char quote = rest_.empty() ? ' ' : rest_.front();
    const std::size_t end = quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) return {};
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }
  const char* descr(Header& header) {
    const std::string_view type = string();
    header.width = type == "<f4" ? 4 : type == "<f8" ? 8 : 0;
    return header.width != 0 ? nullptr : "its numbers are not '<f4' or '<f8': save array.astype('<f4')";
  }
  const char* order(Header& header) {
    header.c_order = word("False");
    return header.c_order || word("True") ? nullptr : "its header is not one of .npy";
  }
  const char* shape(Header& header) {
    constexpr const char* kNoRows = "it has not two dimensions: save array.reshape(rows, columns)";
    if (!take('(')) return kNoRows;
    if (!number(header.rows) || !take(',') || !number(header.columns)) return kNoRows;
    take(',');
    return take(')') ? nullptr : kNoRows;
  }
  bool number(std::uint64_t& value) {
    std::size_t digits = 0;
    for (value = 0; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      value = value * 10 + static_cast<std::uint64_t>(rest_[digits] - '0');
      if (value >= kMost) return false;
    }
    const bool good = digits == 1 || (digits > 1 && rest_.front() != '0');
    rest_.remove_prefix(digits);
    return good;
  }

  std::string_view rest_;
};

/// Returns null, or what is wrong with the file; then the array means nothing. NaN and infinity are numbers here.
inline const char* read(linnet::Span<const unsigned char> file, Array& array) {
  if (file.size() < kBegin || std::memcmp(file.data(), kMagic, sizeof kMagic) != 0) {
    return "it is no .npy file of version 1.0";
  }
  const std::size_t length = file[8] + 256u * file[9];
  const std::size_t begin = kBegin + length;
  if (begin > file.size() || begin % 16 != 0) return "its header is not one of .npy";
  Header header;
  if (const char* wrong = Literal({reinterpret_cast<const char*>(file.data()) + kBegin, length}).read(header))
    return wrong;
  if (!header.c_order) return "it is in Fortran's order: save numpy.ascontiguousarray(array)";
  if (header.rows * header.columns * header.width != file.size() - begin) {
    return "it has not as many bytes as its shape says: it is damaged, copy it again";
  }
  array.rows = static_cast<std::size_t>(header.rows);
  array.columns = static_cast<std::size_t>(header.columns);
  array.values.resize(array.rows * array.columns);
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    const unsigned char* number = file.data() + begin + k * header.width;
    if (header.width == 4) {
      array.values[k] = float_at(number);
    } else if (!rounded_at(number, array.values[k])) {
      return "a number in it is beyond 32-bit floats";
    }
  }
  return nullptr;
}

/// The bytes of a file of 32-bit floats. `rows` and `columns` are below kMost.
inline std::vector<unsigned char> write(const Array& array) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(array.rows) + ", " +
                       std::to_string(array.columns) + "), }";
  header.append(63 - (kBegin + header.size()) % 64, ' ').append("\n");
  std::vector<unsigned char> bytes(kMagic, kMagic + sizeof kMagic);
  bytes.push_back(static_cast<unsigned char>(header.size() & 255u));
  bytes.push_back(static_cast<unsigned char>(header.size() >> 8u));
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (const float& value : array.values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    for (unsigned k = 0; k < 4; ++k) bytes.push_back(static_cast<unsigned char>(bits >> 8 * k));
  }
  return bytes;
}

}  // namespace desk::npy
