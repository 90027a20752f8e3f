#include "options.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "../console.hpp"

namespace options {

static constexpr char kUsage[] =
    "usage: initialization [--seeds N] [--first-seed K] [--csv FILE] [--out FOLDER] [--seed S] [--course-epochs]\n"
    "       initialization --remedies [--seeds N] [--first-seed K]\n"
    "       initialization [OPTIONS OF A NETWORK] [--seeds N] [--first-seed K] [--csv FILE] [--out FOLDER] [--seed S]\n"
    "  --seeds N        runs of each row of the table (100)\n"
    "  --first-seed K   their seeds are K, K + 1, ... (0)\n"
    "  --csv FILE       write what each run came to: row,seed,final_train_mse,final_test_mse,best_train_mse\n"
    "  --out FOLDER     draw pictures there: SVG files, and index.html with all of them\n"
    "  --seed S         seed of the pictures that show one run (420)\n"
    "  --course-epochs  draw errors at the course's plot points: point e is after e (e + 1) / 2 passes\n"
    "  --remedies       print what five remedies do for three networks that fail; --out draws it, too\n"
    "The rows of the table always follow the course's plot points.\n"
    "\n"
    "A network of your own, beside the same with nn.Linear's default start, on the course's data; any of these:\n"
    "  --activation A   of hidden layers: sigmoid, tanh, relu, leaky_relu(0.1), elu, selu, gelu, silu, ... (sigmoid)\n"
    "  --hidden LIST    units of the hidden layers, up to 8 of 1 to 64 (4,4,4)\n"
    "  --start S        default, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal,\n"
    "                   kaiming_uniform_fan_out, kaiming_normal_fan_out, orthogonal, zeros (xavier_uniform)\n"
    "  --no-bias        layers without biases\n"
    "  --optimizer O    sgd, momentum (0.9), nesterov (0.9), adam, adamw, rmsprop or adagrad (sgd)\n"
    "  --rate R         learning rate (0.03)\n"
    "  --epochs N       passes over the 700 samples (100)\n";

// The options of a network of one's own, as they were written; null where they were not.
struct Texts {
  const char* activation = nullptr;
  const char* hidden = nullptr;
  const char* start = nullptr;
  const char* optimizer = nullptr;
  const char* rate = nullptr;
  std::uint64_t epochs = 0;
  bool no_bias = false;

  [[nodiscard]] bool any() const {
    return activation != nullptr || hidden != nullptr || start != nullptr || optimizer != nullptr || rate != nullptr ||
           epochs != 0 || no_bias;
  }
};

static int refuse(const char* name, const char* takes, const char* text) {
  std::fprintf(stderr, "%s takes %s, not '%s'\n", name, takes, text);
  return 2;
}

// An activation of hidden layers by its name, as in the text of a topology.
static bool read_activation(const std::string& text, ln::Activation& activation) {
  if (text.find_first_of(" ,:") != std::string::npos) return false;
  const std::string line = "2 4:" + text + " 1:identity";
  ln::Topology topology{};
  std::size_t position = 0;
  if (ln::parse(line, topology, position) != ln::Status::ok) return false;
  activation = topology.layers[0].activation;
  return true;
}

static bool read_hidden(const std::string& text, course::Model& model) {
  model.hidden = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    std::uint64_t units = 0;
    if (model.hidden == course::kMostHidden ||
        !console::read_number(text.substr(at, comma - at).c_str(), 1, course::kMostUnits, units))
      return false;
    model.units[model.hidden++] = static_cast<std::size_t>(units);
    at = comma + 1;
  }
  return true;
}

static bool read_start(const char* text, course::Start& start) {
  for (std::size_t k = 0; k < course::kStarts; ++k) {
    if (std::strcmp(course::kStartNames[k].option, text) != 0) continue;
    start = static_cast<course::Start>(k);
    return true;
  }
  return false;
}

static bool read_rate(const char* text, float& rate) {
  char* end = nullptr;
  rate = std::strtof(text, &end);
  return end != text && *end == '\0' && rate > 0.0f && rate <= 1000.0f;
}

