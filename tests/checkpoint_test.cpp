// What a checkpoint holds, what is taken of it and what is refused. Its medium is emulated; keep_test.cpp has the slots
// and the power.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "keep/format.hpp"
#include "keep/medium.hpp"
#include "nets.hpp"

using namespace linnet_keep;
using namespace linnet_test;
using linnet::Checkpoint;
using linnet::Kept;
using linnet::Piece;

namespace {

const auto kShape = linnet::topology(
    3, {{5, linnet::activation::leaky_relu}, {17, linnet::activation::tanh, false}, {2, linnet::activation::identity}});

linnet::TrainerConfig plan(const linnet::Optimizer& optimizer) {
  return {linnet::loss::mean_squared_error, optimizer, 2};
}

void train(Bench& bench, int steps, std::uint64_t seed = 5) {
  for (int k = 0; k < steps; ++k) {
    const Data data(2, 3, 2, seed + static_cast<std::uint64_t>(k));
    REQUIRE(bench.trainer.step(data.input_rows(), data.target_rows()) == Status::ok);
  }
}

Checkpoint all_of(Bench& bench, linnet::Span<const Piece> pieces = {}) {
  return {&bench.network, &bench.trainer, pieces};
}
Checkpoint parameters_of(Bench& bench, linnet::Span<const Piece> pieces = {}) {
  return {&bench.network, nullptr, pieces};
}

Medium medium(std::uint32_t unit = 4) { return Medium({16384, unit, 1024, 2}); }

// All that a load() may write.
std::vector<unsigned char> content(const Bench& bench, linnet::Span<const Piece> pieces = {}) {
  std::vector<unsigned char> bytes;
  const auto add = [&bytes](const void* from, std::size_t n) {
    const auto* byte = static_cast<const unsigned char*>(from);
    bytes.insert(bytes.end(), byte, byte + n);
  };
  linnet::TrainerProgress progress{};
  REQUIRE(bench.trainer.save(progress) == Status::ok);
  const std::vector<float> state = bench.state();
  add(bench.parameters.data(), bench.parameters.size() * sizeof(float));
  add(state.data(), state.size() * sizeof(float));
  add(&progress, sizeof progress);
  for (const Piece& piece : pieces) add(piece.data, std::size_t{piece.width} * piece.count);
  return bytes;
}

// What the format says of a bench, and of nothing that a trainer knows.
Format written(const Bench& bench) {
  Format result;
  result.contract = static_cast<unsigned>(linnet::contract());
  result.inputs = static_cast<std::uint32_t>(bench.topology.inputs);
  for (std::size_t l = 0; l < bench.topology.layer_count; ++l) {
    const linnet::Layer& layer = bench.topology.layers[l];
    result.layers.push_back({static_cast<std::uint32_t>(layer.units),
                             static_cast<std::uint32_t>(id_of(layer.activation)), layer.bias,
                             layer.activation.parameter});
  }
  Item parameters{"ln.param", 4, {}};
  put_floats(parameters.elements, bench.parameters.data(), bench.parameters.size());
  result.items.push_back(parameters);
  return result;
}

// The same with what the trainer counts, and its state.
Format written_all(const Bench& bench) {
  Format result = written(bench);
  linnet::TrainerProgress progress{};
  REQUIRE(bench.trainer.save(progress) == Status::ok);
  Item training{"ln.train", 1, {}};
  put(training.elements, progress.steps, 8);
  put_floats(training.elements, &progress.learning_rate, 1);
  put_floats(training.elements, progress.bias_corrections, 2);
  put(training.elements, static_cast<unsigned>(progress.optimizer), 4);
  result.items.push_back(training);
  Item state{"ln.state", 4, {}};
  const std::vector<float> floats = bench.state();
  const std::size_t slots = bench.config.optimizer.state_slots;
  for (std::size_t p = 0; p < floats.size(); ++p) {  // parameter by parameter
    put_floats(state.elements, &floats[p % slots * (floats.size() / slots) + p / slots], 1);
  }
  result.items.push_back(state);
  return result;
}

Medium holding(const Format& format) {
  Medium result = medium();
  const Bytes slot = format.slot(4);
  std::memcpy(result.bytes().data(), slot.data(), slot.size());
  return result;
}

Status load(Medium& from, Bench& bench, Kept& kept, linnet::Span<const Piece> pieces = {}) {
  return linnet::load(from.store(), all_of(bench, pieces), kept);
}
Status load(const Format& format, Bench& bench) {
  Medium from = holding(format);
  Kept kept;
  return load(from, bench, kept);
}

// Whether peek() says the same, and neither changes anything.
Status refused(const Format& format, Bench& bench, linnet::Span<const Piece> pieces = {}, const char* piece = "") {
  Medium from = holding(format);
  const std::vector<unsigned char> before = content(bench, pieces);
  Kept seen, found;
  const Status looked = linnet::peek(from.store(), all_of(bench, pieces), seen);
  const Status status = load(from, bench, found, pieces);
  CHECK(looked == status);
  CHECK(content(bench, pieces) == before);
  CHECK(std::string(found.piece, std::find(found.piece, found.piece + 8, '\0')) == piece);
  CHECK(std::string(seen.piece, std::find(seen.piece, seen.piece + 8, '\0')) == piece);
  return status;
}

}  // namespace

