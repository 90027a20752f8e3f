// Arrays of NumPy, for the desk tool: any bytes, any text as a header with the right length, and good files that are edited.
// What is taken has as many numbers as its shape says, those of the file, and reads back from what is written of it. Nothing
// beside the file is looked at: it lies in memory of its length.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/found.hpp"
#include "fuzz/source.hpp"
#include "npy.hpp"

using desk::npy::Array;
using linnet_fuzz::expect;

namespace {

constexpr bool kBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

using Bytes = std::vector<unsigned char>;

Bytes with_length(std::string header, const std::string& data) {
  while ((10 + header.size()) % 16 != 15) header += ' ';
  header += '\n';
  Bytes bytes(desk::npy::kMagic, desk::npy::kMagic + sizeof desk::npy::kMagic);
  bytes.push_back(static_cast<unsigned char>(header.size() & 255u));
  bytes.push_back(static_cast<unsigned char>(header.size() >> 8u & 255u));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

// A good header of either width, its keys in any order, and edits; lengths are right, mostly.
Bytes edited(linnet_fuzz::Source& source) {
  const std::size_t rows = source.below(4), columns = source.below(5), width = source.once_in(2) ? 8 : 4;
  const std::string keys[] = {std::string("'descr': '<f") + (width == 8 ? "8'" : "4'"), "'fortran_order': False",
                              "'shape': (" + std::to_string(rows) + ", " + std::to_string(columns) + ")"};
  const std::size_t first = source.below(3), second = (first + 1 + source.below(2)) % 3;
  std::string header = "{" + keys[first] + ", " + keys[second] + ", " + keys[3 - first - second];
  header += source.once_in(2) ? "}" : ", }";
  for (std::size_t k = source.below(3); k > 0; --k) {
    const std::size_t at = source.below(header.size());
    const std::size_t kind = source.below(3);
    header.replace(at, kind == 1 ? 0 : 1, kind == 2 ? 0 : 1, static_cast<char>(source.byte()));
  }
  std::string data(rows * columns * width, '\0');
  for (char& byte : data) byte = static_cast<char>(source.byte());
  if (source.once_in(8)) data += '\0';
  Bytes bytes = with_length(header, data);
  if (source.once_in(8)) bytes[8] = source.byte();
  if (source.once_in(8)) bytes.resize(source.byte() % bytes.size());
  return bytes;
}

void read(const Bytes& bytes) {
  const auto file = std::make_unique<unsigned char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.get());
  Array array, again;
  if (const char* wrong = desk::npy::read({file.get(), bytes.size()}, array)) {
    expect(wrong[0] != '\0', "a refusal without a reason");
    return;
  }
  const std::size_t count = array.rows * array.columns;
  expect(array.values.size() == count, "another count than the shape's");
  const std::size_t begin = 10 + bytes[8] + 256u * bytes[9];
  const std::size_t width = count > 0 ? (bytes.size() - begin) / count : 4;
  expect(begin + count * width == bytes.size() && (width == 4 || width == 8), "data of another length");
  for (std::size_t k = 0; width == 4 && k < count; ++k) {
    const void* number = array.values.data() + k;
    expect(kBigEndian || std::memcmp(file.get() + begin + 4 * k, number, 4) == 0, "another number than the file's");
  }
  const Bytes written = desk::npy::write(array);
  expect(written.size() % 64 == 4 * count % 64, "a header that is not padded");
  expect(desk::npy::read(written, again) == nullptr && again.rows == array.rows && again.columns == array.columns &&
             (count == 0 || std::memcmp(again.values.data(), array.values.data(), count * sizeof(float)) == 0),
         "what was written reads differently");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet_fuzz::Source source(data, size);
  const std::size_t kind = source.below(4);
  if (kind == 0) {
    read(Bytes(data, data + size));
  } else if (kind == 1) {
    const std::string rest(reinterpret_cast<const char*>(data) + 1, size > 0 ? size - 1 : 0);
    const std::size_t end = rest.find('#');  // of the header
    read(with_length(rest.substr(0, end), end == std::string::npos ? "" : rest.substr(end + 1)));
  } else {
    read(edited(source));
  }
  return 0;
}
