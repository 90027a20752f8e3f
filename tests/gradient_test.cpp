#include <doctest/doctest.h>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;

namespace {

struct NamedLoss {
  const char* name;
  linnet::Loss loss;
  bool labels;
  bool logits;  // the last activation is identity
};

const float kWeights[] = {0.5f, 2.0f, 1.25f};

std::vector<NamedLoss> losses() {
  using namespace linnet::loss;
  return {{"mean_squared_error", mean_squared_error, false, false},
          {"mean_absolute_error", mean_absolute_error, false, false},
          {"huber", huber.with_delta(0.3f), false, false},
          {"smooth_l1", smooth_l1.with_beta(0.3f), false, false},
          {"binary_cross_entropy", binary_cross_entropy, false, true},
          {"binary_cross_entropy", binary_cross_entropy.with_positive_weights(kWeights), false, true},
          {"softmax_cross_entropy", softmax_cross_entropy, true, true},
          {"softmax_cross_entropy", softmax_cross_entropy, false, true},
          {"softmax_cross_entropy", softmax_cross_entropy.with_label_smoothing(0.15f), true, true},
          {"softmax_cross_entropy", softmax_cross_entropy.with_class_weights(kWeights), true, true},
          {"softmax_cross_entropy", softmax_cross_entropy.with_class_weights(kWeights).with_label_smoothing(0.15f),
           true, true},
          {"softmax_cross_entropy", softmax_cross_entropy.with_class_weights(kWeights).with_label_smoothing(0.15f),
           false, true}};
}

OracleTargets oracle_targets(const NamedLoss& loss, const Data& data) {
  OracleTargets targets;
  if (loss.labels) {
    targets.labels = data.labels;
  } else {
    targets.t.assign(data.t.begin(), data.t.end());
  }
  targets.delta = static_cast<double>(loss.loss.delta);
  targets.smoothing = static_cast<double>(loss.loss.label_smoothing);
  targets.class_weights.assign(loss.loss.class_weights.begin(), loss.loss.class_weights.end());
  return targets;
}

// Central differences of the oracle at one parameter.
template <class Loss>
double slope_at(double& parameter, Loss loss) {
  const double h = 1e-6;
  const double before = parameter;
  parameter = before + h;
  const double above = loss();
  parameter = before - h;
  const double below = loss();
  parameter = before;
  return (above - below) / (2.0 * h);
}

// Trains nothing: takes the gradients of one batch and compares each with the oracle's.
void compare_gradients(const NamedActivation& hidden, const NamedLoss& loss, std::size_t batch) {
  const linnet::Activation last = loss.logits ? linnet::activation::identity : hidden.activation;
  const auto shape = linnet::topology(5, {{19, hidden.activation}, {4, hidden.activation}, {3, last}});
  linnet::TrainerConfig config{loss.loss, linnet::optimizer::sgd(0.1f), batch, linnet::Gradients::kept};
  Bench bench(shape, config, 3);
  REQUIRE(bench.status == Status::ok);
  const Data data(batch, 5, 3, 77 + batch);
  REQUIRE((loss.labels ? bench.trainer.accumulate(data.input_rows(), data.label_rows())
                       : bench.trainer.accumulate(data.input_rows(), data.target_rows())) == Status::ok);

  auto layers = oracle_of(bench.network, {hidden.name, hidden.name, loss.logits ? "identity" : hidden.name});
  const OracleTargets targets = oracle_targets(loss, data);
  const std::vector<double> x(data.x.begin(), data.x.end());
  const auto value = [&] {
    return oracle_loss(loss.name, oracle_forward(layers, x, batch, loss.logits), batch, targets);
  };
  CHECK(static_cast<double>(bench.trainer.loss()) == doctest::Approx(value()).epsilon(2e-6));

  double worst = 0.0;
  double largest = 0.0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const linnet::ConstMatrix g = bench.trainer.gradients(l);
    for (std::size_t k = 0; k < layers[l].w.size(); ++k) {
      const double expected = slope_at(layers[l].w[k], value);
      worst = std::fmax(worst, std::fabs(static_cast<double>(g(k / g.columns(), k % g.columns())) - expected));
      largest = std::fmax(largest, std::fabs(expected));
    }
    for (std::size_t k = 0; k < layers[l].b.size(); ++k) {
      const double expected = slope_at(layers[l].b[k], value);
      worst = std::fmax(worst, std::fabs(static_cast<double>(bench.trainer.bias_gradients(l)[k]) - expected));
    }
  }
  // 2^-24 per rounding over chains of up to 19 terms through three layers, and 1e-9 of the differences
  CHECK_MESSAGE(worst <= 3e-6 * std::fmax(largest, 0.1), std::string(hidden.name), " ", std::string(loss.name),
                " batch ", batch);
}

}  // namespace

