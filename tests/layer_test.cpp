// One row through a layer in one call, of the tables with vectors: bit for bit what the scalar table gives in several,
// and in memory with a guard on either side.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "activation/descriptor.hpp"
#include "tables/tables.hpp"
#include "loss/descriptor.hpp"
#include "step/step.hpp"

#include "activations.hpp"
#include "guarded.hpp"
#include "nets.hpp"

#if LINNET_HAS_VECTORS

using namespace linnet_test;

namespace {

constexpr std::size_t kInputs[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 24, 31, 32, 33, 64, 100};
constexpr std::size_t kUnits[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 31, 32, 33, 48, 63, 64, 65, 130};

struct Shape {
  std::size_t inputs, units;
  bool bias;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (const std::size_t inputs : kInputs) {
    for (const std::size_t units : kUnits) {
      all.push_back({inputs, units, all.size() % 3 != 0});
    }
  }
  for (std::size_t inputs = 18; inputs < 31; ++inputs) {  // every rest of a vector
    all.push_back({inputs, inputs % 15 + 1, inputs % 2 != 0});
    all.push_back({inputs, 5, inputs % 2 == 0});
  }
  return all;
}

std::string describe(const Shape& s) {
  return std::to_string(s.inputs) + " to " + std::to_string(s.units) + (s.bias ? " with biases" : "");
}

bool by_unit(const Shape& s) { return linnet::layout::stored_by_unit(s.inputs, s.units); }
std::size_t parameters_of(const Shape& s) { return (s.inputs + (s.bias ? 1 : 0)) * s.units; }

// A copy of floats between guards; every second one starts at one.
struct Lent {
  Guarded memory;
  Lent(const std::vector<float>& floats, std::size_t turn) : memory(floats.size(), turn % 2 == 0) {
    std::copy(floats.begin(), floats.end(), memory.span().data());
  }
  [[nodiscard]] float* data() const { return memory.span().data(); }
  [[nodiscard]] std::vector<float> copy() const { return {data(), data() + memory.span().size()}; }
};

std::vector<float> scalar_pre_activations(const Shape& s, const std::vector<float>& x, const std::vector<float>& w) {
  const linnet::KernelTable& scalar = linnet::scalar_kernels();
  std::vector<float> z(s.units);
  const float* bias = s.bias ? w.data() + s.inputs * s.units : nullptr;
  scalar.multiply({x.data(), w.data(), bias, z.data(), 1, s.inputs, s.units}, by_unit(s));
  return z;
}

}  // namespace

TEST_CASE("a row through a layer at once has the bits of product, activation and derivative") {
  if (kernels().index == 0) {
    return;
  }
  std::size_t turn = 0;
  for (const NamedActivation& named : hidden_activations()) {
    const linnet::Activation& f = named.activation;
    const linnet::ActivationVariant& scalar = *f.descriptor->variants[0];
    const linnet::ActivationVariant& variant = *f.descriptor->variants[kernels().index];
    for (const Shape& s : shapes()) {
      ++turn;
      const std::vector<float> x = random_floats(s.inputs, 1);
      const std::vector<float> w = random_floats(parameters_of(s), 2, 0.5f);
      std::vector<float> y = scalar_pre_activations(s, x, w);
      std::vector<float> slopes(s.units);
      scalar.forward(y.data(), slopes.data(), s.units, f.parameter);
      const Lent lent_x(x, turn), lent_w(w, turn);
      const Lent own_y(std::vector<float>(s.units, 7.0f), turn), own_slopes(std::vector<float>(s.units, 7.0f), turn);
      const linnet::Layer layer{s.units, f, s.bias};
      const std::string where = std::string(named.name) + " " + describe(s);
      CHECK_MESSAGE(variant.layer(lent_x.data(), lent_w.data(), s.inputs, layer, own_y.data(), own_slopes.data()),
                    where);
      CHECK_MESSAGE(same_bits(own_y.copy(), y), where);
      CHECK_MESSAGE(same_bits(own_slopes.copy(), slopes), where);
      const Lent again(std::vector<float>(s.units, 7.0f), turn + 1);
      CHECK_MESSAGE(variant.layer(lent_x.data(), lent_w.data(), s.inputs, layer, again.data(), nullptr), where);
      CHECK_MESSAGE(same_bits(again.copy(), y), where);
    }
  }
}

