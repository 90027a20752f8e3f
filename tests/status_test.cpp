// Bad input: every call says what is wrong, and changes nothing.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "nets.hpp"

using namespace linnet_test;
using linnet::TrainerConfig;

namespace {

const auto kShape = linnet::topology(3, {{5, linnet::activation::tanh}, {2, linnet::activation::identity}});

Status bind_topology(const linnet::Topology& topology) {
  std::vector<float> room(4096);
  linnet::Network network;
  const Status status = network.bind(topology, {room.data(), room.size()});
  CHECK(network.bound() == (status == Status::ok));
  return status;
}

Status bind_training(const TrainerConfig& config, const linnet::Topology& shape = kShape) {
  std::vector<float> parameters(4096), memory(65536, 7.0f);
  linnet::Network network;
  linnet::Trainer trainer;
  REQUIRE(network.bind(shape, {parameters.data(), parameters.size()}) == Status::ok);
  const Status status = trainer.bind(network, config, {memory.data(), memory.size()}, kernels());
  if (status != Status::ok) {
    CHECK(memory == std::vector<float>(65536, 7.0f));
    const float x[1][3] = {};
    const float t[1][2] = {};
    CHECK(trainer.step(x, t) == Status::not_bound);
  }
  return status;
}

TrainerConfig with(const linnet::Optimizer& optimizer) { return {linnet::loss::softmax_cross_entropy, optimizer, 4}; }

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("every status has a sentence of its own") {
  std::vector<std::string> seen;
  for (int k = 0; k <= static_cast<int>(Status::lost_precision); ++k) {  // the last one
    const std::string text = linnet::to_string(static_cast<Status>(k));
    CHECK(text.size() >= 2);
    CHECK(text != "unknown status");
    for (const std::string& other : seen) {
      CHECK(text != other);
    }
    seen.push_back(text);
  }
  for (const int unknown : {static_cast<int>(Status::lost_precision) + 1, 99, 255}) {
    CHECK(std::string(linnet::to_string(static_cast<Status>(unknown))) == "unknown status");
  }
}

TEST_CASE("every sentence of a status that is not ok names a remedy, in at most 120 characters") {
  const std::pair<Status, std::string> remedies[] = {
      {Status::not_bound, "bind()"},
      {Status::null_memory, "lend an array"},
      {Status::too_little_memory, "_floats()"},
      {Status::overlapping_memory, "of its own"},
      {Status::bad_topology, "1 to " + std::to_string(linnet::kMaxLayers) + " layers"},
      {Status::too_large, "fewer units or a smaller batch"},
      {Status::bad_activation, "0 to 100"},
      {Status::bad_config, "training.hpp"},
      {Status::bad_hyperparameter, "training.hpp"},
      {Status::bad_batch, "larger max_batch"},
      {Status::bad_columns, "a column per input"},
      {Status::bad_label, "count classes from 0"},
      {Status::bad_input, "find_fault()"},
      {Status::bad_target, "0 to 1"},
      {Status::bad_order, "from 0 to"},
      {Status::bad_state, "where topology and training are the same"},
      {Status::gradients_not_kept, "Gradients::kept"},
      {Status::diverged, "scale the inputs or targets"},
      {Status::broken_arithmetic, "no -ffast-math"},
      {Status::nothing_forwarded, "forward()"},
      {Status::nothing_accumulated, "accumulate()"},
      {Status::bad_share, "0 and more"},
      {Status::bad_setting, "the comment of the call"},
      {Status::bad_initializer, "initialize.hpp"},
      {Status::bad_weight, "scale the weights"},
      {Status::store_failed, "functions of the Store"},
      {Status::nothing_kept, "initialize()"},
      {Status::other_format, "the library that saved it"},
      {Status::other_network, "bind the network"},
      {Status::other_backbone, "bind those"},
      {Status::missing_piece, "the result has its name"},
      {Status::other_piece, "the result has its name"},
      {Status::trial_pending, "confirm() or revert()"},
      {Status::other_contract, "without a trainer"},
      {Status::bad_layer, "count from 0"},
      {Status::bad_parameter, "the training that made it"},
      {Status::other_shape, "bind the topology"},
      {Status::other_type, "convert it to F32"},
      {Status::bad_text, "16:leaky_relu(0.01),nobias"},
      {Status::bad_header, "write the file anew"},
      {Status::bad_ranges, "copy it again"},
      {Status::duplicate_tensor, "write the file anew"},
      {Status::missing_tensor, "give the names"},
      {Status::left_over_tensor, "leave it out"},
      {Status::ambiguous_tensors, "give their names"},
      {Status::nothing_observed, "observe()"},
      {Status::lost_precision, "apply()"}};
  for (const auto& [status, remedy] : remedies) {
    const std::string text = linnet::to_string(status);
    CAPTURE(text);
    CHECK(text.find(": ") != std::string::npos);
    CHECK(text.find(remedy, text.find(": ")) != std::string::npos);
    CHECK(text.size() <= 120);
    for (const char c : text) CHECK((c >= ' ' && c <= '~'));
  }
  CHECK(static_cast<std::size_t>(linnet::kMaxFloats) == (std::size_t{1} << 30) - 1);  // as too_large says
}

TEST_CASE("a topology that names no network is refused") {
  namespace a = linnet::activation;
  CHECK(bind_topology(kShape) == Status::ok);
  CHECK(bind_topology(linnet::Topology{}) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(0, {{5, a::tanh}})) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(3, {{0, a::tanh}})) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(3, {{5, a::tanh}, {0, a::tanh}})) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(3, {{5, linnet::Activation{nullptr, 0.0f}}})) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(3, {{5, a::softmax}, {2, a::tanh}})) == Status::bad_topology);
  CHECK(bind_topology(linnet::topology(3, {{5, a::softmax}})) == Status::ok);
  const std::vector<linnet::Layer> many(17, {2, a::relu});
  CHECK(bind_topology(linnet::topology(3, linnet::Span<const linnet::Layer>(many.data(), 16))) == Status::ok);
  CHECK(bind_topology(linnet::topology(3, linnet::Span<const linnet::Layer>(many.data(), 17))) == Status::bad_topology);
  auto none = kShape;
  none.layer_count = 0;
  CHECK(bind_topology(none) == Status::bad_topology);
  const std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(bind_topology(linnet::topology(most, {{most, a::relu}})) == Status::too_large);
  CHECK(bind_topology(linnet::topology(1u << 16, {{1u << 16, a::relu}})) == Status::too_large);
  CHECK(bind_topology(linnet::topology(1u << 31, {{2, a::relu}})) == Status::too_large);
}