TEST_CASE("S9: what a trainer of any optimizer kept goes on elsewhere with the same bits") {
  for (const NamedOptimizer& named : optimizers()) {
    CAPTURE(std::string(named.name));
    Bench bench(kShape, plan(named.optimizer), 1), other(kShape, plan(named.optimizer), 2);
    train(bench, 5);
    REQUIRE(bench.trainer.set_learning_rate(0.0125f) == Status::ok);
    Medium at = medium();
    REQUIRE(linnet::save(at.store(), all_of(bench)) == Status::ok);
    Kept kept;
    train(other, 3);
    REQUIRE(linnet::peek(at.store(), all_of(other), kept) == Status::ok);
    CHECK(kept.steps == 5);
    CHECK(other.trainer.steps() == 3);
    REQUIRE(load(at, other, kept) == Status::ok);
    CHECK(kept.steps == 5);
    CHECK(content(other) == content(bench));
    train(bench, 4, 50);
    train(other, 4, 50);
    CHECK(content(other) == content(bench));
  }
}

TEST_CASE("a checkpoint has the bytes that lib/CHECKPOINTS.md says, whatever the unit of writing") {
  Bench bench(kShape, plan(linnet::optimizer::adam_amsgrad(0.01f)), 1);
  train(bench, 2);
  bench.parameters[0] = -0.0f;
  bench.parameters[1] = 1e-41f;  // subnormal
  std::uint16_t halves[3] = {1, 0x8000, 0xabcd};
  std::uint64_t longs[1] = {0x0123456789abcdefu};
  const Piece pieces[] = {{{'a'}, halves, 3, 2}, {{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}, longs, 1, 8}};
  Format format = written_all(bench);
  format.version[0] = LINNET_VERSION_MAJOR;
  format.version[1] = LINNET_VERSION_MINOR;
  format.version[2] = LINNET_VERSION_PATCH;
  Item first{"a", 2, {}}, second{"abcdefgh", 8, {}};
  for (const std::uint16_t half : halves) put(first.elements, half, 2);
  put(second.elements, longs[0], 8);
  format.items.push_back(first);
  format.items.push_back(second);
  for (std::uint32_t unit = 1; unit <= 256; unit *= 2) {
    CAPTURE(unit);
    Medium at = medium(unit);
    REQUIRE(linnet::save(at.store(), all_of(bench, pieces)) == Status::ok);
    const Bytes slot = format.slot(unit);
    CHECK(Bytes(at.bytes().begin(), at.bytes().begin() + static_cast<std::ptrdiff_t>(slot.size())) == slot);
    const std::uint32_t mark = unit > 8 ? unit : 8;
    CHECK(linnet::checkpoint_bytes(at.store(), all_of(bench, pieces)) == slot.size() + 4 * mark);
    CHECK(!at.misused());
    Bench other(kShape, plan(linnet::optimizer::adam_amsgrad(0.01f)), 2);
    Kept kept;
    REQUIRE(load(at, other, kept, pieces) == Status::ok);
    CHECK(content(other) == content(bench));
  }
}

