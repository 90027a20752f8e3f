#include "remedies.hpp"

#include <cstdio>

#include "../console.hpp"
#include "sweep.hpp"

namespace remedies {

namespace a = ln::activation;
using course::Model;
using course::Recipe;
using course::Start;
using ln::Status;

constexpr float kRate = 0.03f;    // at which all three fail
constexpr float kLower = 0.003f;  // a tenth of it

static Network network(const char* name, const ln::Activation& activation, Start start, const ln::Activation& other,
                       const char* other_name) {
  const Model model{activation, 4, Start::standard};
  const Recipe plain = course::sgd(kRate);
  Model started = model;
  started.start = start;
  Model with_other = model;
  with_other.activation = other;
  return {name,
          {{"as it is", model, plain},
           {std::string("start: ") + course::title_of(start), started, plain},
           {"inputs standardized", model, {plain.optimizer, true}},
           {std::string("activation: ") + other_name, with_other, plain},
           {"schedule: halved 5 times", model, {plain.optimizer, false, course::halved}},
           {"schedule: warm-up, decay", model, {plain.optimizer, false, course::warmed_up}},
           {"rate 0.003 from the start", model, course::sgd(kLower)},
           {"optimizer: Adam, 0.003", model, {ln::optimizer::adam(kLower)}}}};
}

static std::vector<Network> all() {
  return {network("sigmoid x4", a::sigmoid, Start::xavier_uniform, a::tanh, "tanh"),
          network("ReLU x4", a::relu, Start::kaiming_uniform, a::leaky_relu.with_slope(0.1f), "leaky 0.1"),
          network("tanh x4", a::tanh, Start::xavier_uniform, a::relu, "ReLU")};
}

Status run(std::uint64_t first, std::size_t seeds, std::vector<Network>& networks) {
  networks = all();
  console::Bar bar;
  std::size_t done = 0;
  for (Network& network : networks) {
    for (Remedy& remedy : network.list) {
      const std::string what = network.name + (", " + remedy.name);
      const auto note = [&](std::size_t k) {
        bar.draw("remedies", done * seeds + k, networks.size() * network.list.size() * seeds, what.c_str());
      };
      std::vector<course::Outcome> outcomes;
      if (auto s = course::run_seeds(remedy.model, remedy.recipe, {40, true, true}, first, seeds, outcomes, note);
          s != Status::ok)
        return s;
      remedy.share = course::share_of(outcomes);
      ++done;
    }
  }
  bar.erase();
  return Status::ok;
}

void print(const std::vector<Network>& networks, std::size_t seeds) {
  std::printf("train MSE < 1 within 780 passes, share of %zu seeds; learning rate 0.03 unless it says otherwise\n",
              seeds);
  for (const Network& network : networks) {
    std::printf("\n%s\n", network.name);
    for (const Remedy& remedy : network.list)
      std::printf("  %-32s %5.1f %%\n", remedy.name.c_str(), 100.0 * remedy.share);
  }
}

}  // namespace remedies
