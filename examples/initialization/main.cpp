// Why do deep networks fail to train, and what do the initializers of Glorot and He change? Trains the networks of a
// well-known course on it over many seeds.
#include <cstdint>
#include <cstdio>

#include "../console.hpp"
#include "course.hpp"
#include "files.hpp"
#include "sweep.hpp"

namespace ln = linnet;

static constexpr char kUsage[] =
    "usage: initialization [--seeds N] [--first-seed K] [--csv FILE]\n"
    "  --seeds N       runs of each row of the table (100)\n"
    "  --first-seed K  their seeds are K, K + 1, ... (0)\n"
    "  --csv FILE      write what each run came to: row,seed,final_train_mse,final_test_mse,best_train_mse\n";

int main(int count, char** arguments) {
  std::uint64_t seeds = 100;
  std::uint64_t first_seed = 0;
  const char* csv_file = nullptr;
  const console::Option options[] = {{"--seeds", 1, 1000000, &seeds, nullptr},
                                     {"--first-seed", 0, UINT64_MAX - 1000000, &first_seed, nullptr},
                                     {"--csv", 0, 0, nullptr, &csv_file}};
  if (const int code = console::read_options(count, arguments, kUsage, options); code != console::kGoOn) return code;
  const console::Stopwatch since;
  course::Sweep sweep{first_seed, static_cast<std::size_t>(seeds), {}};
  if (auto s = course::run(sweep); s != ln::Status::ok) return console::report(s);
  if (csv_file != nullptr && !files::write(csv_file, course::csv(sweep))) return 1;
  course::print_summary(sweep);
  std::printf("time  %.1f s\n", since.running());
  return 0;
}
