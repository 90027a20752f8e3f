#include "lessons.hpp"

#include <algorithm>
#include <cmath>

namespace lessons {

using course::Data;
using course::Run;

// The largest difference between the first unit's weights and another's, of layers of more than one unit.
static double unlikeness_of(const Run& run, const Model& model) {
  double largest = 0.0;
  for (std::size_t l = 0; l < model.hidden; ++l) {
    const std::vector<double> weights = run.weights(l);  // (units, inputs)
    const std::size_t inputs = weights.size() / model.units[l];
    for (std::size_t k = inputs; k < weights.size(); ++k)
      largest = std::max(largest, std::abs(weights[k] - weights[k % inputs]));
  }
  return largest;
}

Status trail(const Model& model, std::uint64_t seed, float rate, std::size_t passes, Trail& result) {
  thread_local Data data;
  thread_local Run run;
  result = {};
  data.draw(seed);
  if (auto s = run.start(model, data, seed, rate, ln::Gradients::fused); s != Status::ok) return s;
  for (std::size_t pass = 0; pass <= passes; ++pass) {
    if (pass > 0)
      if (auto s = run.train(1); s != Status::ok) return s;
    result.values.push_back(run.weights(0));
    result.unlikeness = std::max(result.unlikeness, unlikeness_of(run, model));
  }
  return Status::ok;
}

Status activations(const Model& model, std::uint64_t seed, Activations& result) {
  thread_local Data data;
  thread_local Run run;
  result = {};
  data.draw(seed);
  if (auto s = run.start(model, data, seed, 0.03f, ln::Gradients::fused); s != Status::ok) return s;
  for (std::size_t l = 0; l < model.hidden; ++l) {
    std::vector<float> values;  // (samples, units)
    if (auto s = run.activations(l, values); s != Status::ok) return s;
    std::size_t alike = 0;
    for (auto row = values.begin(); row != values.end(); row += static_cast<long>(model.units[l])) {
      const auto end = row + static_cast<long>(model.units[l]);
      const bool positive = std::all_of(row, end, [](float value) { return value > 0.0f; });
      const bool negative = std::all_of(row, end, [](float value) { return value < 0.0f; });
      alike += positive || negative ? 1 : 0;
    }
    result.values.emplace_back(values.begin(), values.end());
    result.one_sign.push_back(static_cast<double>(alike) / static_cast<double>(course::kSamples));
  }
  return Status::ok;
}

Status dies(const Model& model, std::uint64_t seed, float rate, std::size_t passes, bool& dead) {
  thread_local Data data;
  thread_local Run run;
  dead = false;
  data.draw(seed);
  if (auto s = run.start(model, data, seed, rate, ln::Gradients::fused); s != Status::ok) return s;
  if (auto s = run.train(passes - 1); s != Status::ok) return s == Status::diverged ? Status::ok : s;
  ln::Diagnostics diagnostics;
  std::vector<ln::LayerDiagnostics> layers(run.layers());
  std::vector<float> memory(ln::diagnostics_floats(run.network().topology()));
  if (auto s = diagnostics.bind(run.trainer(), layers, memory); s != Status::ok) return s;
  diagnostics.begin_epoch();
  if (auto s = run.train(1, ln::Diagnostics::take_step, &diagnostics); s != Status::ok)
    return s == Status::diverged ? Status::ok : s;
  for (std::size_t l = 0; l < model.hidden; ++l) dead = dead || layers[l].dead_in_epoch == 1.0f;
  return Status::ok;
}

}  // namespace lessons
