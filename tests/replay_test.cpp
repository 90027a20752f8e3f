// What a reservoir keeps of a stream, what it draws, how it is carried, and that a network which learns online with one
// does not forget.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "keep/medium.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Pcg32;
using linnet::Replay;
namespace replay = linnet::replay;

namespace {

// Samples whose only input is their number, with a label each.
struct Stream {
  std::vector<std::uint16_t> labels;
  explicit Stream(const std::vector<std::size_t>& of_each) {
    for (std::size_t c = 0; c < of_each.size(); ++c) {
      labels.insert(labels.end(), of_each[c], static_cast<std::uint16_t>(c));
    }
    linnet::Pcg32(3).shuffle(labels);
  }
};

struct Kept {
  static constexpr std::size_t kGuard = 24;  // words behind the counts
  static constexpr std::uint32_t kZone = 0xa5a5a5a5u;
  std::vector<float> inputs;
  std::vector<std::uint16_t> labels;
  std::vector<std::uint32_t> counts;
  Replay reservoir;
  Kept(std::size_t capacity, const linnet::ReplayChoice& choice)
      : inputs(capacity), labels(capacity), counts(linnet::replay_counts(choice.classes) + kGuard, kZone) {
    const linnet::Span<std::uint32_t> lent{counts.data(), counts.size() - kGuard};
    REQUIRE(reservoir.bind(replay::floats({inputs.data(), capacity, 1}), labels, lent, choice) == Status::ok);
  }
  [[nodiscard]] bool guard_is_whole() const {
    return std::count(counts.end() - kGuard, counts.end(), kZone) == static_cast<long>(kGuard);
  }
  void add(const Stream& stream, Pcg32& random) {
    bool good = true;
    for (std::size_t k = 0; k < stream.labels.size(); ++k) {
      const float x[] = {static_cast<float>(k)};
      good = good && reservoir.add(x, stream.labels[k], random) == Status::ok;
    }
    REQUIRE(good);
  }
};

// How often each sample of a stream was kept in so many runs.
std::vector<double> times_kept(const Stream& stream, std::size_t capacity, const linnet::ReplayChoice& choice,
                               int runs) {
  std::vector<double> times(stream.labels.size());
  Pcg32 random(11);
  Kept kept(capacity, choice);
  int strange = 0;
  for (int run = 0; run < runs; ++run) {
    kept.reservoir.clear();
    kept.add(stream, random);
    REQUIRE(kept.reservoir.size() == std::min(capacity, stream.labels.size()));
    for (std::size_t place = 0; place < kept.reservoir.size(); ++place) {
      const auto number = static_cast<std::size_t>(kept.inputs[place]);
      times[number] += 1.0;
      strange += kept.labels[place] == stream.labels[number] ? 0 : 1;
    }
  }
  CHECK(strange == 0);
  return times;
}

// Whether counts of `runs` independent trials of one probability are within five standard deviations of their mean: of
// 60 counts one is not in 30,000 such tests.
bool alike(const std::vector<double>& times, int runs) {
  double mean = 0.0;
  for (const double n : times) mean += n / static_cast<double>(times.size());
  const double share = mean / runs;
  const double deviation = std::sqrt(runs * share * (1.0 - share));
  return std::all_of(times.begin(), times.end(),
                     [=](double n) { return std::fabs(n - mean) <= 5.0 * deviation + 1e-9; });
}

}  // namespace

TEST_CASE("a plain reservoir keeps every sample of a stream as often as any other") {
  const std::vector<double> times = times_kept(Stream({50}), 12, replay::plain, 4000);
  CHECK(alike(times, 4000));
  CHECK(std::fabs(times[0] / 4000 - 12.0 / 50) <= 5 * std::sqrt(0.24 * 0.76 / 4000));
}