TEST_CASE("the check sum of \"123456789\" is that of zlib") {
  const char* text = "123456789";
  CHECK(crc32(Bytes(text, text + 9)) == 0xcbf43926u);
}

TEST_CASE("pieces come back by name, in any order, and those that are not asked for are passed over") {
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f)), 1);
  unsigned char bytes[5] = {1, 2, 3, 4, 5};
  std::uint16_t halves[2] = {6, 7};
  std::uint32_t words[3] = {8, 9, 10};
  std::uint64_t longs[1] = {11};
  const Piece saved[] = {{{'b'}, bytes, 5, 1}, {{'h'}, halves, 2, 2}, {{'w'}, words, 3, 4}, {{'l'}, longs, 1, 8}};
  Medium at = medium();
  REQUIRE(linnet::save(at.store(), all_of(bench, saved)) == Status::ok);
  unsigned char bytes_back[5] = {};
  std::uint32_t words_back[3] = {};
  std::uint64_t longs_back[1] = {};
  const Piece asked[] = {{{'l'}, longs_back, 1, 8}, {{'w'}, words_back, 3, 4}, {{'b'}, bytes_back, 5, 1}};
  Kept kept;
  REQUIRE(load(at, bench, kept, asked) == Status::ok);
  CHECK(std::memcmp(bytes, bytes_back, sizeof bytes) == 0);
  CHECK(std::memcmp(words, words_back, sizeof words) == 0);
  CHECK(longs_back[0] == 11);
}

TEST_CASE("a piece that is missing, or has another width or count, is named and nothing is taken") {
  Bench bench(kShape, plan(linnet::optimizer::adam(0.1f)), 1);
  train(bench, 1);
  Format format = written_all(bench);
  format.items.push_back({"order", 4, Bytes(12, 3)});
  train(bench, 1);
  std::uint32_t order[4] = {};
  const Piece missing[] = {{{'o', 'r', 'd', 'e', 'r'}, order, 3, 4}, {{'b', 'e', 's', 't'}, order, 1, 4}};
  CHECK(refused(format, bench, missing, "best") == Status::missing_piece);
  const Piece longer[] = {{{'o', 'r', 'd', 'e', 'r'}, order, 4, 4}};
  CHECK(refused(format, bench, longer, "order") == Status::other_piece);
  const Piece wider[] = {{{'o', 'r', 'd', 'e', 'r'}, order, 3, 2}};
  CHECK(refused(format, bench, wider, "order") == Status::other_piece);
  format.items.erase(format.items.begin());
  CHECK(refused(format, bench, {}, "ln.param") == Status::bad_state);
}

TEST_CASE("a checkpoint of parameters alone is enough for parameters alone") {
  Bench bench(kShape, plan(linnet::optimizer::adam(0.1f)), 1), other(kShape, plan(linnet::optimizer::adam(0.1f)), 2);
  Medium at = medium();
  REQUIRE(linnet::save(at.store(), parameters_of(bench)) == Status::ok);
  Kept kept;
  CHECK(load(at, other, kept) == Status::bad_state);
  CHECK(std::string(kept.piece, 8) == "ln.train");
  REQUIRE(linnet::load(at.store(), parameters_of(other), kept) == Status::ok);
  CHECK(same_bits(other.parameters, bench.parameters));
  CHECK(kept.piece[0] == 0);
}

