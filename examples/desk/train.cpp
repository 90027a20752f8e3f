#include "train.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "../console.hpp"
#include "model_files.hpp"
#include "refused.hpp"

namespace desk {

namespace {

// What would be refused when all is done is refused at once.
void expect_places(const Job& job) {
  constexpr std::size_t kLongestName = 63;
  const std::filesystem::path out(job.out);
  if (identifier_of(job.out + ".h").size() > kLongestName) throw Refused("'" + job.out + "' is too long for a name");
  for (const std::string& file : {job.out, job.written_splits}) {
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder)) throw Refused(folder.string() + ": no such folder");
  }
  std::error_code ignored;
  if (!job.written_splits.empty() && std::filesystem::equivalent(job.written_splits, job.data, ignored)) {
    throw Refused(job.written_splits + ": the splits would be written over the data");
  }
}

std::vector<Run> runs_of(const Job& job, const Data& data) {
  std::vector<Run> runs;
  if (!job.splits.empty()) {
    for (Parts& parts : read_splits(job.splits, data)) runs.push_back({job.seed + runs.size(), std::move(parts)});
    if (job.seeds > 0 && job.seeds != runs.size()) {
      throw Refused(job.splits + ": it has " + std::to_string(runs.size()) + " splits, not one for each seed");
    }
  } else if (job.folds > 0) {
    for (Parts& parts : split_folds(data, job.folds, job.seed)) runs.push_back({job.seed, std::move(parts)});
  } else {
    const std::size_t seeds = std::max<std::size_t>(job.seeds, 1);
    for (std::uint64_t k = 0; k < seeds; ++k) runs.push_back({job.seed + k, split_test(data, job.test, job.seed + k)});
  }
  for (Run& run : runs) {
    const bool chosen = job.recipe.patience == 0 || !run.parts.validation.empty();
    if (!chosen) split_validation(data, job.validation, run.seed, run.parts);
  }
  return runs;
}

// Epochs as they pass: a bar on a terminal, elsewhere ten lines of the first run.
class Progress {
 public:
  Progress(std::size_t runs, std::size_t epochs) : runs_(runs), epochs_(epochs) {}

  void begin(std::size_t run) {
    run_ = run;
    if (run == 0 && !console::is_terminal()) std::printf("epoch  train loss   test loss\n");
  }
  void show(std::size_t epoch, const Losses& losses) {
    char note[80];
    std::snprintf(note, sizeof note, "train loss %.4f", static_cast<double>(losses.train));
    const std::string caption =
        runs_ > 1 ? "run " + std::to_string(run_ + 1) + " of " + std::to_string(runs_) : "epochs";
    bar_.draw(caption.c_str(), epoch, epochs_, note);
    const std::size_t every = std::max<std::size_t>(epochs_ / 10, 1);
    if (run_ > 0 || console::is_terminal() || (epoch % every != 0 && epoch != epochs_)) return;
    std::printf("%5zu  %10.4f  %10.4f\n", epoch, static_cast<double>(losses.train), static_cast<double>(losses.test));
  }
  void end() { bar_.erase(); }

 private:
  std::size_t runs_, epochs_, run_ = 0;
  console::Bar bar_;
};

void print_task(const Job& job, const Outcome& outcome) {
  const Data& data = outcome.data;
  const Parts& parts = outcome.runs.front().parts;
  std::printf("%s: %zu rows, %zu inputs, ", data.path.c_str(), data.rows, data.columns());
  if (data.classified()) std::printf("%zu classes of '%s'\n", data.classes.size(), csv::shown(data.target).c_str());
  if (!data.classified()) std::printf("numbers of '%s'\n", csv::shown(data.target).c_str());
  const std::string validated =
      job.recipe.patience > 0 ? std::to_string(parts.validation.size()) + " to validate, " : "";
  std::printf("%s, %zu rows to learn from, %s%zu for the test, seed %" PRIu64 "\n\n",
              text_of(topology_of(job.recipe, data)).c_str(), parts.train.size(), validated.c_str(), parts.test.size(),
              job.seed);
}

void run_all(const Job& job, Outcome& outcome) {
  Progress progress(outcome.runs.size(), job.recipe.epochs);
  for (std::size_t k = 0; k < outcome.runs.size(); ++k) {
    const Run& run = outcome.runs[k];
    Learned other;
    Learned& learned = k == 0 ? outcome.learned : other;
    progress.begin(k);
    const auto on_epoch = [&progress](std::size_t epoch, const Losses& losses) { progress.show(epoch, losses); };
    learn(outcome.data, run.parts, job.recipe, run.seed, k == 0, on_epoch, learned);
    progress.end();
    const Scores scores = score(outcome.data, run.parts, learned.outputs);
    outcome.results.push_back(measure(outcome.data, scores));
    if (k == 0) {
      outcome.scores = scores;
      print_outcome(job, outcome);
    } else {
      std::printf("run %zu, seed %" PRIu64 ": test %s %s\n", k + 1, run.seed, measure_of(outcome.data),
                  four_digits(outcome.results.back()).c_str());
    }
  }
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

void train(const Job& job) {
  expect_places(job);
  Outcome outcome;
  outcome.data = read_data(job.data, job.writing, job.columns);
  loss_of(job.recipe, outcome.data, {});  // which refuses what does not go together
  outcome.runs = runs_of(job, outcome.data);
  print_task(job, outcome);
  run_all(job, outcome);
  const std::string header = identifier_of(job.out + ".h");
  std::vector<std::pair<std::string, Bytes>> files{
      {job.out + ".safetensors", safetensors_of(outcome.learned.model)},
      {job.out + ".h", header_of(outcome.learned.model, header, false)},
      {job.out + ".html", bytes_of(page_of(job, outcome))},
  };
  if (!job.written_splits.empty()) {
    std::vector<Parts> splits;
    for (const Run& run : outcome.runs) splits.push_back(run.parts);
    files.emplace_back(job.written_splits, bytes_of(text_of_splits(outcome.data, splits)));
  }
  write_files(files);
  std::printf("\nwritten:");
  for (const auto& file : files) std::printf(" %s", file.first.c_str());
  std::printf("\n");
  if (job.seeds > 0 || outcome.runs.size() > 1) std::printf("%s\n", mean_line(job, outcome).c_str());
}

}  // namespace desk
