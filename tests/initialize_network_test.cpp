// The initializers on whole networks, and what they refuse.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <linnet/initialize.hpp>

#include "initializers.hpp"
#include "statistics.hpp"

namespace {

using namespace initializers;
using statistics::same_state;

constexpr auto kShape = ln::topology(8, {{16, ln::activation::relu},
                                         {10, ln::activation::leaky_relu.with(0.2f), false},
                                         {20, ln::activation::selu},
                                         {3, ln::activation::softmax}});
static_assert(!ln::layout::stored_by_unit(8, 16) && ln::layout::stored_by_unit(16, 10), "both storage orders occur");

// A network whose parameters are all marked, the first `frozen` layers apart.
struct Marked {
  explicit Marked(std::size_t frozen = 0)
      : below(ln::frozen_floats(kShape, frozen), kMark), parameters(ln::trainable_floats(kShape, frozen), kMark) {
    CHECK(network.bind(kShape, {below.data(), below.size()}, {parameters.data(), parameters.size()}, frozen) ==
          Status::ok);
  }

  std::vector<float> below, parameters;
  Network network;
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

// ---- Layer by layer.

TEST_CASE("on a network every initializer does what it does on the layers one after the other") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked marked;
    Pcg32 random(21), again(21);
    CHECK(initializer.on_network(marked.network, random) == Status::ok);
    for (std::size_t l = 0; l < kShape.layer_count; ++l) {
      Tensor tensor(kShape.layers[l].units, kShape.inputs_of(l));
      std::vector<float> biases(marked.network.biases(l).size());
      CHECK(initializer.on_layer(tensor.view(), {biases.data(), biases.size()}, kShape.layers[l].activation, again) ==
            Status::ok);
      CHECK(elements(marked.network.weights(l)) == elements(tensor.view()));
      const ln::Span<float> set = marked.network.biases(l);
      CHECK(std::vector<float>(set.begin(), set.end()) == biases);  // zeros, but for linear_default
    }
    CHECK(same_state(random, again));
  }
}

TEST_CASE("linear_default gives a network biases other than zero and all others give it zeros") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked marked;
    Pcg32 random(22);
    CHECK(initializer.on_network(marked.network, random) == Status::ok);
    int zeros = 0, drawn = 0;
    for (std::size_t l = 0; l < kShape.layer_count; ++l) {
      for (const float bias : marked.network.biases(l)) {
        zeros += statistics::bits_of(bias) == 0 ? 1 : 0;
        drawn += bias != 0.0f && bias != kMark ? 1 : 0;
      }
    }
    CHECK((initializer.name == "linear_default" ? drawn : zeros) == 16 + 20 + 3);
  }
}

TEST_CASE("frozen layers keep every bit and take no draws") {
  for (const Initializer& initializer : all()) {
    for (std::size_t frozen = 0; frozen <= kShape.layer_count; ++frozen) {
      INFO(initializer.name);
      CAPTURE(frozen);
      Marked marked(frozen);
      Pcg32 random(23), again(23);
      CHECK(initializer.on_network(marked.network, random) == Status::ok);
      CHECK(same_bytes(marked.below, std::vector<float>(marked.below.size(), kMark)));
      for (std::size_t l = frozen; l < kShape.layer_count; ++l) {
        Tensor tensor(kShape.layers[l].units, kShape.inputs_of(l));
        std::vector<float> biases(marked.network.biases(l).size());
        CHECK(initializer.on_layer(tensor.view(), {biases.data(), biases.size()}, kShape.layers[l].activation, again) ==
              Status::ok);
        CHECK(elements(marked.network.weights(l)) == elements(tensor.view()));
      }
      CHECK(same_state(random, again));
    }
  }
}

