#include "gallery.hpp"

#include <cmath>
#include <vector>

#include "../console.hpp"
#include "experiments.hpp"
#include "figures.hpp"
#include "files.hpp"
#include "svg.hpp"

namespace gallery {

namespace ln = linnet;
using course::Model;
using course::Start;
using experiments::Length;
using experiments::Look;
using figures::Curve;
using figures::Layers;
namespace a = ln::activation;
using ln::Status;

namespace {

struct Picture {
  std::string name, svg, caption;
};

// Collects pictures; remembers the first Status that is not ok.
class Album {
 public:
  explicit Album(const Settings& settings, const course::Sweep& sweep) : settings_(settings), sweep_(sweep) {}

  Status fill();
  [[nodiscard]] const std::vector<Picture>& pictures() const { return pictures_; }

 private:
  struct Entry {
    const char* name;
    Model model;
    bool standardized = false;
  };

  void add(const std::string& name, std::string svg, const std::string& caption) {
    pictures_.push_back({name, std::move(svg), caption});
  }
  Status compare(const std::string& file, const std::string& title, const std::vector<Entry>& entries, float rate,
                 std::size_t points, const std::string& caption, std::size_t before = 0);
  Status first_gradients();
  Status curves_of_the_course();
  Status depths();
  Status later_layers();
  Status standardized();
  Status spreads();
  Status deaths();

