// Models in as safetensors, and all that is refused.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;
using linnet::TensorNames;
using linnet::TensorReport;

namespace {

const auto kSmall = linnet::topology(2, {{1, linnet::activation::tanh}, {2, linnet::activation::identity, false}});

// The header that fits kSmall, in parts that tests put other things in the place of.
const std::string kFirst = R"("0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]})";
const std::string kBias = R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]})";
const std::string kSecond = R"("2.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[12,20]})";
const std::string kData = data_of({1, 2, 3, 4, 5});

std::string joined(const std::vector<std::string>& members) {
  std::string text = "{";
  for (const std::string& member : members) text += (text.size() > 1 ? "," : "") + member;
  return text + "}";
}
std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

// A network that may change when a file is read into it; otherwise it must not.
struct Target {
  linnet::Topology topology;
  std::vector<float> parameters;
  linnet::Network network;
  TensorReport report;

  explicit Target(const linnet::Topology& shape = kSmall)
      : topology(shape), parameters(random_floats(linnet::parameter_floats(shape), 51)) {
    REQUIRE(network.bind(topology, parameters) == Status::ok);
  }
  Status read(const Bytes& bytes, const TensorNames& names = {}) {
    const std::vector<float> before = parameters;
    Lent file{bytes};
    const Status status = linnet::read_safetensors(network, file.source(), names, report);
    CHECK(file.outside == 0);
    CHECK((status == Status::ok || same_bits(before, parameters)));
    return status;
  }
  Status read(const std::string& header, const std::string& data = kData, const TensorNames& names = {}) {
    return read(file_of(header, data), names);
  }
};

struct Refused {
  std::string header;
  Status status;
  std::string tensor;
};

void check_refused(const std::vector<Refused>& all) {
  for (const Refused& refused : all) {
    Target target;
    CAPTURE(refused.header);
    CHECK(target.read(refused.header) == refused.status);
    CHECK(target.report.tensor == refused.tensor);
  }
}

float with_bits(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// Reads a number of this type; NaN where it is refused.
float read_one(const std::string& type, const std::string& bytes) {
  static const auto kOne = linnet::topology(1, {{1, linnet::activation::identity, false}});
  Target target(kOne);
  const std::string header = R"({"0.weight":{"dtype":")" + type + R"(","shape":[1,1],"data_offsets":[0,)" +
                             std::to_string(bytes.size()) + "]}}";
  const Status status = target.read(header, bytes);
  CHECK((status == Status::ok || status == Status::bad_parameter));
  return status == Status::ok ? target.parameters[0] : std::numeric_limits<float>::quiet_NaN();
}

std::string little_endian(std::uint64_t bits, unsigned bytes) {
  std::string text;
  for (unsigned k = 0; k < bytes; ++k) text += static_cast<char>(static_cast<unsigned char>(bits >> 8 * k));
  return text;
}

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

// Equal bits, or both are none.
bool agree(float got, float expected) {
  return std::isfinite(expected) ? bits_of(got) == bits_of(expected) : std::isnan(got);
}

}  // namespace

TEST_CASE("tensors are read whatever the order of keys and bytes, the spaces, escapes and metadata") {
  const std::string all[] = {
      joined({kFirst, kBias, kSecond}),
      joined({kSecond, kFirst, R"("__metadata__":{})", kBias}),
      "{\n\t" + kFirst + " ,\r\n " + kBias + "," + kSecond + "\n} \n  ",
      replaced(joined({kFirst, kBias, kSecond}), "0.weight", R"(\u0030.w\u0065ight)"),
      joined({R"("__metadata__":{"linnet.topology":"not one","":"","\"\\\/\b\f\n\r\t":"\ud83d\ude00 é"})", kFirst,
              kBias, kSecond}),
      joined(
          {R"("0.weight" : { "data_offsets" : [ 0 , 8 ] , "shape" : [ 1 , 2 ] , "dtype" : "F32" })", kBias, kSecond})};
  for (const std::string& header : all) {
    Target target;
    CAPTURE(header);
    CHECK(target.read(header) == Status::ok);
    CHECK(target.parameters == std::vector<float>{1, 2, 3, 4, 5});
  }
  Target target;
  CHECK(target.read(joined({R"("0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]})", kSecond,
                            R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})"})) == Status::bad_ranges);
  CHECK(target.read(joined({R"("0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]})",
                            R"("2.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]})",
                            R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})"})) == Status::ok);
  CHECK(target.parameters == std::vector<float>{4, 5, 1, 2, 3});
}

