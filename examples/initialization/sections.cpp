#include <cmath>
#include <vector>

#include "experiments.hpp"
#include "figures.hpp"
#include "gallery.hpp"
#include "lessons.hpp"
#include "words.hpp"

namespace gallery {

namespace ln = linnet;
namespace a = ln::activation;
using course::Model;
using course::sgd;
using course::Start;
using course::Sweep;
using ln::Status;

static std::size_t few(const Sweep& sweep) { return sweep.seeds < 100 ? sweep.seeds : 100; }

// The share of seeds that learn within the course's 20 "epochs".
static Status share(const Sweep& sweep, const Model& model, float rate, double& result) {
  std::vector<course::Outcome> outcomes;
  if (auto s = course::run_seeds(model, sgd(rate), {20, true, true}, sweep.first_seed, few(sweep), outcomes);
      s != Status::ok)
    return s;
  result = course::share_of(outcomes);
  return Status::ok;
}

static std::string percent(double share) { return words::number("%.0f %%", 100.0 * share); }

// ---- 2.1: all-zero weights.

Status all_zero(const Settings& settings, const Sweep& sweep, page::Page& page) {
  figures::Panels panels;
  double unlikeness = 0.0;
  double shares[2] = {};
  for (const Start start : {Start::zeros, Start::standard}) {
    const Model model{a::sigmoid, 1, start};
    lessons::Trail trail;
    if (auto s = lessons::trail(model, settings.seed, 0.03f, 60, trail); s != Status::ok) return s;
    const bool zeros = start == Start::zeros;
    panels.push_back(figures::trails(zeros ? "All parameters start at zero" : "Default start", trail.values)[0]);
    if (zeros) unlikeness = trail.unlikeness;
    if (auto s = share(sweep, model, 0.03f, shares[zeros ? 0 : 1]); s != Status::ok) return s;
  }
  page.figure(
      "zeros", "All parameters zero: units stay alike (2.1)", panels,
      "One hidden layer of four sigmoid units: the weights of these units along the training. From zero all four "
      "get the same gradient, so each line is four lines: the largest difference between two units ever is " +
          words::number("%g", unlikeness) + ". Four units that are alike are one unit: " + percent(shares[0]) + " of " +
          std::to_string(few(sweep)) + " seeds learn, with the default start " + percent(shares[1]) +
          ". Tanh and ReLU units give 0 at 0, so that from zero nothing but the last bias ever moves.");
  return Status::ok;
}

// ---- 2.4: ReLU without biases.

Status without_bias(const Settings& settings, const Sweep& sweep, page::Page& page) {
  std::vector<figures::Curve> curves;
  for (const bool biases : {true, false}) {
    for (const std::uint64_t seed : {settings.seed, settings.seed + 1}) {
      const std::string name = (biases ? "with, seed " : "without, seed ") + std::to_string(seed);
      if (auto s = experiments::learn({a::relu, 3, Start::standard, biases}, name, seed, sgd(0.001f),
                                      experiments::as_long_as(20, settings.course_epochs), curves);
          s != Status::ok)
        return s;
    }
  }
  std::string many;
  for (std::size_t r = 0; r < course::kRowCount; ++r)
    if (!course::kRows[r].model.biases)
      many = " Over " + std::to_string(sweep.seeds) + " seeds " + percent(course::share_of(sweep.outcomes[r])) +
             " come below 1, and the median ends at " +
             words::number("%.2f", course::quantile(course::finals_of(sweep.outcomes[r]), 0.5)) + ".";
  page.figure("no-bias", "ReLU x3 with and without biases (2.4)",
              figures::curves("ReLU x3, rate 0.001", settings.course_epochs ? "plot point" : "passes", curves),
              "Without biases some seeds stop early and some late, and none gets far. No start can mend it: twice the "
              "inputs then give twice the output, the target grows with their square, and the best such function "
              "scores an MSE of 1.28." +
                  many);
  return Status::ok;
}

// ---- 3: depth and learning rate.

Status death_by_depth(const Sweep& sweep, page::Page& page) {
  std::vector<figures::Line> lines;
  for (const float rate : {0.03f, 0.001f}) {
    for (const Start start : {Start::standard, Start::kaiming_uniform}) {
      const std::string name =
          (start == Start::standard ? "default" : "Kaiming") + words::number(", rate %g", static_cast<double>(rate));
      lines.push_back({name, {}, {}});
      for (std::size_t depth = 1; depth <= 4; ++depth) {
        std::size_t dead = 0;
        for (std::size_t k = 0; k < few(sweep); ++k) {
          bool died = false;
          if (auto s = lessons::dies({a::relu, depth, start}, sweep.first_seed + k, rate, 60, died); s != Status::ok)
            return s;
          dead += died ? 1 : 0;
        }
        lines.back().x.push_back(static_cast<double>(depth));
        lines.back().percent.push_back(100.0 * static_cast<double>(dead) / static_cast<double>(few(sweep)));
      }
    }
  }
  page.figure("depth", "Dead networks by depth and learning rate (3)",
              figures::percentages("ReLU networks that died", "hidden layers", "seeds with a dead layer, %", lines),
              "The share of " + std::to_string(few(sweep)) +
                  " seeds with a layer whose units were all 0 for the whole 60th pass. At 0.03 every layer more costs "
                  "networks; at 0.001 few die. The learning rate matters more than the start.");
  return Status::ok;
}

// ---- 5.1.2: sigmoid is not centred.

Status zero_centred(const Settings& settings, page::Page& page) {
  std::vector<figures::Layers> list;
  std::vector<double> one_sign;
  for (const ln::Activation& activation : {a::sigmoid, a::tanh}) {
    lessons::Activations found;
    if (auto s = lessons::activations({activation, 3, Start::xavier_uniform}, settings.seed, found); s != Status::ok)
      return s;
    list.push_back({list.empty() ? "sigmoid x3" : "tanh x3", found.values});
    one_sign.push_back(found.one_sign[0]);
  }
  page.figure(
      "zero-centred", "Sigmoid is not zero-centred (5.1.2)", figures::violins("Activations", "activation", list, false),
      "What the units of each hidden layer give for all samples before the first step, Xavier uniform. A sigmoid's "
      "values lie around 0.5, all above 0, and the deeper the layer, the less they depend on the sample; tanh's lie "
      "around "
      "0. The gradients of a unit's weights are its error times these values. So for " +
          percent(one_sign[0]) +
          " of the samples all weights of a sigmoid unit in layer 2 are pushed the same way, "
          "up or down together; for tanh for " +
          percent(one_sign[1]) + ".");
  return Status::ok;
}

// ---- 6: leaky slopes and fan_out.

constexpr float kSlopes[] = {0.0f, 0.01f, 0.1f, 0.2f, 0.5f};

static Status learned_by_slope(const Sweep& sweep, Start start, float rate, figures::Line& line) {
  for (const float slope : kSlopes) {
    double learned = 0.0;
    if (auto s = share(sweep, {a::leaky_relu.with_slope(slope), 3, start}, rate, learned); s != Status::ok) return s;
    line.x.push_back(static_cast<double>(line.x.size()));
    line.percent.push_back(100.0 * learned);
  }
  return Status::ok;
}

Status leaky_slopes(const Sweep& sweep, page::Page& page) {
  std::vector<figures::Line> lines = {
      {"fan_in, rate 0.001", {}, {}}, {"fan_out, rate 0.001", {}, {}}, {"fan_in, rate 0.03", {}, {}}};
  const Start starts[] = {Start::kaiming_uniform, Start::kaiming_uniform_fan_out, Start::kaiming_uniform};
  for (std::size_t k = 0; k < 3; ++k)
    if (auto s = learned_by_slope(sweep, starts[k], k < 2 ? 0.001f : 0.03f, lines[k]); s != Status::ok) return s;
  std::vector<std::pair<double, std::string>> ticks;
  for (const float slope : kSlopes)
    ticks.emplace_back(static_cast<double>(ticks.size()), words::number("%g", static_cast<double>(slope)));
  const auto at = [&lines](std::size_t line, std::size_t slope) {
    return words::number("%.0f %%", lines[line].percent[slope]);
  };
  page.figure("leaky", "Leaky slopes, and fan_in against fan_out (6)",
              figures::percentages("Leaky ReLU x3, Kaiming uniform", "slope of the negative side",
                                   "seeds with train MSE < 1, %", lines, ticks),
              "Slope 0 is ReLU; Kaiming's gain follows the slope, sqrt(2 / (1 + slope&#178;)). A unit with a slope "
              "never loses its "
              "gradient: at learning rate 0.03 ReLU learns for " +
                  at(2, 0) + " of " + std::to_string(few(sweep)) + " seeds, slope 0.1 for " + at(2, 2) +
                  ". Too much is too much: at 0.5 it is " + at(2, 4) +
                  ". fan_in and fan_out differ in the first and the last layer alone, and little comes of it: with so "
                  "many seeds "
                  "a share is known to 5 to 10 %.");
  return Status::ok;
}

}  // namespace gallery
