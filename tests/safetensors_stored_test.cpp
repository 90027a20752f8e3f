// Files that another writer made: tests/keep/safetensors.py.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <map>
#include <nlohmann/json.hpp>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;

namespace {

std::string path_of(int number) {
  char name[64];
  std::snprintf(name, sizeof name, "/../safetensors/%02d.safetensors", number);
  return std::string(LINNET_REFERENCE_RUNS) + name;
}

Bytes contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> metadata_of(const Bytes& file) {
  std::size_t size = 0;
  for (std::size_t k = 0; k < 8; ++k) size |= static_cast<std::size_t>(file.at(k)) << 8 * k;
  const std::string header(file.begin() + 8, file.begin() + 8 + static_cast<std::ptrdiff_t>(size));
  return nlohmann::json::parse(header).at("__metadata__");
}

// How the tensors of a stored file are called; each way is one of the reader's.
linnet::TensorNames names_of(const std::string& way) {
  linnet::TensorNames names;
  if (way == "fc") {
    names = {"fc{}.weight", "fc{}.bias", 1, 1};
  } else if (way == "layers") {
    static constexpr const char* kGiven[] = {"layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
                                             "layers.2.weight", "layers.2.bias", "layers.3.weight", "layers.3.bias"};
    names.given = kGiven;
  }
  names.by_shape = way == "shape";
  return names;
}

// A network that lives as long as this.
struct Owned {
  linnet::Topology topology{};
  std::vector<float> parameters;
  linnet::Network network;

  explicit Owned(const std::string& text) {
    std::size_t position = 0;
    REQUIRE(linnet::parse(text, topology, position) == Status::ok);
    parameters = random_floats(linnet::parameter_floats(topology), 3);
    REQUIRE(network.bind(topology, parameters) == Status::ok);
  }
};

}  // namespace

TEST_CASE("every stored file that another program wrote is read with all its bits") {
  for (int number = 0; number < 20; ++number) {
    CAPTURE(number);
    Lent file{contents(path_of(number))};
    const auto metadata = metadata_of(file.bytes);
    char text[linnet::kTopologyText];
    std::size_t length = 0;
    linnet::TensorReport report;
    REQUIRE(linnet::read_topology(file.source(), text, length, report) == Status::ok);
    CHECK(text == metadata.at("linnet.topology"));
    CHECK(length == std::strlen(text));
    Owned owned(text);
    const linnet::TensorNames names = names_of(metadata.at("test.names"));
    const Status status = linnet::read_safetensors(owned.network, file.source(), names, report);
    CAPTURE(report.tensor);
    CHECK(status == Status::ok);
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(linnet::hash(owned.network)));
    CHECK(hash == metadata.at("test.hash"));
    CHECK(file.outside == 0);
    CHECK(file.largest <= 64);
  }
}
