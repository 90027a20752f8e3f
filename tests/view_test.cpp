// Views of what people have: arrays, std::array, std::vector, constant or not.
#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <type_traits>
#include <vector>

#include "nets.hpp"

using namespace linnet_test;
using linnet::ConstRows;
using linnet::Labels;
using linnet::Rows;
using linnet::Span;

namespace {

template <class To, class From>
constexpr bool kConverts = std::is_convertible_v<From, To>;

using Vector = std::vector<float>;
using Array = std::array<float, 3>;
using Table = std::vector<std::array<float, 2>>;

static_assert(kConverts<Span<float>, Vector&> && kConverts<Span<const float>, Vector&>);
static_assert(kConverts<Span<float>, Array&> && kConverts<Span<const float>, const Array&>);
static_assert(!kConverts<Span<float>, const Vector&> && !kConverts<Span<float>, const Array&>, "constant");
static_assert(!kConverts<Span<float>, Vector> && !kConverts<Rows, Vector>, "a temporary is not written");
static_assert(kConverts<Span<const float>, Vector> && kConverts<ConstRows, Vector> && kConverts<ConstRows, Table>,
              "but read");
static_assert(kConverts<ConstRows, Vector&> && kConverts<Rows, Vector&> && !kConverts<Rows, const Vector&>);
static_assert(kConverts<ConstRows, Table&> && kConverts<Rows, Table&> && !kConverts<Rows, const Table&>);
static_assert(kConverts<Labels, std::vector<std::uint16_t>&> && kConverts<Labels, std::array<std::uint16_t, 2>>);
static_assert(!kConverts<Labels, std::vector<int>&> && !kConverts<ConstRows, std::vector<double>&>);
static_assert(!kConverts<ConstRows, std::vector<std::uint16_t>&> && !kConverts<Labels, Vector&>,
              "overloads stay apart");
static_assert(!kConverts<ConstRows, std::vector<Vector>&> && !kConverts<ConstRows, std::vector<Span<float>>&>,
              "not contiguous");
static_assert(!kConverts<Span<float>, linnet::Matrix> && !kConverts<Span<const float>, linnet::ConstMatrix>, "strides");
static_assert(!kConverts<ConstRows, linnet::Matrix> && !kConverts<Span<const float>, ConstRows>);
static_assert(kConverts<Span<const float>, Span<float>> && !kConverts<Span<float>, Span<const float>>);
static_assert(kConverts<ConstRows, Rows> && !kConverts<Rows, ConstRows>);
static_assert(std::is_trivially_copyable_v<Span<float>> && std::is_trivially_copyable_v<ConstRows>);

const auto kShape = linnet::topology(2, {{4, linnet::activation::tanh}, {1, linnet::activation::identity}});

}  // namespace

TEST_CASE("containers lend what they hold") {
  Vector vector = {1.0f, 2.0f, 3.0f};
  const Span<float> span = vector;
  CHECK((span.data() == vector.data() && span.size() == 3));
  Array array = {1.0f, 2.0f, 3.0f};
  const ConstRows row = array;
  CHECK((row.data() == array.data() && row.count() == 1 && row.columns() == 3));
  Table table(4);
  const Rows rows = table;
  CHECK((rows.data() == table[0].data() && rows.count() == 4 && rows.columns() == 2));
  const std::array<std::array<float, 3>, 2> constant{};
  const ConstRows of_constant = constant;
  CHECK((of_constant.data() == constant[0].data() && of_constant.count() == 2 && of_constant.columns() == 3));
  const Table empty;
  const ConstRows nothing = empty;
  CHECK((nothing.data() == nullptr && nothing.count() == 0));
}

TEST_CASE("a network is bound, trained and asked on containers alone") {
  Vector parameters(linnet::parameter_floats(kShape)), scratch(linnet::predictor_floats(kShape));
  const linnet::TrainerConfig plan{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 4};
  Vector memory(linnet::trainer_floats(kShape, plan));
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  linnet::Pcg32 random(1);
  REQUIRE(network.bind(kShape, parameters) == Status::ok);
  REQUIRE(linnet::initialize(network, random) == Status::ok);
  REQUIRE(trainer.bind(network, plan, memory, kernels()) == Status::ok);
  REQUIRE(predictor.bind(kShape, parameters, scratch, kernels()) == Status::ok);
  const Table inputs = {{1.0f, 0.0f}, {0.0f, 1.0f}, {1.0f, 1.0f}};
  std::vector<std::array<float, 1>> outputs(3);
  CHECK(trainer.step(inputs, Vector{1.0f, 2.0f, 3.0f}) == Status::ok);
  CHECK(predictor.predict(inputs, outputs) == Status::ok);
  std::vector<int> order = {1, 2, 3, 4};
  random.shuffle(order);
  CHECK(order[0] + order[1] + order[2] + order[3] == 10);
}