TEST_CASE("a plain reservoir is algorithm R, written once more beside it") {
  Pcg32 random(5), same(5);
  Kept kept(7, replay::plain);
  std::vector<float> expected;
  for (std::uint32_t k = 0; k < 500; ++k) {
    const float x[] = {static_cast<float>(k)};
    REQUIRE(kept.reservoir.add(x, static_cast<std::uint16_t>(k), random) == Status::ok);
    if (k < 7) {
      expected.push_back(x[0]);
    } else if (const std::uint32_t j = same.below(k + 1); j < 7) {
      expected[j] = x[0];
    }
  }
  CHECK(kept.inputs == expected);
  CHECK(kept.reservoir.seen() == 500);
  CHECK(kept.reservoir.size() == 7);
  CHECK(kept.reservoir.capacity() == 7);
}

TEST_CASE("a balanced reservoir keeps as many of each class, and all of a class that is rarer than that") {
  const auto of_each = [](const std::vector<std::size_t>& came) {
    Pcg32 random(7);
    Kept kept(30, replay::balanced(3));
    kept.add(Stream(came), random);
    std::vector<std::size_t> result(3);
    for (const std::uint16_t label : kept.labels) ++result[label];
    return result;
  };
  CHECK(of_each({2700, 270, 30}) == std::vector<std::size_t>{10, 10, 10});
  CHECK(of_each({2700, 270, 4}) == std::vector<std::size_t>{13, 13, 4});
  CHECK(of_each({1000, 0, 0}) == std::vector<std::size_t>{30, 0, 0});
  CHECK(of_each({12, 9, 9}) == std::vector<std::size_t>{12, 9, 9});
}

TEST_CASE("a balanced reservoir keeps every sample of a class as often as any other of it") {
  const Stream stream({40, 15, 5});
  const std::vector<double> times = times_kept(stream, 15, replay::balanced(3), 4000);
  for (std::uint16_t c = 0; c < 3; ++c) {
    std::vector<double> of_class;
    for (std::size_t k = 0; k < times.size(); ++k) {
      if (stream.labels[k] == c) of_class.push_back(times[k]);
    }
    CHECK(alike(of_class, 4000));
  }
}

TEST_CASE("inputs in two bytes or one come back within half a scale, and those that a scale has exactly") {
  std::int16_t words[4][3];
  std::uint8_t bytes[4][3];
  std::uint16_t word_labels[4], byte_labels[4];
  std::uint32_t word_counts[1], byte_counts[1];
  Replay in_words, in_bytes;
  REQUIRE(in_words.bind(replay::int16(words, 0.01f, 2.0f), word_labels, word_counts) == Status::ok);
  REQUIRE(in_bytes.bind(replay::bytes(bytes, 1.0f / 255), byte_labels, byte_counts) == Status::ok);
  Pcg32 random(1);
  for (int k = 0; k < 300; ++k) {
    const float x[] = {random.uniform(-300.0f, 300.0f), 2.0f + 0.01f * 32767.0f, 2.0f - 0.01f * 32767.0f};
    const float p[] = {random.uniform(), 0.0f, 1.0f};
    float out[1][3];
    std::uint16_t label[1] = {};
    in_words.clear(), in_bytes.clear();
    REQUIRE(in_words.add(x, 3, random) == Status::ok);
    REQUIRE(in_words.draw(out, label, random) == Status::ok);
    CHECK(label[0] == 3);
    CHECK(std::fabs(out[0][0] - x[0]) <= 0.00502f);  // and the rounding of a float near 300
    CHECK(out[0][1] == x[1]);
    CHECK(out[0][2] == x[2]);
    REQUIRE(in_bytes.add(p, 4, random) == Status::ok);
    REQUIRE(in_bytes.draw(out, label, random) == Status::ok);
    CHECK(std::fabs(out[0][0] - p[0]) <= 0.5f / 255 + 1e-7f);
    CHECK(out[0][1] == 0.0f);
    CHECK(out[0][2] == 1.0f);
  }
  for (int pixel = 0; pixel < 256; ++pixel) {
    const float p[] = {static_cast<float>(pixel) * (1.0f / 255), 0.0f, 0.0f};
    in_bytes.clear();
    REQUIRE(in_bytes.add(p, 0, random) == Status::ok);
    CHECK(bytes[0][0] == pixel);
  }
}

