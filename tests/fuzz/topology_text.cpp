// The grammar of topologies and its numbers, from any text. What is taken prints and reads back as the same, and no
// bind has anything against its layers; numbers are strtof's.
#include <cstring>
#include <string>

#include <linnet/linnet.hpp>

#include "decimal.hpp"
#include "fuzz/found.hpp"
#include "fuzz/source.hpp"

using linnet::Status;
using linnet_fuzz::expect;

namespace {

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

bool same(const linnet::Topology& a, const linnet::Topology& b) {
  bool equal = a.inputs == b.inputs && a.layer_count == b.layer_count;
  for (std::size_t l = 0; equal && l < a.layer_count; ++l) {
    equal = a.layers[l].units == b.layers[l].units && a.layers[l].bias == b.layers[l].bias &&
            a.layers[l].activation.descriptor == b.layers[l].activation.descriptor &&
            bits_of(a.layers[l].activation.parameter) == bits_of(b.layers[l].activation.parameter);
  }
  return equal;
}

void read_text(const std::string& text) {
  const auto before = linnet::topology(7, {{5, linnet::activation::elu.with_alpha(0.3f)}});
  linnet::Topology found = before, again = before;
  std::size_t position = 0, length = 0;
  const Status status = linnet::parse({text.data(), text.size()}, found, position);
  expect(position <= text.size(), "a position behind the text");
  if (status != Status::ok) {
    expect(same(found, before), "a refused text has changed the topology");
    return;
  }
  char printed[linnet::kTopologyText];
  expect(linnet::print(found, printed, length) == Status::ok, "what was read is not printed");
  expect(length < sizeof printed && std::strlen(printed) == length, "the length is another one");
  expect(linnet::parse(printed, again, position) == Status::ok && same(found, again),
         "what was printed reads differently");
  linnet::Network network;
  const Status bound = network.bind(found, {nullptr, linnet::kMaxFloats});
  expect(bound == Status::null_memory || bound == Status::too_large, "what was read is not bound");
}

void read_number(const std::string& text) {
  float x = 0.0f;
  const std::size_t length = linnet::parse_float(text.data(), text.size(), x);
  expect(length <= text.size(), "a number longer than its text");
  if (length > 0) {
    const std::string number = text.substr(0, length);
    char* end = nullptr;
    const float y = std::strtof(number.c_str(), &end);
    expect(*end == '\0' && bits_of(x) == bits_of(y), "a number is not strtof's");
  }
}

void print_number(float x) {
  if ((bits_of(x) & 0x7f800000u) == 0x7f800000u) return;
  char text[linnet::kFloatText];
  const std::size_t length = linnet::print_float(x, text);
  float y = 0.0f;
  expect(length <= sizeof text && linnet::parse_float(text, length, y) == length && bits_of(x) == bits_of(y),
         "a number does not read back");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr const char* kParts[] = {
      " ", ":",  ",", "(",  ")",  ".",       "e",    "-",        "0",     "1",
      "9", "16", "3", "99", "4 ", ",nobias", ":elu", ":softmax", ":tanh", ":leaky_relu(0.01)"};
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_text(text);
  read_number(text);
  linnet_fuzz::Source source(data, size);
  std::string built = "4 2:tanh";  // from parts, so that random bytes come further, too
  while (!source.empty()) {
    const std::uint8_t byte = source.byte();
    built += byte < 200 ? std::string(kParts[byte % 20]) : std::string(1, static_cast<char>(byte - 100));
  }
  read_text(built);
  read_text(built.substr(8));
  read_number(built.substr(8));
  linnet_fuzz::Source numbers(data, size);
  for (int k = 0; k < 4; ++k) {
    const std::uint32_t bits = numbers.word();
    float x;
    std::memcpy(&x, &bits, sizeof x);
    print_number(x);
  }
  return 0;
}
