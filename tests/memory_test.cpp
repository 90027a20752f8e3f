// The layout: totals known at compile time, and memory used to the float, between guards.
#include <doctest/doctest.h>

#include <algorithm>

#include "guarded.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::TrainerConfig;

namespace {

constexpr auto kXor = linnet::topology(2, {{8, linnet::activation::tanh}, {1, linnet::activation::sigmoid}});
constexpr TrainerConfig kAdam{linnet::loss::binary_cross_entropy, linnet::optimizer::adam(), 4};
static_assert(linnet::parameter_floats(kXor) == 2 * 8 + 8 + 8 * 1 + 1);
static_assert(linnet::state_floats(kXor, kAdam) == 2 * 33);
static_assert(linnet::workspace_floats(kXor, kAdam) == 2 * 4 * (8 + 1));
static_assert(linnet::trainer_floats(kXor, kAdam) == 72 + 66 + linnet::layout::stage_floats(2));
static_assert(linnet::predictor_floats(kXor) == 2 * 8);

// The README's embedded shape: everything a batch-1 SGD trainer takes is under 2,000 bytes on
// a 32-bit core (three stages of 16 bytes).
constexpr auto kIris = linnet::topology(
    4, {{16, linnet::activation::tanh}, {16, linnet::activation::tanh}, {3, linnet::activation::identity}});
constexpr TrainerConfig kOnline{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.05f), 1};
static_assert((linnet::parameter_floats(kIris) + linnet::trainer_floats(kIris, kOnline)) * sizeof(float) ==
              1892 + 4 * linnet::layout::stage_floats(3));

// Kept gradients cost one float per trainable parameter; a frozen backbone costs no state and no unit gradients.
constexpr TrainerConfig kKept{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 1,
                              linnet::Gradients::kept};
static_assert(linnet::workspace_floats(kIris, kKept) == 2 * (16 + 16 + 3) + 403);
static_assert(linnet::trainer_floats(kIris, kKept, 2) ==
              (2 * 16 + 2 * 3) + 51 + 2 * 51 + linnet::layout::stage_floats(3));
static_assert(linnet::frozen_floats(kIris, 2) + linnet::trainable_floats(kIris, 2) == linnet::parameter_floats(kIris));

// Where things lie: the frozen layers' turns, the trainable layers, kept gradients, the optimizer state, the stages.
constexpr linnet::layout::TrainerLayout kXorLayout = linnet::layout::trainer_layout(kXor, kAdam, 0);
static_assert(kXorLayout.layers == 0 && kXorLayout.kept_gradients == 72 && kXorLayout.state == 72);
constexpr linnet::layout::TrainerLayout kHeadLayout = linnet::layout::trainer_layout(kIris, kKept, 2);
static_assert(kHeadLayout.layers == 2 * 16 && kHeadLayout.kept_gradients == 2 * 16 + 2 * 3);
static_assert(kHeadLayout.state == 2 * 16 + 2 * 3 + 51 && kHeadLayout.stages == kHeadLayout.state + 2 * 51 &&
              kHeadLayout.total == kHeadLayout.stages + linnet::layout::stage_floats(3));

// What cannot be counted is no size.
constexpr auto kHuge = linnet::topology(70000, {{70000, linnet::activation::relu}});
static_assert(linnet::parameter_floats(kHuge) == linnet::kTooLarge);
static_assert(linnet::parameter_floats(linnet::Topology{}) == linnet::kTooLarge);
static_assert(linnet::layout::product(0x8000, 0x8000) == linnet::kTooLarge);
static_assert(linnet::layout::product(0x8000, 0x7fff) == 0x8000 * 0x7fff);
static_assert(linnet::layout::sum(linnet::kMaxFloats, 1) == linnet::kTooLarge);

struct Shape {
  linnet::Topology topology;
  TrainerConfig config;
};

