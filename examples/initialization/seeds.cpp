#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

#include "course.hpp"

namespace course {

using ln::Status;

static Status train_to_points(Run& run, const Length& length, Outcome& outcome) {
  for (std::size_t point = 0; point < length.points; ++point) {
    if (auto s = run.train(length.course_epochs ? point : point > 0 ? 1 : 0); s != Status::ok) return s;
    if (auto s = run.train_mse(outcome.train[point]); s != Status::ok) return s;
    if (auto s = run.test_mse(outcome.test[point]); s != Status::ok) return s;
    if (length.until_learned && outcome.train[point] < 1.0f) break;
  }
  return Status::ok;
}

Status run_seed(const Model& model, const Recipe& recipe, const Length& length, std::uint64_t seed, Outcome& outcome) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  thread_local Data data;
  thread_local Run run;
  outcome.train.assign(length.points, kNone);
  outcome.test.assign(length.points, kNone);
  data.draw(seed);
  if (recipe.standardized) data.standardize();
  if (auto s = run.start(model, data, seed, recipe.optimizer, ln::Gradients::fused); s != Status::ok) return s;
  if (auto s = train_to_points(run, length, outcome); s != Status::ok && s != Status::diverged) return s;
  outcome.final_train = outcome.train.back();
  outcome.final_test = outcome.test.back();
  outcome.best_train = kNone;
  for (const float mse : outcome.train)
    if (!(outcome.best_train <= mse) && mse == mse) outcome.best_train = mse;
  return Status::ok;
}

Status run_seeds(const Model& model, const Recipe& recipe, const Length& length, std::uint64_t first, std::size_t seeds,
                 std::vector<Outcome>& outcomes, const std::function<void(std::size_t)>& note) {
  outcomes.assign(seeds, {});
  std::vector<Status> statuses(seeds, Status::ok);
  std::atomic<std::size_t> next{0};
  const auto work = [&](bool noting) {
    for (std::size_t k = next++; k < seeds; k = next++) {
      statuses[k] = run_seed(model, recipe, length, first + k, outcomes[k]);
      if (noting && note) note(k + 1);
    }
  };
  std::vector<std::thread> others;
  const std::size_t cores = std::min<std::size_t>(std::thread::hardware_concurrency(), seeds);
  for (std::size_t c = 1; c < cores; ++c) others.emplace_back(work, false);
  work(true);
  for (std::thread& other : others) other.join();
  const auto failed = std::find_if(statuses.begin(), statuses.end(), [](Status s) { return s != Status::ok; });
  return failed == statuses.end() ? Status::ok : *failed;
}

}  // namespace course