static bool read_optimizer(const char* text, float rate, ln::Optimizer& optimizer) {
  const struct {
    const char* name;
    ln::Optimizer optimizer;
  } list[] = {{"sgd", ln::optimizer::sgd(rate)},
              {"momentum", ln::optimizer::sgd(rate, 0.9f)},
              {"nesterov", ln::optimizer::sgd_nesterov(rate, 0.9f)},
              {"adam", ln::optimizer::adam(rate)},
              {"adamw", ln::optimizer::adamw(rate)},
              {"rmsprop", ln::optimizer::rmsprop(rate)},
              {"adagrad", ln::optimizer::adagrad(rate)}};
  for (const auto& known : list) {
    if (std::strcmp(known.name, text) != 0) continue;
    optimizer = known.optimizer;
    return true;
  }
  return false;
}

static int read_own(const Texts& texts, Own& own) {
  const auto given = [](const char* text, const char* otherwise) { return text != nullptr ? text : otherwise; };
  const char* hidden = given(texts.hidden, "4,4,4");
  const char* start = given(texts.start, "xavier_uniform");
  const char* rate = given(texts.rate, "0.03");
  own.activation = given(texts.activation, "sigmoid");
  own.optimizer = given(texts.optimizer, "sgd");
  own.epochs = texts.epochs != 0 ? static_cast<std::size_t>(texts.epochs) : 100;
  own.model.biases = !texts.no_bias;
  if (!read_activation(own.activation, own.model.activation))
    return refuse("--activation", "the name of one, as tanh or leaky_relu(0.1)", own.activation);
  if (!read_hidden(hidden, own.model))
    return refuse("--hidden", "up to 8 numbers from 1 to 64 with commas between, as 8,4", hidden);
  if (!read_start(start, own.model.start)) return refuse("--start", "one of those that --help names", start);
  if (!read_rate(rate, own.rate)) return refuse("--rate", "a number above 0 and up to 1000", rate);
  if (!read_optimizer(own.optimizer, own.rate, own.recipe.optimizer))
    return refuse("--optimizer", "one of those that --help names", own.optimizer);
  return console::kGoOn;
}

int read(int count, char** arguments, Options& options) {
  constexpr std::uint64_t kMost = UINT64_MAX - 1000000;
  Texts texts;
  const console::Option list[] = {{"--seeds", 1, 100000, &options.seeds, nullptr},
                                  {"--first-seed", 0, kMost, &options.first_seed, nullptr},
                                  {"--csv", 0, 0, nullptr, &options.csv_file},
                                  {"--out", 0, 0, nullptr, &options.folder},
                                  {"--seed", 0, kMost, &options.seed, nullptr},
                                  {"--course-epochs", 0, 0, nullptr, nullptr, &options.course_epochs},
                                  {"--remedies", 0, 0, nullptr, nullptr, &options.remedies},
                                  {"--activation", 0, 0, nullptr, &texts.activation},
                                  {"--hidden", 0, 0, nullptr, &texts.hidden},
                                  {"--start", 0, 0, nullptr, &texts.start},
                                  {"--no-bias", 0, 0, nullptr, nullptr, &texts.no_bias},
                                  {"--optimizer", 0, 0, nullptr, &texts.optimizer},
                                  {"--rate", 0, 0, nullptr, &texts.rate},
                                  {"--epochs", 1, 100000, &texts.epochs, nullptr}};
  if (const int code = console::read_options(count, arguments, kUsage, list); code != console::kGoOn) return code;
  options.has_own = texts.any();
  if (options.remedies && (options.has_own || options.csv_file != nullptr || options.folder != nullptr)) {
    std::fprintf(stderr, "--remedies goes with --seeds and --first-seed alone; --out without it draws them, too\n");
    return 2;
  }
  if (options.has_own && options.course_epochs) {
    std::fprintf(stderr,
                 "--course-epochs is for the course's networks: with one of your own, --epochs counts passes\n");
    return 2;
  }
  return options.has_own ? read_own(texts, options.own) : console::kGoOn;
}

}  // namespace options
