#include "train_line.hpp"

#include <cmath>

#include <CLI/CLI.hpp>

namespace desk {

namespace {

constexpr std::size_t kMost = 1000000;

std::vector<std::size_t> widths_of(const std::string& list) {
  if (list == "none") return {};
  std::vector<std::size_t> widths(1);
  for (const char c : list + ",") {
    if (c >= '0' && c <= '9' && widths.back() <= kMost) {
      widths.back() = widths.back() * 10 + static_cast<std::size_t>(c - '0');
    } else if (c == ',' && widths.back() > 0 && widths.back() <= kMost) {
      widths.push_back(0);
    } else {
      throw CLI::ValidationError("--hidden", "'" + list + "' is no list of units as 16,16, and not none");
    }
  }
  widths.pop_back();
  return widths;
}

// CLI11 takes -1 for the largest whole number.
std::string wrong_digits(const std::string& text) {
  return text.find_first_not_of("0123456789") == std::string::npos ? "" : "'" + text + "' is no whole number from 0 on";
}

// An option that is not there unless it is given.
template <class T>
void add_optional(CLI::App& command, const std::string& name, std::optional<T>& value, const std::string& what) {
  command
      .add_option_function<T>(
          name, [&value](const T& given) { value = given; }, what)
      ->group("Training");
}

void add_data(CLI::App& command, Job& job) {
  command.add_option("DATA", job.data, "a table of numbers: .csv, .tsv, .txt, or one of them packed by gzip")
      ->required();
  command
      .add_option("--target", job.columns.target, "the column to learn: its name; with --no-header its number from 1")
      ->required();
  command.add_flag("--classes", job.columns.classes, "numbers in the target name classes (texts always do)");
  command.add_option("--ignore", job.columns.ignored, "a column that is no input; may be given more than once")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_writing(command, job.writing);
  command.add_option("--out", job.out, "what is written: OUT.safetensors, OUT.h and OUT.html")->capture_default_str();
}

void add_network(CLI::App& command, Recipe& recipe) {
  const auto hidden = [&recipe](const std::string& list) { recipe.hidden = widths_of(list); };
  const std::string units = std::to_string(recipe.hidden.front());
  command
      .add_option_function<std::string>("--hidden", hidden,
                                        "units of the hidden layers, as 16,16, or none [" + units + "]")
      ->group("Network");
  command
      .add_option("--activation", recipe.activation,
                  "of the hidden layers; the last one is softmax for classes, identity for numbers")
      ->capture_default_str()
      ->group("Network");
  command
      .add_option("--initializer", recipe.initializer,
                  "of the weights; automatic is Kaiming before ReLU and its kin, Xavier otherwise")
      ->capture_default_str()
      ->check(CLI::IsMember(initializer_names()))
      ->group("Network");
  const auto add = [&command](const char* name, std::optional<float>& value, const char* what) {
    command
        .add_option_function<float>(
            name, [&value](const float& given) { value = given; }, what)
        ->group("Network");
  };
  add("--gain", recipe.gain, "of an initializer that has one [its own]");
  add("--stddev", recipe.stddev, "of an initializer that has one [its own]");
  command
      .add_option("--scale", recipe.scaling,
                  "what the columns, and numbers to learn, become: mean 0 and deviation 1, or 0 to 1, or what they are")
      ->capture_default_str()
      ->check(CLI::IsMember({"standard", "min_max", "none"}))
      ->group("Network");
}

void add_training(CLI::App& command, Recipe& recipe) {
  const CLI::Range counts(std::size_t{1}, kMost);
  command.add_option("--epochs", recipe.epochs, "passes over the rows")
      ->capture_default_str()
      ->check(counts)
      ->group("Training");
  command.add_option("--batch", recipe.batch, "rows of a step")
      ->capture_default_str()
      ->check(counts)
      ->group("Training");
  command.add_option("--optimizer", recipe.optimizer, "the rule")
      ->capture_default_str()
      ->check(CLI::IsMember(optimizer_names()))
      ->group("Training");
  add_optional(command, "--learning-rate", recipe.learning_rate, "[0.001 of Adam and its kin, else 0.01]");
  add_optional(command, "--momentum", recipe.momentum, "of a rule that has one [0.9]");
  add_optional(command, "--beta1", recipe.beta1, "of Adam and its kin [0.9]");
  add_optional(command, "--beta2", recipe.beta2, "of Adam and its kin [0.999]");
  add_optional(command, "--alpha", recipe.alpha, "of RMSprop [0.99]");
  add_optional(command, "--epsilon", recipe.epsilon, "of rules that divide [1e-8, Adagrad 1e-10]");
  add_optional(command, "--weight-decay", recipe.weight_decay, "[0, AdamW 0.01]");
  command.add_option("--clip-norm", recipe.clip_norm, "largest norm of the gradients; 0: any")
      ->capture_default_str()
      ->group("Training");
  command.add_option("--clip-value", recipe.clip_value, "largest gradient; 0: any")
      ->capture_default_str()
      ->group("Training");
  command.add_option("--loss", recipe.loss, "of numbers [mean_squared_error]; of classes it is softmax_cross_entropy")
      ->check(CLI::IsMember(loss_names()))
      ->group("Training");
  add_optional(command, "--delta", recipe.delta, "of huber and smooth_l1 [1]");
  command.add_option("--label-smoothing", recipe.label_smoothing, "of classes")
      ->capture_default_str()
      ->group("Training");
  command
      .add_flag("--balanced", recipe.balanced, "every class weighs the same, however many rows it has [each row does]")
      ->group("Training");
}

void add_splitting(CLI::App& command, Job& job) {
  const char* const group = "Test";
  CLI::Option* test =
      command.add_option("--test", job.test, "share of the rows that is kept for the test, of each class the same")
          ->capture_default_str()
          ->group(group);
  command
      .add_option(
          "--patience", job.recipe.patience,
          "so many epochs without a gain on rows that validate end a training, and the best weights are taken; 0: "
          "no early stopping")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{0}, kMost))
      ->group(group);
  command.add_option("--validation", job.validation, "with --patience: share of the training rows that validates")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--least-gain", job.recipe.least_gain, "with --patience: what the loss must fall by, on the scale")
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", job.seed, "of split, first weights and order")
      ->check(wrong_digits)
      ->capture_default_str()
      ->group(group);
  CLI::Option* seeds = command
                           .add_option("--seeds", job.seeds,
                                       "so many runs, each with the next seed; the first one's model is written [1]")
                           ->check(CLI::Range(std::size_t{1}, kMost))
                           ->group(group);
  CLI::Option* folds =
      command.add_option("--folds", job.folds, "so many runs, in which each row is tested once [none]")
          ->check(CLI::Range(std::size_t{2}, kMost))
          ->group(group)
          ->excludes(test)
          ->excludes(seeds);
  command
      .add_option("--splits", job.splits,
                  "a table without header, a line for each row, a column for each run: 0 to learn from, 1 for the test")
      ->group(group)
      ->excludes(test)
      ->excludes(folds);
  command.add_option("--write-splits", job.written_splits, "writes such a table of the splits that were used")
      ->group(group);
}

}  // namespace

