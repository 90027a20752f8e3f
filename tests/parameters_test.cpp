// Parameters in a stated order: their hash, and matrices in and out.
#include <doctest/doctest.h>

#include <limits>

#include "nets.hpp"

using namespace linnet_test;
using linnet::Order;

namespace {

// By units and by inputs: the first layer lies as (units, inputs), the second as (inputs, units).
const auto kFlipping = linnet::topology(20, {{3, linnet::activation::tanh}, {17, linnet::activation::identity, false}});

// The network on frozen layers and others, filled through its views in the order of (units, inputs).
struct Numbered {
  std::vector<float> frozen, trainable;
  linnet::Network network;

  explicit Numbered(std::size_t frozen_layers)
      : frozen(linnet::frozen_floats(kFlipping, frozen_layers)),
        trainable(linnet::trainable_floats(kFlipping, frozen_layers)) {
    linnet::Network whole;
    std::vector<float> all(linnet::parameter_floats(kFlipping));
    REQUIRE(whole.bind(kFlipping, all) == Status::ok);
    for (std::size_t o = 0; o < 3; ++o) {
      for (std::size_t i = 0; i < 20; ++i) whole.weights(0)(o, i) = static_cast<float>(20 * o + i);
      whole.biases(0)[o] = 100.0f + static_cast<float>(o);
    }
    for (std::size_t o = 0; o < 17; ++o) {
      for (std::size_t i = 0; i < 3; ++i) whole.weights(1)(o, i) = -0.25f * static_cast<float>(3 * o + i);
    }
    std::copy(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(frozen.size()), frozen.begin());
    std::copy(all.begin() + static_cast<std::ptrdiff_t>(frozen.size()), all.end(), trainable.begin());
    REQUIRE(network.bind(kFlipping, frozen, trainable, frozen_layers) == Status::ok);
  }
};

std::vector<float> counted(std::size_t size, float step = 1.0f) {
  std::vector<float> floats(size);
  for (std::size_t k = 0; k < size; ++k) floats[k] = step * static_cast<float>(k);
  return floats;
}

}  // namespace

TEST_CASE("the hash is FNV-1a over the floats as (units, inputs), whatever the storage and whatever is frozen") {
  CHECK(linnet::hash(linnet::Network()) == 0xcbf29ce484222325u);
  for (const std::size_t frozen : {0u, 1u, 2u}) {
    const Numbered numbered(frozen);
    CHECK(linnet::hash(numbered.network) == 0x079f3089c46d4329u);  // by struct.pack and the published algorithm
  }
  for (const std::size_t at : {0u, 62u, 113u}) {
    Numbered numbered(0);
    numbered.trainable[at] += 1.0f;
    CHECK(linnet::hash(numbered.network) != 0x079f3089c46d4329u);
  }
}

TEST_CASE("matrices of both orders are taken to where the views see them, and copied back") {
  const Numbered numbered(0);
  const linnet::Network& network = numbered.network;
  const std::vector<float> weights = counted(60), biases = {7.0f, 8.0f, -0.0f};
  for (const Order order : {Order::units_inputs, Order::inputs_units}) {
    REQUIRE(linnet::take(network, 0, weights, biases, order) == Status::ok);
    REQUIRE(linnet::take(network, 1, counted(51, 0.5f), {}, order) == Status::ok);
    for (std::size_t o = 0; o < 3; ++o) {
      CHECK(network.read_biases(0)[o] == biases[o]);
      for (std::size_t i = 0; i < 20; ++i) {
        CHECK(network.read_weights(0)(o, i) ==
              static_cast<float>(order == Order::units_inputs ? 20 * o + i : 3 * i + o));
        for (std::size_t u = 0; u < 17 && i == 0; ++u) {
          CHECK(network.read_weights(1)(u, o) ==
                0.5f * static_cast<float>(order == Order::units_inputs ? 3 * u + o : 17 * o + u));
        }
      }
    }
    std::vector<float> back(60, -1.0f), back_biases(3, -1.0f), second(51, -1.0f);
    REQUIRE(linnet::copy(network, 0, back, back_biases, order) == Status::ok);
    REQUIRE(linnet::copy(network, 1, second, {}, order) == Status::ok);
    CHECK(same_bits(back, weights));
    CHECK(same_bits(back_biases, biases));
    CHECK(same_bits(second, counted(51, 0.5f)));
  }
}

