// What looks at a trainer or reads a network, when that is bound anew, moved or unbound: between guard pages, so that a
// float outside of what was lent ends the test.
#include <algorithm>
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "guarded.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Diagnostics;
using linnet::LayerDiagnostics;
using linnet::LayerReport;
using linnet::TrainerConfig;

namespace {

const linnet::Activation kTanh = linnet::activation::tanh;
const linnet::Activation kIdentity = linnet::activation::identity;

// What a trainer may be bound to.
struct Plan {
  std::string name;
  linnet::Topology shape;
  std::size_t frozen = 0;
  TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.01f), 4};
};

const Plan kFirst{"the first", linnet::topology(3, {{8, kTanh}, {5, kTanh}, {2, kIdentity}})};

Plan with(const std::string& name, const linnet::Topology& shape, std::size_t frozen = 0) {
  Plan plan = kFirst;
  plan.name = name;
  plan.shape = shape;
  plan.frozen = frozen;
  return plan;
}

Plan with(const std::string& name, const TrainerConfig& config) {
  Plan plan = kFirst;
  plan.name = name;
  plan.config = config;
  return plan;
}

std::vector<Plan> plans() {
  const linnet::Loss squared = linnet::loss::mean_squared_error;
  return {with("wider", linnet::topology(3, {{512, kTanh}, {256, kTanh}, {2, kIdentity}})),
          with("narrower", linnet::topology(3, {{2, kTanh}, {2, kTanh}, {2, kIdentity}})),
          with("more inputs", linnet::topology(700, {{8, kTanh}, {5, kTanh}, {2, kIdentity}})),
          with("more outputs", linnet::topology(3, {{8, kTanh}, {5, kTanh}, {900, kIdentity}})),
          with("more layers", linnet::topology(3, {{8, kTanh}, {5, kTanh}, {5, kTanh}, {5, kTanh}, {2, kIdentity}})),
          with("one layer", linnet::topology(3, {{2, kIdentity}})),
          with("other order", linnet::topology(3, {{5, kTanh}, {8, kTanh}, {2, kIdentity}})),
          with("other activation", linnet::topology(3, {{8, kTanh}, {5, linnet::activation::relu}, {2, kIdentity}})),
          with("no bias", linnet::topology(3, {{8, kTanh, false}, {5, kTanh}, {2, kIdentity}})),
          with("one layer frozen", kFirst.shape, 1),
          with("two layers frozen", kFirst.shape, 2),
          with("other memory", kFirst.shape),
          with("larger batch", TrainerConfig{squared, linnet::optimizer::sgd(0.01f), 64}),
          with("kept gradients", TrainerConfig{squared, linnet::optimizer::sgd(0.01f), 4, linnet::Gradients::kept}),
          with("more state", TrainerConfig{squared, linnet::optimizer::adam(), 4}),
          with("other loss", TrainerConfig{linnet::loss::huber, linnet::optimizer::sgd(0.01f), 4})};
}

// Memory for one binding, to the float.
struct Lent {
  Plan plan;
  Guarded frozen, parameters, memory;
  linnet::Network network;

  Lent(const Plan& of, bool at_end)
      : plan(of),
        frozen(linnet::frozen_floats(of.shape, of.frozen), at_end),
        parameters(linnet::trainable_floats(of.shape, of.frozen), at_end),
        memory(linnet::trainer_floats(of.shape, of.config, of.frozen), at_end) {
    for (float& w : frozen.span()) w = 0.125f;
    bind_network();
    for (float& w : parameters.span()) w = 0.125f;
  }
  void bind_network() {
    REQUIRE(network.bind(plan.shape, frozen.span(), parameters.span(), plan.frozen) == Status::ok);
  }
  Status bind(linnet::Trainer& trainer) const { return trainer.bind(network, plan.config, memory.span(), kernels()); }
  [[nodiscard]] bool all_weights_are(float value) const {
    return std::all_of(parameters.span().begin(), parameters.span().end(), [value](float w) { return !(w != value); });
  }
  [[nodiscard]] std::vector<float> weights() const { return {parameters.span().begin(), parameters.span().end()}; }
};