std::vector<Shape> shapes() {
  namespace a = linnet::activation;
  namespace l = linnet::loss;
  return {
      {linnet::topology(1, {{1, a::identity}}), {l::mean_squared_error, linnet::optimizer::sgd(0.1f), 1}},
      {linnet::topology(3, {{5, a::tanh}, {2, a::sigmoid}}), {l::binary_cross_entropy, linnet::optimizer::adam(), 3}},
      {linnet::topology(17, {{33, a::gelu}, {19, a::mish, false}, {3, a::identity}}),
       {l::softmax_cross_entropy, linnet::optimizer::rmsprop_momentum(0.001f, 0.5f), 9}},
      {linnet::topology(40, {{7, a::relu}, {18, a::silu}, {15, a::elu}}),
       {l::huber, linnet::optimizer::rprop(), 5, linnet::Gradients::kept}}};
}

// Everything a network can do, in memory of exactly `memory` floats with guards.
void use_all(const Shape& shape, linnet::Span<float> parameters, linnet::Span<float> memory,
             linnet::Span<float> scratch, bool at_end) {
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  linnet::Pcg32 random(1);
  REQUIRE(network.bind(shape.topology, parameters) == Status::ok);
  REQUIRE(linnet::initialize(network, random) == Status::ok);
  REQUIRE(trainer.bind(network, shape.config, memory, kernels()) == Status::ok);
  REQUIRE(predictor.bind(network, scratch, kernels()) == Status::ok);
  const std::size_t outputs = shape.topology.outputs();
  for (std::size_t batch = 1; batch <= shape.config.max_batch; ++batch) {
    const Data data(batch, shape.topology.inputs, outputs, batch);
    const Guarded x(data.x.size(), at_end), t(data.t.size(), at_end), y(data.t.size(), at_end);
    std::copy(data.x.begin(), data.x.end(), x.span().begin());
    std::copy(data.t.begin(), data.t.end(), t.span().begin());
    const linnet::ConstRows inputs(x.span().data(), batch, shape.topology.inputs);
    const linnet::ConstRows targets(t.span().data(), batch, outputs);
    REQUIRE(trainer.step(inputs, targets) == Status::ok);
    float loss = 0.0f;
    REQUIRE(trainer.evaluate(inputs, targets, loss) == Status::ok);
    REQUIRE(predictor.predict(inputs, {y.span().data(), batch, outputs}) == Status::ok);
    if (shape.config.gradients.keeps) {
      REQUIRE(trainer.accumulate(inputs, targets) == Status::ok);
      REQUIRE(trainer.accumulate(inputs, targets) == Status::ok);
      REQUIRE(trainer.apply(0.5f) == Status::ok);
    }
  }
}

}  // namespace

namespace {

// What a count must be for a number that is exact up to 2^53.
std::size_t counted(double exact) {
  return exact > static_cast<double>(linnet::kMaxFloats) ? linnet::kTooLarge : static_cast<std::size_t>(exact);
}

// Compares what two layers come to with arithmetic in double; the first `frozen` are frozen.
void compare_counts(const linnet::Topology& shape, std::size_t frozen, std::size_t batch) {
  double parameters[2] = {0.0, 0.0};  // frozen, trainable
  double units[2] = {0.0, 0.0};
  double width = static_cast<double>(shape.inputs);
  for (std::size_t l = 0; l < 2; ++l) {
    const auto own = static_cast<double>(shape.layers[l].units);
    parameters[l < frozen ? 0 : 1] += width * own + (shape.layers[l].bias ? own : 0.0);
    units[l < frozen ? 0 : 1] += own;
    width = own;
  }
  namespace layout = linnet::layout;
  CHECK(linnet::frozen_floats(shape, frozen) == counted(parameters[0]));
  CHECK(linnet::trainable_floats(shape, frozen) == counted(parameters[1]));
  if (counted(parameters[1]) != linnet::kTooLarge) {
    CHECK(layout::units(shape, frozen, 2) == counted(units[1]));
  }
  const std::size_t first = shape.layers[0].units;
  const std::size_t last = shape.layers[1].units;
  CHECK(layout::widest(shape, 0, 2) == std::max(first, last));
  const std::size_t frozen_widest = layout::widest(shape, 0, frozen);
  CHECK(frozen_widest == (frozen == 0 ? 0 : frozen == 1 ? first : std::max(first, last)));

  TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::adam(), batch, linnet::Gradients::kept};
  const auto rows = static_cast<double>(batch);
  const double state = 2.0 * parameters[1];
  const double turns = static_cast<double>(frozen) * static_cast<double>(frozen_widest);
  const double stages = static_cast<double>(layout::stage_floats(2));
  const double room = state + rows * std::max(turns, 1.0 / 1024.0) + 2.0 * rows * units[1] + stages;
  const bool small_room = counted(room + parameters[1]) != linnet::kTooLarge;
  CHECK(linnet::state_floats(shape, config, frozen) == counted(state));
  CHECK((linnet::trainer_floats(shape, config, frozen) != linnet::kTooLarge) == small_room);
  if (small_room) {
    const double exact = state + rows * turns + 2.0 * rows * units[1] + parameters[1] + stages;
    CHECK(linnet::trainer_floats(shape, config, frozen) == counted(exact));
  }
}

}  // namespace