void add_writing(CLI::App& command, Writing& writing) {
  command
      .add_flag_callback(
          "--no-header", [&writing] { writing.header = false; }, "the first row is data, too")
      ->group("Table");
  const auto separator = [&writing](const std::string& name) {
    writing.separator = name == "tab"         ? '\t'
                        : name == "blanks"    ? csv::kBlanks
                        : name == "comma"     ? ','
                        : name == "semicolon" ? ';'
                                              : name[0];
  };
  command
      .add_option_function<std::string>("--separator", separator,
                                        "between cells [the first of tab, semicolon, comma and blanks that fits]")
      ->check(CLI::IsMember({",", ";", "comma", "semicolon", "tab", "blanks"}))
      ->group("Table");
  command.add_flag("--decimal-comma", writing.comma, "numbers have a comma, as 1,5 [a point]")->group("Table");
  command.add_option("--skip", writing.skip, "lines before the table")
      ->check(wrong_digits)
      ->capture_default_str()
      ->group("Table");
}

void add_train(CLI::App& app, Job& job) {
  CLI::App* command = app.add_subcommand("train", "trains a network on a table: a model, a header for boards, a page");
  add_data(*command, job);
  add_network(*command, job.recipe);
  add_training(*command, job.recipe);
  add_splitting(*command, job);
}

void check_train(const Job& job) {
  if (!(job.test > 0.0 && job.test < 1.0)) throw CLI::ValidationError("--test", "it is no share between 0 and 1");
  if (!(job.validation > 0.0 && job.validation < 1.0)) {
    throw CLI::ValidationError("--validation", "it is no share between 0 and 1");
  }
  if (!std::isfinite(job.recipe.least_gain) || job.recipe.least_gain < 0.0f) {
    throw CLI::ValidationError("--least-gain", "it is not a number from 0 on");
  }
  if (job.out.empty() || job.out.back() == '/') throw CLI::ValidationError("--out", "it is no name of a file");
  if (job.writing.comma && job.writing.separator == ',') {
    throw CLI::ValidationError("--decimal-comma", "a comma cannot be the separator, too");
  }
  if (const std::string wrong = wrong_with(job.recipe); !wrong.empty()) throw CLI::ValidationError(wrong);
}

}  // namespace desk
