// Topologies as text, and the decimal numbers in it. decimal_test.cpp compares these with strtof.
#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "decimals.hpp"
#include "nets.hpp"

using namespace linnet_test;

namespace {

std::string text_of(const linnet::TopologyView& topology) {
  char text[linnet::kTopologyText];
  std::size_t length = 0;
  REQUIRE(linnet::print(topology, text, length) == Status::ok);
  CHECK(std::strlen(text) == length);
  return text;
}

struct Bad {
  const char* text;
  Status status;
  std::size_t position;
};

}  // namespace

TEST_CASE("floats print as people write them") {
  const std::pair<float, const char*> known[] = {{0.0f, "0"},
                                                 {-0.0f, "-0"},
                                                 {0.01f, "0.01"},
                                                 {1.0f, "1"},
                                                 {100.0f, "100"},
                                                 {-2.5f, "-2.5"},
                                                 {0.1f, "0.1"},
                                                 {0.000123f, "0.000123"},
                                                 {0.0000123f, "1.23e-5"},
                                                 {16777216.0f, "16777216"},
                                                 {33554448.0f, "33554450"},  // half way to the next: ties to even
                                                 {33554452.0f, "33554452"},  // which is not this one
                                                 {1e9f, "1e9"},
                                                 {9.8607613e-32f, "9.8607613e-32"},
                                                 {std::numeric_limits<float>::denorm_min(), "1e-45"},
                                                 {std::numeric_limits<float>::max(), "3.4028235e38"}};
  for (const auto& [x, text] : known) CHECK(printed(x) == text);
  CHECK(printed(with_bits(0x2d800000u)) == "1.4551915e-11");  // 2^-36, whose lower neighbour is nearer than the upper
}

TEST_CASE("what is no number is none") {
  float x = 7.0f;
  for (const std::string text : {"", "-", ".5", "+1", "e5", "nan", "inf", "-.5", " 1"}) {
    CHECK(linnet::parse_float(text.data(), text.size(), x) == 0);
  }
  const std::string one(40, '1'), more(41, '1'), zeros(1000, '0');
  CHECK(linnet::parse_float(more.data(), more.size(), x) == 0);
  CHECK(linnet::parse_float(zeros.data(), zeros.size(), x) == 0);
  CHECK(x == 7.0f);
  CHECK(linnet::parse_float(one.data(), one.size(), x) == 40);
  CHECK(linnet::parse_float(zeros.data(), 999, x) == 999);
  const std::pair<const char*, std::size_t> parts[] = {{"1.", 1},  {"1.e5", 1},  {"1e", 1},
                                                       {"1e-", 1}, {"2.5.5", 3}, {"1e5e5", 3}};
  for (const auto& [text, length] : parts) CHECK(linnet::parse_float(text, std::strlen(text), x) == length);
}

TEST_CASE("the topology of the documentation prints and reads back") {
  namespace a = linnet::activation;
  const auto shape = linnet::topology(4, {{16, a::tanh}, {16, a::leaky_relu, false}, {3, a::identity}});
  CHECK(text_of(shape) == "4 16:tanh 16:leaky_relu(0.01),nobias 3:identity");
  linnet::Topology back{};
  std::size_t position = 9;
  REQUIRE(linnet::parse("4 16:tanh 16:leaky_relu,nobias 3:identity", back, position) == Status::ok);
  CHECK(position == 0);
  CHECK(back.inputs == 4);
  CHECK(back.layer_count == 3);
  for (std::size_t l = 0; l < 3; ++l) {
    CHECK(back.layers[l].units == shape.layers[l].units);
    CHECK(back.layers[l].activation.descriptor == shape.layers[l].activation.descriptor);
    CHECK(same(back.layers[l].activation.parameter, shape.layers[l].activation.parameter));
    CHECK(back.layers[l].bias == shape.layers[l].bias);
  }
}

TEST_CASE("every activation, with any parameter it may have, reads back as it was printed") {
  linnet::Pcg32 random(33);
  for (int k = 0; k < 300; ++k) {
    std::vector<linnet::Layer> layers(1 + random.below(16), {1, linnet::activation::softmax});
    for (linnet::Layer& layer : layers) {
      layer.units = 1 + random.below(k % 2 == 0 ? 40 : linnet::kMaxFloats);
      layer.activation = hidden_activations()[random.below(17)].activation;
      layer.bias = random.below(2) == 0;
      if (layer.activation.descriptor == &linnet::descriptor::leaky_relu ||
          layer.activation.descriptor == &linnet::descriptor::elu) {
        layer.activation.parameter = k % 3 == 0 ? 1e-41f : random.uniform(0.0f, 100.0f);
      }
    }
    const auto shape = linnet::topology(1 + random.below(99), linnet::Span<const linnet::Layer>(layers));
    const std::string text = text_of(shape);
    linnet::Topology back{};
    std::size_t position = 0;
    REQUIRE(linnet::parse(text, back, position) == Status::ok);
    CHECK(text_of(back) == text);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      CHECK(back.layers[l].activation.descriptor == layers[l].activation.descriptor);
      CHECK(same(back.layers[l].activation.parameter, layers[l].activation.parameter));
    }
  }
}

