// Why do deep networks fail to train, and what do the initializers of Glorot and He change? Trains the networks of a
// course, from its article pytorch-13_3, "Xavier and Kaiming (HE) initialization", draws its pictures, and does the same
// over many seeds; or a network that the command line describes.
#include <cstdint>
#include <cstdio>

#include "../console.hpp"
#include "course.hpp"
#include "experiments.hpp"
#include "files.hpp"
#include "gallery.hpp"
#include "options.hpp"
#include "own.hpp"
#include "remedies.hpp"
#include "sweep.hpp"

namespace ln = linnet;
using options::Options;

// What diagnostics say of the course's networks on their first batch.
static ln::Status print_verdicts(std::uint64_t seed) {
  std::printf("\nlayer by layer on the first 100 samples, seed %" PRIu64
              ": length of the gradients against the last layer's, and the verdict\n",
              seed);
  std::vector<ln::LayerReport> reports;
  for (const course::Row& row : course::kRows) {
    if (auto s = experiments::verdicts(row.model, seed, course::sgd(row.rate), reports); s != ln::Status::ok) return s;
    std::printf("%-26s%s\n", row.name, experiments::line_of(reports).c_str());
  }
  return ln::Status::ok;
}

static int run_course(const Options& options) {
  course::Sweep sweep{options.first_seed, static_cast<std::size_t>(options.seeds), {}};
  if (auto s = course::run(sweep); s != ln::Status::ok) return console::report(s);
  if (options.csv_file != nullptr && !files::write(options.csv_file, course::csv(sweep))) return 1;
  course::print_summary(sweep);
  if (auto s = print_verdicts(options.seed); s != ln::Status::ok) return console::report(s);
  if (options.folder == nullptr) return 0;
  return gallery::write({options.folder, options.seed, options.course_epochs}, sweep) ? 0 : 1;
}

static int run_remedies(const Options& options) {
  std::vector<remedies::Network> networks;
  const auto seeds = static_cast<std::size_t>(options.seeds);
  if (auto s = remedies::run(options.first_seed, seeds, networks); s != ln::Status::ok) return console::report(s);
  remedies::print(networks, seeds);
  return 0;
}

static int run_own(const Options& options) {
  std::vector<own::Result> results;
  if (auto s = own::run(options, results); s != ln::Status::ok) return console::report(s);
  if (options.csv_file != nullptr && !files::write(options.csv_file, own::csv(options, results))) return 1;
  own::print(options, results);
  return options.folder == nullptr || own::write(options, results) ? 0 : 1;
}

int main(int count, char** arguments) {
  Options options;
  if (const int code = options::read(count, arguments, options); code != console::kGoOn) return code;
  if (options.csv_file != nullptr && !files::can_write(options.csv_file)) return 1;
  if (options.folder != nullptr && !files::make_folder(options.folder)) return 1;
  const console::Stopwatch since;
  const int code = options.has_own ? run_own(options) : options.remedies ? run_remedies(options) : run_course(options);
  if (code == 0) std::printf("\ntime %.1f s\n", since.running());
  return code;
}