TEST_CASE("a parameter of an activation out of its range is refused") {
  namespace a = linnet::activation;
  for (const float bad : {kNaN, kInfinity, -0.5f, 101.0f}) {
    CHECK(bind_topology(linnet::topology(3, {{5, a::leaky_relu.with_slope(bad)}})) == Status::bad_activation);
    CHECK(bind_topology(linnet::topology(3, {{5, a::elu.with_alpha(bad)}})) == Status::bad_activation);
    CHECK(bind_topology(linnet::topology(3, {{5, a::tanh.with_slope(bad)}})) == Status::bad_activation);
    CHECK(bind_topology(linnet::topology(3, {{5, a::tanh.with_alpha(bad)}})) == Status::bad_activation);
  }
}

TEST_CASE("null memory is refused by every bind") {
  linnet::Network network;
  linnet::Predictor predictor;
  linnet::Trainer trainer;
  float room[64];
  CHECK(network.bind(kShape, {nullptr, 1000}) == Status::null_memory);
  CHECK(network.bind(kShape, {nullptr, 1000}, {room, 64}, 1) == Status::null_memory);
  CHECK(network.bind(kShape, {room, 64}, {nullptr, 1000}, 1) == Status::null_memory);
  CHECK(network.bind(kShape, {room, 64}, {room, 64}, 3) == Status::bad_topology);
  REQUIRE(network.bind(kShape, room) == Status::ok);
  CHECK(predictor.bind(network, {nullptr, 1000}, kernels()) == Status::null_memory);
  CHECK(predictor.bind(kShape, {nullptr, 1000}, room, kernels()) == Status::null_memory);
  CHECK(trainer.bind(network, with(linnet::optimizer::sgd(0.1f)), {nullptr, 1000}, kernels()) == Status::null_memory);
}