TEST_CASE("a row through a layer at once says whether pre-activations and activations are finite") {
  if (kernels().index == 0) {
    return;
  }
  for (const linnet::Activation& f :
       {linnet::activation::tanh, linnet::activation::relu, linnet::activation::leaky_relu.with_slope(50.0f),
        linnet::activation::softmax, linnet::activation::identity}) {
    const linnet::ActivationVariant& variant = *f.descriptor->variants[kernels().index];
    const bool grows = id_of(f) == linnet::ActivationId::leaky_relu;
    for (const Shape& s : shapes()) {
      const linnet::Layer layer{s.units, f, s.bias};
      std::vector<float> x(s.inputs, 0.0f);
      std::vector<float> y(s.units);
      const std::vector<float> w(parameters_of(s), 1.0f);
      const auto passes = [&] { return variant.layer(x.data(), w.data(), s.inputs, layer, y.data(), nullptr); };
      CHECK_MESSAGE(passes(), describe(s));
      for (const float fault : {INFINITY, -INFINITY, NAN}) {
        x[s.inputs * 2 / 3] = fault;
        CHECK_MESSAGE(!passes(), describe(s));
      }
      x[s.inputs * 2 / 3] = -7e36f;
      CHECK_MESSAGE(passes() != grows, describe(s));
      std::vector<float> spoilt = w;  // one unit alone
      spoilt[by_unit(s) ? (s.units - 1) * s.inputs : s.units - 1] = INFINITY;
      std::fill(x.begin(), x.end(), 1.0f);
      CHECK_MESSAGE(!variant.layer(x.data(), spoilt.data(), s.inputs, layer, y.data(), nullptr), describe(s));
    }
  }
}

TEST_CASE("a row through a last layer with softmax at once has the bits of product and softmax") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::Activation& f = linnet::activation::softmax;
  std::size_t turn = 0;
  for (const Shape& s : shapes()) {
    ++turn;
    const std::vector<float> x = random_floats(s.inputs, 3);
    const std::vector<float> w = random_floats(parameters_of(s), 4);
    std::vector<float> y = scalar_pre_activations(s, x, w);
    f.descriptor->variants[0]->apply(y.data(), s.units, 0.0f);
    const Lent lent_x(x, turn), lent_w(w, turn), own(std::vector<float>(s.units, 7.0f), turn);
    CHECK_MESSAGE(f.descriptor->variants[kernels().index]->layer(lent_x.data(), lent_w.data(), s.inputs,
                                                                 {s.units, f, s.bias}, own.data(), nullptr),
                  describe(s));
    CHECK_MESSAGE(same_bits(own.copy(), y), describe(s));
  }
}

TEST_CASE("a row through the last layer and its cross-entropy at once has the bits of product and loss") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::LossDescriptor& descriptor = linnet::descriptor::weighted_softmax_cross_entropy;
  std::size_t turn = 0;
  for (const Shape& s : shapes()) {
    ++turn;
    const std::vector<float> x = random_floats(s.inputs, 5);
    const std::vector<float> w = random_floats(parameters_of(s), 6);
    std::vector<float> t(s.units, 1.0f / static_cast<float>(s.units));
    std::vector<float> weights(s.units, 0.5f);
    weights[s.units / 2] = 2.0f;
    const auto label = static_cast<std::uint16_t>(turn % s.units);
    std::vector<float> z = scalar_pre_activations(s, x, w);
    std::vector<float> d(s.units);
    linnet::Loss how = linnet::loss::softmax_cross_entropy.with_label_smoothing(turn % 5 == 0 ? 0.1f : 0.0f);
    how.class_weights =
        turn % 3 == 0 ? linnet::Span<const float>(weights.data(), s.units) : linnet::Span<const float>();
    linnet::LossJob job(z.data(), turn % 4 == 0 ? t.data() : nullptr, turn % 4 == 0 ? nullptr : &label, how, d.data(),
                        1, s.units);
    const float loss = descriptor.variants[0]->run(job);
    const float share = job.share;
    const Lent lent_x(x, turn), lent_w(w, turn), own(std::vector<float>(s.units, 7.0f), turn);
    const Lent room(std::vector<float>(s.units, 7.0f), turn);
    job.y = room.data();
    job.d = own.data();
    const linnet::LossVariant& variant = *descriptor.variants[kernels().index];
    std::uint32_t largest_d = 0;
    const float found = variant.layer(lent_x.data(), lent_w.data(), s.inputs, s.bias, job, largest_d);
    CHECK_MESSAGE(same_bits({loss, share}, {found, job.share}), describe(s));
    CHECK_MESSAGE(same_bits(own.copy(), d), describe(s));
    CHECK_MESSAGE(
        largest_d ==
            linnet::training_kernels_of(linnet::scalar_kernels()).largest(d.data(), s.units, linnet::kMagnitudeBits),
        describe(s));
    std::vector<float> spoilt = x;
    spoilt[0] = INFINITY;
    CHECK_MESSAGE(!std::isfinite(variant.layer(spoilt.data(), w.data(), s.inputs, s.bias, job, largest_d)),
                  describe(s));
  }
}

