// The layers of a file of safetensors that does not say its topology.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "nets.hpp"
#include "safetensors_files.hpp"

using namespace linnet_test;
using linnet::TensorNames;

namespace {

struct Member {
  std::string name, shape;
  std::size_t floats;
};

Member matrix(const std::string& name, std::size_t units, std::size_t inputs) {
  return {name, std::to_string(units) + "," + std::to_string(inputs), units * inputs};
}
Member row(const std::string& name, std::size_t units) { return {name, std::to_string(units), units}; }

// A file of these tensors, all zero, in the order of their names here.
Lent file_of_members(const std::vector<Member>& members) {
  std::string header;
  std::size_t at = 0;
  for (const Member& member : members) {
    header += (header.empty() ? "\"" : ",\"") + member.name + R"(":{"dtype":"F32","shape":[)" + member.shape +
              R"(],"data_offsets":[)" + std::to_string(4 * at) + "," + std::to_string(4 * (at + member.floats)) + "]}";
    at += member.floats;
  }
  return {file_of("{" + header + "}", std::string(4 * at, '\0'))};
}

// "3 4 5-": inputs, units, a minus where a layer has no biases; or the status and the tensor that is to blame.
std::string layers_of(const std::vector<Member>& members, const TensorNames& names) {
  Lent file = file_of_members(members);
  linnet::TensorReport report;
  const auto before = linnet::topology(77, {{1, linnet::activation::relu}});
  linnet::Topology shape = before;
  const Status status = linnet::read_shape(file.source(), names, shape, report);
  if (status != Status::ok) {
    CHECK((shape.inputs == 77 && shape.layer_count == 1 && shape.layers[0].units == 1));
    return "refused " + std::to_string(static_cast<int>(status)) + " " + report.tensor;
  }
  std::string text = std::to_string(shape.inputs);
  for (std::size_t l = 0; l < shape.layer_count; ++l) {
    CHECK(shape.layers[l].activation.descriptor == &linnet::descriptor::identity);
    text += " " + std::to_string(shape.layers[l].units) + (shape.layers[l].bias ? "" : "-");
  }
  return text;
}

std::string refused(Status status, const std::string& tensor) {
  return "refused " + std::to_string(static_cast<int>(status)) + " " + tensor;
}

TensorNames by_shape() {
  TensorNames names;
  names.by_shape = true;
  return names;
}

}  // namespace

TEST_CASE("layers are found by their names, in any order of the file") {
  const std::vector<Member> all = {row("2.bias", 5), matrix("2.weight", 5, 4), matrix("0.weight", 4, 3)};
  CHECK(layers_of(all, {}) == "3 4- 5");
  CHECK(layers_of({matrix("fc1.weight", 4, 3), matrix("fc2.weight", 4, 4)}, {"fc{}.weight", "fc{}.bias", 1, 1}) ==
        "3 4- 4-");
  const char* given[] = {"a", nullptr, "c", "d"};
  TensorNames names;
  names.given = given;
  CHECK(layers_of({matrix("c", 1, 2), row("d", 1), matrix("a", 2, 2)}, names) == "2 2- 1");
  CHECK(layers_of({matrix("a", 2, 2)}, names) == "2 2-");
  names.given = {given, 3};
  CHECK(layers_of({matrix("c", 1, 2), row("d", 1), matrix("a", 2, 2)}, names) ==
        refused(Status::left_over_tensor, "d"));
  std::vector<Member> many;
  for (std::size_t l = 0; l < 17; ++l) many.push_back(matrix(std::to_string(2 * l) + ".weight", 2, 2));
  CHECK(layers_of({many.begin(), many.begin() + 16}, {}) == "2 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2- 2-");
  CHECK(layers_of(many, {}) == refused(Status::left_over_tensor, "32.weight"));
  CHECK(layers_of(many, by_shape()) == refused(Status::left_over_tensor, "32.weight"));
}

TEST_CASE("layers that do not follow each other by their names are refused") {
  const Member first = matrix("0.weight", 4, 3), bias = row("0.bias", 4);
  CHECK(layers_of({}, {}) == refused(Status::missing_tensor, ""));
  CHECK(layers_of({bias}, {}) == refused(Status::left_over_tensor, "0.bias"));
  CHECK(layers_of({first, matrix("4.weight", 2, 4)}, {}) == refused(Status::left_over_tensor, "4.weight"));
  CHECK(layers_of({first, matrix("2.weight", 2, 3)}, {}) == refused(Status::other_shape, "2.weight"));
  CHECK(layers_of({first, row("0.bias", 3)}, {}) == refused(Status::other_shape, "0.bias"));
  CHECK(layers_of({first, matrix("0.bias", 4, 4)}, {}) == refused(Status::other_shape, "0.bias"));
  CHECK(layers_of({row("0.weight", 4)}, {}) == refused(Status::other_shape, "0.weight"));
  CHECK(layers_of({first}, {"0.weight", "b{}"}) == refused(Status::duplicate_tensor, "0.weight"));
  CHECK(layers_of({first}, {"0.weight", "0.weight"}) == refused(Status::duplicate_tensor, "0.weight"));
  CHECK(layers_of({first}, {"", "b{}"}) == refused(Status::bad_setting, ""));
  CHECK(layers_of({first}, {nullptr, "b{}"}) == refused(Status::null_memory, ""));
  CHECK(layers_of({first}, {"{}.weight", nullptr}) == refused(Status::null_memory, "0.weight"));
  TensorNames names;
  names.given = {nullptr, 2};
  CHECK(layers_of({first}, names) == refused(Status::null_memory, ""));
}

TEST_CASE("by shape, a file has the layers of the only order of its matrices") {
  linnet::Pcg32 random(71);
  int found = 0, several = 0, none = 0;
  for (int turn = 0; turn < 400; ++turn) {
    const std::size_t count = 1 + random.below(5);
    std::vector<std::array<std::size_t, 2>> shapes(count);  // units, inputs
    for (auto& shape : shapes) shape = {1 + random.below(4), 1 + random.below(4)};
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::string expected;
    int orders = 0;
    do {
      bool chained = true;
      for (std::size_t l = 1; l < count; ++l) chained = chained && shapes[order[l]][1] == shapes[order[l - 1]][0];
      if (!chained) continue;
      ++orders;
      expected = std::to_string(shapes[order[0]][1]);
      for (const std::size_t l : order) expected += " " + std::to_string(shapes[l][0]) + (l % 2 == 0 ? "" : "-");
    } while (std::next_permutation(order.begin(), order.end()));
    std::vector<Member> members;
    for (std::size_t l = 0; l < count; ++l) {
      members.push_back(matrix("m" + std::to_string(l) + ".w", shapes[l][0], shapes[l][1]));
      if (l % 2 == 0) members.insert(members.begin(), row("m" + std::to_string(l) + ".b", shapes[l][0]));
    }
    const std::string last = "m" + std::to_string(count - 1) + ".w";
    expected = orders == 1   ? expected
               : orders == 0 ? refused(Status::other_shape, last)
                             : refused(Status::ambiguous_tensors, last);
    CHECK(layers_of(members, by_shape()) == expected);
    found += orders == 1 ? 1 : 0;
    several += orders > 1 ? 1 : 0;
    none += orders == 0 ? 1 : 0;
  }
  CHECK((found > 50 && several > 20 && none > 50));
}

TEST_CASE("by shape, biases belong to the weights of their stem") {
  CHECK(layers_of({}, by_shape()) == refused(Status::missing_tensor, ""));
  CHECK(layers_of({row("a.b", 2)}, by_shape()) == refused(Status::left_over_tensor, "a.b"));
  CHECK(layers_of({matrix("a.w", 2, 3), row("b.b", 2)}, by_shape()) == refused(Status::left_over_tensor, "b.b"));
  CHECK(layers_of({matrix("a.w", 2, 3), row("a.b", 3)}, by_shape()) == refused(Status::other_shape, "a.b"));
  CHECK(layers_of({matrix("a.w", 2, 3), row("a.b", 2), row("a.c", 2)}, by_shape()) ==
        refused(Status::ambiguous_tensors, "a.c"));
  CHECK(layers_of({matrix("a.w", 2, 3), row("a.b", 2), matrix("a.x", 2, 2)}, by_shape()) ==
        refused(Status::ambiguous_tensors, "a.b"));
  std::vector<Member> dense;  // all 16 edges among 4 widths, and none that begins a chain of all: no hang
  for (std::size_t k = 0; k < 15; ++k) dense.push_back(matrix("m" + std::to_string(k), 1 + k / 4, 1 + k % 4));
  dense.push_back(matrix("last", 7, 8));
  CHECK(layers_of(dense, by_shape()).find("refused") == 0);
}

TEST_CASE("the shape of a file that cannot be read is not made up") {
  linnet::TensorReport report;
  linnet::Topology shape{};
  Lent file = file_of_members({matrix("0.weight", 4, 3), row("0.bias", 4)});
  REQUIRE(linnet::read_shape(file.source(), {}, shape, report) == Status::ok);
  const std::size_t reads = file.reads;
  for (std::size_t left = 0; left < reads; ++left) {
    file.left = left;
    CHECK(linnet::read_shape(file.source(), {}, shape, report) == Status::store_failed);
  }
  file.left = 1000;
  file.bytes[8] = '[';
  CHECK(linnet::read_shape(file.source(), {}, shape, report) == Status::bad_header);
  CHECK(linnet::read_shape({nullptr, nullptr, 99}, {}, shape, report) == Status::null_memory);
}
