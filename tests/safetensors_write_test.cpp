// Models out as safetensors.
#include <doctest/doctest.h>

#include <limits>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;
using linnet::TensorNames;
using linnet::TensorReport;

namespace {

const auto kSmall = linnet::topology(2, {{1, linnet::activation::tanh}, {2, linnet::activation::identity, false}});

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

// A network whose parameters lie as (units, inputs), biases behind them: 1, 2, ...
struct Counting {
  std::vector<float> parameters{1, 2, 3, 4, 5};
  linnet::Network network;
  Counting() { REQUIRE(network.bind(kSmall, parameters) == Status::ok); }
};

Status write(const linnet::Network& network, const TensorNames& names, Written& written) {
  return linnet::write_safetensors(network, written.sink(), names);
}

Status named(const TensorNames& names) {
  const Counting counting;
  Written written;
  const Status status = write(counting.network, names, written);
  CHECK((status == Status::ok) == !written.bytes.empty());
  CHECK(linnet::safetensors_bytes(counting.network, names) == written.bytes.size());
  return status;
}

}  // namespace

TEST_CASE("a small network is written byte by byte as the format has it") {
  const Counting counting;
  Written written;
  REQUIRE(linnet::write_safetensors(counting.network, written.sink()) == Status::ok);
  const std::string header = R"({"__metadata__":{"linnet.topology":"2 1:tanh 2:identity,nobias"},)"
                             R"("0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                             R"("0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                             R"("2.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[12,20]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(text_of(written.bytes) == text_of(file_of(padded, data_of({1, 2, 3, 4, 5}))));
  CHECK(written.largest <= 64);
  CHECK(linnet::safetensors_bytes(counting.network) == written.bytes.size());
}

TEST_CASE("what was written under any names is read back with all its bits") {
  linnet::Pcg32 random(41);
  for (int k = 0; k < 60; ++k) {
    std::vector<linnet::Layer> layers;
    for (std::size_t l = 0; l < 1 + random.below(16); ++l) {
      layers.push_back({1 + random.below(20), linnet::activation::relu, random.below(3) > 0});
    }
    const auto shape = linnet::topology(1 + random.below(20), linnet::Span<const linnet::Layer>(layers));
    const std::size_t frozen_layers = random.below(static_cast<std::uint32_t>(layers.size() + 1));
    const std::vector<float> frozen = random_floats(linnet::frozen_floats(shape, frozen_layers), 42);
    std::vector<float> from = random_floats(linnet::trainable_floats(shape, frozen_layers), 43), to(from.size(), 7.0f);
    linnet::Network source, target;
    REQUIRE(source.bind(shape, frozen, from, frozen_layers) == Status::ok);
    REQUIRE(target.bind(shape, frozen, to, frozen_layers) == Status::ok);
    const TensorNames ways[] = {{}, {"layers.{}.w", "layers.{}.b", 3, 1}, {"{}{}", "b{}", 9, 100}};
    const TensorNames& names = ways[k % 3];
    Written written;
    REQUIRE(write(source, names, written) == Status::ok);
    Lent file{written.bytes};
    TensorReport report;
    REQUIRE(linnet::read_safetensors(target, file.source(), names, report) == Status::ok);
    CHECK(same_bits(from, to));
    CHECK(linnet::hash(source) == linnet::hash(target));
    CHECK(linnet::safetensors_bytes(source, names) == written.bytes.size());
    CHECK((written.bytes.size() - 4 * linnet::parameter_floats(shape)) % 8 == 0);
  }
}

TEST_CASE("names that cannot be written, or do not tell tensors apart, are refused before the first byte") {
  const std::string longest(95, 'x'), longer(96, 'x');
  const char* given[] = {"a", "b", "c", nullptr};
  const char* twice[] = {"a", "b", "a", nullptr};
  const char* missing[] = {"a", nullptr, "c", nullptr};
  CHECK(named({}) == Status::ok);
  CHECK(named({"{}", "b", 0, 1}) == Status::ok);
  CHECK(named({"{}a", "b"}) == Status::ok);
  CHECK(named({"w", "b"}) == Status::duplicate_tensor);
  CHECK(named({"{}", "{}"}) == Status::duplicate_tensor);
  CHECK(named({"{}", "1", 1, 0}) == Status::duplicate_tensor);
  CHECK(named({"{}w", "{}w"}) == Status::duplicate_tensor);
  CHECK(named({"", "b"}) == Status::bad_setting);
  CHECK(named({"{}", "__metadata__"}) == Status::bad_setting);
  for (const char* bad : {"{}\"", "{}\\", "{}\n", "{}\x7f", "{}\xc3\xa9"})
    CHECK(named({bad, "b"}) == Status::bad_setting);
  CHECK(named({"{}", longest.c_str()}) == Status::ok);
  CHECK(named({"{}", longer.c_str()}) == Status::bad_setting);
  CHECK(named({nullptr, "b"}) == Status::null_memory);
  CHECK(named({"{}", nullptr}) == Status::null_memory);
  TensorNames names;
  names.given = given;
  CHECK(named(names) == Status::ok);
  names.given = {given, 3};
  CHECK(named(names) == Status::ok);
  names.given = {given, 2};
  CHECK(named(names) == Status::bad_setting);
  names.given = twice;
  CHECK(named(names) == Status::duplicate_tensor);
  names.given = missing;
  CHECK(named(names) == Status::null_memory);
}

TEST_CASE("a network that holds NaN, and one that is not bound, are not written") {
  Counting counting;
  Written written;
  CHECK(write({}, {}, written) == Status::not_bound);
  CHECK(linnet::write_safetensors(counting.network, {nullptr, nullptr}) == Status::null_memory);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    counting.parameters[4] = bad;
    CHECK(write(counting.network, {}, written) == Status::bad_parameter);
    CHECK(linnet::safetensors_bytes(counting.network) == 0);
    linnet::Network half;
    std::vector<float> trainable(2);
    counting.parameters[4] = 5.0f;
    counting.parameters[1] = bad;
    REQUIRE(half.bind(kSmall, {counting.parameters.data(), 3}, trainable, 1) == Status::ok);
    CHECK(write(half, {}, written) == Status::bad_parameter);
  }
  CHECK(written.bytes.empty());
}

TEST_CASE("a sink that does not take a part is an error, and is not asked again") {
  const Counting counting;
  Written whole;
  REQUIRE(write(counting.network, {}, whole) == Status::ok);
  for (std::size_t room = 0; room <= whole.bytes.size(); room += 16) {
    Written written;
    written.room = room;
    CHECK(write(counting.network, {}, written) == (room >= whole.bytes.size() ? Status::ok : Status::store_failed));
    CHECK(written.bytes.size() <= room);
    CHECK(std::equal(written.bytes.begin(), written.bytes.end(), whole.bytes.begin()));
  }
}
