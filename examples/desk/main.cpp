// linnet: trains models, looks at them, converts them and predicts with them, without a line of C++.
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <linnet/topology_text.hpp>

#include "commands.hpp"
#include "refused.hpp"
#include "train_line.hpp"

namespace {

constexpr int kRefused = 1, kUsage = 2;

constexpr char kFooter[] =
    "Models are .safetensors files and checkpoints: .lnt, or a dump of flash.\n"
    "Exit codes: 0; 1 where the data do not allow it; 2 where the command line is wrong.";

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char c : list) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string wrong_topology(const std::string& text, linnet::Topology& topology) {
  std::size_t position = 0;
  const linnet::Status status = linnet::parse(text, topology, position);
  return status == linnet::Status::ok ? "" : "'" + text.substr(position) + "': " + linnet::to_string(status);
}

std::string wrong_activation(const std::string& name) {
  linnet::Topology topology{};
  const bool one = name.find_first_of(" ,:") == std::string::npos;  // softmax is one of two units at least
  return one ? wrong_topology("1 2:" + name, topology) : "'" + name + "' is no activation";
}

// As a shell takes it for one word.
std::string quoted(const std::string& word) {
  constexpr char kPlain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// What the command line is read into.
struct Line {
  desk::Said said;
  desk::Output output;
  desk::Job job;
  desk::Writing writing;
  std::string model, in, out;

  CLI::App* add_command(CLI::App& app, const char* name, const char* what);
  void add_commands(CLI::App& app);
  void run(const CLI::App& app) const;
};

// A command on a model, with the options that say what a file may not.
CLI::App* Line::add_command(CLI::App& app, const char* name, const char* what) {
  CLI::App* command = app.add_subcommand(name, what);
  command->add_option("MODEL", model, "a .safetensors file or a checkpoint")->required();
  const auto topology = [this](const std::string& text) {
    if (const std::string wrong = wrong_topology(text, said.topology.emplace()); !wrong.empty()) {
      throw CLI::ValidationError("--topology", wrong);
    }
  };
  const auto activations = [this](const std::string& list) {
    said.activations = split(list);
    for (const std::string& one : said.activations) {
      if (const std::string wrong = wrong_activation(one); !wrong.empty())
        throw CLI::ValidationError("--activations", wrong);
    }
  };
  CLI::Option* whole = command->add_option_function<std::string>("--topology", topology, "as '4 16:tanh 3:identity'");
  command->add_option_function<std::string>("--activations", activations, "of its layers, as tanh,identity")
      ->excludes(whole);
  command->add_option_function<std::string>(
      "--layers", [this](const std::string& list) { said.layers = split(list); },
      "names of its layers, as fc1,out for the tensors fc1.weight, fc1.bias, out.weight, out.bias");
  const auto epsilon = [this](const double& value) {
    if (!std::isfinite(value) || value < 0.0) throw CLI::ValidationError("--eps", "it is not a number from 0 on");
    said.epsilon = value;
  };
  command->add_option_function<double>("--eps", epsilon, "of its BatchNorm layers, which are folded (1e-5)");
  return command;
}

void Line::add_commands(CLI::App& app) {
  add_command(app, "inspect", "says what a file is: slots, tensors, topology, sizes, hash");
  CLI::App* convert = add_command(app, "convert", "writes a model as .safetensors, as .lnt (a checkpoint) or as .h");
  convert->add_option("OUT", out, "the file to write; its ending says what")
      ->required()
      ->check([](const std::string& path) {
        return desk::is_written(path) ? "" : "'" + path + "' does not end in .safetensors, .lnt or .h";
      });
  convert->add_flag("--c99", output.c99, "a header of plain arrays, for C");
  convert->add_option("--name", output.name, "what the constants of a header begin with (the file's name)");
  convert->add_option("--size", output.size, "bytes of a checkpoint's medium, two slots (as many as it takes)");
  convert->add_option("--unit", output.unit, "unit of writing of that medium")
      ->check(CLI::IsMember({1, 2, 4, 8, 16, 32, 64, 128, 256}));
  CLI::App* predict = add_command(app, "predict", "predicts rows of a table or of an array of NumPy");
  predict->add_option("IN", in, "a .npy file: rows of float32 or float64; else a table, as train takes it")->required();
  predict->add_option("OUT", out, "the file to write: a .csv with the names of classes, else a .npy of float32")
      ->required();
  desk::add_writing(*predict, writing);
  desk::add_train(app, job);
  add_command(app, "hash", "prints the hash of the weights, which is the same on every board");
}

void Line::run(const CLI::App& app) const {
  if (!desk::fits(output, out)) throw CLI::ValidationError("--c99 and --name are for .h, --size and --unit for .lnt");
  if (app.got_subcommand("inspect")) desk::inspect(model, said);
  if (app.got_subcommand("convert")) desk::convert(model, out, said, output);
  if (app.got_subcommand("predict")) desk::predict(model, in, out, said, writing);
  if (app.got_subcommand("train")) desk::check_train(job);
  if (app.got_subcommand("train")) desk::train(job);
  if (app.got_subcommand("hash")) desk::print_hash(model, said);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw desk::Refused("what it says could not be written");
}

int run(int count, char** arguments) {
  CLI::App app("Trains models, looks at them, converts them and predicts with them.", "linnet");
  app.require_subcommand(1);
  app.footer(kFooter);
  Line line;
  line.add_commands(app);
  for (int k = 0; k < count; ++k) line.job.command += (k > 0 ? " " : "") + quoted(k > 0 ? arguments[k] : "linnet");
  try {
    app.parse(count, arguments);
    line.run(app);
    return 0;
  } catch (const CLI::ParseError& error) {  // --help is one, too
    return app.exit(error) == 0 ? 0 : kUsage;
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "linnet: %s\n", error.what());
    return kRefused;
  }
}
