// Models out as source code. tests/keep/header_test.py compiles them.
#include <doctest/doctest.h>

#include <limits>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;
using linnet::Language;

namespace {

const auto kSmall = linnet::topology(
    2, {{1, linnet::activation::leaky_relu.with_slope(0.125f)}, {2, linnet::activation::identity, false}});

std::string written(const linnet::Network& network, Language language, const char* name = "net") {
  Written out;
  REQUIRE(linnet::write_header(network, out.sink(), name, language) == Status::ok);
  CHECK(out.largest <= 64);
  return {out.bytes.begin(), out.bytes.end()};
}

struct Small {
  std::vector<float> frozen{1.5f, -0.0f, 1e-45f}, trainable{-3.0f, std::numeric_limits<float>::max()};
  linnet::Network network;
  Small() { REQUIRE(network.bind(kSmall, frozen, trainable, 1) == Status::ok); }
};

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

// Whether a text is this number, by strtof.
bool reads_back(float x, const std::string& text) {
  char* end = nullptr;
  const float y = std::strtof(text.c_str(), &end);
  return std::string(end) == "f" && bits_of(x) == bits_of(y);
}

}  // namespace

TEST_CASE("a small network is written in C++ character by character") {
  const Small small;
  CHECK(written(small.network, Language::cpp) ==
        R"(/* The model net, written by Linnet: 2 1:leaky_relu(0.125) 2:identity,nobias; hash db8cee21ce2e9c65 */
#ifndef LINNET_MODEL_net
#define LINNET_MODEL_net

#include <linnet/memory.hpp>

static_assert(linnet::kLayoutVersion == 2, "written for another layout");

inline constexpr auto net_topology = linnet::topology(2, {{1, {&linnet::descriptor::leaky_relu, 0x1p-3f}, true}, {2, {&linnet::descriptor::identity, 0x0p0f}, false}});

alignas(linnet::kAlignment) inline constexpr float net_parameters[] = {
    0x1.8p0f, -0x0p0f, 0x0.000002p-126f, -0x1.8p1f, 0x1.fffffep127f};

#endif
)");
}

TEST_CASE("a small network is written in C99 character by character") {
  const Small small;
  CHECK(written(small.network, Language::c99) ==
        R"(/* The model net, written by Linnet: 2 1:leaky_relu(0.125) 2:identity,nobias; hash db8cee21ce2e9c65 */
#ifndef LINNET_MODEL_net
#define LINNET_MODEL_net

static const char net_topology[] = "2 1:leaky_relu(0.125) 2:identity,nobias";

static const float net_weights_0[1][2] = {
  {
    0x1.8p0f, -0x0p0f}};

static const float net_biases_0[1] = {
    0x0.000002p-126f};

static const float net_weights_1[2][1] = {
  {
    -0x1.8p1f},
  {
    0x1.fffffep127f}};

#endif
)");
}

TEST_CASE("hexadecimal floats are what strtof reads back") {
  linnet::Pcg32 random(61);
  const std::vector<linnet::Layer> layers(1, {20, linnet::activation::relu, false});
  const auto shape = linnet::topology(50, linnet::Span<const linnet::Layer>(layers));
  std::vector<float> parameters(1000);
  for (float& x : parameters) {
    const std::uint32_t bits = random.bits() & (random.below(3) == 0 ? 0x807fffffu : 0xffffffffu);
    std::memcpy(&x, &bits, sizeof x);
    x = (bits >> 23u & 255u) == 255u ? 1.0f : x;
  }
  linnet::Network network;
  REQUIRE(network.bind(shape, parameters) == Status::ok);
  const std::string text = written(network, Language::cpp);
  std::size_t at = text.find("_parameters[] = {") + 17, count = 0;
  for (; count < 1000; ++count) {
    at = text.find_first_not_of(", \n", at);
    const std::size_t end = text.find_first_of(",}", at);
    CHECK(reads_back(parameters[count], text.substr(at, end - at)));
    at = end;
  }
  CHECK(text.substr(at, 3) == "};\n");
}

TEST_CASE("a header that cannot be written is refused before the first byte") {
  Small small;
  Written out;
  const auto refuse = [&](const char* name, Language language = Language::cpp) {
    const Status status = linnet::write_header(small.network, out.sink(), name, language);
    CHECK(out.bytes.empty());
    return status;
  };
  const std::string longest(63, 'x'), longer(64, 'x');
  for (const char* bad : {"", "1a", "a b", "a-b", "a\xc3\xa9", longer.c_str()})
    CHECK(refuse(bad) == Status::bad_setting);
  CHECK(refuse("net", static_cast<Language>(2)) == Status::bad_setting);
  CHECK(refuse(nullptr) == Status::null_memory);
  CHECK(linnet::write_header(small.network, {nullptr, nullptr}, "net", Language::cpp) == Status::null_memory);
  CHECK(linnet::write_header({}, out.sink(), "net", Language::cpp) == Status::not_bound);
  small.frozen[1] = std::numeric_limits<float>::quiet_NaN();
  CHECK(refuse("net") == Status::bad_parameter);
  small.frozen[1] = 0.0f;
  small.trainable[1] = std::numeric_limits<float>::infinity();
  CHECK(refuse("net") == Status::bad_parameter);
  small.trainable[1] = 0.0f;
  for (const char* good : {"_", "a1_B", longest.c_str()}) CHECK(!written(small.network, Language::c99, good).empty());
  Written whole;
  REQUIRE(linnet::write_header(small.network, whole.sink(), "net", Language::cpp) == Status::ok);
  for (std::size_t room = 0; room < whole.bytes.size(); room += 40) {
    Written part;
    part.room = room;
    CHECK(linnet::write_header(small.network, part.sink(), "net", Language::cpp) == Status::store_failed);
    CHECK(std::equal(part.bytes.begin(), part.bytes.end(), whole.bytes.begin()));
  }
}