TEST_CASE("a file in memory is read where it lies") {
  const Bytes bytes = file_of(joined({kFirst, kBias, kSecond}), kData);
  const linnet::Span<const unsigned char> file(bytes);
  Target target;
  REQUIRE(linnet::read_safetensors(target.network, linnet::source_of(file), {}, target.report) == Status::ok);
  CHECK(target.parameters == std::vector<float>{1, 2, 3, 4, 5});
  const linnet::Span<const unsigned char> none;
  CHECK(linnet::read_safetensors(target.network, linnet::source_of(none), {}, target.report) == Status::null_memory);
}

TEST_CASE("tensors that are not those of the network are refused by name") {
  const std::string other = R"("other":{"dtype":"F32","shape":[1],"data_offsets":[20,24]})";
  const std::string scalar = replaced(kBias, "[1]", "[]"), cube = replaced(kFirst, "[1,2]", "[1,1,2]");
  check_refused(
      {{joined({kFirst, kSecond, kBias, other}), Status::bad_ranges, "other"},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", "1.weight")}), Status::left_over_tensor, "1.weight"},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", "2.weight ")}), Status::left_over_tensor, "2.weight "},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", "2.bias")}), Status::left_over_tensor, "2.bias"},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", R"(2.weight\u0000)")}), Status::left_over_tensor,
        "2.weight"},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", "0.weight")}), Status::duplicate_tensor, "0.weight"},
       {joined({kFirst, kBias, replaced(kSecond, "2.weight", R"(0.\u0062ias)")}), Status::duplicate_tensor, "0.bias"},
       {joined({kFirst, kBias, replaced(kSecond, "[2,1]", "[1,2]")}), Status::other_shape, "2.weight"},
       {joined({kFirst, replaced(kBias, "[1]", "[1,1]"), kSecond}), Status::other_shape, "0.bias"},
       {joined({replaced(kFirst, "[1,2]", "[2]"), kBias, kSecond}), Status::other_shape, "0.weight"},
       {joined({kFirst, scalar, kSecond}), Status::other_shape, "0.bias"},
       {joined({cube, kBias, kSecond}), Status::other_shape, "0.weight"},
       {joined({replaced(kFirst, "[1,2]", "[0,2]"), kBias, kSecond}), Status::other_shape, "0.weight"},
       {joined({replaced(kFirst, "[1,2]", "[1073741824,2]"), kBias, kSecond}), Status::other_shape, "0.weight"},
       {joined({replaced(kFirst, "F32", "I32"), kBias, kSecond}), Status::other_type, "0.weight"},
       {joined({replaced(kFirst, "F32", R"(F32\u0000)"), kBias, kSecond}), Status::other_type, "0.weight"},
       {joined({replaced(kFirst, "F32", "F32, as all of them are"), kBias, kSecond}), Status::other_type, "0.weight"},
       {joined({replaced(kFirst, "F32", ""), kBias, kSecond}), Status::other_type, "0.weight"}});
  Target target;
  const std::string fewer = joined({kFirst, R"("2.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]})"});
  CHECK(target.read(fewer, kData.substr(4)) == Status::missing_tensor);
  CHECK(std::string(target.report.tensor) == "0.bias");
  CHECK(target.read("{}", "") == Status::missing_tensor);
  CHECK(std::string(target.report.tensor) == "0.weight");
  const std::string more = joined({kFirst, kSecond, kBias, other});
  CHECK(target.read(more, kData + "1234") == Status::left_over_tensor);
  CHECK(std::string(target.report.tensor) == "other");
  const std::string lengthy = replaced(more, "other", std::string(200, 'n'));
  CHECK(target.read(lengthy, kData + "1234") == Status::left_over_tensor);
  CHECK(std::string(target.report.tensor) == std::string(95, 'n'));
}