TEST_CASE("equal seeds give equal bits and other seeds or streams give others") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Marked first, second, other_seed, other_stream;
    Pcg32 a(24), b(24), c(25), d(24, 1);
    CHECK(initializer.on_network(first.network, a) == Status::ok);
    CHECK(initializer.on_network(second.network, b) == Status::ok);
    CHECK(initializer.on_network(other_seed.network, c) == Status::ok);
    CHECK(initializer.on_network(other_stream.network, d) == Status::ok);
    CHECK(same_bytes(first.parameters, second.parameters));
    CHECK(same_bytes(first.parameters, other_seed.parameters) == (initializer.draws == 0));
    CHECK(same_bytes(first.parameters, other_stream.parameters) == (initializer.draws == 0));
  }
}

TEST_CASE("initialize is automatic") {
  Marked first, second;
  Pcg32 a(26), b(26);
  CHECK(ln::initialize(first.network, a) == Status::ok);
  CHECK(ln::automatic(second.network, b) == Status::ok);
  CHECK(same_bytes(first.parameters, second.parameters));
  CHECK(same_state(a, b));
}

// ---- Refusals.

// `call` with arguments out of their range, on a Matrix& and on a Network&.
struct Refusal {
  template <class Call>
  Refusal(const char* what, Call call) : name(what), on_tensor(call), on_network(call) {}

  std::string name;
  Status (*on_tensor)(Matrix& weights, Pcg32& random);
  Status (*on_network)(Network& network, Pcg32& random);
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kGreatest = std::numeric_limits<float>::max();

std::vector<Refusal> refused_intervals() {
  return {{"uniform of an inverted interval", [](auto& w, Pcg32& r) { return ln::uniform(w, r, 1.0f, 0.5f); }},
          {"uniform from NaN", [](auto& w, Pcg32& r) { return ln::uniform(w, r, kNan, 1.0f); }},
          {"uniform to NaN", [](auto& w, Pcg32& r) { return ln::uniform(w, r, 0.0f, kNan); }},
          {"uniform from minus infinity", [](auto& w, Pcg32& r) { return ln::uniform(w, r, -kInfinity, 1.0f); }},
          {"uniform to infinity", [](auto& w, Pcg32& r) { return ln::uniform(w, r, 0.0f, kInfinity); }},
          {"uniform wider than any float", [](auto& w, Pcg32& r) { return ln::uniform(w, r, -kGreatest, kGreatest); }},
          {"normal with mean NaN", [](auto& w, Pcg32& r) { return ln::normal(w, r, kNan, 1.0f); }},
          {"normal with mean infinity", [](auto& w, Pcg32& r) { return ln::normal(w, r, kInfinity, 1.0f); }},
          {"normal with deviation -1", [](auto& w, Pcg32& r) { return ln::normal(w, r, 0.0f, -1.0f); }},
          {"normal with deviation NaN", [](auto& w, Pcg32& r) { return ln::normal(w, r, 0.0f, kNan); }},
          {"normal with deviation infinity", [](auto& w, Pcg32& r) { return ln::normal(w, r, 0.0f, kInfinity); }},
          {"constant NaN", [](auto& w, Pcg32&) { return ln::constant(w, kNan); }},
          {"constant infinity", [](auto& w, Pcg32&) { return ln::constant(w, -kInfinity); }}};
}

std::vector<Refusal> refused_truncated_normals() {
  return {
      {"mean NaN", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, kNan, 1.0f, -2.0f, 2.0f); }},
      {"mean infinity", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, kInfinity, 1.0f, -2.0f, 2.0f); }},
      {"deviation -1", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, -1.0f, -2.0f, 2.0f); }},
      {"deviation -1 inverted", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, -1.0f, 2.0f, -2.0f); }},
      {"deviation NaN", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, kNan, -2.0f, 2.0f); }},
      {"deviation infinity",
       [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, kInfinity, -2.0f, 2.0f); }},
      {"low > high", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, 2.0f, 1.0f); }},
      {"low NaN", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, kNan, 2.0f); }},
      {"high NaN", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, -2.0f, kNan); }},
      {"low = infinity",
       [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, kInfinity, kInfinity); }},
      {"high = -infinity",
       [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 0.0f, 1.0f, -kInfinity, -kInfinity); }},
      {"deviation 0 beside the bounds", [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, 3.0f, 0.0f); }},
      {"a mean that is infinitely far away",
       [](auto& w, Pcg32& r) { return ln::truncated_normal(w, r, -1e9f, 1.0f, 0.0f, kInfinity); }}};
}

