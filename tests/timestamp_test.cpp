// Runs on inputs as users have them: seconds since 1970, a sensor's glitch; and clipping by a norm whose square is no
// float.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

constexpr std::size_t kRows = 32, kBatches = 8;

bool all_finite(linnet::Span<const float> floats) {
  return std::all_of(floats.begin(), floats.end(), [](float x) { return std::isfinite(x); });
}

bool all_finite(const Bench& bench) {
  return all_finite({bench.parameters.data(), bench.parameters.size()}) && all_finite(bench.trainer.optimizer_state());
}

linnet::Topology shape() {
  namespace a = linnet::activation;
  return linnet::topology(4, {{16, a::relu}, {16, a::relu}, {1, a::identity}});
}

// Four standard normal inputs; the target is a smooth function of them, of this size.
std::vector<Data> batches(float target) {
  std::vector<Data> all;
  for (std::size_t b = 0; b < kBatches; ++b) {
    Data data(kRows, 4, 1, 100 + b);
    for (std::size_t r = 0; r < kRows; ++r) {
      const float* x = &data.x[4 * r];
      data.t[r] = target * (0.5f * x[1] - x[2] + 0.25f * x[3] * x[3]);
    }
    all.push_back(data);
  }
  return all;
}

struct Run {
  const char* name;
  TrainerConfig config;
};

std::vector<Run> runs() {
  const linnet::Loss loss = linnet::loss::mean_squared_error;
  TrainerConfig by_norm{loss, linnet::optimizer::sgd(0.01f), kRows, Gradients::kept};
  by_norm.clip_norm = 1.0f;
  TrainerConfig by_value{loss, linnet::optimizer::sgd(0.01f), kRows};
  by_value.clip_value = 1.0f;
  return {{"adam", {loss, linnet::optimizer::adam(), kRows}},
          {"rprop", {loss, linnet::optimizer::rprop(), kRows}},
          {"adagrad", {loss, linnet::optimizer::adagrad(), kRows}},
          {"clip_norm", by_norm},
          {"clip_value", by_value}};
}

}  // namespace

TEST_CASE("with a time since 1970 among the inputs no step is refused that clips or rescales its gradients") {
  for (const float now : {1.76e9f, 1.76e12f}) {
    for (const float target : {1.0f, 100.0f, 5e5f}) {
      std::vector<Data> data = batches(target);
      for (Data& batch : data) {
        for (std::size_t r = 0; r < kRows; ++r) batch.x[4 * r] = now * (1.0f + 1e-3f * batch.x[4 * r]);
      }
      for (const Run& run : runs()) {
        Bench bench(shape(), run.config, 1);
        REQUIRE(bench.status == Status::ok);
        std::size_t refused = 0;
        bool finite = true;
        for (std::size_t s = 0; s < 2000; ++s) {
          const Data& batch = data[s % kBatches];
          refused += bench.trainer.step(batch.input_rows(), batch.target_rows()) == Status::ok ? 0u : 1u;
          finite = finite && all_finite(bench);
        }
        CAPTURE(now);
        CAPTURE(target);
        CAPTURE(std::string(run.name));
        CHECK(refused == 0u);
        CHECK(finite);
      }
    }
  }
}

TEST_CASE("SGD refuses just the batches with a sensor's glitch of 1e15 and learns from the others") {
  std::vector<Data> data = batches(1.0f);
  Bench bench(shape(), {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.02f), kRows}, 1);
  REQUIRE(bench.status == Status::ok);
  float first = 0.0f, last = 0.0f;
  REQUIRE(bench.trainer.evaluate(data[0].input_rows(), data[0].target_rows(), first) == Status::ok);
  for (std::size_t s = 0; s < 2000; ++s) {
    Data batch = data[s % kBatches];
    const bool glitch = s % 30 == 29;
    if (glitch) batch.x[s % batch.x.size()] = 1e15f;
    CAPTURE(s);
    CHECK(bench.trainer.step(batch.input_rows(), batch.target_rows()) == (glitch ? Status::diverged : Status::ok));
    CHECK(all_finite(bench));
  }
  REQUIRE(bench.trainer.evaluate(data[0].input_rows(), data[0].target_rows(), last) == Status::ok);
  CHECK(last < 0.2f * first);
}

TEST_CASE("clipping by norm gives gradients 2^k times as large the same bits, those of the formula") {
  // A norm of 2^10 and more, beside which 1e-6 is nothing; squares of 2^70 times as much are no floats.
  const float most = 0.75f;
  std::vector<float> expected;
  for (int power = 0; power <= 90; power += 5) {
    TrainerConfig config{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.0f), kRows, Gradients::kept};
    config.clip_norm = most;
    Bench bench(shape(), config, 1);
    const Data data(kRows, 4, 1, 5);
    REQUIRE(bench.trainer.accumulate(data.input_rows(), data.target_rows()) == Status::ok);
    const std::size_t n = bench.parameters.size();
    float* kept = bench.memory.data() + linnet::layout::trainer_layout(bench.topology, config, 0).kept_gradients;
    const std::vector<float> gradients = random_floats(n, 9, 256.0f);
    double squares = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      kept[k] = std::ldexp(gradients[k], power);
      squares += std::pow(static_cast<double>(gradients[k]), 2);
    }
    REQUIRE(bench.trainer.apply() == Status::ok);
    const std::vector<float> clipped(kept, kept + n);
    if (power == 0) expected = clipped;
    CAPTURE(power);
    CHECK(same_bits(clipped, expected));
    std::size_t off = 0;  // counted: a maximum of these is a loop that ends GCC 12 with an internal error on AArch64
    for (std::size_t k = 0; k < n; ++k) {
      const double g = static_cast<double>(gradients[k]) * static_cast<double>(most) / std::sqrt(squares);
      off += std::fabs(static_cast<double>(clipped[k]) / g - 1.0) < 1e-6 ? 0u : 1u;
    }
    CHECK(off == 0u);  // sums of 16 squares in 16 lanes, root, quotient, product: 2^-24 each
  }
}