template <class T>
constexpr std::size_t floats_of(std::size_t count) {
  return count * sizeof(T) / sizeof(float);
}

// Diagnostics of the first plan, which end where the guard begins.
struct Look {
  Guarded layers_memory, room, report_memory;
  linnet::Span<LayerDiagnostics> layers;
  linnet::Span<LayerReport> report;
  Diagnostics diagnostics;

  Look(linnet::Trainer& trainer, bool at_end)
      : layers_memory(floats_of<LayerDiagnostics>(3), at_end),
        room(linnet::diagnostics_floats(kFirst.shape), at_end),
        report_memory(floats_of<LayerReport>(3), at_end),
        layers(reinterpret_cast<LayerDiagnostics*>(layers_memory.span().data()), 3),
        report(reinterpret_cast<LayerReport*>(report_memory.span().data()), 3) {
    REQUIRE(diagnostics.bind(trainer, layers, room.span()) == Status::ok);
  }
  Status step(const Data& data) {
    return diagnostics.step(data.input_rows().rows(0, 4), data.target_rows().rows(0, 4));
  }
  [[nodiscard]] std::vector<float> seen() const {
    std::vector<float> all(room.span().begin(), room.span().end());
    all.insert(all.end(), layers_memory.span().begin(), layers_memory.span().end());
    all.insert(all.end(), report_memory.span().begin(), report_memory.span().end());
    return all;
  }
};

Data data_for(const linnet::Topology& shape) { return {4, shape.inputs, shape.layers[shape.layer_count - 1].units, 1}; }

// Nothing is there any more, and nothing gets written.
void check_not_bound(Look& look, const Data& data) {
  const std::vector<float> before = look.seen();
  CHECK(look.step(data) == Status::not_bound);
  CHECK(look.diagnostics.report(look.report) == Status::not_bound);
  CHECK(look.diagnostics.layers().empty());
  look.diagnostics.begin_epoch();
  CHECK(look.diagnostics.input_column(0).stddev == 0.0f);
  CHECK(look.diagnostics.input_column(data.inputs - 1).mean == 0.0f);
  CHECK(look.diagnostics.target_column(0).stddev == 0.0f);
  CHECK(same_bits(before, look.seen()));
}

void check_bound(Look& look, const Data& data) {
  CHECK(look.step(data) == Status::ok);
  CHECK(look.diagnostics.report(look.report) == Status::ok);
  CHECK(look.diagnostics.layers().size() == 3);
  CHECK(look.diagnostics.input_column(2).stddev > 0.0f);
}

}  // namespace

TEST_CASE("diagnostics of a trainer that was bound anew are not bound, and write nothing, until it is as it was") {
  const Data data = data_for(kFirst.shape);
  for (const bool at_end : {true, false}) {
    for (const Plan& plan : plans()) {
      INFO(plan.name);
      linnet::Trainer trainer;
      Lent first(kFirst, at_end);
      Lent other(plan, at_end);
      REQUIRE(first.bind(trainer) == Status::ok);
      Look look(trainer, at_end);
      check_bound(look, data);
      REQUIRE(other.bind(trainer) == Status::ok);
      check_not_bound(look, data_for(plan.shape));
      CHECK(trainer.steps() == 0);
      CHECK(other.all_weights_are(0.125f));
      linnet::Samples batch(data.input_rows(), data.target_rows());
      CHECK(Diagnostics::take_step(&look.diagnostics, trainer, batch) == Status::not_bound);
      REQUIRE(first.bind(trainer) == Status::ok);
      check_bound(look, data);
    }
  }
}