TEST_CASE("what a scale cannot keep is refused and nothing is changed") {
  std::int16_t words[2][1] = {{7}, {8}};
  std::uint8_t bytes[2][1] = {{7}, {8}};
  std::uint16_t labels[2], other_labels[2];
  std::uint32_t counts[1], other_counts[1];
  Replay in_words, in_bytes;
  REQUIRE(in_words.bind(replay::int16(words, 0.5f), labels, counts) == Status::ok);
  REQUIRE(in_bytes.bind(replay::bytes(bytes, 0.5f), other_labels, other_counts) == Status::ok);
  Pcg32 random(1);
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float bad : {16384.0f, -16384.0f, 3.4e38f, -3.4e38f, kInfinity, -kInfinity, kNaN}) {
    const float x[] = {bad};
    CHECK(in_words.add(x, 1, random) == Status::bad_input);
    CHECK(in_bytes.add(x, 1, random) == Status::bad_input);
  }
  for (const float bad : {-0.3f, 127.8f}) {
    const float x[] = {bad};
    CHECK(in_bytes.add(x, 1, random) == Status::bad_input);
  }
  CHECK(in_words.seen() == 0);
  CHECK(in_bytes.seen() == 0);
  CHECK(words[0][0] == 7);
  CHECK(bytes[0][0] == 7);
}

TEST_CASE("a draw takes every sample that is kept equally often, with the target that belongs to it") {
  float inputs[9][2], targets[9][1];
  std::uint32_t counts[linnet::replay_counts()];
  Replay reservoir;
  REQUIRE(reservoir.bind(replay::floats(inputs), targets, counts) == Status::ok);
  Pcg32 random(2);
  for (int k = 0; k < 6; ++k) {  // three places stay empty
    const float x[] = {static_cast<float>(k), 1.0f};
    const float t[] = {static_cast<float>(10 * k)};
    REQUIRE(reservoir.add(x, t, random) == Status::ok);
  }
  float drawn[50][2], goals[50][1];
  std::vector<double> times(6);
  int strange = 0;
  for (int batch = 0; batch < 1000; ++batch) {
    REQUIRE(reservoir.draw(drawn, goals, random) == Status::ok);
    for (int b = 0; b < 50; ++b) {
      strange += goals[b][0] == 10.0f * drawn[b][0] && drawn[b][1] == 1.0f ? 0 : 1;
      times[static_cast<std::size_t>(drawn[b][0])] += 1.0;
    }
  }
  CHECK(strange == 0);
  CHECK(alike(times, 50000));
}

