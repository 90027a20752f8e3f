// What a normalizer has learned, carried elsewhere.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "keep/format.hpp"
#include "keep/medium.hpp"
#include "nets.hpp"
#include "scales.hpp"

using namespace linnet_test;
using linnet::Scaling;

namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

linnet_keep::Bytes little_endian(const std::vector<double>& numbers) {
  linnet_keep::Bytes bytes;
  for (const double number : numbers) {
    std::uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    linnet_keep::put(bytes, bits, 8);
  }
  return bytes;
}

}  // namespace

TEST_CASE("S9: a normalizer that was kept in a checkpoint goes on elsewhere with the same bits") {
  for (const Scaling scaling : {Scaling::standard, Scaling::min_max}) {
    Scales scales(200, 1, scaling), other(200, 2, scaling);
    REQUIRE(scales.all.observe(scales.rows().rows(0, 120)) == Status::ok);
    scales.all.freeze();
    std::vector<double> state = state_of(scales.all);
    CHECK(state[0] == (scaling == Scaling::standard ? 0.0 : 1.0));
    CHECK(state[1] == 1.0);
    CHECK(state[2] == 120.0);
    CHECK(static_cast<float>(state[3]) == scales.all.centre(0));

    const linnet::Topology shape = linnet::topology(kColumns, {{1, linnet::activation::identity}});
    std::vector<float> parameters(kColumns + 1, 0.25f);
    linnet::Network network;
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    linnet_keep::Medium medium(linnet_keep::Geometry{2 * 1024, 4, 512, 2});
    const auto with = [&network](const linnet::Piece& piece) {
      return linnet::Checkpoint{&network, nullptr, {&piece, 1}};
    };
    REQUIRE(state.size() == linnet::normalizer_state(kColumns));
    const linnet::Piece kept{"scale", state.data(), static_cast<std::uint32_t>(state.size()), 8};
    REQUIRE(linnet::save(medium.store(), with(kept)) == Status::ok);
    // as the page of checkpoints says: eight bytes a number, the lowest first
    const linnet_keep::Bytes wanted = little_endian(state);
    CHECK(std::search(medium.bytes().begin(), medium.bytes().end(), wanted.begin(), wanted.end()) !=
          medium.bytes().end());

    std::vector<double> found(state.size(), -1.0);
    const linnet::Piece taken{"scale", found.data(), static_cast<std::uint32_t>(found.size()), 8};
    linnet::Kept what;
    REQUIRE(linnet::load(medium.store(), with(taken), what) == Status::ok);
    REQUIRE(other.all.restore(found) == Status::ok);
    CHECK(other.all.frozen());
    CHECK(same_bits(scales.memory, other.memory));
    scales.all.thaw();
    other.all.thaw();
    REQUIRE(scales.all.observe(scales.rows().rows(120, 80)) == Status::ok);
    REQUIRE(other.all.observe(scales.rows().rows(120, 80)) == Status::ok);
    CHECK(other.all.count() == 200);
    CHECK(same_bits(scales.memory, other.memory));
  }
}

TEST_CASE("a state that no rows give is refused, and what was learned stays") {
  std::vector<float> memory(linnet::normalizer_floats(1)), x{1.0f, 3.0f};
  for (const Scaling scaling : {Scaling::standard, Scaling::min_max}) {
    linnet::Normalizer scale;
    REQUIRE(scale.bind(1, memory, scaling) == Status::ok);
    REQUIRE(scale.observe(x) == Status::ok);
    const std::vector<float> before = memory;
    const double is = scaling == Scaling::standard ? 0.0 : 1.0;
    std::vector<std::vector<double>> bad = {{1.0 - is, 0.0, 2.0, 2.0, 3.0},
                                            {2.0, 0.0, 2.0, 2.0, 3.0},
                                            {is, 0.5, 2.0, 2.0, 3.0},
                                            {is, 0.0, -1.0, 2.0, 3.0},
                                            {is, 0.0, 1.5, 2.0, 3.0},
                                            {is, 0.0, 0x1p53 + 2.0, 2.0, 3.0},
                                            {is, 0.0, 0.0, 2.0, 3.0},
                                            {is, 0.0, 0.0, 0.0, 3.0},
                                            {is, 0.0, 2.0, 2.0},
                                            {is, 0.0, 2.0, 2.0, 3.0, 0.0},
                                            {is, 0.0, 2.0, -4e38, 3.0},
                                            {is, 0.0, 2.0, 2.0, scaling == Scaling::standard ? -1e-9 : 1.5},
                                            {is, 0.0, 2.0, 2.0, scaling == Scaling::standard ? 1e78 : 1e38},
                                            {is, 0.0, 2.0, 4e38, scaling == Scaling::standard ? 3.0 : 5e38}};
    for (std::size_t k = 0; k < 5; ++k) {
      for (const double none : {kNaN, kInfinity, -kInfinity}) {
        bad.push_back({is, 0.0, 2.0, 2.0, 3.0});
        bad.back()[k] = none;
      }
    }
    if (scaling == Scaling::min_max) {
      bad.push_back({is, 0.0, 2.0, -2e38, 3.0});
      bad.push_back({is, 0.0, 2.0, 0.1, 3.0});  // 0.1 is no float
      bad.push_back({is, 0.0, 2.0, 2.0, 2.7});
    }
    for (const std::vector<double>& state : bad) {
      CAPTURE(state);
      CHECK(scale.restore(state) == Status::bad_state);
      CHECK(scale.count() == 2);
      CHECK(same_bits(before, memory));
    }
    CHECK(scale.restore({nullptr, 5}) == Status::null_memory);
    CHECK(scale.restore(std::vector<double>{is, 0.0, 0.0, 0.0, 0.0}) == Status::ok);
    CHECK(scale.count() == 0);
    CHECK(scale.apply(x) == Status::nothing_observed);
    CHECK(scale.restore(std::vector<double>{is, 0.0, 0x1p53, -2.0, 3.0}) == Status::ok);
    CHECK(scale.centre(0) == -2.0f);
  }
}