TEST_CASE("training memory that overlaps the weights is refused") {
  std::vector<float> room(1000);
  linnet::Network network;
  linnet::Trainer trainer;
  REQUIRE(network.bind(kShape, {room.data() + 100, 100}) == Status::ok);
  CHECK(trainer.bind(network, with(linnet::optimizer::sgd(0.1f)), {room.data(), 1000}, kernels()) == Status::ok);
  CHECK(trainer.bind(network, with(linnet::optimizer::sgd(0.1f)), {room.data() + 90, 900}, kernels()) ==
        Status::overlapping_memory);
  CHECK(trainer.bind(network, with(linnet::optimizer::adam()), {room.data() + 131, 800}, kernels()) ==
        Status::overlapping_memory);
  CHECK(trainer.bind(network, with(linnet::optimizer::adam()), {room.data() + 132, 800}, kernels()) == Status::ok);
}

TEST_CASE("S4: no two pieces of lent memory may overlap") {
  std::vector<float> room(200, 0.5f);
  const std::vector<float> before = room;
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  const std::size_t first = linnet::frozen_floats(kShape, 1);
  CHECK(network.bind(kShape, {room.data(), first}, {room.data() + first - 1, 100}, 1) == Status::overlapping_memory);
  REQUIRE(network.bind(kShape, {room.data(), first}, {room.data() + 100, 12}, 1) == Status::ok);
  CHECK(trainer.bind(network, with(linnet::optimizer::adam()), {room.data() + first - 1, 180}, kernels()) ==
        Status::overlapping_memory);
  CHECK(predictor.bind(network, {room.data() + 95, 10}, kernels()) == Status::overlapping_memory);
  CHECK(predictor.bind(kShape, {room.data(), 32}, {room.data() + 31, 10}, kernels()) == Status::overlapping_memory);
  CHECK(same_bits(before, room));
  REQUIRE(predictor.bind(network, {room.data() + 120, 10}, kernels()) == Status::ok);
  CHECK(predictor.predict({room.data() + 150, 2, 3}, {room.data() + 155, 2, 2}) == Status::overlapping_memory);
  CHECK(predictor.predict({room.data() + 150, 2, 3}, {room.data() + 127, 2, 2}) == Status::overlapping_memory);
  CHECK(predictor.predict({room.data() + 150, 2, 3}, {room.data() + 98, 2, 2}) == Status::overlapping_memory);
  CHECK(predictor.predict({room.data() + 150, 2, 3}, {room.data() + 156, 2, 2}) == Status::ok);
}

TEST_CASE("a rate of minus zero is zero") {
  Bench bench(kShape, with(linnet::optimizer::rprop(-0.0f)), 1);
  REQUIRE(bench.status == Status::ok);
  const Data data(4, 3, 2, 1);
  CHECK(bench.trainer.step(data.input_rows(), data.label_rows()) == Status::ok);
}

