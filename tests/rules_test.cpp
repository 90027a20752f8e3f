// Every update rule on zeros of both signs and other corners, in every table.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tables/tables.hpp"
#include "optimizer/descriptor.hpp"
#include "step/step.hpp"

#include "nets.hpp"

using namespace linnet_test;

namespace {

const float kCorners[] = {0.0f, -0.0f, 1.0f, -1.0f, 1e-20f, -1e-20f, 1e12f, 0.25f};

struct Case {
  std::vector<float> g, w, state;  // the first slots, then the second, then the third

  // All combinations; states that cannot be negative are not.
  explicit Case(const linnet::OptimizerDescriptor& descriptor) {
    std::vector<float> s1, s2;
    for (const float gradient : kCorners) {
      for (const float weight : kCorners) {
        for (const float first : kCorners) {
          for (const float second : kCorners) {
            g.push_back(gradient);
            w.push_back(weight);
            state.push_back(descriptor.state_signed[0] ? first : first < 0.0f ? -first : first + 0.0f);
            s1.push_back(descriptor.state_signed[1] ? second : second < 0.0f ? -second : second + 0.0f);
            s2.push_back(std::fabs(kCorners[s2.size() * 5 / 3 % 8]));
          }
        }
      }
    }
    state.insert(state.end(), s1.begin(), s1.end());
    state.insert(state.end(), s2.begin(), s2.end());
  }
};

// What a table stores where the scalar one has x: the squares of the smallest corners are subnormal.
std::vector<float> stored(const linnet::KernelTable& table, std::vector<float> x) {
  for (float& value : x) {
    value = flushes(table) && std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value) : value;
  }
  return x;
}

const float kOne = 1.0f;

// The constants of an optimizer's first step.
struct FirstStep {
  linnet::TrainerConfig config;
  linnet::Update update;
  float bias_corrections[2] = {};

  explicit FirstStep(const linnet::Optimizer& optimizer)
      : config{linnet::loss::huber, optimizer, 1}, update(config, 0) {
    if (optimizer.descriptor->prepare != nullptr) {
      optimizer.descriptor->prepare(optimizer, bias_corrections, update);
    }
  }
};

using Change = void (*)(const linnet::OuterSum&, float* w, float* state, const linnet::Update&);

// The step that gradients given outright make: as an outer product with 1.
void change(Change how, Case& on, linnet::Update update) {
  update.run = on.w.size();
  how({&kOne, on.g.data(), 0, 1, on.g.size(), 1, 1.0f}, on.w.data(), on.state.data(), update);
}

}  // namespace

TEST_CASE("every update rule gives the same bits in every table, for zeros of both signs and other corners") {
  for (const NamedOptimizer& named : optimizers()) {
    const linnet::OptimizerDescriptor& descriptor = *named.optimizer.descriptor;
    const FirstStep first(named.optimizer);
    const linnet::Update& update = first.update;
    const Case start(descriptor);
    Case expected = start;
    change(descriptor.variants[0]->fused, expected, update);
    if (update.decay == 0.0f) {
      Case single = start;
      change(descriptor.variants[0]->single, single, update);
      CHECK_MESSAGE(same_bits(expected.w, single.w), named.name);
      CHECK_MESSAGE(same_bits(expected.state, single.state), named.name);
    }
    for (const linnet::KernelTable* table : all_tables()) {
      Case result = start;
      change(descriptor.variants[table->index]->fused, result, update);
      const std::string where = std::string(named.name) + " on " + linnet::to_string(*table);
      CHECK_MESSAGE(same_bits(stored(*table, expected.w), result.w), where);
      CHECK_MESSAGE(same_bits(stored(*table, expected.state), result.state), where);
    }
  }
}

TEST_CASE("Rprop's steps stay between its smallest and its largest") {
  const auto line = linnet::topology(1, {{1, linnet::activation::identity, false}});
  // y = w x, and what it costs to be above or below t: the sign of the gradient is chosen step by step
  Bench bench(line, {linnet::loss::mean_squared_error, linnet::optimizer::rprop(0.01f, 0.5f, 1.2f, 0.004f, 0.02f), 1},
              1);
  REQUIRE(bench.status == Status::ok);
  const auto step = [&bench](float t) {
    const float x[1][1] = {{1.0f}};
    const float targets[1][1] = {{t}};
    REQUIRE(bench.trainer.step(x, targets) == Status::ok);
    return bench.state()[1];
  };
  float size = 0.01f;
  for (int k = 0; k < 8; ++k) {
    size = k == 0 ? 0.01f : std::fmin(size * 1.2f, 0.02f);
    CHECK(std::fabs(step(100.0f) - size) <= 1e-6f * size);
  }
  CHECK(step(100.0f) == 0.02f);
  for (int k = 0; k < 16; ++k) step(k % 4 < 2 ? -100.0f : 100.0f);  // after a turn a step is made without one
  CHECK(bench.state()[1] >= 0.004f);
  float least = 1.0f;
  for (int k = 0; k < 12; ++k) least = std::fmin(least, step(k % 2 == 0 ? -100.0f : 100.0f));
  CHECK(least >= 0.004f);
}

