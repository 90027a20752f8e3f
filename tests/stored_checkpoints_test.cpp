// Three checkpoints of format 1 that every later version loads: tests/data/checkpoints. They were written once, on
// x86-64, by this file's LINNET_WRITE_CHECKPOINTS=1; never write them anew.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "keep/medium.hpp"
#include "nets.hpp"

using namespace linnet_keep;
using namespace linnet_test;
using linnet::Checkpoint;
using linnet::Kept;

namespace {

struct Stored {
  const char* name;
  Geometry geometry;
  linnet::Topology topology;
  linnet::TrainerConfig config;
  bool state;  // else parameters alone
  std::size_t frozen;
  int steps;
  std::uint64_t parameters, later;  // hashes: as loaded, and three steps later in the fused contract
};

const auto kSmall = linnet::topology(
    2, {{3, linnet::activation::leaky_relu.with_slope(0.125f)}, {1, linnet::activation::identity, false}});
const auto kWide = linnet::topology(4, {{17, linnet::activation::tanh}, {3, linnet::activation::identity}});
const Stored kStored[] = {
    {"parameters.lnt",
     {768, 1, 0, 2},
     kSmall,
     {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.05f), 2},
     false,
     0,
     4,
     0xb17018dccd124499u,
     0},
    {"training.lnt",
     {8192, 8, 4096, 2},
     kWide,
     {linnet::loss::mean_squared_error, linnet::optimizer::adam_amsgrad(0.01f).with_weight_decay(0.02f), 2},
     true,
     0,
     70,
     0x85ab7d0b8612c3e6u,
     0xbd909b74a97c993cu},
    {"frozen.lnt",
     {4096, 32, 2048, 2},
     kWide,
     {linnet::loss::mean_squared_error, linnet::optimizer::sgd_nesterov(0.02f, 0.9f), 2},
     true,
     1,
     9,
     0x4374f63b6b7588aau,
     0xb0e6a5bd4a485955u}};

// A network whose first layers may be frozen, its trainer, a generator, an order.
struct Learner {
  const Stored& what;
  std::vector<float> frozen, trainable, memory;
  linnet::Network network;
  linnet::Trainer trainer;
  std::uint64_t generator = 0;
  std::uint16_t order[3] = {};
  linnet::Piece pieces[2] = {{{'r', 'a', 'n', 'd', 'o', 'm'}, &generator, 1, 8},
                             {{'o', 'r', 'd', 'e', 'r'}, order, 3, 2}};

  explicit Learner(const Stored& stored)
      : what(stored),
        frozen(linnet::frozen_floats(what.topology, what.frozen)),
        trainable(linnet::trainable_floats(what.topology, what.frozen)),
        memory(linnet::trainer_floats(what.topology, what.config, what.frozen)) {
    for (std::size_t k = 0; k < frozen.size(); ++k) frozen[k] = 0.03125f * static_cast<float>(k % 13) - 0.1875f;
    REQUIRE(network.bind(what.topology, frozen, trainable, what.frozen) == Status::ok);
    REQUIRE(trainer.bind(network, what.config, memory) == Status::ok);
  }
  void begin() {
    linnet::Pcg32 random(7);
    REQUIRE(linnet::initialize(network, random, linnet::initializer::linear_default) == Status::ok);
    learn(what.steps);
    generator = 0x0123456789abcdefu;
    for (std::uint16_t k = 0; k < 3; ++k) order[k] = static_cast<std::uint16_t>(40000u + k);
  }
  void learn(int steps) {
    for (int k = 0; k < steps; ++k) {
      const Data data(2, what.topology.inputs, what.topology.outputs(), trainer.steps() + 1);
      REQUIRE(trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
    }
  }
  [[nodiscard]] Checkpoint all() { return {&network, what.state ? &trainer : nullptr, pieces, true}; }
};

std::string path_of(const Stored& stored) { return std::string(LINNET_CHECKPOINTS) + "/" + stored.name; }

void write_them() {
  for (const Stored& stored : kStored) {
    Learner learner(stored);
    Medium medium(stored.geometry);
    learner.begin();
    REQUIRE(linnet::save(medium.store(), learner.all(), true) == Status::ok);
    REQUIRE(linnet::confirm(medium.store()) == Status::ok);
    std::FILE* file = std::fopen(path_of(stored).c_str(), "wb");
    REQUIRE(file != nullptr);
    REQUIRE(std::fwrite(medium.bytes().data(), 1, medium.bytes().size(), file) == medium.bytes().size());
    REQUIRE(std::fclose(file) == 0);
    std::printf("%s 0x%016llxu", stored.name, static_cast<unsigned long long>(hash(learner.trainable)));
    learner.learn(3);
    std::printf(", 0x%016llxu\n", static_cast<unsigned long long>(hash(learner.trainable)));
  }
}

Medium read(const Stored& stored) {
  Medium medium(stored.geometry);
  std::FILE* file = std::fopen(path_of(stored).c_str(), "rb");
  REQUIRE(file != nullptr);
  CHECK(std::fread(medium.bytes().data(), 1, medium.bytes().size(), file) == medium.bytes().size());
  CHECK(std::fclose(file) == 0);
  return medium;
}

}  // namespace

TEST_CASE("the stored checkpoints of format 1 are loaded and go on with the stored bits") {
  if (std::getenv("LINNET_WRITE_CHECKPOINTS") != nullptr) write_them();
  for (const Stored& stored : kStored) {
    CAPTURE(std::string(stored.name));
    Medium medium = read(stored);
    Learner learner(stored);
    Kept kept;
    const bool same_contract = linnet::contract() == linnet::Contract::fused;
    const Status status = linnet::load(medium.store(), learner.all(), kept);
    CHECK(status == (same_contract || !stored.state ? Status::ok : Status::other_contract));
    CHECK(!kept.on_trial);
    if (status == Status::other_contract) {
      REQUIRE(linnet::load(medium.store(), {&learner.network, nullptr, learner.pieces}, kept) == Status::ok);
    }
    CHECK(hash(learner.trainable) == stored.parameters);
    CHECK(learner.generator == 0x0123456789abcdefu);
    CHECK(learner.order[2] == 40002);
    if (status == Status::ok && stored.state) {
      CHECK(kept.steps == static_cast<std::uint64_t>(stored.steps));
      learner.learn(3);
      CHECK(hash(learner.trainable) == stored.later);
    }
  }
}