TEST_CASE("a state is saved where there is room for it, and only there") {
  Scales scales(20, 1);
  REQUIRE(scales.all.observe(scales.rows()) == Status::ok);
  const std::size_t needed = linnet::normalizer_state(kColumns);
  std::vector<double> room(needed + 1, 7.0);
  CHECK(scales.all.save({room.data(), needed - 1}) == Status::too_little_memory);
  CHECK(scales.all.save({nullptr, needed}) == Status::null_memory);
  CHECK(room == std::vector<double>(needed + 1, 7.0));
  CHECK(scales.all.save(room) == Status::ok);
  CHECK(room.back() == 7.0);
  linnet::Normalizer unbound;
  CHECK(unbound.save(room) == Status::not_bound);
  CHECK(unbound.restore(room) == Status::not_bound);
  CHECK(linnet::normalizer_state(linnet::kMaxFloats) == linnet::kTooLarge);
}

TEST_CASE("S8: what is learned, scaled, folded and measured has the stored bits on every target") {
  std::vector<float> x(900), y(900), memory(linnet::normalizer_floats(3)), other_memory(linnet::normalizer_floats(3));
  linnet::Pcg32 random(5);
  for (std::size_t b = 0; b < 300; ++b) {
    x[3 * b] = random.normal(20.0f, 5.0f);
    x[3 * b + 1] = 1e-9f * random.normal(3.0f, 1.0f);
    x[3 * b + 2] = random.normal(1e5f, 3e4f);
  }
  linnet::Normalizer scale, other;
  REQUIRE(scale.bind(3, memory) == Status::ok);
  REQUIRE(other.bind(3, other_memory) == Status::ok);
  REQUIRE(scale.observe({x.data(), 200, 3}) == Status::ok);
  REQUIRE(other.observe({x.data() + 600, 100, 3}) == Status::ok);
  REQUIRE(scale.merge(other) == Status::ok);
  REQUIRE(scale.apply({x.data(), 300, 3}, {y.data(), 300, 3}) == Status::ok);
  std::uint64_t sum = hash(y);
  REQUIRE(scale.undo(linnet::Rows(y.data(), 300, 3)) == Status::ok);
  sum = hash(y, sum);
  for (const unsigned char byte : little_endian(state_of(scale))) sum = (sum ^ byte) * 1099511628211u;

  const auto shape = linnet::topology(3, {{8, linnet::activation::tanh}, {3, linnet::activation::identity}});
  std::vector<float> parameters(linnet::parameter_floats(shape)), sums(linnet::regression_floats(3));
  linnet::Network network;
  linnet::Regression errors;
  REQUIRE(network.bind(shape, parameters) == Status::ok);
  REQUIRE(linnet::initialize(network, random) == Status::ok);
  REQUIRE(linnet::fold(scale, network) == Status::ok);
  REQUIRE(linnet::fold_targets(scale, network) == Status::ok);
  sum = hash(parameters, sum);
  REQUIRE(errors.bind(3, sums) == Status::ok);
  REQUIRE(errors.add({y.data(), 300, 3}, {x.data(), 300, 3}) == Status::ok);
  sum = hash(std::vector<float>{errors.r2(), errors.mean_squared_error(1), errors.mean_absolute_error(2)}, sum);
  // of GCC and Clang on x86-64, of ARMv7 with and without floating-point registers, and of s390x, which is big-endian
  CHECK(sum == (linnet::contract() == linnet::Contract::fused ? 0x44bc447ff3e88220u : 0x46575b96c890293cu));
}