TEST_CASE("another topology is refused, whichever part of it differs") {
  const linnet::Optimizer sgd = linnet::optimizer::sgd(0.1f);
  Bench bench(kShape, plan(sgd), 1);
  const Format format = written_all(bench);
  CHECK(load(format, bench) == Status::ok);
  linnet::Topology shapes[6] = {kShape, kShape, kShape, kShape, kShape, kShape};
  shapes[0].inputs = 4;
  shapes[1].layers[1].units = 16;
  shapes[2].layers[0].activation = linnet::activation::leaky_relu.with_slope(0.02f);
  shapes[3].layers[1].activation = linnet::activation::sigmoid;
  shapes[4].layers[1].bias = true;
  shapes[5].layer_count = 2;
  for (const linnet::Topology& shape : shapes) {
    Bench other(shape, plan(sgd), 2);
    REQUIRE(other.status == Status::ok);
    CHECK(refused(format, other) == Status::other_network);
  }
}

TEST_CASE("state of another contract, layout or optimizer is refused, and the parameters can be taken alone") {
  Bench bench(kShape, plan(linnet::optimizer::adam(0.1f)), 1), other(kShape, plan(linnet::optimizer::adam(0.1f)), 2);
  train(bench, 1);
  for (int which = 0; which < 2; ++which) {
    Format format = written_all(bench);
    (which == 0 ? format.contract : format.layout) ^= 1u;
    CHECK(refused(format, other) == Status::other_contract);
    Medium from = holding(format);
    Kept kept;
    CHECK(linnet::load(from.store(), parameters_of(other), kept) == Status::ok);
    CHECK(same_bits(other.parameters, bench.parameters));
  }
  Bench adamw(kShape, plan(linnet::optimizer::adamw(0.1f, 0.01f)), 2),
      sgd(kShape, plan(linnet::optimizer::sgd(0.1f)), 2);
  CHECK(refused(written_all(bench), adamw) == Status::bad_state);
  CHECK(refused(written_all(bench), sgd, {}, "ln.state") == Status::bad_state);
}

TEST_CASE("another major version is refused, another minor version and version of the library are not") {
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f)), 1);
  Format format = written_all(bench);
  format.major = 2;
  CHECK(refused(format, bench) == Status::other_format);
  format.major = 1;
  format.minor = 7;
  format.version[1] = 99;
  CHECK(load(format, bench) == Status::ok);
}

TEST_CASE("floats that are not finite, and a state that is not sound, are refused however sound the check sums are") {
  const float kNaN = std::numeric_limits<float>::quiet_NaN();
  Bench bench(kShape, plan(linnet::optimizer::adam(0.1f)), 1);
  train(bench, 2);
  const Format good = written_all(bench);
  const auto with = [&good](std::size_t item, std::size_t element, float value) {
    Format format = good;
    Bytes bytes;
    put_floats(bytes, &value, 1);
    std::memcpy(format.items[item].elements.data() + 4 * element, bytes.data(), 4);
    return format;
  };
  CHECK(refused(with(0, 3, kNaN), bench) == Status::bad_state);
  CHECK(refused(with(0, 3, -std::numeric_limits<float>::infinity()), bench) == Status::bad_state);
  CHECK(refused(with(1, 2, kNaN), bench) == Status::bad_state);   // the rate
  CHECK(refused(with(1, 3, 0.9f), bench) == Status::bad_state);   // a bias correction of other steps
  CHECK(refused(with(2, 4, kNaN), bench) == Status::bad_state);   // a mean
  CHECK(refused(with(2, 5, -1.0f), bench) == Status::bad_state);  // a square
  CHECK(refused(with(2, 4, 1e30f), bench) == Status::bad_state);  // a mean far above the root of its square
}

