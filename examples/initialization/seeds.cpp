#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

#include "course.hpp"

namespace course {

using ln::Status;

float halved(float rate, std::size_t pass, std::size_t passes) {
  for (std::size_t sixths = 6 * pass / passes; sixths > 0; --sixths) rate *= 0.5f;
  return rate;
}

float warmed_up(float rate, std::size_t pass, std::size_t passes) {
  const auto done = static_cast<float>(pass + 1) / static_cast<float>(passes);
  return rate * (done < 0.1f ? done / 0.1f : (1.0f - done) / 0.9f);
}

// The passes before a point, and all of a run.
static std::size_t passes_before(const Length& length, std::size_t point) {
  return length.course_epochs ? point : point > 0 ? 1 : 0;
}
static std::size_t passes_of(const Length& length) {
  return length.course_epochs ? passes_at(length.points - 1) : length.points - 1;
}

static Status train_by(Run& run, const Recipe& recipe, std::size_t done, std::size_t passes, std::size_t total) {
  if (recipe.schedule == nullptr) return run.train(passes);
  for (std::size_t pass = done; pass < done + passes; ++pass) {
    const float rate = recipe.schedule(recipe.optimizer.learning_rate, pass, total);
    if (auto s = run.trainer().set_learning_rate(rate); s != Status::ok) return s;
    if (auto s = run.train(1); s != Status::ok) return s;
  }
  return Status::ok;
}

static Status train_to_points(Run& run, const Recipe& recipe, const Length& length, Outcome& outcome) {
  std::size_t done = 0;
  for (std::size_t point = 0; point < length.points; ++point) {
    const std::size_t passes = passes_before(length, point);
    if (auto s = train_by(run, recipe, done, passes, passes_of(length)); s != Status::ok) return s;
    done += passes;
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
  if (auto s = train_to_points(run, recipe, length, outcome); s != Status::ok && s != Status::diverged) return s;
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
  if (note) note(seeds);
  const auto failed = std::find_if(statuses.begin(), statuses.end(), [](Status s) { return s != Status::ok; });
  return failed == statuses.end() ? Status::ok : *failed;
}

}  // namespace course
