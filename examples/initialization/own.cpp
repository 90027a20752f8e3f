#include "own.hpp"

#include <cmath>
#include <cstdio>

#include "../console.hpp"
#include "experiments.hpp"
#include "page.hpp"
#include "sweep.hpp"
#include "words.hpp"

namespace own {

using course::Model;
using course::Start;
using linnet::Status;
using options::Options;

static const char* name_of(const Model& model) {
  return course::kStartNames[static_cast<std::size_t>(model.start)].option;
}

// "tanh, hidden layers of 4, 4 units, sgd, learning rate 0.1, 100 passes"
static std::string described(const Options& options) {
  const options::Own& own = options.own;
  std::string words = own.activation + std::string(", hidden layers of ");
  for (std::size_t l = 0; l < own.model.hidden; ++l) words += (l > 0 ? ", " : "") + std::to_string(own.model.units[l]);
  words += own.model.biases ? " units, " : " units without biases, ";
  return words + own.optimizer + words::number(", learning rate %.6g, ", static_cast<double>(own.rate)) +
         std::to_string(own.epochs) + " passes";
}

static Status run_seeds(const Options& options, Result& result, console::Bar& bar) {
  const options::Own& own = options.own;
  const auto seeds = static_cast<std::size_t>(options.seeds);
  const auto note = [&](std::size_t k) { bar.draw("training", k, seeds, name_of(result.model)); };
  if (auto s = course::run_seeds(result.model, own.recipe, {own.epochs + 1, false}, options.first_seed, seeds,
                                 result.outcomes, note);
      s != Status::ok)
    return s;
  const Status status = experiments::verdicts(result.model, options.seed, own.recipe, result.verdicts);
  if (status != Status::ok) result.verdicts.clear();
  return status == Status::diverged ? Status::ok : status;
}

Status run(const Options& options, std::vector<Result>& results) {
  results.clear();
  results.push_back({options.own.model, {}, {}});
  if (options.own.model.start != Start::standard) {
    results.push_back({options.own.model, {}, {}});
    results.back().model.start = Start::standard;
  }
  console::Bar bar;
  for (Result& result : results)
    if (auto s = run_seeds(options, result, bar); s != Status::ok) return s;
  bar.erase();
  return Status::ok;
}

void print(const Options& options, const std::vector<Result>& results) {
  std::printf("%s; seeds %" PRIu64 " to %" PRIu64 "\n", described(options).c_str(), options.first_seed,
              options.first_seed + options.seeds - 1);
  std::printf("                            train MSE < 1      final train MSE, quantiles\n");
  std::printf("start                       after any pass        10 %%    25 %%    50 %%    75 %%    90 %%\n");
  for (const Result& result : results)
    std::printf("%-26s %s\n", name_of(result.model), course::summary_of(result.outcomes, "    ").c_str());
  std::printf("\nlayer by layer on the first 100 samples, seed %" PRIu64
              ": length of the gradients against the last layer's, and the verdict\n",
              options.seed);
  for (const Result& result : results)
    std::printf("%-26s%s\n", name_of(result.model),
                result.verdicts.empty() ? "  diverged" : experiments::line_of(result.verdicts).c_str());
}

std::string csv(const Options& options, const std::vector<Result>& results) {
  std::string text = course::kCsvHead;
  for (const Result& result : results)
    for (std::size_t k = 0; k < result.outcomes.size(); ++k)
      text += course::csv_line(name_of(result.model), options.first_seed + k, result.outcomes[k]);
  return text;
}

// ---- The page.

static void write_shares(const Options& options, const std::vector<Result>& results, page::Page& page) {
  std::vector<std::vector<std::string>> rows = {
      {"start", "runs that learned", "diverged", "median of the final train MSE"}};
  std::vector<figures::Share> shares;
  std::vector<figures::Band> bands;
  for (const Result& result : results) {
    const char* title = course::title_of(result.model.start);
    const double share = course::share_of(result.outcomes);
    const std::vector<double> finals = course::finals_of(result.outcomes);
    rows.push_back({title, words::with_interval(share, static_cast<double>(options.seeds)),
                    std::to_string(result.outcomes.size() - finals.size()),
                    finals.empty() ? "none" : words::number("%.3g", course::quantile(finals, 0.5))});
    shares.push_back({title, share, static_cast<double>(options.seeds), std::nan(""), shares.size()});
    bands.push_back(words::band_of(title, result.outcomes, false));
  }
  page.table(rows);
  page.figure("shares", "How often does it learn?",
              figures::shares("Runs with train MSE < 1", "of all seeds, %", shares),
              "The share of the seeds whose train MSE fell below 1 after any pass, with its 95 % interval. Where the "
              "intervals overlap, more seeds may tell the starts apart.");
  page.figure("bands", "The error along the training, over all seeds",
              figures::bands("Train MSE, median and quartiles", "passes", bands), words::kBandsCaption);
}

static Status write_runs(const Options& options, const std::vector<Result>& results, page::Page& page) {
  const options::Own& own = options.own;
  const std::string seed = "seed " + std::to_string(options.seed);
  std::vector<figures::Curve> curves;
  std::vector<figures::Layers> gradients;
  std::vector<figures::Layers> weights;
  for (const Result& result : results) {
    const std::string title = course::title_of(result.model.start);
    if (auto s = experiments::learn(result.model, title, options.seed, own.recipe, {own.epochs + 1, false}, curves);
        s != Status::ok)
      return s;
    for (const auto at : {experiments::Look::gradients, experiments::Look::weights}) {
      const bool after_one = at == experiments::Look::gradients;
      if (auto s = experiments::look(result.model, title, options.seed, own.recipe, after_one ? 1 : own.epochs, at,
                                     after_one ? gradients : weights);
          s != Status::ok)
        return s;
    }
  }
  page.figure("curves", "One run, " + seed, figures::curves("Mean squared error", "passes", curves),
              "A single run: what it shows may be luck.");
  page.figure("gradients", "Weight gradients after one pass, " + seed,
              figures::violins("Gradients", "weight gradient", gradients),
              std::string("The gradients of the last batch of the first pass. ") + words::kViolinGuide);
  page.figure("weights", "Weights at the end, " + seed, figures::violins("Weights", "weight", weights),
              "Where a violin is wide there are many weights. Layers whose weights grew are those that learned.");
  return Status::ok;
}

static Status write_spread(const Options& options, const std::vector<Result>& results, page::Page& page) {
  figures::Spread spread{"Mean |weight gradient| after one pass", {}, {}};
  for (const Result& result : results) {
    spread.networks.push_back({course::title_of(result.model.start), {}});
    if (auto s = experiments::spread(result.model, options.first_seed, static_cast<std::size_t>(options.seeds),
                                     options.own.recipe, spread.networks.back());
        s != Status::ok)
      return s;
  }
  page.figure("spread", "Gradients of each layer, over all seeds", figures::spreads({spread}), words::kSpreadCaption);
  return Status::ok;
}

static void write_verdicts(const Options& options, const std::vector<Result>& results, page::Page& page) {
  page.heading("verdicts", "What the diagnostics say");
  page.paragraph("Of the first 100 samples, seed " + std::to_string(options.seed) +
                 ": the length of each layer's gradients divided by that of the last layer, and the verdict.");
  std::vector<std::vector<std::string>> rows = {{"start", "layer", "length", "verdict", "what to do about it"}};
  for (const Result& result : results) {
    const char* title = course::title_of(result.model.start);
    if (result.verdicts.empty()) rows.push_back({title, "", "", "diverged", "a smaller learning rate"});
    for (std::size_t l = 0; l < result.verdicts.size(); ++l) {
      const linnet::LayerReport& report = result.verdicts[l];
      rows.push_back({title, std::to_string(l + 1), words::number("%.1g", static_cast<double>(report.length)),
                      linnet::to_string(report.verdict), page::escaped(linnet::remedy(report.verdict))});
    }
  }
  page.table(rows);
}

bool write(const Options& options, const std::vector<Result>& results) {
  const std::string start = course::title_of(options.own.model.start);
  page::Page page("How often does this network learn? " + std::string(options.own.activation) + ", start: " + start);
  page.paragraph(page::escaped(described(options)) + "; seeds " + std::to_string(options.first_seed) + " to " +
                 std::to_string(options.first_seed + options.seeds - 1) + ". " + words::kTask);
  page.paragraph(words::kLevels);
  write_shares(options, results, page);
  Status status = write_spread(options, results, page);
  write_verdicts(options, results, page);
  page.heading("runs", "Single runs");
  if (status == Status::ok) status = write_runs(options, results, page);
  if (status != Status::ok) return console::report(status) == 0;
  return page.write(options.folder);
}

}  // namespace own