TEST_CASE("a flat array of targets is a column where there is one output, to the bit") {
  const float x[3][2] = {{1.0f, 0.0f}, {0.0f, 1.0f}, {1.0f, 1.0f}};
  const float flat[3] = {0.5f, -1.0f, 2.0f};
  const float column[3][1] = {{0.5f}, {-1.0f}, {2.0f}};
  const linnet::TrainerConfig plan{linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 4,
                                   linnet::Gradients::kept};
  Bench a(kShape, plan, 1), b(kShape, plan, 1);
  CHECK(a.trainer.step(x, flat) == Status::ok);
  CHECK(b.trainer.step(x, column) == Status::ok);
  CHECK(a.trainer.accumulate(x, flat) == Status::ok);
  CHECK(b.trainer.accumulate(x, column) == Status::ok);
  CHECK((a.trainer.apply() == Status::ok && b.trainer.apply() == Status::ok));
  float loss_a = 0.0f, loss_b = 1.0f;
  CHECK(a.trainer.evaluate(x, flat, loss_a) == Status::ok);
  CHECK(b.trainer.evaluate(x, column, loss_b) == Status::ok);
  CHECK(loss_a == loss_b);
  CHECK(same_bits(a.parameters, b.parameters));
  const float two[2] = {}, four[4] = {};
  CHECK(a.trainer.step(x, two) == Status::bad_batch);
  CHECK(a.trainer.step(x, four) == Status::bad_batch);
  CHECK(a.trainer.step(x, ConstRows(flat, 3, 2)) == Status::bad_columns);
  CHECK(a.trainer.step(ConstRows(x[0], 1, 2), flat) == Status::bad_batch);
  const float spoilt[3] = {0.5f, 1.0f, std::numeric_limits<float>::infinity()};
  CHECK(a.trainer.step(x, spoilt) == Status::bad_target);
}

TEST_CASE("a flat array is no column where there are several outputs") {
  const auto shape = linnet::topology(2, {{3, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 4}, 1);
  const float x[3][2] = {};
  const float flat[3] = {};
  CHECK(bench.trainer.step(x, flat) == Status::bad_batch);
  CHECK(bench.trainer.step(ConstRows(x[0], 1, 2), flat) == Status::ok);
}

TEST_CASE("S2: weights and biases of frozen layers are lent to be read alone") {
  const auto shape = linnet::topology(3, {{4, linnet::activation::tanh}, {2, linnet::activation::identity}});
  const std::vector<float> frozen(16);
  std::vector<float> head(10);
  linnet::Network network;
  REQUIRE(network.bind(shape, frozen, head, 1) == linnet::Status::ok);
  CHECK(network.weights(0).data() == nullptr);
  CHECK(network.biases(0).data() == nullptr);
  CHECK(network.read_weights(0).data() == frozen.data());
  CHECK(network.read_biases(0).data() == frozen.data() + 12);
  CHECK(network.weights(1).data() == head.data());
  CHECK(network.biases(1).data() == head.data() + 8);
  CHECK(network.weights(2).data() == nullptr);
  CHECK(network.biases(2).data() == nullptr);
}

TEST_CASE("layers over null make no topology") {
  float memory[16];
  linnet::Network network;
  CHECK(network.bind(linnet::TopologyView(2, {nullptr, 3}), memory) == Status::bad_topology);
  const linnet::Topology made = linnet::topology(2, Span<const linnet::Layer>(nullptr, 3));
  CHECK(network.bind(made, memory) == Status::bad_topology);
  CHECK(linnet::parameter_floats(linnet::TopologyView(2, {nullptr, 3})) == linnet::kTooLarge);
}

TEST_CASE("a view of nothing is empty, and a trainer that is shown one refuses it") {
  std::vector<linnet::ConstRows> none(2);
  CHECK(none[0].data() == nullptr);
  CHECK(none[0].count() == 0);
  CHECK(none[0].columns() == 0);
  CHECK(Span<float>().empty());
  CHECK(linnet::Matrix().size() == 0);
  Bench bench(linnet::topology(2, {{1, linnet::activation::identity}}),
              {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 1}, 1);
  CHECK(bench.trainer.step(none[0], none[1]) == linnet::Status::null_memory);
}
