#include "gallery.hpp"

#include <cstring>

#include "../console.hpp"
#include "names.hpp"
#include "words.hpp"

namespace gallery {

using course::Sweep;
using linnet::Status;

// ---- Words at the top and at the end.

// "62 % (53 to 70)": how often the row of this name learned.
static std::string share_of(const Sweep& sweep, const char* name) {
  for (std::size_t r = 0; r < course::kRowCount; ++r)
    if (std::strcmp(course::kRows[r].name, name) == 0)
      return words::with_interval(course::share_of(sweep.outcomes[r]), static_cast<double>(sweep.seeds));
  return "?";
}

static void lead(const Settings& settings, const Sweep& sweep, page::Page& page) {
  const std::string seeds = std::to_string(sweep.seeds);
  page.paragraph(
      "This page follows the article <b>pytorch-13_3, &#8220;Xavier and Kaiming (HE) "
      "initialization&#8221;</b>, of a PyTorch course, on the same networks and data, and asks each question "
      "of " +
      seeds +
      " seeds instead of one. <a href=\"#article\">Its sections and where they are here</a>; "
      "<a href=\"#names\">its names in C++</a>.");
  page.paragraph("<b>The answer.</b> How often a network learns, in " + seeds +
                 " tries each, with the 95 % interval in parentheses:");
  page.table({{"three hidden layers", "nn.Linear's default start", "Xavier, Kaiming: uniform", "normal"},
              {"sigmoid", share_of(sweep, "sigmoid_x3_default"), share_of(sweep, "sigmoid_x3_xavier_uniform"),
               share_of(sweep, "sigmoid_x3_xavier_normal")},
              {"sigmoid, four layers", share_of(sweep, "sigmoid_x4_default"),
               share_of(sweep, "sigmoid_x4_xavier_uniform"), share_of(sweep, "sigmoid_x4_xavier_normal")},
              {"tanh", share_of(sweep, "tanh_x3_default"), share_of(sweep, "tanh_x3_xavier_uniform"),
               share_of(sweep, "tanh_x3_xavier_normal")},
              {"ReLU, rate 0.001", share_of(sweep, "relu_x3_default"), share_of(sweep, "relu_x3_kaiming_uniform"),
               share_of(sweep, "relu_x3_kaiming_normal")}});
  page.paragraph(
      "Deep <b>sigmoid</b> networks fail because gradients vanish on the way down to the first layers; Xavier's "
      "start lifts them, and it is the difference between learning and not. <b>Tanh</b> networks have gradients "
      "enough: no start helps them, a smaller learning rate does. <b>ReLU</b> networks die of a large learning "
      "rate; at a small one Kaiming's start is mostly a faster one.");
  page.paragraph(words::kTask);
  page.paragraph(words::kLevels);
  page.paragraph(words::kViolinGuide);
  page.paragraph("x3 is three hidden layers of four units. Pictures of many runs are of the seeds " +
                 std::to_string(sweep.first_seed) + " to " + std::to_string(sweep.first_seed + sweep.seeds - 1) +
                 ", those of a single run of seed " + std::to_string(settings.seed) + ".");
}

static void sections_of_the_article(page::Page& page) {
  page.heading("article", "The article's sections");
  page.table({{"the article: pytorch-13_3", "here"},
              {"2, five remedies", R"(<a href="#remedies-shares">what helps, and what does nothing</a>)"},
              {"2.1, why not all zero", R"(<a href="#zeros">units stay alike</a>)"},
              {"2.4, ReLU without biases", R"(<a href="#no-bias">two seeds, and many</a>)"},
              {"3, dead ReLU and the learning rate",
               R"(<a href="#death">how a network dies</a>, <a href="#depth">by depth and rate</a>)"},
              {"5.1.2, sigmoid is not zero-centred", R"(<a href="#zero-centred">activations by layer</a>)"},
              {"6, Kaiming's parameters", R"(<a href="#leaky">leaky slopes, fan_in and fan_out</a>)"},
              {"Xavier for sigmoid and tanh",
               R"(<a href="#seeds-shares">shares</a>, <a href="#seeds-bands">bands</a>, )"
               R"(<a href="#seeds-gradients">gradients</a>; single runs <a href="#g1">G1</a>, <a href="#g2">G2</a>, )"
               R"(<a href="#g3">G3</a>, <a href="#g4">G4</a>)"},
              {"Kaiming for ReLU", R"(the same; single runs <a href="#g5">G5</a>, <a href="#g6">G6</a>)"},
              {"depth, gradients later on, scaled features",
               R"(<a href="#g7-kinds">G7</a>, <a href="#g8-sigmoid-gradients">G8</a>, <a href="#g9">G9</a>)"}});
}

static void names_of_the_article(page::Page& page) {
  page.heading("names", "The article's names in C++");
  page.paragraph(
      "Each line compiles and runs, in this order, with <code>namespace ln = linnet</code>; those of "
      "<code>course</code>, <code>experiments</code> and <code>figures</code> are this program's own.");
  std::vector<std::vector<std::string>> rows = {{"the article", "Linnet"}};
  for (const names::Line& line : names::kLines)
    rows.push_back(
        {"<code>" + page::escaped(line.article) + "</code>", "<code>" + page::escaped(line.linnet) + "</code>"});
  page.table(rows);
}

// ---- All of it.

static Status fill(const Settings& settings, const Sweep& sweep, page::Page& page) {
  console::Bar bar;
  const auto step = [&bar](std::size_t done, const char* what) { bar.draw("drawing ", done, 6, what); };
  page.heading("proof", "The proof: many seeds");
  step(0, "seeds");
  if (auto s = over_seeds(settings, sweep, page); s != Status::ok) return s;
  step(1, "remedies");
  if (auto s = five_remedies(sweep, page); s != Status::ok) return s;
  page.heading("sections", "What the article says, measured");
  step(2, "sections");
  if (auto s = all_zero(settings, sweep, page); s != Status::ok) return s;
  if (auto s = without_bias(settings, sweep, page); s != Status::ok) return s;
  step(3, "dead units");
  if (auto s = deaths(sweep, page); s != Status::ok) return s;
  if (auto s = death_by_depth(sweep, page); s != Status::ok) return s;
  step(4, "activations");
  if (auto s = zero_centred(settings, page); s != Status::ok) return s;
  if (auto s = leaky_slopes(sweep, page); s != Status::ok) return s;
  page.heading("runs", "Single runs, as in the article");
  page.paragraph(
      "One run each: they show how it looks, not how it is. A line is thick where it is a running median of the "
      "thin one behind it.");
  step(5, "single runs");
  const Status status = single_runs(settings, page);
  bar.erase();
  return status;
}

bool write(const Settings& settings, const Sweep& sweep) {
  page::Page page("Why do deep networks fail to train, and what do other first weights change?");
  lead(settings, sweep, page);
  if (auto s = fill(settings, sweep, page); s != Status::ok) return console::report(s) == 0;
  sections_of_the_article(page);
  names_of_the_article(page);
  return page.write(settings.folder);
}

}  // namespace gallery