  const Settings& settings_;
  const course::Sweep& sweep_;
  std::vector<Picture> pictures_;
};

Status Album::compare(const std::string& file, const std::string& title, const std::vector<Entry>& entries, float rate,
                      std::size_t points, const std::string& caption, std::size_t before) {
  std::vector<Curve> curves;
  for (const Entry& entry : entries) {
    const Length length{points, settings_.course_epochs, before};
    if (auto s = experiments::learn(entry.model, entry.name, settings_.seed, rate, length, entry.standardized, curves);
        s != Status::ok)
      return s;
  }
  const char* x = settings_.course_epochs ? "plot point e, after e (e + 1) / 2 passes" : "passes";
  add(file, figures::curves(title, x, curves), caption);
  return Status::ok;
}

Status Album::first_gradients() {
  std::vector<Layers> list;
  const Model standard{a::sigmoid, 3, Start::standard};
  const Model xavier{a::sigmoid, 3, Start::xavier_uniform};
  if (auto s = experiments::look(standard, "default", settings_.seed, 1, Look::gradients, list); s != Status::ok)
    return s;
  if (auto s = experiments::look(xavier, "Xavier uniform", settings_.seed, 1, Look::gradients, list); s != Status::ok)
    return s;
  add("g1", figures::violins("G1  Weight gradients of sigmoid x3 after one pass", "weight gradient", list),
      "The gradients of the last batch. Every layer further down gets about a tenth of the one above; Xavier's start "
      "lifts the lowest layers.");
  return Status::ok;
}

Status Album::curves_of_the_course() {
  const auto starts = [](const ln::Activation& activation, std::size_t hidden) {
    return std::vector<Entry>{{"default", {activation, hidden, Start::standard}},
                              {"Xavier uniform", {activation, hidden, Start::xavier_uniform}},
                              {"Xavier normal", {activation, hidden, Start::xavier_normal}}};
  };
  const Entry relu{"default", {a::relu, 3, Start::standard}};
  const Entry uniform{"Kaiming uniform", {a::relu, 3, Start::kaiming_uniform}};
  const Entry normal{"Kaiming normal", {a::relu, 3, Start::kaiming_normal}};
  const std::string slow =
      "Learning rate 0.001: at 0.03 many of these networks die, as the picture of dead units shows.";
  const struct {
    const char *file, *title;
    std::vector<Entry> entries;
    float rate;
    std::size_t points;
    std::string caption;
    std::size_t before;
  } figures[] = {{"g2", "G2  Sigmoid x3, learning rate 0.03", starts(a::sigmoid, 3), 0.03f, 20,
                  "The networks of G1 go on. One run: the bands below say how much of it is luck.", 1},
                 {"g3", "G3  Sigmoid x4, learning rate 0.03", starts(a::sigmoid, 4), 0.03f, 40, "", 0},
                 {"g4", "G4  Tanh x3, learning rate 0.03", starts(a::tanh, 3), 0.03f, 20,
                  "Tanh at this rate is chaotic: a change of 1e-15 in the first weights gives another curve.", 0},
                 {"g5", "G5  ReLU x3, learning rate 0.001", {relu, uniform}, 0.001f, 20, slow, 0},
                 {"g6", "G6  ReLU x3, learning rate 0.001", {relu, normal}, 0.001f, 20, "", 0}};
  for (const auto& f : figures) {
    if (auto s = compare(f.file, f.title, f.entries, f.rate, f.points, f.caption, f.before); s != Status::ok) return s;
  }
  return Status::ok;
}

Status Album::standardized() {
  return compare("g9", "G9  Sigmoid x3, Xavier: features as they are, and standardized",
                 {{"as they are", {a::sigmoid, 3, Start::xavier_uniform}},
                  {"standardized", {a::sigmoid, 3, Start::xavier_uniform}, true}},
                 0.03f, 40, "The features are normal already: standardizing them changes next to nothing.");
}

Status Album::depths() {
  if (auto s = compare("g7-kinds", "G7  One hidden layer, learning rate 0.03",
                       {{"linear", {a::identity, 0, Start::standard}},
                        {"sigmoid x1", {a::sigmoid, 1, Start::standard}},
                        {"tanh x1", {a::tanh, 1, Start::standard}},
                        {"ReLU x1", {a::relu, 1, Start::standard}}},
                       0.03f, 20, "A linear model can do no better than the mean.");
      s != Status::ok)
    return s;
  const struct {
    const char *file, *title, *names[4];
    ln::Activation activation;
  } kinds[] = {
      {"g7-relu", "G7  ReLU of 1 to 4 hidden layers, default", {"ReLU x1", "ReLU x2", "ReLU x3", "ReLU x4"}, a::relu},
      {"g7-sigmoid",
       "G7  Sigmoid of 1 to 4 hidden layers, default",
       {"sigmoid x1", "sigmoid x2", "sigmoid x3", "sigmoid x4"},
       a::sigmoid},
      {"g7-tanh", "G7  Tanh of 1 to 4 hidden layers, default", {"tanh x1", "tanh x2", "tanh x3", "tanh x4"}, a::tanh}};
  for (const auto& kind : kinds) {
    std::vector<Entry> entries;
    for (std::size_t k = 0; k < 4; ++k) entries.push_back({kind.names[k], {kind.activation, k + 1, Start::standard}});
    if (auto s = compare(kind.file, kind.title, entries, 0.03f, 50, ""); s != Status::ok) return s;
  }
  return Status::ok;
}

Status Album::later_layers() {
  const Model sigmoid{a::sigmoid, 3, Start::standard};
  const Model tanh{a::tanh, 4, Start::standard};
  for (const Look at : {Look::gradients, Look::weights}) {
    std::vector<Layers> list;
    if (auto s = experiments::look(sigmoid, "after 5 passes", settings_.seed, 5, at, list); s != Status::ok) return s;
    if (auto s = experiments::look(sigmoid, "after 25 passes", settings_.seed, 25, at, list); s != Status::ok) return s;
    const std::string what = at == Look::gradients ? "weight gradient" : "weight";
    add(at == Look::gradients ? "g8-sigmoid-gradients" : "g8-sigmoid-weights",
        figures::violins("G8  Sigmoid x3, default: " + what + "s", what, list), "");
  }
  std::vector<Layers> list;
  if (auto s = experiments::look(tanh, "after 5 \"epochs\": 10 passes", settings_.seed, 10, Look::gradients, list);
      s != Status::ok)
    return s;
  if (auto s = experiments::look(tanh, "after 20 \"epochs\": 190 passes", settings_.seed, 190, Look::gradients, list);
      s != Status::ok)
    return s;
  add("g8-tanh-gradients", figures::violins("G8  Tanh x4, default: weight gradients", "weight gradient", list), "");
  return Status::ok;
}

Status Album::spreads() {
  std::vector<figures::Spread> list = {
      {"sigmoid x3, rate 0.03", {}, {{2e-3, 7e-3, 5e-2, 7e-1}, {7e-3, 2e-2, 9e-2, 6e-1}}},
      {"tanh x3, rate 0.03", {}, {{2e-1, 1e-1, 1e-1, 5e-1}, {6e-1, 4e-1, 4e-1, 7e-1}}},
      {"ReLU x3, rate 0.001", {}, {{3e-2, 3e-2, 3e-2, 1e-1}, {3e-1, 2e-1, 3e-1, 5e-1}}}};
  const ln::Activation kinds[] = {a::sigmoid, a::tanh, a::relu};
  for (std::size_t k = 0; k < 3; ++k) {
    const Start starts[] = {Start::standard, k == 2 ? Start::kaiming_uniform : Start::xavier_uniform};
    for (std::size_t side = 0; side < 2; ++side)
      if (auto s = experiments::spread({kinds[k], 3, starts[side]}, sweep_.first_seed, sweep_.seeds,
                                       k == 2 ? 0.001f : 0.03f, list[k].networks[side]);
          s != Status::ok)
        return s;
  }
  add("seeds-gradients",
      figures::spreads("Weight gradients after one pass, over " + std::to_string(sweep_.seeds) + " seeds", list),
      "A violin holds one number per seed: the mean magnitude of the layer's weight gradients in the last batch of "
      "the first pass.");
  return Status::ok;
}

// ---- Dead units.

constexpr std::size_t kWatched = 60;  // passes
constexpr float kDeadly = 0.03f;      // learning rate

// The first seed that learned for ten passes and more before a layer died, found before the curve showed it.
Status find_death(const course::Sweep& sweep, figures::Death& death) {
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

Status Album::deaths() {
  figures::Death death{};
  if (auto s = find_death(sweep_, death); s != Status::ok) return s;
  std::vector<figures::Toll> tolls;
  const std::size_t seeds = sweep_.seeds < 100 ? sweep_.seeds : 100;
  const struct {
    const char* name;
    Start start;
  } starts[] = {{"default", Start::standard},
                {"Kaiming uniform", Start::kaiming_uniform},
                {"Kaiming normal", Start::kaiming_normal}};
  for (const auto& start : starts) {
    tolls.push_back({start.name, std::vector<double>(kWatched + 1, 0.0)});
    for (std::size_t k = 0; k < seeds; ++k) {
      experiments::Watch watch;
      if (auto s = experiments::watch({a::relu, 3, start.start}, sweep_.first_seed + k, kDeadly, kWatched, watch);
          s != Status::ok)
        return s;
      for (std::size_t p = watch.found; watch.found > 0 && p <= kWatched; ++p)
        tolls.back().share[p] += 1.0 / static_cast<double>(seeds);
    }
  }
  add("dead-relu", figures::deaths("ReLU x3 at learning rate 0.03 dies", death, tolls),
      "A layer whose units were 0 for a whole pass gets no gradient any more, nor does anything below it: nothing "
      "brings "
      "it back. Right: over " +
          std::to_string(seeds) + " seeds.");
  return Status::ok;
}

Status Album::fill() {
  console::Bar bar;
  const auto step = [&bar](std::size_t done, const char* what) { bar.draw("drawing ", done, 6, what); };
  step(0, "gradients");
  if (auto s = first_gradients(); s != Status::ok) return s;
  step(1, "curves");
  if (auto s = curves_of_the_course(); s != Status::ok) return s;
  step(2, "depths");
  if (auto s = depths(); s != Status::ok) return s;
  step(3, "layers");
  if (auto s = later_layers(); s != Status::ok) return s;
  if (auto s = standardized(); s != Status::ok) return s;
  step(4, "dead units");
  if (auto s = deaths(); s != Status::ok) return s;
  step(5, "seeds");
  add("seeds-shares", figures::shares(sweep_), "One seed proves little; so these are the same networks over many.");
  add("seeds-bands", figures::bands(sweep_, settings_.course_epochs), "");
  const Status status = spreads();
  bar.erase();
  return status;
}

std::string page(const Settings& settings, const course::Sweep& sweep, const std::vector<Picture>& pictures) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Initialization, drawn</title>\n<style>"
      "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,'DejaVu Sans',sans-serif;"
      "background:#fff;color:#1b1f24}figure{margin:2rem 0;break-inside:avoid}figure svg{max-width:100%;height:auto}"
      "figcaption{color:#57606a}"
      "@media screen and (prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ed}figcaption{color:#a9b1bb}}"
      "</style>\n<h1>Initialization, drawn</h1>\n<p>Networks of 2 inputs, some hidden layers of 4 units and one linear "
      "output learn y = 2 x1&#178; - x2&#178; + 0.01 N(0, 1) from 700 samples in batches of 10. "
      "The mean of the targets alone scores an MSE of about 10.</p>\n<p>Pictures G1 to G9 are one run each, seed " +
      std::to_string(settings.seed) + ". The last ones are over the seeds " + std::to_string(sweep.first_seed) +
      " to " + std::to_string(sweep.first_seed + sweep.seeds - 1) + ".</p>\n";
  for (const Picture& picture : pictures) {
    html += "<figure id=\"" + picture.name + "\">\n" + picture.svg;
    if (!picture.caption.empty()) html += "<figcaption>" + picture.caption + "</figcaption>\n";
    html += "</figure>\n";
  }
  return html + "</html>\n";
}

}  // namespace

bool write(const Settings& settings, const course::Sweep& sweep) {
  Album album(settings, sweep);
  if (auto s = album.fill(); s != Status::ok) return console::report(s) == 0;
  for (const Picture& picture : album.pictures())
    if (!files::write(settings.folder + "/" + picture.name + ".svg", picture.svg)) return false;
  return files::write(settings.folder + "/index.html", page(settings, sweep, album.pictures()));
}

}  // namespace gallery
