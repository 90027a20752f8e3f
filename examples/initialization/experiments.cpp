#include "experiments.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace experiments {

using course::Data;
using course::Run;

static Status take_point(Run& run, double x, figures::Curve& curve) {
  float train = 0.0f;
  float test = 0.0f;
  if (auto s = run.train_mse(train); s != Status::ok) return s;
  if (auto s = run.test_mse(test); s != Status::ok) return s;
  curve.x.push_back(x);
  curve.train.push_back(static_cast<double>(train));
  curve.test.push_back(static_cast<double>(test));
  return Status::ok;
}

Length as_long_as(std::size_t points, bool course_epochs) {
  return {course_epochs ? points : course::passes_at(points - 1) + 1, course_epochs};
}

static Status train_along(Run& run, const Length& length, figures::Curve& curve) {
  for (std::size_t k = 0; k < length.points; ++k) {
    if (auto s = run.train(length.course_epochs ? k : k > 0 ? 1 : 0); s != Status::ok) return s;
    if (auto s = take_point(run, static_cast<double>(k), curve); s != Status::ok) return s;
  }
  return Status::ok;
}

Status learn(const Model& model, const std::string& name, std::uint64_t seed, const Recipe& recipe,
             const Length& length, std::vector<figures::Curve>& curves, std::size_t before) {
  static Data data;
  static Run run;
  data.draw(seed);
  if (recipe.standardized) data.standardize();
  curves.push_back({name, {}, {}, {}});
  if (auto s = run.start(model, data, seed, recipe.optimizer, ln::Gradients::fused); s != Status::ok) return s;
  Status status = run.train(before);
  if (status == Status::ok) status = train_along(run, length, curves.back());
  return status == Status::diverged ? Status::ok : status;
}

Status look(const Model& model, const std::string& name, std::uint64_t seed, const Recipe& recipe, std::size_t passes,
            Look at, std::vector<figures::Layers>& list) {
  static Data data;
  static Run run;
  data.draw(seed);
  if (auto s = run.start(model, data, seed, recipe.optimizer, ln::Gradients::kept); s != Status::ok) return s;
  if (auto s = run.train(passes); s != Status::ok && s != Status::diverged) return s;
  list.push_back({name, {}});
  for (std::size_t l = 0; l < run.layers(); ++l)
    list.back().values.push_back(at == Look::weights ? run.weights(l) : run.gradients(l));
  return Status::ok;
}

Status spread(const Model& model, std::uint64_t first_seed, std::size_t seeds, const Recipe& recipe,
              figures::Layers& layers) {
  static Data data;
  static Run run;
  layers.values.assign(model.hidden + 1, {});
  for (std::size_t k = 0; k < seeds; ++k) {
    data.draw(first_seed + k);
    if (auto s = run.start(model, data, first_seed + k, recipe.optimizer, ln::Gradients::kept); s != Status::ok)
      return s;
    const Status status = run.train(1);
    if (status == Status::diverged) continue;
    if (status != Status::ok) return status;
    for (std::size_t l = 0; l < run.layers(); ++l) {
      const double mean = course::mean_magnitude(run.gradients(l));
      if (mean > 0.0) layers.values[l].push_back(std::log10(mean));
    }
  }
  return Status::ok;
}

// ---- Under watch.

namespace {

// A run whose every step is looked at.
struct Watched {
  Data data;
  Run run;
  ln::Diagnostics diagnostics;
  ln::LayerDiagnostics layers[course::kMostLayers];
  std::vector<float> memory;

  Status start(const Model& model, std::uint64_t seed, const ln::Optimizer& optimizer) {
    data.draw(seed);
    if (auto s = run.start(model, data, seed, optimizer, ln::Gradients::fused); s != Status::ok) return s;
    memory.assign(ln::diagnostics_floats(run.network().topology()), 0.0f);
    return diagnostics.bind(run.trainer(), layers, memory);
  }
  Status pass() {
    diagnostics.begin_epoch();
    return run.train(1, ln::Diagnostics::take_step, &diagnostics);
  }
};

bool is_flat(const std::vector<double>& train) {
  constexpr std::size_t kPasses = 5;
  if (train.size() < kPasses + 1) return false;
  const auto ends = std::minmax_element(train.end() - static_cast<long>(kPasses + 1), train.end());
  return *ends.second <= 1.05 * *ends.first;
}

}  // namespace

static void note(const Watched& watched, std::size_t pass, Watch& result) {
  for (std::size_t l = 0; l < result.dead.size(); ++l) {
    const float share = watched.diagnostics.layers()[l].dead_in_epoch;
    result.dead[l].push_back(static_cast<double>(share));
    if (share == 1.0f && result.found == 0) result.found = pass;
  }
}

Status watch(const Model& model, std::uint64_t seed, float rate, std::size_t passes, Watch& result) {
  static Watched watched;
  result = {{}, {}, {}, 0, 0};
  result.dead.resize(model.hidden);
  if (auto s = watched.start(model, seed, ln::optimizer::sgd(rate)); s != Status::ok) return s;
  for (std::size_t pass = 0; pass <= passes; ++pass) {
    if (pass > 0) {
      if (auto s = watched.pass(); s != Status::ok) return s == Status::diverged ? Status::ok : s;
      note(watched, pass, result);
    }
    float mse = 0.0f;
    if (auto s = watched.run.train_mse(mse); s != Status::ok) return s == Status::diverged ? Status::ok : s;
    result.pass.push_back(static_cast<double>(pass));
    result.train.push_back(static_cast<double>(mse));
    if (result.flat == 0 && is_flat(result.train)) result.flat = pass;
  }
  return Status::ok;
}

Status verdicts(const Model& model, std::uint64_t seed, const Recipe& recipe, std::vector<ln::LayerReport>& reports) {
  static Watched watched;
  reports.assign(model.hidden + 1, {});
  if (auto s = watched.start(model, seed, recipe.optimizer); s != Status::ok) return s;
  const ln::ConstRows inputs = ln::ConstRows(watched.data.x).rows(0, 100);
  if (auto s = watched.diagnostics.step(inputs, ln::ConstRows(watched.data.y).rows(0, 100)); s != Status::ok) return s;
  return watched.diagnostics.report(reports);
}

std::string line_of(const std::vector<ln::LayerReport>& reports) {
  std::string line;
  for (const ln::LayerReport& report : reports) {
    char text[64];
    std::snprintf(text, sizeof text, "  %.0e %-9s", static_cast<double>(report.length), ln::to_string(report.verdict));
    line += text;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace experiments
