// Models in as safetensors where names say nothing, and the topology that a file has.
#include <doctest/doctest.h>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;
using linnet::TensorReport;

namespace {

std::string tensor(const std::string& name, const std::string& shape, std::size_t begin, std::size_t end) {
  return "\"" + name + R"(":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[)" + std::to_string(4 * begin) +
         "," + std::to_string(4 * end) + "]}";
}

std::vector<float> counted(std::size_t size) {
  std::vector<float> floats(size);
  for (std::size_t k = 0; k < size; ++k) floats[k] = static_cast<float>(k);
  return floats;
}

// Reads by shape into a network whose layers all have 3 inputs and units but the first, which has 2 inputs.
Status read(const linnet::TopologyView& shape, const std::string& header, std::size_t floats, TensorReport& report,
            std::vector<float>* parameters = nullptr) {
  std::vector<float> own(linnet::parameter_floats(shape), 7.0f);
  const std::vector<float> before = own;
  linnet::Network network;
  REQUIRE(network.bind(shape, own) == Status::ok);
  Lent file{file_of("{" + header + "}", data_of(counted(floats)))};
  linnet::TensorNames names;
  names.by_shape = true;
  const Status status = linnet::read_safetensors(network, file.source(), names, report);
  CHECK((status == Status::ok || same_bits(before, own)));
  if (parameters != nullptr) *parameters = own;
  return status;
}

Status topology_of(const std::string& header, linnet::Span<char> text, std::size_t& length) {
  Lent file{file_of(header, "")};
  TensorReport report;
  return linnet::read_topology(file.source(), text, length, report);
}

const auto kOne = linnet::topology(2, {{3, linnet::activation::tanh}});
const auto kTwo = linnet::topology(2, {{3, linnet::activation::tanh}, {1, linnet::activation::tanh, false}});
const auto kSame = linnet::topology(3, {{3, linnet::activation::tanh, false}, {3, linnet::activation::tanh, false}});

}  // namespace

TEST_CASE("by shape, weights are found whatever their names, and biases by the name of their weights") {
  std::vector<float> parameters;
  TensorReport report;
  const std::string last = tensor("a", "1,3", 0, 3), first = tensor("x.y.weight", "3,2", 3, 9),
                    bias = tensor("x.y.b", "3", 9, 12);
  CHECK(read(kTwo, last + "," + first + "," + bias, 12, report, &parameters) == Status::ok);
  CHECK(parameters ==
        std::vector<float>{3, 5, 7, 4, 6, 8, 9, 10, 11, 0, 1, 2});  // (inputs, units), biases, (units, inputs)
}

TEST_CASE("by shape, what is not clear is refused by name") {
  TensorReport report;
  const std::string weights = tensor("a.w", "3,2", 0, 6), bias = tensor("a.b", "3", 6, 9);
  CHECK(read(kOne, weights + "," + bias, 9, report) == Status::ok);
  CHECK(read(kOne, weights + "," + tensor("b.b", "3", 6, 9), 9, report) == Status::missing_tensor);
  CHECK(std::string(report.tensor) == "a.w");
  CHECK(read(kOne, bias + "," + tensor("a.w", "2,3", 0, 6), 9, report) == Status::missing_tensor);
  CHECK(read(kOne, weights + "," + tensor("a.b", "4", 6, 10), 10, report) == Status::other_shape);
  CHECK(std::string(report.tensor) == "a.b");
  CHECK(read(kOne, weights + "," + bias + "," + tensor("a.c", "3", 9, 12), 12, report) == Status::ambiguous_tensors);
  CHECK(std::string(report.tensor) == "a.c");
  CHECK(read(kOne, weights + "," + bias + "," + tensor("c.w", "3,2", 9, 15), 15, report) == Status::ambiguous_tensors);
  CHECK(std::string(report.tensor) == "c.w");
  CHECK(read(kOne, weights + "," + bias + "," + tensor("c.w", "3,3", 9, 18), 18, report) == Status::left_over_tensor);
  CHECK(std::string(report.tensor) == "c.w");
  CHECK(read(kSame, tensor("a", "3,3", 0, 9) + "," + tensor("b", "3,3", 9, 18), 18, report) ==
        Status::ambiguous_tensors);
  CHECK(read(kSame, tensor("a", "3,3", 0, 9), 9, report) == Status::ambiguous_tensors);
  const auto shared = linnet::topology(2, {{3, linnet::activation::tanh}, {3, linnet::activation::tanh}});
  CHECK(read(shared, weights + "," + bias + "," + tensor("a.x", "3,3", 9, 18), 18, report) ==
        Status::ambiguous_tensors);
  CHECK(std::string(report.tensor) == "a.b");
}

TEST_CASE("a file tells its topology, or that it has none") {
  char text[linnet::kTopologyText] = "before";
  std::size_t length = 99;
  CHECK(topology_of("{}", text, length) == Status::ok);
  CHECK(length == 0);
  CHECK(std::string(text).empty());
  const std::string header =
      R"({"__metadata__":{"linnet.topology.":"no","linnet.topology":"4 2:t\u0061nh","linnet.topolog":"no"}})";
  CHECK(topology_of(header, text, length) == Status::ok);
  CHECK(std::string(text) == "4 2:tanh");
  CHECK(length == 8);
  char exact[9], small[8];
  CHECK(topology_of(header, exact, length) == Status::ok);
  CHECK(topology_of(header, small, length) == Status::too_little_memory);
  CHECK(topology_of(header, {exact, 0}, length) == Status::too_little_memory);
  CHECK(topology_of(header, {nullptr, 9}, length) == Status::null_memory);
  CHECK(length == 8);
  std::string many;
  for (std::size_t k = 0; k < 32; ++k) many += tensor(std::to_string(k), "1", k, k + 1) + ",";
  Lent file{file_of("{" + many.substr(0, many.size() - 1) + "}", data_of(counted(32)))};
  TensorReport report;
  CHECK(linnet::read_topology(file.source(), text, length, report) == Status::ok);
  file.bytes = file_of("{" + many + tensor("32", "1", 32, 33) + "}", data_of(counted(33)));
  CHECK(linnet::read_topology(file.source(), text, length, report) == Status::left_over_tensor);
  CHECK(std::string(report.tensor) == "32");
  CHECK(linnet::read_topology({nullptr, nullptr, 8}, text, length, report) == Status::null_memory);
}