TEST_CASE("what is not finite is not kept, and what was kept stays") {
  Bench bench(kShape, plan(linnet::optimizer::adam(0.1f)), 1);
  Medium at = medium();
  REQUIRE(linnet::save(at.store(), all_of(bench)) == Status::ok);
  const std::vector<unsigned char> before = at.bytes();
  bench.parameters[7] = std::numeric_limits<float>::infinity();
  CHECK(linnet::save(at.store(), all_of(bench)) == Status::bad_state);
  CHECK(linnet::checkpoint_bytes(at.store(), all_of(bench)) == 0);
  bench.parameters[7] = 0.0f;
  bench.state_memory()[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(linnet::save(at.store(), all_of(bench)) == Status::bad_state);
  CHECK(at.bytes() == before);
}

TEST_CASE("a head that was kept is taken on the backbone that it learned on alone") {
  const linnet::TrainerConfig how = plan(linnet::optimizer::adam(0.1f));
  Bench whole(kShape, how, 1);
  std::vector<float> backbone(linnet::frozen_floats(kShape, 1)), head(linnet::trainable_floats(kShape, 1)),
      memory(linnet::trainer_floats(kShape, how, 1));
  for (std::size_t k = 0; k < backbone.size(); ++k) backbone[k] = 0.01f * static_cast<float>(k);
  linnet::Network network;
  linnet::Trainer trainer;
  REQUIRE(network.bind(whole.topology, backbone, head, 1) == Status::ok);
  REQUIRE(trainer.bind(network, how, memory) == Status::ok);
  const std::vector<float> zeros = head;
  Medium at = medium();
  for (const bool frozen : {false, true}) {
    for (std::size_t k = 0; k < head.size(); ++k) head[k] = 0.02f * static_cast<float>(k);
    const std::vector<float> kept_head = head;
    const Checkpoint what{&network, &trainer, {}, frozen};
    REQUIRE(linnet::save(at.store(), what) == Status::ok);
    Kept kept;
    head = zeros;
    REQUIRE(linnet::load(at.store(), what, kept) == Status::ok);
    CHECK(same_bits(head, kept_head));
    backbone[3] += 0.5f;
    head = zeros;
    CHECK(linnet::load(at.store(), what, kept) == Status::other_backbone);
    CHECK(same_bits(head, zeros));
    backbone[3] = 0.03f;
    CHECK(linnet::load(at.store(), all_of(whole), kept) == Status::other_network);
  }
  const std::uint32_t without = linnet::checkpoint_bytes(at.store(), {&network, &trainer});
  CHECK(linnet::checkpoint_bytes(at.store(), {&network, &trainer, {}, true}) == without + 16 + 4 * backbone.size());
}

#ifndef LINNET_BOARD  // minutes there
TEST_CASE("S13: whatever byte of a checkpoint is another one, and its check sums are right, nothing is half taken") {
  Bench bench(kShape, plan(linnet::optimizer::sgd(0.1f, 0.9f)), 1);
  train(bench, 1);
  const Medium good = holding(written_all(bench));
  Medium scratch = good;
  const std::uint32_t end = linnet::checkpoint_bytes(scratch.store(), all_of(bench)) - 5 * 8;
  const std::uint32_t body = 68 + 3 * 12 + 4;
  for (std::size_t k = 0; k < end; ++k) {
    for (const unsigned flip : {1u, 0x80u, 0xffu}) {
      Medium at = good;
      at.bytes()[k] ^= static_cast<unsigned char>(flip);
      const auto sum = [&at](std::size_t from, std::size_t to, std::uint32_t start) {
        return crc32(Bytes(at.bytes().begin() + static_cast<std::ptrdiff_t>(from),
                           at.bytes().begin() + static_cast<std::ptrdiff_t>(to)),
                     start);
      };
      Bytes sums;
      put(sums, sum(0, body - 4, 0), 4);
      put(sums, sum(body, end, sum(0, body - 4, 0)), 4);
      std::memcpy(at.bytes().data() + body - 4, sums.data(), 4);
      std::memcpy(at.bytes().data() + end + 4, sums.data() + 4, 4);
      const std::vector<unsigned char> before = content(bench);
      Kept kept;
      const Status status = load(at, bench, kept);
      if (status != Status::ok) {
        CHECK(content(bench) == before);
      }
      CHECK(!at.misused());
      CHECK(bench.trainer.check_state() == Status::ok);
      float sum_of_zeros = 0.0f;
      for (const float weight : bench.parameters) sum_of_zeros += 0.0f * weight;
      CHECK(sum_of_zeros == 0.0f);  // all are finite
    }
  }
}
#endif