TEST_CASE("a reservoir is carried in a checkpoint and goes on with the same samples") {
  const auto shape = linnet::topology(1, {{1, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 1}, 1);
  linnet_keep::Medium medium({8192, 4, 1024, 2});
  const Stream stream({60, 30, 10});
  for (const linnet::ReplayChoice& choice : {replay::plain, replay::balanced(3)}) {
    Kept first(8, choice), second(8, choice);
    Pcg32 random(9), other(1);
    const auto pieces = [](Kept& kept, linnet::Pcg32::State& place) {
      return std::vector<linnet::Piece>{
          {"inputs", kept.inputs.data(), 8, 4},
          {"labels", kept.labels.data(), 8, 2},
          {"counts", kept.counts.data(), static_cast<std::uint32_t>(kept.counts.size()), 4},
          {"random", &place, 2, 8}};
    };
    for (std::size_t k = 0; k < stream.labels.size(); ++k) {
      linnet::Pcg32::State place = random.state();
      std::vector<linnet::Piece> all = pieces(first, place);
      REQUIRE(linnet::save(medium.store(), {&bench.network, nullptr, all}) == Status::ok);
      linnet::Kept found;
      all = pieces(second, place);
      REQUIRE(linnet::load(medium.store(), {&bench.network, nullptr, all}, found) == Status::ok);
      other.restore(place);
      const float x[] = {static_cast<float>(k)};
      REQUIRE(first.reservoir.add(x, stream.labels[k], random) == Status::ok);
      REQUIRE(second.reservoir.add(x, stream.labels[k], other) == Status::ok);
      CHECK(second.inputs == first.inputs);
      CHECK(second.labels == first.labels);
      CHECK(second.counts == first.counts);
      CHECK(second.reservoir.size() == first.reservoir.size());
      CHECK(other.state().state == random.state().state);
    }
  }
}

TEST_CASE("whatever counts and labels a checkpoint brings, nothing outside of the lent memory is touched") {
  Pcg32 random(13);
  for (int world = 0; world < 2000; ++world) {
    Kept kept(1 + random.below(9), replay::balanced(1 + random.below(4)));
    for (std::size_t k = 0; k + Kept::kGuard < kept.counts.size(); ++k) {
      const std::uint32_t kinds[] = {0, random.below(20), random.bits(), 0xffffffffu};
      kept.counts[k] = kinds[random.below(4)];
    }
    for (std::uint16_t& label : kept.labels) label = static_cast<std::uint16_t>(random.below(6));
    for (int k = 0; k < 12; ++k) {
      const float x[] = {static_cast<float>(k)};
      const auto label = static_cast<std::uint16_t>(random.below(5));
      const Status status = kept.reservoir.add(x, label, random);
      CHECK((status == Status::ok || status == Status::bad_label));
      float drawn[3][1];
      std::uint16_t labels[3];
      if (kept.reservoir.size() > 0) CHECK(kept.reservoir.draw(drawn, labels, random) == Status::ok);
    }
    CHECK(kept.reservoir.size() <= kept.reservoir.capacity());
    CHECK(kept.guard_is_whole());
  }
}

namespace {

// A quantity that depends on where it is measured, and two regimes: first the one half of the places, then the other.
float quantity(float x) { return std::cos(3.14159274f * x); }

// R2 over both regimes of a network that saw them one after the other, a sample at a time; with `kept` samples to replay
// beside the new one.
double r2_after_two_regimes(std::size_t kept, std::uint64_t seed) {
  const auto shape = linnet::topology(1, {{16, linnet::activation::tanh}, {1, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::adam(0.01f), 8}, seed);
  std::vector<float> inputs(kept), targets(kept);
  std::uint32_t counts[linnet::replay_counts()];
  Replay reservoir;
  if (kept > 0) {
    REQUIRE(reservoir.bind(replay::floats({inputs.data(), kept, 1}), {targets.data(), kept, 1}, counts) == Status::ok);
  }
  Pcg32 random(6);
  for (int k = 0; k < 4000; ++k) {
    float x[8][1] = {{random.uniform(-1.0f, 0.0f) + (k < 2000 ? 0.0f : 1.0f)}};
    float t[8][1] = {{quantity(x[0][0])}};
    const linnet::Rows xs(x), ts(t);
    std::size_t rows = 1;
    if (reservoir.size() > 0) {
      REQUIRE(reservoir.draw(xs.rows(1, 7), ts.rows(1, 7), random) == Status::ok);
      rows = 8;
    }
    REQUIRE(bench.trainer.step(xs.rows(0, rows), ts.rows(0, rows)) == Status::ok);
    if (kept > 0) REQUIRE(reservoir.add(x[0], t[0], random) == Status::ok);
  }
  linnet::Predictor predictor;
  std::vector<float> scratch(linnet::predictor_floats(shape));
  REQUIRE(predictor.bind(bench.network, scratch) == Status::ok);
  double errors = 0.0, sum = 0.0, squares = 0.0;
  for (int k = 0; k < 400; ++k) {
    const float x[1][1] = {{-1.0f + static_cast<float>(k) / 200.0f}};
    float y[1][1];
    REQUIRE(predictor.predict(x, y) == Status::ok);
    const auto t = static_cast<double>(quantity(x[0][0]));
    errors += (static_cast<double>(y[0][0]) - t) * (static_cast<double>(y[0][0]) - t);
    sum += t;
    squares += t * t;
  }
  return 1.0 - errors / (squares - sum * sum / 400);
}

}  // namespace

TEST_CASE("with 64 samples to replay a network that learns online keeps the first regime, without it forgets") {
  for (std::uint64_t seed = 4; seed < 9; ++seed) {
    const double with = r2_after_two_regimes(64, seed);
    const double without = r2_after_two_regimes(0, seed);
    MESSAGE("R2 over both regimes, seed ", seed, ": ", with, " with 64 samples, ", without, " without");
    CHECK(with >= 0.99);
    CHECK(without < 0.0);
  }
}