TEST_CASE("diagnostics of a trainer whose layers were written anew in their place are not bound") {
  for (const Plan& plan : plans()) {
    INFO(plan.name);
    linnet::Trainer trainer;
    Lent lent(kFirst, true);
    REQUIRE(lent.bind(trainer) == Status::ok);
    Look look(trainer, true);
    check_bound(look, data_for(kFirst.shape));
    if (plan.name == "other memory") continue;  // as it was
    lent.plan = plan;                           // the layers stand where they stood
    Guarded frozen(linnet::frozen_floats(plan.shape, plan.frozen), true);
    Guarded parameters(linnet::trainable_floats(plan.shape, plan.frozen), true);
    Guarded memory(linnet::trainer_floats(plan.shape, plan.config, plan.frozen), true);
    REQUIRE(lent.network.bind(lent.plan.shape, frozen.span(), parameters.span(), plan.frozen) == Status::ok);
    REQUIRE(trainer.bind(lent.network, plan.config, memory.span(), kernels()) == Status::ok);
    check_not_bound(look, data_for(plan.shape));
  }
}

TEST_CASE("diagnostics of a trainer that was moved or unbound answer as it does") {
  const Data data = data_for(kFirst.shape);
  Lent first(kFirst, true);
  linnet::Trainer trainer;
  REQUIRE(first.bind(trainer) == Status::ok);
  Look look(trainer, true);
  // NOLINTNEXTLINE(performance-move-const-arg): whether a move leaves something behind is the trainer's business
  const linnet::Trainer moved = std::move(trainer);
  CHECK(moved.steps() == 0);
  // NOLINTNEXTLINE(bugprone-use-after-move,hicpp-invalid-access-moved): what is left is what is asked for
  const Status left = trainer.step(data.input_rows(), data.target_rows());
  if (left == Status::ok) {
    check_bound(look, data);
  } else {
    check_not_bound(look, data);
  }
  trainer = linnet::Trainer();
  CHECK(trainer.step(data.input_rows(), data.target_rows()) == Status::not_bound);
  check_not_bound(look, data);
  REQUIRE(first.bind(trainer) == Status::ok);
  check_bound(look, data);
}

TEST_CASE("a bind that is refused changes nothing for those who look on") {
  const Data data = data_for(kFirst.shape);
  Lent first(kFirst, true);
  Lent wide(plans().front(), true);
  linnet::Trainer trainer;
  REQUIRE(first.bind(trainer) == Status::ok);
  Look look(trainer, true);
  CHECK(trainer.bind(wide.network, wide.plan.config, first.memory.span(), kernels()) == Status::too_little_memory);
  check_bound(look, data);
  CHECK(look.diagnostics.bind(trainer, look.layers, {look.room.span().data(), 1}) == Status::too_little_memory);
  check_bound(look, data);
}

TEST_CASE("a trainer and a predictor go on with the parameters they were bound to when their network is bound anew") {
  const Data data = data_for(kFirst.shape);
  for (const bool at_end : {true, false}) {
    for (const Plan& plan : plans()) {
      INFO(plan.name);
      Lent plain(kFirst, at_end);
      Lent lent(kFirst, at_end);
      Lent other(plan, at_end);
      Guarded scratch(linnet::predictor_floats(kFirst.shape), at_end);
      Guarded outputs(4 * 2, at_end);
      linnet::Trainer expected, trainer;
      linnet::Predictor predictor;
      REQUIRE(plain.bind(expected) == Status::ok);
      REQUIRE(lent.bind(trainer) == Status::ok);
      Look look(trainer, at_end);
      REQUIRE(predictor.bind(lent.network, scratch.span(), kernels()) == Status::ok);
      lent.network = other.network;
      REQUIRE(lent.network.bind(other.plan.shape, other.frozen.span(), other.parameters.span(), plan.frozen) ==
              Status::ok);
      for (int k = 0; k < 3; ++k) {
        REQUIRE(expected.step(data.input_rows(), data.target_rows()) == Status::ok);
        CHECK((k == 1 ? look.step(data) : trainer.step(data.input_rows(), data.target_rows())) == Status::ok);
      }
      CHECK(same_bits(plain.weights(), lent.weights()));
      CHECK(other.all_weights_are(0.125f));
      CHECK(predictor.predict(data.input_rows(), {outputs.span().data(), 4, 2}) == Status::ok);
    }
  }
}