template <class Call>
void add_gains(std::vector<Refusal>& refusals, const char* name, Call) {
  refusals.push_back({name, [](auto& w, Pcg32& r) { return Call()(w, r, 1.1e12f); }});
  refusals.push_back({name, [](auto& w, Pcg32& r) { return Call()(w, r, -1.1e12f); }});
  refusals.push_back({name, [](auto& w, Pcg32& r) { return Call()(w, r, -kInfinity); }});
  refusals.push_back({name, [](auto& w, Pcg32& r) { return Call()(w, r, kNan); }});
  refusals.push_back({name, [](auto& w, Pcg32& r) { return Call()(w, r, kInfinity); }});
}

struct XavierUniform {
  template <class Where>
  Status operator()(Where& where, Pcg32& random, float gain) const {
    return ln::xavier_uniform(where, random, gain);
  }
};
struct XavierNormal {
  template <class Where>
  Status operator()(Where& where, Pcg32& random, float gain) const {
    return ln::xavier_normal(where, random, gain);
  }
};
struct Orthogonal {
  template <class Where>
  Status operator()(Where& where, Pcg32& random, float gain) const {
    return ln::orthogonal(where, random, gain);
  }
};

std::vector<Refusal> refused_gains() {
  using ln::Fan;
  using ln::Nonlinearity;
  std::vector<Refusal> refusals = {
      {"kaiming_uniform with slope NaN", [](auto& w, Pcg32& r) { return ln::kaiming_uniform(w, r, {kNan}); }},
      {"kaiming_uniform with slope infinity", [](auto& w, Pcg32& r) { return ln::kaiming_uniform(w, r, {kInfinity}); }},
      {"kaiming_uniform of no fan",
       [](auto& w, Pcg32& r) {
         return ln::kaiming_uniform(w, r, {0.0f, static_cast<Fan>(2)});
       }},
      {"kaiming_uniform of no nonlinearity",
       [](auto& w, Pcg32& r) {
         return ln::kaiming_uniform(w, r, {0.0f, Fan::in, static_cast<Nonlinearity>(6)});
       }},
      {"kaiming_normal with slope NaN", [](auto& w, Pcg32& r) { return ln::kaiming_normal(w, r, {kNan}); }},
      {"kaiming_normal with slope infinity", [](auto& w, Pcg32& r) { return ln::kaiming_normal(w, r, {kInfinity}); }},
      {"kaiming_normal of no fan",
       [](auto& w, Pcg32& r) {
         return ln::kaiming_normal(w, r, {0.0f, static_cast<Fan>(2)});
       }},
      {"kaiming_normal of no nonlinearity",
       [](auto& w, Pcg32& r) {
         return ln::kaiming_normal(w, r, {0.0f, Fan::in, static_cast<Nonlinearity>(6)});
       }},
      {"sparsity -0.1", [](auto& w, Pcg32& r) { return ln::sparse(w, r, -0.1f); }},
      {"sparsity 1.1", [](auto& w, Pcg32& r) { return ln::sparse(w, r, 1.1f); }},
      {"sparsity NaN", [](auto& w, Pcg32& r) { return ln::sparse(w, r, kNan); }},
      {"sparse with deviation -1", [](auto& w, Pcg32& r) { return ln::sparse(w, r, 0.5f, -1.0f); }},
      {"sparse with deviation NaN", [](auto& w, Pcg32& r) { return ln::sparse(w, r, 0.5f, kNan); }},
      {"sparse with deviation infinity", [](auto& w, Pcg32& r) { return ln::sparse(w, r, 0.5f, kInfinity); }}};
  add_gains(refusals, "gain of xavier_uniform", XavierUniform());
  add_gains(refusals, "gain of xavier_normal", XavierNormal());
  add_gains(refusals, "gain of orthogonal", Orthogonal());
  return refusals;
}