TEST_CASE("biases change with the weights as they do by themselves, in either order of weights") {
  if (all_tables().size() == 1) {
    return;  // without vectors biases have a sum of their own (kBiasesWithWeights)
  }
  const linnet::OptimizerDescriptor& descriptor = *linnet::optimizer::adam().descriptor;
  FirstStep first(linnet::optimizer::adam(0.01f));
  linnet::Update& update = first.update;
  for (const float clip : {0.0f, 0.75f}) {
    update.clip = clip;
    for (const std::size_t batch : {2u, 5u}) {
      for (const std::size_t rows : {1u, 2u, 3u, 4u, 7u, 8u, 13u, 63u, 64u, 65u, 200u}) {
        for (const std::size_t columns : {1u, 8u, 17u, 64u, 83u, 256u, 300u}) {
          const std::vector<float> p = random_floats(batch * rows, 1);
          const std::vector<float> q = random_floats(batch * columns, 2);
          for (const bool by_unit : {false, true}) {
            const std::size_t units = by_unit ? rows : columns;
            const float* d = by_unit ? p.data() : q.data();
            const std::size_t at = rows * columns;
            const std::vector<float> start = random_floats(at + units, 3);
            const std::vector<float> state(3 * start.size(), 0.5f);
            update.run = start.size();
            for (const linnet::KernelTable* table : all_tables()) {
              const linnet::OptimizerVariant& rule = *descriptor.variants[table->index];
              std::vector<float> w = start, s = state, expected = start, e = state;
              linnet::OuterSum sum{p.data(), q.data(), rows, batch, columns, rows, 0.25f};
              rule.fused(sum, expected.data(), e.data(), update);
              rule.fused({&kOne, d, 0, batch, units, 1, 0.25f}, expected.data() + at, e.data() + at, update);
              sum.biases = d;
              rule.fused(sum, w.data(), s.data(), update);
              CHECK_MESSAGE((same_bits(w, expected) && same_bits(s, e)),
                            (std::string(linnet::to_string(*table)) + ", " + std::to_string(rows) + " rows, " +
                             std::to_string(columns) + " columns"));
            }
          }
        }
      }
    }
  }
}

TEST_CASE(
    "the step of a single sample changes weights and biases as the general one does, in either order of weights") {
  if (all_tables().size() == 1) {
    return;  // without vectors biases have a sum of their own (kBiasesWithWeights)
  }
  for (const NamedOptimizer& named : optimizers()) {
    const linnet::OptimizerDescriptor& descriptor = *named.optimizer.descriptor;
    FirstStep first(named.optimizer);
    linnet::Update& update = first.update;
    if (update.decay > 0.0f) {
      continue;
    }
    for (const std::size_t rows : {1u, 3u, 4u, 7u, 13u, 33u}) {
      for (const std::size_t columns : {1u, 3u, 8u, 15u, 17u, 64u, 83u}) {
        const std::vector<float> p = random_floats(rows, 1);
        const std::vector<float> q = random_floats(columns, 2);
        for (const std::vector<float>* units : {&p, &q}) {
          const std::size_t n = rows * columns + units->size();
          const std::vector<float> start = random_floats(n, 3);
          const std::vector<float> state(3 * n, 0.5f);
          update.run = n;
          for (const linnet::KernelTable* table : all_tables()) {
            const linnet::OptimizerVariant& rule = *descriptor.variants[table->index];
            std::vector<float> w = start, s = state, expected = start, e = state;
            linnet::OuterSum sum{p.data(), q.data(), rows, 1, columns, rows, 1.0f};
            rule.fused(sum, expected.data(), e.data(), update);
            const std::size_t at = rows * columns;
            rule.fused({&kOne, units->data(), 0, 1, units->size(), 1, 1.0f}, expected.data() + at, e.data() + at,
                       update);
            sum.biases = units->data();
            rule.single(sum, w.data(), s.data(), update);
            const std::string where = std::string(named.name) + " on " + linnet::to_string(*table);
            CHECK_MESSAGE((same_bits(w, expected) && same_bits(s, e)), where);
          }
        }
      }
    }
  }
}
