#include "tensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "numbers.hpp"

namespace desk {

namespace {

constexpr std::size_t kLength = 8;  // bytes in which a file says how long its header is

class Header {
 public:
  explicit Header(std::string_view text) : rest_(text) {}

  bool read(Tensors& tensors) {
    const bool read = members('{', '}', [&] { return member(tensors); });
    skip();
    return read && rest_.empty();
  }

 private:
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  bool take(char c) {
    skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // What is between these brackets, with a comma between each two.
  template <class Member>
  bool members(char opening, char closing, const Member& member) {
    if (!take(opening)) return false;
    if (take(closing)) return true;
    do {
      if (!member()) return false;
    } while (take(','));
    return take(closing);
  }

  // As it is written, without its quotation marks.
  bool string(std::string& text) {
    if (!take('"')) return false;
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2u : 1u;
    if (end >= rest_.size()) return false;
    text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool number(std::uint64_t& value) {
    skip();
    std::size_t digits = 0;
    for (value = 0; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits == 18) return false;
      value = value * 10 + static_cast<std::uint64_t>(rest_[digits] - '0');
    }
    const bool good = digits == 1 || (digits > 1 && rest_.front() != '0');
    rest_.remove_prefix(digits);
    return good;
  }

  bool metadata(std::string& written) {
    skip();
    const std::string_view from = rest_;
    std::string ignored;
    if (!members('{', '}', [&] { return string(ignored) && take(':') && string(ignored); })) return false;
    written = from.substr(0, from.size() - rest_.size());
    return true;
  }

  // Its places are counted from the end of the header.
  bool tensor(Tensor& tensor) {
    unsigned seen = 0;
    const auto entry = [&] {
      std::string key;
      if (!string(key) || !take(':')) return false;
      const unsigned bit = key == "dtype" ? 1 : key == "shape" ? 2 : key == "data_offsets" ? 4 : 0;
      if (bit == 0 || (seen & bit) != 0) return false;
      seen |= bit;
      if (bit == 1) return string(tensor.type);
      std::vector<std::uint64_t> numbers;
      const bool read = members('[', ']', [&] { return number(numbers.emplace_back()); });
      if (bit == 2) {
        tensor.shape = numbers;
      } else if (numbers.size() == 2) {
        tensor.begin = static_cast<std::size_t>(numbers[0]);
        tensor.end = static_cast<std::size_t>(numbers[1]);
      }
      return read && (bit == 2 || numbers.size() == 2);
    };
    return members('{', '}', entry) && seen == 7;
  }

  bool member(Tensors& tensors) {
    std::string name;
    if (!string(name) || !take(':')) return false;
    if (name == "__metadata__") return tensors.metadata.empty() && metadata(tensors.metadata);
    tensors.all.emplace_back().name = name;
    return tensor(tensors.all.back());
  }

  std::string_view rest_;
};

// Whether the tensors fill `size` bytes, one behind the other.
bool fill(const std::vector<Tensor>& all, std::size_t size) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  places.reserve(all.size());
  for (const Tensor& tensor : all) places.emplace_back(tensor.begin, tensor.end);
  std::sort(places.begin(), places.end());
  std::size_t at = 0;
  for (const auto& [begin, end] : places) {
    if (begin != at || end < begin) return false;
    at = end;
  }
  return at == size;
}

bool twice(const std::vector<Tensor>& all) {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Tensor& tensor : all) names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

// 16 bits: a sign, 5 of exponent, 10 of significand.
double half(std::uint32_t bits) {
  const auto exponent = static_cast<int>(bits >> 10u & 31u);
  const auto fraction = static_cast<int>(bits & 0x3ffu);
  double size = std::ldexp(exponent == 0 ? fraction : 1024 + fraction, (exponent == 0 ? 1 : exponent) - 25);
  if (exponent == 31) size = fraction == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
  return (bits >> 15u & 1u) != 0 ? -size : size;
}

double element(const std::string& type, std::uint64_t bits) {
  if (type == "F16") return half(static_cast<std::uint32_t>(bits));
  if (type == "F64") {
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  const auto single = static_cast<std::uint32_t>(type == "BF16" ? bits << 16u : bits);
  float value;
  std::memcpy(&value, &single, sizeof value);
  return static_cast<double>(value);
}

void put(Bytes& bytes, std::uint64_t value) {
  for (unsigned k = 0; k < 8; ++k) bytes.push_back(static_cast<unsigned char>(value >> 8 * k));
}

}  // namespace

std::optional<Tensors> read_tensors(const Bytes& file) {
  if (file.size() < kLength) return {};
  const std::uint64_t length = little_endian(file.data(), kLength);
  if (length > file.size() - kLength) return {};
  const std::size_t data = kLength + static_cast<std::size_t>(length);
  Tensors tensors;
  if (!Header({reinterpret_cast<const char*>(file.data()) + kLength, data - kLength}).read(tensors)) return {};
  if (twice(tensors.all) || !fill(tensors.all, file.size() - data)) return {};
  for (Tensor& tensor : tensors.all) {
    tensor.begin += data;
    tensor.end += data;
  }
  return tensors;
}

std::optional<std::vector<double>> elements_of(const Bytes& file, const Tensor& tensor) {
  const bool two = tensor.type == "F16" || tensor.type == "BF16";
  const std::size_t width = two ? 2 : tensor.type == "F32" ? 4 : tensor.type == "F64" ? 8 : 0;
  std::uint64_t count = (tensor.end - tensor.begin) / std::max<std::size_t>(width, 1);
  if (width == 0 || count * width != tensor.end - tensor.begin) return {};
  std::vector<double> elements(static_cast<std::size_t>(count));
  for (std::size_t k = 0; k < elements.size(); ++k) {
    elements[k] = element(tensor.type, little_endian(file.data() + tensor.begin + k * width, width));
  }
  for (const std::uint64_t size : tensor.shape) {
    if (size == 0 || count % size != 0) return {};
    count /= size;
  }
  if (count != 1) return {};
  return elements;
}

Bytes write_tensors(const std::string& metadata, const std::vector<Doubles>& all) {
  std::string header = metadata.empty() ? "{" : "{\"__metadata__\":" + metadata;
  std::size_t at = 0;
  for (const Doubles& tensor : all) {
    std::string shape;
    for (const std::size_t size : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    const std::size_t end = at + 8 * tensor.elements.size();
    header += (header.size() > 1 ? ",\"" : "\"") + tensor.name + R"(":{"dtype":"F64","shape":[)" + shape +
              R"(],"data_offsets":[)" + std::to_string(at) + "," + std::to_string(end) + "]}";
    at = end;
  }
  header += "}";
  Bytes bytes;
  put(bytes, header.size());
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (const Doubles& tensor : all) {
    for (const double& value : tensor.elements) {
      std::uint64_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      put(bytes, bits);
    }
  }
  return bytes;
}

}  // namespace desk
