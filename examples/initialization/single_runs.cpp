#include <vector>

#include "experiments.hpp"
#include "figures.hpp"
#include "gallery.hpp"
#include "words.hpp"

namespace gallery {

namespace ln = linnet;
namespace a = ln::activation;
using course::Model;
using course::sgd;
using course::Start;
using experiments::Look;
using figures::Curve;
using figures::Layers;
using ln::Status;

namespace {

struct Entry {
  const char* name;
  Model model;
  bool standardized = false;
};

struct Comparison {
  const char *id, *title, *panels;
  std::vector<Entry> entries;
  float rate;
  std::size_t points;  ///< as many as the course has "epochs"
  std::string caption;
  std::size_t before = 0;  ///< passes before the first point
};

}  // namespace

static Status compare(const Settings& settings, const Comparison& c, page::Page& page) {
  std::vector<Curve> curves;
  for (const Entry& entry : c.entries) {
    const experiments::Length length = experiments::as_long_as(c.points, settings.course_epochs);
    if (auto s = experiments::learn(entry.model, entry.name, settings.seed,
                                    {ln::optimizer::sgd(c.rate), entry.standardized}, length, curves, c.before);
        s != Status::ok)
      return s;
  }
  const char* x = settings.course_epochs ? "plot point e, after e (e + 1) / 2 passes" : "passes";
  page.figure(c.id, c.title, figures::curves(c.panels, x, curves), c.caption);
  return Status::ok;
}

static Status compare(const Settings& settings, const std::vector<Comparison>& list, page::Page& page) {
  for (const Comparison& c : list)
    if (auto s = compare(settings, c, page); s != Status::ok) return s;
  return Status::ok;
}

static Status first_gradients(const Settings& settings, page::Page& page) {
  std::vector<Layers> list;
  for (const Start start : {Start::standard, Start::xavier_uniform})
    if (auto s = experiments::look({a::sigmoid, 3, start}, course::title_of(start), settings.seed, sgd(0.03f), 1,
                                   Look::gradients, list);
        s != Status::ok)
      return s;
  page.figure(
      "g1", "G1  Weight gradients of sigmoid x3 after one pass", figures::violins("Gradients", "weight gradient", list),
      "The gradients of the last batch. With the default start every layer further down gets about a tenth of the "
      "one above, so the first layers hardly move; Xavier's start lifts them. Look at the lower plots: in the "
      "upper ones the last layer hides all others.");
  return Status::ok;
}

static std::vector<Entry> starts(const ln::Activation& activation, std::size_t hidden) {
  return {{"default", {activation, hidden, Start::standard}},
          {"Xavier uniform", {activation, hidden, Start::xavier_uniform}},
          {"Xavier normal", {activation, hidden, Start::xavier_normal}}};
}

static Status xavier_and_kaiming(const Settings& settings, page::Page& page) {
  const Entry relu{"default", {a::relu, 3, Start::standard}};
  const Entry uniform{"Kaiming uniform", {a::relu, 3, Start::kaiming_uniform}};
  const Entry normal{"Kaiming normal", {a::relu, 3, Start::kaiming_normal}};
  return compare(
      settings,
      {{"g2", "G2  Sigmoid x3, learning rate 0.03", "Sigmoid x3", starts(a::sigmoid, 3), 0.03f, 20,
        "The networks of G1 go on. Each waits on the plateau of the mean and then falls; a better start waits less. "
        "How "
        "long is luck: see the <a href=\"#seeds-bands\">bands</a>.",
        1},
       {"g3", "G3  Sigmoid x4, learning rate 0.03", "Sigmoid x4", starts(a::sigmoid, 4), 0.03f, 40,
        "One layer more, and all wait longer. One seed may flatter any start: over many, the default one seldom leaves "
        "the plateau at all."},
       {"g4", "G4  Tanh x3, learning rate 0.03", "Tanh x3", starts(a::tanh, 3), 0.03f, 20,
        "All starts learn at once and none gets far. Tanh at this rate is chaotic: a change of 1e-15 in the first "
        "weights "
        "gives another curve, so no single curve says anything about a start."},
       {"g5",
        "G5  ReLU x3, learning rate 0.001, Kaiming uniform",
        "ReLU x3",
        {relu, uniform},
        0.001f,
        20,
        "Kaiming's start is mostly ahead in the first passes; at the end either may be better. The learning rate is "
        "0.001, for at 0.03 <a href=\"#death\">many of these networks die</a>."},
       {"g6",
        "G6  ReLU x3, learning rate 0.001, Kaiming normal",
        "ReLU x3",
        {relu, normal},
        0.001f,
        20,
        "The same with normal weights. Over many seeds uniform and normal are alike."}},
      page);
}

static Status depths(const Settings& settings, page::Page& page) {
  const auto of_depths = [](const char* const(&names)[4], const ln::Activation& activation) {
    std::vector<Entry> entries;
    for (std::size_t k = 0; k < 4; ++k) entries.push_back({names[k], {activation, k + 1, Start::standard}});
    return entries;
  };
  return compare(
      settings,
      {{"g7-kinds",
        "G7  One hidden layer, learning rate 0.03",
        "One hidden layer",
        {{"linear", {a::identity, 0, Start::standard}},
         {"sigmoid x1", {a::sigmoid, 1, Start::standard}},
         {"tanh x1", {a::tanh, 1, Start::standard}},
         {"ReLU x1", {a::relu, 1, Start::standard}}},
        0.03f,
        20,
        "A linear model can do no better than the mean. With one hidden layer every activation learns: depth is "
        "what makes the start matter."},
       {"g7-relu", "G7  ReLU of 1 to 4 hidden layers, default start", "ReLU",
        of_depths({"ReLU x1", "ReLU x2", "ReLU x3", "ReLU x4"}, a::relu), 0.03f, 50,
        "A curve that is flat near 10 belongs to a network that died."},
       {"g7-sigmoid", "G7  Sigmoid of 1 to 4 hidden layers, default start", "Sigmoid",
        of_depths({"sigmoid x1", "sigmoid x2", "sigmoid x3", "sigmoid x4"}, a::sigmoid), 0.03f, 50,
        "Every layer more lengthens the plateau: the gradients of the first layers vanish."},
       {"g7-tanh", "G7  Tanh of 1 to 4 hidden layers, default start", "Tanh",
        of_depths({"tanh x1", "tanh x2", "tanh x3", "tanh x4"}, a::tanh), 0.03f, 50,
        "Tanh waits on no plateau at any depth, but at this rate deeper networks jump about instead of "
        "getting better."}},
      page);
}

static Status later_layers(const Settings& settings, page::Page& page) {
  const Model sigmoid{a::sigmoid, 3, Start::standard};
  const Model tanh{a::tanh, 4, Start::standard};
  for (const Look at : {Look::gradients, Look::weights}) {
    std::vector<Layers> list;
    if (auto s = experiments::look(sigmoid, "after 5 passes", settings.seed, sgd(0.03f), 5, at, list); s != Status::ok)
      return s;
    if (auto s = experiments::look(sigmoid, "after 25 passes", settings.seed, sgd(0.03f), 25, at, list);
        s != Status::ok)
      return s;
    if (at == Look::gradients) {
      page.figure("g8-sigmoid-gradients", "G8  Sigmoid x3, default start: weight gradients",
                  figures::violins("Gradients", "weight gradient", list),
                  "Twenty passes later the first layer still gets hardly any gradient.");
    } else {
      page.figure("g8-sigmoid-weights", "G8  Sigmoid x3, default start: weights",
                  figures::violins("Weights", "weight", list),
                  "So the weights of the first layers are where they began; only the last layer moves.");
    }
  }
  std::vector<Layers> list;
  if (auto s = experiments::look(tanh, "after 10 passes", settings.seed, sgd(0.03f), 10, Look::gradients, list);
      s != Status::ok)
    return s;
  if (auto s = experiments::look(tanh, "after 190 passes", settings.seed, sgd(0.03f), 190, Look::gradients, list);
      s != Status::ok)
    return s;
  page.figure(
      "g8-tanh-gradients", "G8  Tanh x4, default start: weight gradients",
      figures::violins("Gradients", "weight gradient", list),
      "The course's 5 and 20 &#8220;epochs&#8221;. No layer vanishes: what fails tanh at this rate is noise, not "
      "a lack of gradient.");
  return Status::ok;
}

Status single_runs(const Settings& settings, page::Page& page) {
  if (auto s = first_gradients(settings, page); s != Status::ok) return s;
  if (auto s = xavier_and_kaiming(settings, page); s != Status::ok) return s;
  if (auto s = depths(settings, page); s != Status::ok) return s;
  if (auto s = later_layers(settings, page); s != Status::ok) return s;
  return compare(settings,
                 {{"g9",
                   "G9  Sigmoid x3, Xavier: features as they are, and standardized",
                   "Sigmoid x3",
                   {{"as they are", {a::sigmoid, 3, Start::xavier_uniform}},
                    {"standardized", {a::sigmoid, 3, Start::xavier_uniform}, true}},
                   0.03f,
                   40,
                   "The features are normal already: standardizing them changes next to nothing."}},
                 page);
}

}  // namespace gallery