TEST_CASE("a row of unit gradients down through a layer has the bits of the product times the derivatives") {
  if (kernels().index == 0) {
    return;
  }
  const linnet::KernelTable& scalar = linnet::scalar_kernels();
  std::size_t turn = 0;
  for (const Shape& s : shapes()) {
    const std::vector<float> d = random_floats(s.units, 7);
    const std::vector<float> w = random_floats(s.inputs * s.units, 8);
    for (const float factor : {1.0f, -3e38f, INFINITY, NAN}) {
      ++turn;
      std::vector<float> below = random_floats(s.inputs, 9);
      below[turn % s.inputs] = factor;
      const Lent lent_d(d, turn), lent_w(w, turn), own(below, turn);
      const std::uint32_t expected = linnet::training_kernels_of(scalar).input_gradient(
          {d.data(), w.data(), nullptr, below.data(), 1, s.units, s.inputs}, !by_unit(s));
      const std::uint32_t found =
          linnet::training_kernels_of(kernels()).row_below(lent_d.data(), lent_w.data(), s.inputs, s.units, own.data());
      CHECK_MESSAGE(found == expected, describe(s));
      CHECK_MESSAGE((std::isnan(factor) || same_bits(own.copy(), below)), describe(s));
    }
  }
}

TEST_CASE("a layer and its biases change at once as by a sum over one sample, between guards") {
  if (kernels().index == 0) {
    return;
  }
  std::size_t turn = 0;
  for (const NamedOptimizer& named : optimizers()) {
    const linnet::TrainerConfig config{linnet::loss::huber, named.optimizer, 1};
    linnet::Update update(config, 0);
    float bias_corrections[2] = {};
    if (named.optimizer.descriptor->prepare != nullptr) {
      named.optimizer.descriptor->prepare(named.optimizer, bias_corrections, update);
    }
    if (update.decay > 0.0f) {
      continue;
    }
    for (const Shape& s : shapes()) {
      ++turn;
      const std::vector<float> x = random_floats(s.inputs, 1);
      const std::vector<float> d = random_floats(s.units, 2);
      const std::size_t n = parameters_of(s);
      std::vector<float> w = random_floats(n, 3), state(named.optimizer.state_slots * n, 0.5f);
      const Lent own_w(w, turn), own_state(state, turn), lent_x(x, turn), lent_d(d, turn);
      update.run = n;
      const linnet::OptimizerDescriptor& descriptor = *named.optimizer.descriptor;
      const linnet::OptimizerVariant& scalar = *descriptor.variants[0];
      const auto& p = by_unit(s) ? d : x;
      const auto& q = by_unit(s) ? x : d;
      scalar.fused({p.data(), q.data(), p.size(), 1, q.size(), p.size(), 1.0f}, w.data(), state.data(), update);
      if (s.bias) {
        const float one = 1.0f;
        const std::size_t at = s.inputs * s.units;
        float* const bias_state = state.empty() ? nullptr : state.data() + at;
        scalar.fused({&one, d.data(), 0, 1, s.units, 1, 1.0f}, w.data() + at, bias_state, update);
      }
      descriptor.variants[kernels().index]->layer(lent_x.data(), lent_d.data(), s.inputs,
                                                  {s.units, linnet::activation::identity, s.bias}, own_w.data(),
                                                  own_state.data(), update);
      const std::string where = std::string(named.name) + " " + describe(s);
      CHECK_MESSAGE(same_bits(own_w.copy(), w), where);
      CHECK_MESSAGE(same_bits(own_state.copy(), state), where);
    }
  }
}

#endif