TEST_CASE("tensors must tile the data from its first byte to its last") {
  const auto moved = [](const std::string& offsets) {
    return joined({kFirst, kBias, replaced(kSecond, "[12,20]", offsets)});
  };
  check_refused({{moved("[8,16]"), Status::bad_ranges, "2.weight"},
                 {moved("[13,21]"), Status::bad_ranges, "2.weight"},
                 {moved("[12,21]"), Status::bad_ranges, "2.weight"},
                 {moved("[12,19]"), Status::bad_ranges, "2.weight"},
                 {moved("[20,12]"), Status::bad_ranges, "2.weight"},
                 {moved("[0,8]"), Status::bad_ranges, "2.weight"},
                 {moved("[9223372036854775800,9223372036854775807]"), Status::bad_ranges, "2.weight"},
                 {moved("[9223372036854775799,9223372036854775807]"), Status::bad_ranges, "2.weight"},
                 {joined({kBias, kSecond}), Status::bad_ranges, "0.bias"},
                 {joined({kFirst, kBias}), Status::bad_ranges, ""},
                 {"{}", Status::bad_ranges, ""}});
  Target target;
  const std::string whole = joined({kFirst, kBias, kSecond});
  CHECK(target.read(whole, kData + "x") == Status::bad_ranges);
  CHECK(target.read(whole, kData.substr(1)) == Status::bad_ranges);
  CHECK(std::string(target.report.tensor) == "2.weight");
}

TEST_CASE("a header that is not strict JSON of the format is refused") {
  const std::string whole = joined({kFirst, kBias, kSecond});
  const auto other = [&](const std::string& what, const std::string& by) { return replaced(whole, what, by); };
  const std::string bad[] = {"",
                             "[]",
                             " " + whole,
                             whole + "}",
                             whole + "x",
                             whole + std::string(1, '\0'),
                             other("{", "{,"),
                             other("}}", "}"),
                             other("}}", "},}"),
                             other("]},", "],},"),
                             other("]},", "]};"),
                             other(":{", "{"),
                             other("[1,2]", "[1,2,]"),
                             other("[1,2]", "[1 2]"),
                             other("[1,2]", "[01,2]"),
                             other("[1,2]", "[1.0,2]"),
                             other("[1,2]", "[-1,2]"),
                             other("[1,2]", "[1e0,2]"),
                             other("[1,2]", "[+1,2]"),
                             other("[1,2]", "[\"1\",2]"),
                             other("[1,2]", "1"),
                             other("[1,2]", "[9223372036854775808,2]"),
                             other("[1,2]", "[18446744073709551617,2]"),
                             other("[0,8]", "[0,8,8]"),
                             other("[0,8]", "[0]"),
                             other("[0,8]", "[]"),
                             other("\"dtype\"", "\"type\""),
                             other(R"("dtype":"F32",)", ""),
                             other(R"("dtype":"F32")", R"("dtype":null)"),
                             other("\"dtype\"", "'dtype'"),
                             other("0.weight", "0.weight\n"),
                             other("0.weight", "0.weight\\x"),
                             other("0.weight", "0.weight\\u12"),
                             other("0.weight", "0.weight\\ud800"),
                             other("0.weight", "0.weight\\udc00"),
                             other("0.weight", "0.weight\\ud800\\ud800"),
                             other("0.weight", "0.weight\\ud800n"),
                             joined({R"("__metadata__":{"a":1})", kFirst, kBias, kSecond}),
                             joined({R"("__metadata__":{"a":{}})", kFirst, kBias, kSecond}),
                             joined({R"("__metadata__":[])", kFirst, kBias, kSecond}),
                             joined({R"("__metadata__":{"a":"b",})", kFirst, kBias, kSecond})};
  for (const std::string& header : bad) {
    Target target;
    CAPTURE(header);
    CHECK(target.read(header) == Status::bad_header);
  }
  for (const std::string utf :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xc3("}) {
    Target target;
    CHECK(target.read(joined({R"("__metadata__":{")" + utf + R"(":""})", kFirst, kBias, kSecond})) ==
          Status::bad_header);
  }
  for (const std::string utf : {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf",
                                "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    Target target;
    CHECK(target.read(joined({R"("__metadata__":{")" + utf + R"(":""})", kFirst, kBias, kSecond})) == Status::ok);
  }
}

TEST_CASE("keys that are there twice are refused by name") {
  check_refused({{joined({R"("__metadata__":{})", kFirst, kBias, kSecond, R"("__metadata__":{})"}),
                  Status::duplicate_tensor, "__metadata__"},
                 {joined({R"("__metadata__":{"a":"","b":"","\u0061":""})", kFirst, kBias, kSecond}),
                  Status::duplicate_tensor, "a"},
                 {joined({replaced(kFirst, "{\"dtype\"", R"({"dtype":"F32","dtype")"), kBias, kSecond}),
                  Status::duplicate_tensor, "0.weight"},
                 {joined({replaced(kFirst, "{\"dtype\"", R"({"shape":[1,2],"dtype")"), kBias, kSecond}),
                  Status::duplicate_tensor, "0.weight"}});
  std::string keys;
  for (int k = 0; k < 65; ++k) {
    Target target;
    const std::string header = joined({R"("__metadata__":{)" + keys + "}", kFirst, kBias, kSecond});
    CHECK(target.read(header) == Status::ok);
    keys += (k == 0 ? "\"" : ",\"") + std::to_string(k) + R"(":"")";
  }
  Target target;
  CHECK(target.read(joined({R"("__metadata__":{)" + keys + "}", kFirst, kBias, kSecond})) == Status::bad_header);
}

TEST_CASE("lengths of a header that cannot be are refused") {
  Target target;
  Bytes bytes = file_of(joined({kFirst, kBias, kSecond}), kData);
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{bytes.size() - 7}, std::uint64_t{100000001},
        ~std::uint64_t{0}, std::uint64_t{1} << 63u, ~std::uint64_t{7}}) {
    for (unsigned k = 0; k < 8; ++k) bytes[k] = static_cast<unsigned char>(length >> 8 * k);
    CHECK(target.read(bytes) == Status::bad_header);
  }
  for (std::size_t size = 0; size < 9; ++size) CHECK(target.read(Bytes(size, 0)) == Status::bad_header);
}