void check_refusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    INFO(refusal.name);
    Tensor tensor(6, 4), untouched(6, 4);
    Marked marked;
    Pcg32 random(27);
    Matrix weights = tensor.view();
    CHECK(refusal.on_tensor(weights, random) == Status::bad_argument);
    CHECK(refusal.on_network(marked.network, random) == Status::bad_argument);
    CHECK(same_bytes(tensor.memory(), untouched.memory()));
    CHECK(same_bytes(marked.parameters, std::vector<float>(marked.parameters.size(), kMark)));
    CHECK(same_state(random, Pcg32(27)));
  }
}

TEST_CASE("bad intervals and means and deviations are refused and change nothing") {
  check_refusals(refused_intervals());
}
TEST_CASE("bad arguments of truncated_normal are refused and change nothing") {
  check_refusals(refused_truncated_normals());
}
TEST_CASE("bad gains and slopes and fans and sparsities are refused and change nothing") {
  check_refusals(refused_gains());
}

TEST_CASE("an activation with a slope that is not finite is refused by automatic") {
  for (const float slope : {kNan, kInfinity, -kInfinity}) {
    Tensor tensor(6, 4), untouched(6, 4);
    Pcg32 random(28);
    CHECK(ln::automatic(tensor.view(), random, ln::activation::leaky_relu.with(slope)) == Status::bad_argument);
    CHECK(same_bytes(tensor.memory(), untouched.memory()));
    CHECK(same_state(random, Pcg32(28)));
  }
}

TEST_CASE("empty tensors are refused and draw nothing") {
  float biases[3] = {kMark, kMark, kMark}, weights[12] = {};
  Marked frozen(2);
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Pcg32 random(29);
    for (const Matrix empty : {Matrix(), Matrix(weights, 0, 4, 4, 1), Matrix(weights, 3, 0, 0, 1),
                               frozen.network.weights(1), frozen.network.weights(9)}) {
      CHECK(initializer.on_layer(empty, {biases, 3}, ln::activation::relu, random) == Status::bad_argument);
    }
    CHECK(same_state(random, Pcg32(29)));
    CHECK((biases[0] == kMark && biases[1] == kMark && biases[2] == kMark));
  }
}

TEST_CASE("a network that is not bound is refused and draws nothing") {
  for (const Initializer& initializer : all()) {
    INFO(initializer.name);
    Network network;
    Pcg32 random(30);
    CHECK(initializer.on_network(network, random) == Status::not_bound);
    CHECK(same_state(random, Pcg32(30)));
  }
  Network network;
  Pcg32 random(30);
  CHECK(ln::initialize(network, random) == Status::not_bound);
}

TEST_CASE("a gain that is too large or too small for one layer changes none of them") {
  // Glorot's bound of the 1-to-1 layer is 5.7 times that of the 64-to-1 layer before it.
  static constexpr auto kTopology = ln::topology(64, {{1, ln::activation::tanh}, {1, ln::activation::tanh}});
  static constexpr auto kReversed = ln::topology(1, {{1, ln::activation::tanh}, {64, ln::activation::tanh}});
  for (const float gain : {1.5e38f, 3e38f, 1.4e-45f, 3e-45f}) {
    for (const ln::TopologyView& topology : {ln::TopologyView(kTopology), ln::TopologyView(kReversed)}) {
      CAPTURE(gain);
      std::vector<float> parameters(ln::parameter_floats(topology), kMark);
      Network network;
      CHECK(network.bind(topology, {parameters.data(), parameters.size()}) == Status::ok);
      Pcg32 random(31);
      if (const Status status = ln::xavier_uniform(network, random, gain); status == Status::ok) {
        for (const float x : parameters) {
          CHECK(std::isfinite(x));
        }
      } else {
        CHECK(status == Status::bad_argument);
        CHECK(same_bytes(parameters, std::vector<float>(parameters.size(), kMark)));
        CHECK(same_state(random, Pcg32(31)));
      }
    }
  }
}

}  // namespace
