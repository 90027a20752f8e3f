#include <cmath>
#include <vector>

#include "experiments.hpp"
#include "figures.hpp"
#include "gallery.hpp"
#include "remedies.hpp"
#include "words.hpp"

namespace gallery {

namespace ln = linnet;
namespace a = ln::activation;
using course::sgd;
using course::Start;
using course::Sweep;
using ln::Status;

static std::string seeds_of(const Sweep& sweep) { return std::to_string(sweep.seeds) + " seeds"; }

static void shares(const Sweep& sweep, page::Page& page) {
  std::vector<figures::Share> list;
  for (std::size_t r = 0; r < course::kRowCount; ++r)
    list.push_back({course::kRows[r].title, course::share_of(sweep.outcomes[r]), static_cast<double>(sweep.seeds),
                    course::kRows[r].share_in_pytorch});
  page.figure(
      "seeds-shares", "How often does a network learn?",
      figures::shares("Runs with train MSE < 1", "of all seeds, %", list),
      "The share of " + seeds_of(sweep) +
          " whose train MSE fell below 1 at any of the course's plot points, 190 passes in all with three hidden "
          "layers, 780 with four. The learning rate is 0.03, for ReLU 0.001. PyTorch's runs drew other data and "
          "weights: that they agree says that the lesson is about networks, not about a library.");
}

// The rows of one network, which follow each other, over each other.
static void bands(const Settings& settings, const Sweep& sweep, page::Page& page) {
  figures::Panels panels;
  for (std::size_t r = 0; r < course::kRowCount;) {
    const std::string title = course::kRows[r].title;
    const std::string network = title.substr(0, title.find(','));
    std::vector<figures::Band> list;
    for (; r < course::kRowCount && std::string(course::kRows[r].title).rfind(network + ",", 0) == 0; ++r)
      list.push_back(
          words::band_of(course::title_of(course::kRows[r].model.start), sweep.outcomes[r], !settings.course_epochs));
    const figures::Panels drawn = figures::bands(network, settings.course_epochs ? "plot point" : "passes", list);
    panels.insert(panels.end(), drawn.begin(), drawn.end());
  }
  page.figure(
      "seeds-bands", "The error along the training, over " + seeds_of(sweep), panels,
      std::string(words::kBandsCaption) +
          " Sigmoid leaves the plateau of the mean late or never, and sooner with Xavier's start; tanh leaves it at "
          "once and stays where it is; ReLU is slower with the default start and ends about the same; without "
          "biases it ends higher.");
}

static Status spreads(const Sweep& sweep, page::Page& page) {
  std::vector<figures::Spread> list = {
      {"Sigmoid x3, rate 0.03", {}, {{2e-3, 7e-3, 5e-2, 7e-1}, {7e-3, 2e-2, 9e-2, 6e-1}}},
      {"Tanh x3, rate 0.03", {}, {{2e-1, 1e-1, 1e-1, 5e-1}, {6e-1, 4e-1, 4e-1, 7e-1}}},
      {"ReLU x3, rate 0.001", {}, {{3e-2, 3e-2, 3e-2, 1e-1}, {3e-1, 2e-1, 3e-1, 5e-1}}}};
  const ln::Activation kinds[] = {a::sigmoid, a::tanh, a::relu};
  for (std::size_t k = 0; k < 3; ++k) {
    for (const Start start : {Start::standard, k == 2 ? Start::kaiming_uniform : Start::xavier_uniform}) {
      list[k].networks.push_back({course::title_of(start), {}});
      if (auto s = experiments::spread({kinds[k], 3, start}, sweep.first_seed, sweep.seeds,
                                       sgd(k == 2 ? 0.001f : 0.03f), list[k].networks.back());
          s != Status::ok)
        return s;
    }
  }
  page.figure("seeds-gradients", "Weight gradients after one pass, over " + seeds_of(sweep), figures::spreads(list),
              std::string(words::kSpreadCaption) +
                  " Xavier's start lifts the first layer of sigmoid about fourfold, Kaiming's that of ReLU tenfold.");
  return Status::ok;
}

Status over_seeds(const Settings& settings, const Sweep& sweep, page::Page& page) {
  shares(sweep, page);
  bands(settings, sweep, page);
  return spreads(sweep, page);
}

// ---- Remedies.

static const char kRemedies[] =
    "The three fail for three reasons, so each needs another remedy. In <b>sigmoid x4</b> gradients vanish: a start "
    "that "
    "lifts them helps, and so does Adam, which divides every gradient by its own size; a smaller rate makes it worse. "
    "<b>ReLU x4</b> dies of its learning rate: no start mends that, but a smaller rate, Adam at that rate, or a slope "
    "that keeps units alive. Halving the rate later comes too late, a warm-up helps some. <b>Tanh x4</b> has gradients "
    "enough and jumps about: a smaller rate, now or later, is all it needs, and ReLU makes it worse. Standardizing "
    "does "
    "nothing for any of them, for the inputs are normal already.";

Status five_remedies(const Sweep& sweep, page::Page& page) {
  const std::size_t seeds = sweep.seeds < 100 ? sweep.seeds : 100;
  std::vector<remedies::Network> networks;
  if (auto s = remedies::run(sweep.first_seed, seeds, networks); s != Status::ok) return s;
  figures::Panels panels;
  for (const remedies::Network& network : networks) {
    std::vector<figures::Share> list;
    for (const remedies::Remedy& remedy : network.list)
      list.push_back({remedy.name, remedy.share, static_cast<double>(seeds), std::nan("")});
    panels.push_back(figures::shares(network.name, "of all seeds with train MSE < 1, %", list)[0]);
  }
  page.heading("remedies", "Five remedies, on three networks that fail (2)");
  page.figure(
      "remedies-shares", "What helps, and what does nothing", panels,
      "Four hidden layers of four units, up to 780 passes, learning rate 0.03 unless it says otherwise; the share of " +
          std::to_string(seeds) + " seeds. " + kRemedies);
  return Status::ok;
}

// ---- Dead units.

constexpr std::size_t kWatched = 60;  // passes
constexpr float kDeadly = 0.03f;      // learning rate

// The first seed that learned for ten passes and more before a layer died, found before the curve showed it.
static Status find_death(const Sweep& sweep, figures::Death& death) {
  experiments::Watch watch;
  for (std::size_t k = 0; k < 1000; ++k) {
    const std::uint64_t seed = sweep.first_seed + k;
    if (auto s = experiments::watch({a::relu, 3, Start::standard}, seed, kDeadly, kWatched, watch); s != Status::ok)
      return s;
    if (watch.found >= 10 && watch.flat > watch.found) {
      watch.pass.erase(watch.pass.begin());  // before the first pass nothing had been watched
      watch.train.erase(watch.train.begin());
      death = {seed, watch.pass, watch.train, watch.dead, watch.found, watch.flat};
      return Status::ok;
    }
  }
  return Status::bad_setting;
}

// The share of seeds with a dead layer by the end of every pass.
static Status toll(const Sweep& sweep, Start start, std::size_t seeds, figures::Line& line) {
  line = {course::title_of(start), {}, std::vector<double>(kWatched + 1, 0.0)};
  for (std::size_t p = 0; p <= kWatched; ++p) line.x.push_back(static_cast<double>(p));
  for (std::size_t k = 0; k < seeds; ++k) {
    experiments::Watch watch;
    if (auto s = experiments::watch({a::relu, 3, start}, sweep.first_seed + k, kDeadly, kWatched, watch);
        s != Status::ok)
      return s;
    for (std::size_t p = watch.found; watch.found > 0 && p <= kWatched; ++p)
      line.percent[p] += 100.0 / static_cast<double>(seeds);
  }
  return Status::ok;
}

Status deaths(const Sweep& sweep, page::Page& page) {
  figures::Death death{};
  if (auto s = find_death(sweep, death); s != Status::ok) return s;
  const std::size_t seeds = sweep.seeds < 100 ? sweep.seeds : 100;
  std::vector<figures::Line> lines(3);
  const Start starts[] = {Start::standard, Start::kaiming_uniform, Start::kaiming_normal};
  for (std::size_t k = 0; k < 3; ++k)
    if (auto s = toll(sweep, starts[k], seeds, lines[k]); s != Status::ok) return s;
  figures::Panels panels = figures::death(death);
  const figures::Panels tolls =
      figures::percentages("ReLU x3, learning rate 0.03", "passes", "seeds with a dead layer, %", lines);
  panels.insert(panels.end(), tolls.begin(), tolls.end());
  page.figure(
      "death", "ReLU at a large learning rate dies", panels,
      "A layer whose units were 0 for a whole pass gets no gradient any more, nor does anything below it: nothing "
      "brings it back. The first panel follows one such network: the diagnostics name the dead layer before the "
      "error has been flat for five passes. The second counts " +
          std::to_string(seeds) + " seeds: a better start does not help here, a smaller learning rate does.");
  return Status::ok;
}

}  // namespace gallery