TEST_CASE("diagnostics are refused layers and memory that anything else uses") {
  Plan plan = kFirst;
  const std::vector<float> class_weights(2, 1.0f);
  plan.config.loss = linnet::loss::softmax_cross_entropy.with_class_weights({class_weights.data(), 2});
  Lent lent(plan, true);
  linnet::Trainer trainer;
  REQUIRE(lent.bind(trainer) == Status::ok);
  Look look(trainer, true);
  std::vector<LayerDiagnostics> both(3 + 64);
  const auto in = [](const float* at) { return reinterpret_cast<LayerDiagnostics*>(const_cast<float*>(at)); };
  const auto check = [&](const float* used) {
    float* floats = const_cast<float*>(used);
    CHECK(look.diagnostics.bind(trainer, look.layers, {floats, look.room.span().size()}) == Status::overlapping_memory);
    CHECK(look.diagnostics.bind(trainer, {in(used), 3}, look.room.span()) == Status::overlapping_memory);
  };
  check(lent.parameters.span().data());
  check(lent.memory.span().data());
  check(class_weights.data());
  CHECK(look.diagnostics.bind(trainer, {both.data(), 3},
                              {reinterpret_cast<float*>(both.data() + 2), look.room.span().size()}) ==
        Status::overlapping_memory);
  CHECK(look.diagnostics.bind(trainer, {both.data(), 3},
                              {reinterpret_cast<float*>(both.data() + 3), look.room.span().size()}) == Status::ok);
}

TEST_CASE("quantiles write their memory and results alone, and read the matrix alone, whatever its strides") {
  for (const bool at_end : {true, false}) {
    Guarded values(2 * 7, at_end);
    Guarded room(6, at_end);
    Guarded results(2, at_end);
    Guarded shares(2, at_end);
    for (std::size_t k = 0; k < 14; ++k) values.span()[k] = static_cast<float>(k);
    shares.span()[0] = 0.0f;
    shares.span()[1] = 1.0f;
    const linnet::ConstMatrix strided(values.span().data(), 2, 3, 7, 3);  // the last one is the last float
    REQUIRE(linnet::quantiles(strided, shares.span(), room.span(), results.span()) == Status::ok);
    CHECK(results.span()[0] == 0.0f);
    CHECK(results.span()[1] == 13.0f);
    const linnet::Span<float> inside(values.span().data() + 8, 6);
    CHECK(linnet::quantiles(strided, shares.span(), inside, results.span()) == Status::overlapping_memory);
    CHECK(linnet::quantiles(strided, shares.span(), room.span(), {inside.data() + 4, 2}) == Status::overlapping_memory);
    CHECK(linnet::quantiles(strided, shares.span(), room.span(), shares.span()) == Status::overlapping_memory);
    CHECK(linnet::quantiles(strided, shares.span(), room.span(), {room.span().data() + 4, 2}) ==
          Status::overlapping_memory);
    CHECK(linnet::quantiles(strided, {room.span().data(), 2}, room.span(), results.span()) ==
          Status::overlapping_memory);
    for (const float bad : {__builtin_inff(), -__builtin_inff(), __builtin_nanf("")}) {
      values.span()[13] = bad;
      CHECK(linnet::quantiles(strided, shares.span(), room.span(), results.span()) == Status::bad_input);
      CHECK(results.span()[1] == 13.0f);
    }
    constexpr std::size_t kHuge = ~std::size_t{0} / 2 + 2;  // twice it is 2
    const linnet::ConstMatrix wraps(values.span().data(), kHuge, 2, 0, 1);
    CHECK(linnet::quantiles(wraps, shares.span(), room.span(), results.span()) == Status::too_little_memory);
  }
}