TEST_CASE("the gradients of every activation and loss are the central differences of a double-precision network") {
  for (const NamedActivation& hidden : hidden_activations()) {
    for (const NamedLoss& loss : losses()) {
      compare_gradients(hidden, loss, 1);
      compare_gradients(hidden, loss, 9);
    }
  }
  compare_gradients({"elu", linnet::activation::elu.with_alpha(0.8f)}, losses()[0], 9);
  compare_gradients({"leaky_relu", linnet::activation::leaky_relu.with_slope(0.3f)}, losses()[0], 9);
}

TEST_CASE("a 2-3-2 network gives the losses, gradients and weights that PyTorch computes") {
  const auto shape = linnet::topology(2, {{3, linnet::activation::tanh}, {2, linnet::activation::identity}});
  const float inputs[3][2] = {{0.5f, -1.0f}, {1.5f, 0.25f}, {-0.75f, 0.8f}};
  const std::uint16_t labels[3] = {0, 1, 0};
  const float w1[3][2] = {{0.1f, -0.2f}, {0.3f, 0.4f}, {-0.5f, 0.6f}};
  const float b1[3] = {0.01f, -0.02f, 0.03f};
  const float w2[2][3] = {{0.7f, -0.8f, 0.9f}, {-0.1f, 0.2f, -0.3f}};
  const float b2[2] = {0.05f, -0.05f};
  struct Expected {
    linnet::Optimizer optimizer;
    double loss_2, loss_10;
    double row[3];
  };
  const Expected runs[] = {
      {linnet::optimizer::sgd(0.1f), 0.4974586139, 0.3599581989, {0.7263685099, -0.9025259972, 0.9169911165}},
      {linnet::optimizer::adam(0.01f), 0.5038880038, 0.3734045462, {0.8012760755, -0.9005493345, 0.9971272042}},
      {linnet::optimizer::adamw(0.01f), 0.5039095866, 0.3736673787, {0.8005324675, -0.8997044048, 0.9961657933}}};
  const double d_w1[6] = {.1061916269, .09123764163, -.1048460442, -.1039805949, .1144559934, .09014370689};
  const double d_w2[3] = {-.01257861294, .08719481819, -.001441011611};
  for (const Expected& run : runs) {
    Bench bench(shape, {linnet::loss::softmax_cross_entropy, run.optimizer, 3, linnet::Gradients::kept}, 1);
    for (std::size_t o = 0; o < 3; ++o) {
      for (std::size_t i = 0; i < 2; ++i) bench.network.weights(0)(o, i) = w1[o][i];
      for (std::size_t i = 0; i < 2; ++i) bench.network.weights(1)(i, o) = w2[i][o];
      bench.network.biases(0)[o] = b1[o];
    }
    for (std::size_t o = 0; o < 2; ++o) bench.network.biases(1)[o] = b2[o];
    for (int step = 1; step <= 10; ++step) {
      REQUIRE(bench.trainer.step(inputs, labels) == Status::ok);
      const double loss = static_cast<double>(bench.trainer.loss());
      if (step == 1) {
        CHECK(loss == doctest::Approx(0.520703332591).epsilon(3e-7));
        for (std::size_t k = 0; k < 6; ++k) {
          CHECK(static_cast<double>(bench.trainer.gradients(0)(k / 2, k % 2)) ==
                doctest::Approx(d_w1[k]).epsilon(1e-6));
        }
        for (std::size_t k = 0; k < 3; ++k) {  // one of them is a small difference of large terms
          CHECK(std::fabs(static_cast<double>(bench.trainer.gradients(1)(0, k)) - d_w2[k]) < 1e-7);
          CHECK(std::fabs(static_cast<double>(bench.trainer.gradients(1)(1, k)) + d_w2[k]) < 1e-7);
        }
      }
      if (step == 2) {
        CHECK(loss == doctest::Approx(run.loss_2).epsilon(1e-6));
      }
      if (step == 10) {
        CHECK(loss == doctest::Approx(run.loss_10).epsilon(1e-6));
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(static_cast<double>(bench.network.weights(1)(0, i)) == doctest::Approx(run.row[i]).epsilon(1e-6));
    }
  }
}