TEST_CASE("a header of more than 100 million bytes is refused before it is read") {
  struct Huge {
    std::uint64_t length;
    int reads;
  };
  for (const std::uint64_t length : {std::uint64_t{100000000}, std::uint64_t{100000001}}) {
    Huge huge{length, 0};
    const linnet::Source source{[](void* context, std::uint64_t at, void* to, std::size_t count) {
                                  Huge& file = *static_cast<Huge*>(context);
                                  for (std::size_t k = 0; k < count; ++k) {
                                    static_cast<unsigned char*>(to)[k] =
                                        at + k < 8 ? static_cast<unsigned char>(file.length >> 8 * (at + k)) : 0;
                                  }
                                  return ++file.reads == 1;
                                },
                                &huge, 200000000};
    Target target;
    const Status status = linnet::read_safetensors(target.network, source, {}, target.report);
    CHECK(status == (length > 100000000 ? Status::bad_header : Status::store_failed));
    CHECK(huge.reads == (length > 100000000 ? 1 : 2));
  }
}

TEST_CASE("no prefix of a file is read, and no flipped bit goes beyond the network's memory") {
  const Bytes whole =
      file_of(joined({R"("__metadata__":{"linnet.topology":"2 1:tanh"})", kFirst, kBias, kSecond}), kData);
  Target target;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(target.read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) != Status::ok);
  }
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes flipped = whole;
    flipped[bit / 8] = static_cast<unsigned char>(flipped[bit / 8] ^ 1u << bit % 8);
    static_cast<void>(target.read(flipped));  // looks at its memory and at what was asked for
  }
  CHECK(target.read(whole) == Status::ok);
}

TEST_CASE("a source that fails on the way is told from a damaged file") {
  const Bytes whole = file_of(joined({kFirst, kBias, kSecond}), kData);
  Target target;
  Lent file{whole};
  REQUIRE(linnet::read_safetensors(target.network, file.source(), {}, target.report) == Status::ok);
  const std::size_t reads = file.reads;
  for (std::size_t left = 0; left < reads; ++left) {
    Lent failing{whole, left};
    Target other;
    const std::vector<float> before = other.parameters;
    CHECK(linnet::read_safetensors(other.network, failing.source(), {}, other.report) == Status::store_failed);
    CHECK((left >= reads - 3 || same_bits(before, other.parameters)));  // the second pass reads each tensor once
    char text[linnet::kTopologyText];
    std::size_t length = 0;
    failing.left = left < 3 ? left : 3;
    CHECK(linnet::read_topology(failing.source(), text, length, other.report) == Status::store_failed);
  }
}

