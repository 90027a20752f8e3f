// Why do deep networks fail to train, and what do the initializers of Glorot and He change? Trains the networks of a
// course, from its article pytorch-13_3, "Xavier and Kaiming (HE) initialization", draws its pictures, and does the same
// over many seeds.
#include <cstdint>
#include <cstdio>

#include "../console.hpp"
#include "course.hpp"
#include "experiments.hpp"
#include "files.hpp"
#include "gallery.hpp"
#include "sweep.hpp"

namespace ln = linnet;

static constexpr char kUsage[] =
    "usage: initialization [--seeds N] [--first-seed K] [--csv FILE] [--out FOLDER] [--seed S] [--course-epochs]\n"
    "  --seeds N        runs of each row of the table (100)\n"
    "  --first-seed K   their seeds are K, K + 1, ... (0)\n"
    "  --csv FILE       write what each run came to: row,seed,final_train_mse,final_test_mse,best_train_mse\n"
    "  --out FOLDER     draw the gallery there: SVG files, and index.html with all of them\n"
    "  --seed S         seed of the pictures that show one run (420)\n"
    "  --course-epochs  draw errors at the course's plot points: point e is after e (e + 1) / 2 passes\n"
    "The rows of the table always follow the course's plot points.\n";

// What diagnostics say of the course's networks on their first batch.
static ln::Status print_verdicts(std::uint64_t seed) {
  std::printf("\nlayer by layer on the first 100 samples, seed %" PRIu64
              ": length of the gradients against the last layer's, and the verdict\n",
              seed);
  for (const course::Row& row : course::kRows) {
    std::string line;
    if (auto s = experiments::verdicts(row.model, seed, row.rate, line); s != ln::Status::ok) return s;
    std::printf("%-26s%s\n", row.name, line.c_str());
  }
  return ln::Status::ok;
}

int main(int count, char** arguments) {
  std::uint64_t seeds = 100;
  std::uint64_t first_seed = 0;
  std::uint64_t seed = 420;
  const char* csv_file = nullptr;
  const char* folder = nullptr;
  bool course_epochs = false;
  constexpr std::uint64_t kMost = UINT64_MAX - 1000000;
  const console::Option options[] = {
      {"--seeds", 1, 100000, &seeds, nullptr}, {"--first-seed", 0, kMost, &first_seed, nullptr},
      {"--csv", 0, 0, nullptr, &csv_file},     {"--out", 0, 0, nullptr, &folder},
      {"--seed", 0, kMost, &seed, nullptr},    {"--course-epochs", 0, 0, nullptr, nullptr, &course_epochs}};
  if (const int code = console::read_options(count, arguments, kUsage, options); code != console::kGoOn) return code;
  if (csv_file != nullptr && !files::can_write(csv_file)) return 1;
  if (folder != nullptr && !files::make_folder(folder)) return 1;
  const console::Stopwatch since;
  course::Sweep sweep{first_seed, static_cast<std::size_t>(seeds), {}};
  if (auto s = course::run(sweep); s != ln::Status::ok) return console::report(s);
  if (csv_file != nullptr && !files::write(csv_file, course::csv(sweep))) return 1;
  course::print_summary(sweep);
  if (auto s = print_verdicts(seed); s != ln::Status::ok) return console::report(s);
  if (folder != nullptr && !gallery::write({folder, seed, course_epochs}, sweep)) return 1;
  std::printf("\ntime %.1f s\n", since.running());
  return 0;
}