TEST_CASE("losses and last activations that do not go together are refused") {
  namespace a = linnet::activation;
  namespace l = linnet::loss;
  struct Pair {
    linnet::Loss loss;
    linnet::Activation last;
    bool good;
  };
  const Pair pairs[] = {{l::softmax_cross_entropy, a::softmax, true},
                        {l::softmax_cross_entropy, a::identity, true},
                        {l::softmax_cross_entropy, a::sigmoid, false},
                        {l::softmax_cross_entropy, a::relu, false},
                        {l::binary_cross_entropy, a::sigmoid, true},
                        {l::binary_cross_entropy, a::identity, true},
                        {l::binary_cross_entropy, a::softmax, false},
                        {l::binary_cross_entropy, a::tanh, false},
                        {l::mean_squared_error, a::softmax, false},
                        {l::mean_squared_error, a::sigmoid, true},
                        {l::mean_absolute_error, a::softmax, false},
                        {l::huber, a::softmax, false},
                        {l::huber, a::gelu, true},
                        {l::smooth_l1, a::softmax, false},
                        {l::smooth_l1, a::tanh, true},
                        {l::own, a::softmax, false},
                        {l::own, a::identity, true},
                        {l::own, a::sigmoid, true}};
  for (const Pair& pair : pairs) {
    const auto shape = linnet::topology(3, {{5, a::tanh}, {2, pair.last}});
    CHECK(bind_training({pair.loss, linnet::optimizer::sgd(0.1f), 4}, shape) ==
          (pair.good ? Status::ok : Status::bad_config));
  }
  TrainerConfig none = with(linnet::optimizer::sgd(0.1f));
  none.loss.descriptor = nullptr;
  CHECK(bind_training(none) == Status::bad_config);
  none = with(linnet::optimizer::sgd(0.1f));
  none.optimizer.descriptor = nullptr;
  CHECK(bind_training(none) == Status::bad_config);
  const float weights[2] = {1.0f, 2.0f};
  CHECK(bind_training({l::huber.with_class_weights(weights), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_config);
  CHECK(bind_training({l::huber.with_label_smoothing(0.1f), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_config);
}

TEST_CASE("class weights and smoothing that a loss got by hand and does not know are refused, never ignored") {
  const float weights[2] = {1.0f, 2.0f};
  const auto by_hand = [](float smoothing, linnet::Span<const float> class_weights) {
    TrainerConfig config{linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.1f), 4};
    config.loss.label_smoothing = smoothing;
    config.loss.class_weights = class_weights;
    return bind_training(config);
  };
  CHECK(by_hand(0.0f, {}) == Status::ok);
  CHECK(by_hand(-0.0f, {}) == Status::ok);
  for (const float smoothing : {0.1f, -1.0f, kNaN, kInfinity}) {
    CHECK(by_hand(smoothing, {}) == Status::bad_config);
  }
  CHECK(by_hand(0.0f, weights) == Status::bad_config);
  TrainerConfig known{linnet::loss::softmax_cross_entropy.with_label_smoothing(0.0f), linnet::optimizer::sgd(0.1f), 4};
  known.loss.label_smoothing = 0.1f;
  known.loss.class_weights = weights;
  CHECK(bind_training(known) == Status::ok);
}

TEST_CASE("hyper-parameters out of range are refused") {
  CHECK(bind_training(with(linnet::optimizer::sgd(0.0f))) == Status::ok);
  for (const float bad : {-0.1f, kNaN, kInfinity, 2e6f}) {
    for (const NamedOptimizer& named : optimizers()) {
      linnet::Optimizer optimizer = named.optimizer;
      optimizer.learning_rate = bad;
      CHECK(bind_training(with(optimizer)) == Status::bad_hyperparameter);
    }
    CHECK(bind_training(with(linnet::optimizer::sgd(0.1f).with_weight_decay(bad))) == Status::bad_hyperparameter);
  }
  for (const float bad : {-0.1f, 1.0f, 1.5f, kNaN, kInfinity}) {
    CHECK(bind_training(with(linnet::optimizer::sgd(0.1f, bad))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::sgd_nesterov(0.1f, bad))) == Status::bad_hyperparameter);
    const double beta = static_cast<double>(bad);
    CHECK(bind_training(with(linnet::optimizer::adam(0.1f, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::adam(0.1f, 0.9, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::adamw(0.1f, 0.0f, 0.9, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::adam_amsgrad(0.1f, 0.9, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::adamw_amsgrad(0.1f, 0.0f, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::rmsprop(0.1f, beta))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::rmsprop_momentum(0.1f, bad))) == Status::bad_hyperparameter);
  }
  for (const float bad : {0.0f, -1e-8f, kNaN, kInfinity, 1e-30f}) {
    CHECK(bind_training(with(linnet::optimizer::adam(0.1f, 0.9, 0.999, bad))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::rmsprop(0.1f, 0.9, bad))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::adagrad(0.1f, bad))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::rprop(0.1f, 0.5f, 1.2f, bad))) == Status::bad_hyperparameter);
    CHECK(bind_training(with(linnet::optimizer::rprop(0.1f, 0.5f, bad))) == Status::bad_hyperparameter);
  }
  for (const float bad : {0.0f, 1.0f, -0.5f, kNaN}) {
    CHECK(bind_training(with(linnet::optimizer::rprop(0.1f, bad))) == Status::bad_hyperparameter);
  }
  CHECK(bind_training(with(linnet::optimizer::rprop(0.1f, 0.5f, 1.2f, 1e-6f, 1e6f))) == Status::ok);
  for (const float largest : {1e-7f, 2e6f, kNaN, kInfinity}) {  // not from the smallest step to 1e6
    CHECK(bind_training(with(linnet::optimizer::rprop(0.1f, 0.5f, 1.2f, 1e-6f, largest))) ==
          Status::bad_hyperparameter);
  }
  CHECK(bind_training(with(linnet::optimizer::adamw(0.5f, 3.0f))) == Status::bad_hyperparameter);
  CHECK(bind_training(with(linnet::optimizer::adamw_amsgrad(0.5f, 3.0f))) == Status::bad_hyperparameter);
  linnet::Optimizer forged = linnet::optimizer::adam();
  forged.state_slots = 0;
  CHECK(bind_training(with(forged)) == Status::bad_hyperparameter);
  forged = linnet::optimizer::adam();
  forged.one_minus_beta1 = 0.5f;
  CHECK(bind_training(with(forged)) == Status::bad_hyperparameter);
}

TEST_CASE("clipping, delta, smoothing and class weights out of range are refused") {
  const float weights[3] = {1.0f, -1.0f, 1.0f};
  namespace l = linnet::loss;
  for (const float bad : {-1.0f, kNaN, kInfinity}) {
    TrainerConfig config = with(linnet::optimizer::sgd(0.1f));
    config.gradients = linnet::Gradients::kept;
    config.clip_norm = bad;
    CHECK(bind_training(config) == Status::bad_hyperparameter);
    config = with(linnet::optimizer::sgd(0.1f));
    config.clip_value = bad;
    CHECK(bind_training(config) == Status::bad_hyperparameter);
    CHECK(bind_training({l::huber.with_delta(bad), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_hyperparameter);
    CHECK(bind_training({l::softmax_cross_entropy.with_label_smoothing(bad), linnet::optimizer::sgd(0.1f), 4}) ==
          Status::bad_hyperparameter);
  }
  CHECK(bind_training({l::huber.with_delta(0.0f), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_hyperparameter);
  CHECK(bind_training({l::smooth_l1.with_beta(0.0f), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_hyperparameter);
  CHECK(bind_training({l::smooth_l1.with_beta(2e6f), linnet::optimizer::sgd(0.1f), 4}) == Status::bad_hyperparameter);
  CHECK(bind_training({l::softmax_cross_entropy.with_class_weights({weights, 2}), linnet::optimizer::sgd(0.1f), 4}) ==
        Status::bad_hyperparameter);
  CHECK(bind_training({l::softmax_cross_entropy.with_class_weights({weights, 1}), linnet::optimizer::sgd(0.1f), 4}) ==
        Status::bad_hyperparameter);
  CHECK(bind_training({l::softmax_cross_entropy.with_class_weights({nullptr, 2}), linnet::optimizer::sgd(0.1f), 4}) ==
        Status::bad_hyperparameter);
  TrainerConfig zero = with(linnet::optimizer::sgd(0.1f));
  zero.max_batch = 0;
  CHECK(bind_training(zero) == Status::bad_batch);
  zero.max_batch = std::numeric_limits<std::size_t>::max() / 4;
  CHECK(bind_training(zero) == Status::too_large);
}

TEST_CASE("everything says when it was never bound") {
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  linnet::TrainerProgress state{};
  float loss = 5.0f;
  float room[64];
  const float x[1][3] = {};
  const float t[1][2] = {};
  float y[1][2];
  const std::uint16_t label[1] = {};
  CHECK(trainer.bind(network, with(linnet::optimizer::sgd(0.1f)), room, kernels()) == Status::not_bound);
  CHECK(predictor.bind(network, room, kernels()) == Status::not_bound);
  CHECK(trainer.step(x, t) == Status::not_bound);
  CHECK(trainer.step(x, label) == Status::not_bound);
  CHECK(trainer.evaluate(x, t, loss) == Status::not_bound);
  CHECK(trainer.accumulate(x, label) == Status::not_bound);
  CHECK(trainer.apply() == Status::not_bound);
  CHECK(trainer.discard() == Status::not_bound);
  CHECK(trainer.set_learning_rate(0.1f) == Status::not_bound);
  CHECK(trainer.save(state) == Status::not_bound);
  CHECK(trainer.restore(state, {}) == Status::not_bound);
  CHECK(trainer.optimizer_state().empty());
  CHECK(trainer.gradients(0).size() == 0);
  CHECK(trainer.bias_gradients(0).empty());
  CHECK(predictor.predict(x, y) == Status::not_bound);
  CHECK(network.trainable().empty());
  CHECK(network.weights(0).size() == 0);
  CHECK(network.read_biases(0).empty());
  CHECK(loss == 5.0f);
}

TEST_CASE("S5: batches of the wrong size, width or kind are refused and change nothing") {
  const Data data(5, 3, 2, 1);
  Bench bench(kShape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 4}, 1);
  REQUIRE(bench.trainer.step(data.input_rows().rows(0, 4), {data.labels.data(), 4}) == Status::ok);
  const std::vector<float> parameters = bench.parameters;
  const std::vector<float> state = bench.state();
  const float* x = data.x.data();
  const float* t = data.t.data();
  std::uint16_t labels[4] = {0, 1, 2, 0};
  auto& trainer = bench.trainer;
  CHECK(trainer.step({x, 0, 3}, {t, 0, 2}) == Status::bad_batch);
  CHECK(trainer.step({x, 5, 3}, {t, 5, 2}) == Status::bad_batch);
  CHECK(trainer.step({x, 4, 3}, {t, 3, 2}) == Status::bad_batch);
  CHECK(trainer.step({x, 4, 3}, {labels, 3}) == Status::bad_batch);
  CHECK(trainer.step({x, 4, 2}, {t, 4, 2}) == Status::bad_columns);
  CHECK(trainer.step({x, 4, 3}, {t, 4, 3}) == Status::bad_columns);
  CHECK(trainer.step({nullptr, 4, 3}, {t, 4, 2}) == Status::null_memory);
  CHECK(trainer.step({x, 4, 3}, linnet::ConstRows(nullptr, 4, 2)) == Status::null_memory);
  CHECK(trainer.step({x, 4, 3}, linnet::Labels(nullptr, 4)) == Status::null_memory);
  CHECK(trainer.step({x, 4, 3}, {labels, 4}) == Status::bad_label);
  CHECK(trainer.accumulate({x, 4, 3}, {t, 4, 2}) == Status::gradients_not_kept);
  CHECK(trainer.apply() == Status::gradients_not_kept);
  CHECK(trainer.discard() == Status::gradients_not_kept);
  CHECK(trainer.set_learning_rate(-1.0f) == Status::bad_hyperparameter);
  CHECK(trainer.set_learning_rate(kNaN) == Status::bad_hyperparameter);
  CHECK(same_bits(parameters, bench.parameters));
  CHECK(same_bits(state, bench.state()));
  CHECK(trainer.steps() == 1);
  Bench squares(kShape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), 4}, 1);
  labels[2] = 1;
  CHECK(squares.trainer.step({x, 4, 3}, {labels, 4}) == Status::bad_label);
}

#ifndef LINNET_BOARD  // half a megabyte
TEST_CASE("S5: a batch of more numbers than can be counted is refused before one of them is read") {
  constexpr std::size_t kMany = 33000;  // squared it is above kMaxFloats
  const auto shape = linnet::topology(kMany, {{1, linnet::activation::identity}});
  Bench bench(shape, {linnet::loss::mean_squared_error, linnet::optimizer::sgd(0.1f), kMany}, 1);
  REQUIRE(bench.status == Status::ok);
  const std::vector<float> t(kMany, 0.5f);
  const float only = 0.0f;
  CHECK(bench.trainer.step({&only, kMany, kMany}, {t.data(), kMany, 1}) == Status::bad_batch);
}
#endif

TEST_CASE("targets outside the range of a cross-entropy are refused, the ends of the range are taken") {
  const auto shape = linnet::topology(3, {{2, linnet::activation::identity}});
  for (const linnet::Loss& loss : {linnet::loss::binary_cross_entropy, linnet::loss::softmax_cross_entropy}) {
    Bench bench(shape, {loss, linnet::optimizer::sgd(0.1f), 4}, 1);
    const float x[1][3] = {{1.0f, 2.0f, 3.0f}};
    const float good[1][2] = {{0.0f, 1.0f}};
    const float minus_zero[1][2] = {{-0.0f, 1.0f}};
    CHECK(bench.trainer.step(x, good) == Status::ok);
    CHECK(bench.trainer.step(x, minus_zero) == Status::ok);
    for (const float bad : {-0.001f, 1.001f, kNaN, kInfinity}) {
      const float targets[1][2] = {{0.0f, bad}};
      CHECK(bench.trainer.step(x, targets) == Status::bad_target);
    }
  }
}