TEST_CASE("NaN and infinity in a file are refused by name") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    Target target;
    CHECK(target.read(joined({kFirst, kBias, kSecond}), data_of({1, 2, 3, 4, bad})) == Status::bad_parameter);
    CHECK(std::string(target.report.tensor) == "2.weight");
    CHECK(target.read(joined({kFirst, kBias, kSecond}), data_of({1, bad, 3, 4, 5})) == Status::bad_parameter);
    CHECK(std::string(target.report.tensor) == "0.weight");
  }
}

TEST_CASE("frozen layers are compared, not read") {
  const std::vector<float> frozen = {1, 2, 3};
  std::vector<float> trainable = {9, 9};
  linnet::Network network;
  TensorReport report;
  REQUIRE(network.bind(kSmall, frozen, trainable, 1) == Status::ok);
  Lent file{file_of(joined({kFirst, kBias, kSecond}), kData)};
  CHECK(linnet::read_safetensors(network, file.source(), {}, report) == Status::ok);
  CHECK(trainable == std::vector<float>{4, 5});
  file.bytes = file_of(joined({kFirst, kBias, kSecond}), data_of({1, 2, -3, 7, 8}));
  CHECK(linnet::read_safetensors(network, file.source(), {}, report) == Status::other_backbone);
  CHECK(std::string(report.tensor) == "0.bias");
  CHECK(trainable == std::vector<float>{4, 5});
}

TEST_CASE("every half-precision number is read as it is, and every bfloat16") {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const std::uint32_t exponent = bits >> 10 & 31u, fraction = bits & 1023u;
    float half = exponent == 31  ? std::numeric_limits<float>::infinity()
                 : exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                 : std::ldexp(static_cast<float>(fraction | 1024u), static_cast<int>(exponent) - 25);
    half = bits >> 15 != 0 ? -half : half;
    if (!agree(read_one("F16", little_endian(bits, 2)), half)) FAIL_CHECK(bits);
    if (bits % 16 == 0 && !agree(read_one("BF16", little_endian(bits, 2)), with_bits(bits << 16))) FAIL_CHECK(bits);
  }
}

TEST_CASE("doubles are rounded to the nearest float, ties to even, and refused beyond float") {
  linnet::Pcg32 random(52);
  const double largest = 0x1.fffffep127, limit = 0x1.ffffffp127;
  const double edges[] = {0.0,
                          -0.0,
                          0x1p-149,
                          0x1p-150,
                          0x1.8p-149,
                          0x1p-151,
                          0x1.00001p-150,
                          0x1p-126,
                          0x1.fffffffp-127,
                          largest,
                          limit,
                          -limit,
                          std::nextafter(limit, 0.0),
                          1e300,
                          1e-320,
                          0x1.000001p0,
                          0x1.000003p0,
                          0x1.00000100000001p0,
                          std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::quiet_NaN()};
  for (int k = 0; k < 20000; ++k) {
    double x;
    std::uint64_t bits = std::uint64_t{random.bits()} << 32u | random.bits();
    if (k % 3 > 0) bits = (bits & ~(std::uint64_t{0x7ff} << 52u)) | std::uint64_t{860 + random.below(300)} << 52u;
    if (k % 3 > 1) bits &= ~std::uint64_t{0xfffffff};  // often half way
    std::memcpy(&x, &bits, sizeof x);
    x = k < 20 ? edges[k] : x;
    std::memcpy(&bits, &x, sizeof bits);
    const float expected = std::fabs(x) >= limit ? std::numeric_limits<float>::infinity() : static_cast<float>(x);
    CAPTURE(bits);
    if (!agree(read_one("F64", little_endian(bits, 8)), expected)) FAIL_CHECK(x);
  }
}