TEST_CASE("the longest text of a topology fits where it should") {
  const std::vector<linnet::Layer> layers(
      16, {linnet::kMaxFloats, linnet::activation::leaky_relu.with_slope(-1.17549435e-38f), false});
  const auto shape = linnet::topology(linnet::kMaxFloats, linnet::Span<const linnet::Layer>(layers));
  const std::string text = text_of(shape);
  CHECK(text.size() < linnet::kTopologyText);
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, text.size(), text.size() + 1}) {
    std::vector<char> room(size + 1, 'x');
    std::size_t length = 77;
    const Status status = linnet::print(shape, {room.data(), size}, length);
    CHECK(status == (size > text.size() ? Status::ok : Status::too_little_memory));
    CHECK(room[size] == 'x');
    CHECK((status == Status::ok) == (length == text.size()));
    CHECK((status == Status::ok || room == std::vector<char>(size + 1, 'x')));
  }
}

TEST_CASE("a topology that cannot be printed is refused") {
  char text[linnet::kTopologyText] = "before";
  std::size_t length = 77;
  auto shape = linnet::topology(4, {{2, linnet::activation::elu}, {2, linnet::activation::softmax}});
  const auto refuse = [&](Status status) {
    CHECK(linnet::print(shape, text, length) == status);
    CHECK(std::string(text) == "before");
    CHECK(length == 77);
  };
  CHECK(linnet::print(shape, {nullptr, 100}, length) == Status::null_memory);
  shape.layers[1].units = linnet::kMaxFloats + 1;
  refuse(Status::too_large);
  shape.layers[1].units = 2;
  shape.inputs = linnet::kMaxFloats + 1;
  refuse(Status::too_large);
  shape.inputs = 4;
  shape.layers[0].activation.parameter = std::numeric_limits<float>::infinity();
  refuse(Status::bad_activation);
  shape.layers[0].activation.descriptor = nullptr;
  refuse(Status::bad_topology);
  shape.layers[0].units = 0;
  refuse(Status::bad_topology);
}

TEST_CASE("bad text of a topology is refused with the place that is to blame") {
  const Bad all[] = {{"", Status::bad_text, 0},
                     {"4", Status::bad_text, 1},
                     {"4 ", Status::bad_text, 2},
                     {" 4 2:tanh", Status::bad_text, 0},
                     {"4  2:tanh", Status::bad_text, 2},
                     {"4 2:tanh ", Status::bad_text, 9},
                     {"4 2:tanh\n", Status::bad_text, 8},
                     {"4,2:tanh", Status::bad_text, 1},
                     {"04 2:tanh", Status::bad_text, 0},
                     {"-4 2:tanh", Status::bad_text, 0},
                     {"4 2tanh", Status::bad_text, 3},
                     {"4 2:", Status::bad_text, 4},
                     {"4 2:Tanh", Status::bad_text, 4},
                     {"4 2:tanh,bias", Status::bad_text, 9},
                     {"4 2:tanh,nobia", Status::bad_text, 9},
                     {"4 2:tanh,nobias,nobias", Status::bad_text, 15},
                     {"4 2:leaky_relu(", Status::bad_text, 15},
                     {"4 2:leaky_relu()", Status::bad_text, 15},
                     {"4 2:leaky_relu(0.1", Status::bad_text, 18},
                     {"4 2:leaky_relu(0.1x)", Status::bad_text, 18},
                     {"0 2:tanh", Status::bad_topology, 0},
                     {"4 0:tanh", Status::bad_topology, 2},
                     {"4 2:softmax 2:tanh", Status::bad_topology, 2},
                     {"4 1:softmax", Status::bad_topology, 2},
                     {"4 2:tan", Status::bad_activation, 4},
                     {"4 2:tanhs", Status::bad_activation, 4},
                     {"4 2:unknown", Status::bad_activation, 4},
                     {"4 2:tanh(0)", Status::bad_activation, 9},
                     {"4 2:elu(100.1)", Status::bad_activation, 8},
                     {"4 2:elu(-0.1)", Status::bad_activation, 8},
                     {"4 2:elu(1e99)", Status::bad_activation, 8},
                     {"1073741824 2:tanh", Status::too_large, 0},
                     {"4 99999999999999999999999:tanh", Status::too_large, 2}};
  for (const Bad& bad : all) {
    CAPTURE(std::string(bad.text));
    linnet::Topology topology = linnet::topology(7, {{5, linnet::activation::relu}});
    std::size_t position = 99;
    CHECK(linnet::parse({bad.text, std::strlen(bad.text)}, topology, position) == bad.status);
    CHECK(position == bad.position);
    CHECK(topology.inputs == 7);
    CHECK(topology.layers[0].units == 5);
  }
  std::string layers = "1";
  for (int l = 0; l < 17; ++l) layers += " 1:tanh";
  linnet::Topology topology{};
  std::size_t position = 0;
  CHECK(linnet::parse(layers, topology, position) == Status::bad_topology);
  CHECK(position == 1 + 16 * 7 + 1);
  CHECK(linnet::parse({layers.data(), layers.size() - 7}, topology, position) == Status::ok);
  CHECK(linnet::parse({nullptr, 7}, topology, position) == Status::null_memory);
  CHECK(linnet::parse({"1073741823 1:tanh"}, topology, position) == Status::ok);
}