TEST_CASE("the order by units is that of the hash") {
  const Numbered numbered(2);
  std::vector<float> all(114);
  REQUIRE(linnet::copy(numbered.network, 0, {all.data(), 60}, {all.data() + 60, 3}, Order::units_inputs) == Status::ok);
  REQUIRE(linnet::copy(numbered.network, 1, {all.data() + 63, 51}, {}, Order::units_inputs) == Status::ok);
  CHECK(hash(all) == 0x079f3089c46d4329u);
}

TEST_CASE("matrices that do not fit are refused, and nothing changes") {
  Numbered numbered(1);
  const linnet::Network& network = numbered.network;
  const std::vector<float> before = numbered.trainable;
  const auto refuse = [&](std::size_t l, linnet::Span<const float> weights, linnet::Span<const float> biases) {
    const Status status = linnet::take(network, l, weights, biases, Order::inputs_units);
    CHECK(status != Status::ok);
    CHECK(same_bits(before, numbered.trainable));
    return status;
  };
  std::vector<float> weights = counted(60), second = counted(51), biases(17, 1.0f);
  CHECK(linnet::take(linnet::Network(), 0, weights, biases, Order::units_inputs) == Status::not_bound);
  CHECK(refuse(0, weights, {biases.data(), 3}) == Status::bad_layer);  // frozen
  CHECK(refuse(2, second, {}) == Status::bad_layer);
  CHECK(refuse(1, {second.data(), 50}, {}) == Status::other_shape);
  CHECK(refuse(1, {second.data(), 52}, {}) == Status::other_shape);
  CHECK(refuse(1, second, biases) == Status::other_shape);
  CHECK(refuse(1, {nullptr, 51}, {}) == Status::null_memory);
  CHECK(refuse(1, {numbered.trainable.data(), 51}, {}) == Status::overlapping_memory);
  CHECK(refuse(1, {numbered.frozen.data() + 10, 51}, {}) == Status::overlapping_memory);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    second[50] = bad;
    CHECK(refuse(1, second, {}) == Status::bad_parameter);
  }
  const Numbered whole(0);
  biases[2] = std::numeric_limits<float>::infinity();
  CHECK(linnet::take(whole.network, 0, weights, {biases.data(), 3}, Order::units_inputs) == Status::bad_parameter);
  CHECK(linnet::take(whole.network, 0, weights, {}, Order::units_inputs) == Status::other_shape);
  CHECK(linnet::take(whole.network, 0, weights, {nullptr, 3}, Order::units_inputs) == Status::null_memory);
}

TEST_CASE("parameters are not copied over each other or over the network") {
  Numbered numbered(1);
  const linnet::Network& network = numbered.network;
  std::vector<float> room(70, 5.0f);
  const auto copy = [&](linnet::Span<float> weights, linnet::Span<float> biases) {
    return linnet::copy(network, 0, weights, biases, Order::units_inputs);
  };
  CHECK(copy({room.data(), 60}, {room.data() + 59, 3}) == Status::overlapping_memory);
  CHECK(copy({numbered.frozen.data(), 60}, {room.data(), 3}) == Status::overlapping_memory);
  CHECK(copy({room.data(), 60}, {numbered.trainable.data(), 3}) == Status::overlapping_memory);
  CHECK(copy({nullptr, 60}, {room.data(), 3}) == Status::null_memory);
  CHECK(copy({room.data(), 59}, {room.data() + 60, 3}) == Status::other_shape);
  CHECK(linnet::copy(network, 2, room, {}, Order::units_inputs) == Status::bad_layer);
  CHECK(linnet::copy({}, 0, room, {}, Order::units_inputs) == Status::not_bound);
  CHECK(same_bits(room, std::vector<float>(70, 5.0f)));
  CHECK(copy({room.data(), 60}, {room.data() + 60, 3}) == Status::ok);
}
