#include "sweep.hpp"

#include <cmath>
#include <cstdio>

namespace course {

static std::size_t steps_of(const Row& row) { return passes_at(row.points - 1) * kTrain / kBatch; }

ln::Status run(Sweep& sweep) {
  std::size_t total = 0;
  for (const Row& row : kRows) total += steps_of(row) * sweep.seeds;
  std::size_t done = 0;
  console::Bar bar;
  for (std::size_t r = 0; r < kRowCount; ++r) {
    const Row& row = kRows[r];
    const auto note = [&](std::size_t k) {
      char text[96];
      std::snprintf(text, sizeof text, "%s, seed %zu of %zu", row.name, k, sweep.seeds);
      bar.draw("training", done + steps_of(row) * k, total, text);
    };
    if (auto s =
            run_seeds(row.model, sgd(row.rate), {row.points}, sweep.first_seed, sweep.seeds, sweep.outcomes[r], note);
        s != ln::Status::ok)
      return s;
    done += steps_of(row) * sweep.seeds;
  }
  bar.erase();
  return ln::Status::ok;
}

std::size_t learned(const std::vector<Outcome>& outcomes) {
  std::size_t count = 0;
  for (const Outcome& outcome : outcomes) count += has_learned(outcome) ? 1 : 0;
  return count;
}

double share_of(const std::vector<Outcome>& outcomes) {
  return static_cast<double>(learned(outcomes)) / static_cast<double>(outcomes.size());
}

std::vector<double> finals_of(const std::vector<Outcome>& outcomes) {
  std::vector<double> finals;
  for (const Outcome& o : outcomes)
    if (o.final_train == o.final_train) finals.push_back(static_cast<double>(o.final_train));
  return sorted(finals);
}

const char kCsvHead[] = "row,seed,final_train_mse,final_test_mse,best_train_mse\n";

std::string csv_line(const char* name, std::uint64_t seed, const Outcome& outcome) {
  char line[128];
  std::snprintf(line, sizeof line, "%s,%" PRIu64 ",%.9g,%.9g,%.9g\n", name, seed,
                static_cast<double>(outcome.final_train), static_cast<double>(outcome.final_test),
                static_cast<double>(outcome.best_train));
  return line;
}

std::string csv(const Sweep& sweep) {
  std::string text = kCsvHead;
  for (std::size_t r = 0; r < kRowCount; ++r)
    for (std::size_t k = 0; k < sweep.seeds; ++k)
      text += csv_line(kRows[r].name, sweep.first_seed + k, sweep.outcomes[r][k]);
  return text;
}

std::string summary_of(const std::vector<Outcome>& outcomes, const std::string& between) {
  const auto runs = static_cast<double>(outcomes.size());
  const double share = share_of(outcomes);
  const std::vector<double> finals = finals_of(outcomes);
  char text[64];
  std::snprintf(text, sizeof text, "%5.1f +- %4.1f %%", 100.0 * share, 100.0 * std::sqrt(share * (1.0 - share) / runs));
  std::string line = text + between;
  for (const double q : {0.1, 0.25, 0.5, 0.75, 0.9}) {
    std::snprintf(text, sizeof text, " %7.3f", quantile(finals, q));
    line += text;
  }
  if (finals.size() < outcomes.size()) {
    std::snprintf(text, sizeof text, "  (%zu diverged)", outcomes.size() - finals.size());
    line += text;
  }
  return line;
}

void print_summary(const Sweep& sweep) {
  std::printf("                            train MSE < 1 at any plot point   final train MSE, quantiles\n");
  std::printf(
      "row                             Linnet        PyTorch          10 %%    25 %%    50 %%    75 %%    90 %%\n");
  for (std::size_t r = 0; r < kRowCount; ++r) {
    char in_pytorch[32] = "            -      ";
    if (!std::isnan(kRows[r].share_in_pytorch))
      std::snprintf(in_pytorch, sizeof in_pytorch, "       %4.1f %%   ", 100.0 * kRows[r].share_in_pytorch);
    std::printf("%-26s %s\n", kRows[r].name, summary_of(sweep.outcomes[r], in_pytorch).c_str());
  }
}

}  // namespace course
