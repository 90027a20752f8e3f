#include "sweep.hpp"

#include <cmath>
#include <cstdio>

#include "../console.hpp"

namespace course {

static std::size_t steps_of(const Row& row) { return passes_at(row.points - 1) * kTrain / kBatch; }

ln::Status run(Sweep& sweep) {
  std::size_t total = 0;
  for (const Row& row : kRows) total += steps_of(row) * sweep.seeds;
  std::size_t done = 0;
  console::Bar bar;
  for (std::size_t r = 0; r < 9; ++r) {
    sweep.outcomes[r].resize(sweep.seeds);
    for (std::size_t k = 0; k < sweep.seeds; ++k) {
      if (auto s = run_row(kRows[r], sweep.first_seed + k, sweep.outcomes[r][k]); s != ln::Status::ok) return s;
      done += steps_of(kRows[r]);
      char note[96];
      std::snprintf(note, sizeof note, "%s, seed %zu of %zu", kRows[r].name, k + 1, sweep.seeds);
      bar.draw("training", done, total, note);
    }
  }
  bar.erase();
  return ln::Status::ok;
}

std::size_t learned(const std::vector<Outcome>& outcomes) {
  std::size_t count = 0;
  for (const Outcome& outcome : outcomes) count += outcome.best_train < 1.0f ? 1 : 0;
  return count;
}

std::string csv(const Sweep& sweep) {
  std::string text = "row,seed,final_train_mse,final_test_mse,best_train_mse\n";
  for (std::size_t r = 0; r < 9; ++r) {
    for (std::size_t k = 0; k < sweep.seeds; ++k) {
      const Outcome& o = sweep.outcomes[r][k];
      char line[128];
      std::snprintf(line, sizeof line, "%s,%" PRIu64 ",%.9g,%.9g,%.9g\n", kRows[r].name, sweep.first_seed + k,
                    static_cast<double>(o.final_train), static_cast<double>(o.final_test),
                    static_cast<double>(o.best_train));
      text += line;
    }
  }
  return text;
}

void print_summary(const Sweep& sweep) {
  std::printf("                            train MSE < 1 at any plot point   final train MSE, quantiles\n");
  std::printf(
      "row                             Linnet        PyTorch          10 %%    25 %%    50 %%    75 %%    90 %%\n");
  const auto runs = static_cast<double>(sweep.seeds);
  for (std::size_t r = 0; r < 9; ++r) {
    const double share = static_cast<double>(learned(sweep.outcomes[r])) / runs;
    std::vector<double> finals;
    for (const Outcome& o : sweep.outcomes[r])
      if (o.final_train == o.final_train) finals.push_back(static_cast<double>(o.final_train));
    finals = sorted(finals);
    std::printf("%-26s %5.1f +- %4.1f %%       %4.1f %%   ", kRows[r].name, 100.0 * share,
                100.0 * std::sqrt(share * (1.0 - share) / runs), 100.0 * kRows[r].share_in_pytorch);
    for (const double q : {0.1, 0.25, 0.5, 0.75, 0.9}) std::printf(" %7.3f", quantile(finals, q));
    if (finals.size() < sweep.seeds) std::printf("  (%zu diverged)", sweep.seeds - finals.size());
    std::printf("\n");
  }
}

}  // namespace course