TEST_CASE("arrays of their own stand where a network and a trainer are expected") {
  static linnet::FixedNetwork<kXor> network;
  static linnet::FixedTrainer<kXor, kAdam> trainer;
  REQUIRE(network.bind() == Status::ok);
  REQUIRE(trainer.bind(network, kAdam, kernels()) == Status::ok);
  const float x[] = {1.0f, 0.0f}, t[] = {1.0f};
  CHECK(trainer->step(x, t) == Status::ok);
  CHECK(trainer.trainer().steps() == 1);
  CHECK(network.network().bound());
  const linnet::Network& as_network = network;
  const linnet::Trainer& as_trainer = trainer;
  CHECK(&as_network == &network.network());
  CHECK(&as_trainer == &trainer.trainer());
}

TEST_CASE("what is no network, or frozen beyond its layers, has no size, whenever it is counted") {
  for (const std::size_t frozen : {std::size_t{0}, std::size_t{2}, std::size_t{3}, linnet::kTooLarge}) {
    const bool exists = frozen <= 2;
    CAPTURE(frozen);
    CHECK((linnet::frozen_floats(kXor, frozen) == linnet::kTooLarge) == !exists);
    CHECK((linnet::trainable_floats(kXor, frozen) == linnet::kTooLarge) == !exists);
    CHECK((linnet::state_floats(kXor, kAdam, frozen) == linnet::kTooLarge) == !exists);
    CHECK((linnet::trainer_floats(kXor, kAdam, frozen) == linnet::kTooLarge) == !exists);
    CHECK((linnet::workspace_floats(kXor, kAdam, frozen) == linnet::kTooLarge) == !exists);
    CHECK((linnet::diagnostics_floats(kXor, frozen) == linnet::kTooLarge) == !exists);
  }
  TrainerConfig config = kAdam;
  config.max_batch = 0;
  CHECK(linnet::trainer_floats(kXor, config) == linnet::kTooLarge);
  CHECK(linnet::workspace_floats(kXor, config) == linnet::kTooLarge);
  linnet::TopologyView none = kXor;
  for (const std::size_t layers : {std::size_t{0}, linnet::kMaxLayers + 1}) {
    none.layer_count = layers;
    CHECK(linnet::check(none) == Status::bad_topology);
    CHECK(linnet::parameter_floats(none) == linnet::kTooLarge);
    CHECK(linnet::predictor_floats(none) == linnet::kTooLarge);
  }
}

TEST_CASE("S3: every total is exact, or too large where it is beyond 2^30 - 1, also where products overflow") {
  const std::size_t most = ~std::size_t{0};
  const std::size_t sizes[] = {1,          3,         0x7fff,   0x8000, linnet::kMaxFloats - 1, linnet::kMaxFloats,
                               0x40000000, 1u << 31u, most / 2, most};
  for (const std::size_t inputs : sizes) {
    for (const std::size_t first : sizes) {
      for (const std::size_t last : sizes) {
        for (std::size_t which = 0; which < 4; ++which) {
          const auto shape = linnet::topology(inputs, {{first, linnet::activation::tanh, (which & 1u) != 0},
                                                       {last, linnet::activation::tanh, (which & 2u) != 0}});
          for (std::size_t frozen = 0; frozen <= 2; ++frozen) {
            compare_counts(shape, frozen, sizes[(inputs + first + last + frozen) % 10]);
          }
        }
      }
    }
  }
}

