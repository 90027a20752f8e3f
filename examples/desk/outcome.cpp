#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include <linnet/memory.hpp>
#include <linnet/parameters.hpp>

#include "train.hpp"

namespace desk {

namespace ln = linnet;

namespace {

std::size_t board_bytes(const ln::Topology& topology, const ln::TrainerConfig& config) {
  constexpr std::size_t kPointers = 16;  // bytes of a layer's four
  return sizeof(float) * (ln::workspace_floats(topology, config) + ln::state_floats(topology, config)) +
         kPointers * topology.layer_count;
}

void print_classes(const Outcome& outcome) {
  constexpr std::size_t kMost = 30;
  const std::vector<std::string>& names = outcome.data.classes;
  std::size_t width = 5;
  for (const std::string& name : names) width = std::max(width, csv::shown(name).size());
  const auto line = [width](const std::string& name, const ln::Rates& rates, std::size_t rows) {
    std::printf("%-*s  %9.4f  %6.4f  %6.4f  %5zu\n", static_cast<int>(width), name.c_str(),
                static_cast<double>(rates.precision), static_cast<double>(rates.recall), static_cast<double>(rates.f1),
                rows);
  };
  std::printf("%-*s  precision  recall      F1   rows\n", static_cast<int>(width), "class");
  const Scores& scores = outcome.scores;
  for (std::size_t c = 0; c < names.size() && c < kMost; ++c) {
    line(csv::shown(names[c]), scores.classes[c], scores.rows_of(c));
  }
  if (names.size() > kMost) std::printf("... and %zu others: the page has them\n", names.size() - kMost);
  line("mean", scores.macro, outcome.runs.front().parts.test.size());
}

void print_layers(const Outcome& outcome) {
  for (std::size_t l = 0; l < outcome.learned.after.size(); ++l) {
    const ln::Verdict verdict = outcome.learned.after[l].report.verdict;
    if (verdict == ln::Verdict::healthy) continue;
    std::printf("layer %zu: %s. %s\n", l + 1, ln::to_string(verdict), ln::remedy(verdict));
  }
  for (const std::size_t i : outcome.learned.constant) {
    std::printf("column '%s' is constant: it is left out of account\n", csv::shown(outcome.data.names[i]).c_str());
  }
}

}  // namespace

BoardMemory board_memory(const Job& job, const Outcome& outcome) {
  const ln::Topology& topology = outcome.learned.model.topology;
  const ln::Loss loss = outcome.data.classified() ? ln::loss::softmax_cross_entropy : ln::loss::mean_squared_error;
  ln::TrainerConfig config = config_of(job.recipe, loss, 1);
  BoardMemory memory{};
  memory.weights = sizeof(float) * ln::parameter_floats(topology);
  memory.predictor = sizeof(float) * ln::predictor_floats(topology);
  memory.trainer = board_bytes(topology, config);
  config.max_batch = std::min(job.recipe.batch, outcome.data.rows);
  memory.batch_trainer = board_bytes(topology, config);
  return memory;
}

const char* measure_of(const Data& data) { return data.classified() ? "accuracy" : "R2"; }

std::string four_digits(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

std::string mean_line(const Job& job, const Outcome& outcome) {
  const Spread spread = spread_of(outcome.results);
  const char* what = job.folds > 0 ? " folds)" : job.seeds > 0 ? " seeds)" : " splits)";
  return "mean test " + std::string(measure_of(outcome.data)) + " " + four_digits(spread.mean) + " (deviation " +
         four_digits(spread.deviation) + ", " + std::to_string(outcome.results.size()) + what;
}

void print_outcome(const Job& job, const Outcome& outcome) {
  const Scores& scores = outcome.scores;
  std::printf("\n");
  if (outcome.data.classified()) {
    print_classes(outcome);
    std::printf("\ntest accuracy    %s\n", four_digits(measure(outcome.data, scores)).c_str());
  } else {
    std::printf("test R2          %s\n", four_digits(measure(outcome.data, scores)).c_str());
    std::printf("error            %.6g root mean square, %.6g mean absolute\n", static_cast<double>(scores.rmse),
                static_cast<double>(scores.mae));
  }
  if (job.recipe.patience > 0) {
    std::printf("weights          of epoch %zu of %zu, whose validation loss was the smallest\n", outcome.learned.epoch,
                outcome.learned.curve.size());
  }
  const BoardMemory memory = board_memory(job, outcome);
  std::printf("on a board       to predict %zu bytes of flash for the weights, %zu of RAM\n", memory.weights,
              memory.predictor);
  std::printf("                 to go on learning %zu bytes of RAM, a row at a time (in batches %zu)\n",
              memory.weights + memory.trainer, memory.weights + memory.batch_trainer);
  std::printf("                 and the code: README.md, \"What it costs\"\n");
  std::printf("scaling          in the weights; predictions changed by %.1e at most\n",
              static_cast<double>(outcome.learned.folding));
  std::printf("hash of weights  %016" PRIx64 "\n", ln::hash(outcome.learned.model.network));
  print_layers(outcome);
}

}  // namespace desk