TEST_CASE("S1: nothing outside the lent memory is read or written, on either side") {
  for (const Shape& shape : shapes()) {
    for (const bool at_end : {false, true}) {
      const Guarded parameters(linnet::parameter_floats(shape.topology), at_end);
      const Guarded memory(linnet::trainer_floats(shape.topology, shape.config), at_end);
      const Guarded scratch(linnet::predictor_floats(shape.topology), at_end);
      use_all(shape, parameters.span(), memory.span(), scratch.span(), at_end);
    }
  }
}

TEST_CASE("S1: frozen parameters, labels, class weights and clipping stay inside the lent memory too") {
  const auto shape = linnet::topology(
      19, {{7, linnet::activation::relu}, {21, linnet::activation::tanh}, {5, linnet::activation::softmax}});
  for (const bool at_end : {false, true}) {
    for (std::size_t k = 0; k < 3; ++k) {
      const Guarded weights(5, at_end), frozen(linnet::frozen_floats(shape, k), at_end);
      const Guarded head(linnet::trainable_floats(shape, k), at_end), scratch(linnet::predictor_floats(shape), at_end);
      std::fill(weights.span().begin(), weights.span().end(), 0.5f);
      std::fill(frozen.span().begin(), frozen.span().end(), 0.1f);
      TrainerConfig config{linnet::loss::softmax_cross_entropy.with_class_weights(weights.span()),
                           linnet::optimizer::adam(), 6};
      config.gradients = linnet::Gradients::kept;
      config.clip_norm = 0.1f;
      const Guarded memory(linnet::trainer_floats(shape, config, k), at_end);
      linnet::Network network;
      linnet::Trainer trainer;
      linnet::Predictor predictor;
      linnet::Pcg32 random(1);
      REQUIRE(network.bind(shape, frozen.span(), head.span(), k) == Status::ok);
      REQUIRE(linnet::initialize(network, random, linnet::initializer::orthogonal) == Status::ok);
      REQUIRE(trainer.bind(network, config, memory.span(), kernels()) == Status::ok);
      REQUIRE(predictor.bind(network, scratch.span(), kernels()) == Status::ok);
      const Data data(6, 19, 5, 1);
      const Guarded x(data.x.size(), at_end), y(data.t.size(), at_end);
      std::copy(data.x.begin(), data.x.end(), x.span().begin());
      REQUIRE(trainer.step({x.span().data(), 6, 19}, data.label_rows()) == Status::ok);
      REQUIRE(predictor.predict({x.span().data(), 6, 19}, {y.span().data(), 6, 5}) == Status::ok);
    }
  }
}

TEST_CASE("S3: every count of floats from none to 16 more than needed is refused, or enough, and nothing else") {
  for (const Shape& shape : shapes()) {
    const std::size_t needs[3] = {linnet::parameter_floats(shape.topology),
                                  linnet::trainer_floats(shape.topology, shape.config),
                                  linnet::predictor_floats(shape.topology)};
    for (int which = 0; which < 3; ++which) {
      for (std::size_t count = 0; count <= needs[which] + 16; ++count) {
        const Guarded parameters(which == 0 ? count : needs[0], true);
        const Guarded memory(which == 1 ? count : needs[1], true);
        const Guarded scratch(which == 2 ? count : needs[2], true);
        const Status expected = count < needs[which] ? Status::too_little_memory : Status::ok;
        linnet::Network network;
        linnet::Trainer trainer;
        linnet::Predictor predictor;
        const Status bound = network.bind(shape.topology, parameters.span());
        CHECK(bound == (which == 0 ? expected : Status::ok));
        if (bound != Status::ok) {
          CHECK_FALSE(network.bound());
          CHECK(trainer.bind(network, shape.config, memory.span(), kernels()) == Status::not_bound);
          continue;
        }
        CHECK(trainer.bind(network, shape.config, memory.span(), kernels()) == (which == 1 ? expected : Status::ok));
        CHECK(predictor.bind(network, scratch.span(), kernels()) == (which == 2 ? expected : Status::ok));
      }
      const Guarded parameters(needs[0] + 16, true);
      const Guarded memory(needs[1] + 16, true);
      const Guarded scratch(needs[2] + 16, true);
      use_all(shape, parameters.span(), memory.span(), scratch.span(), true);
    }
  }
}
