// Activations, losses and optimizers one by one, against published and PyTorch's values.
#include <doctest/doctest.h>

#include <cmath>

#include "nets.hpp"
#include "oracle.hpp"

using namespace linnet_test;

namespace {

// f(z) of one unit, through a network of one weight 1.
float activate(const linnet::Activation& activation, float z) {
  const auto shape = linnet::topology(1, {{1, activation, false}});
  float weight[1] = {1.0f};
  float scratch[2];
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(shape, weight, scratch, kernels()) == Status::ok);
  const float x[1] = {z};
  float y[1] = {};
  REQUIRE(predictor.predict(x, y) == Status::ok);
  return y[0];
}

// f'(z) of one unit: the weight's gradient of |f(w z) - t| far above t, at w = 1, over z. Through an input of 1 for z =
// 0.
float slope_of(const linnet::Activation& activation, float z) {
  const auto shape = linnet::topology(1, {{1, activation, true}});
  Bench bench(shape, {linnet::loss::mean_absolute_error, linnet::optimizer::sgd(0.0f), 1, linnet::Gradients::kept}, 1);
  bench.network.weights(0)(0, 0) = 0.0f;
  bench.network.biases(0)[0] = z;
  const float x[1] = {0.0f};
  const float t[1] = {-1e6f};
  REQUIRE(bench.trainer.accumulate(x, t) == Status::ok);
  return bench.trainer.bias_gradients(0)[0];
}

}  // namespace

TEST_CASE("activations give PyTorch's values") {
  namespace a = linnet::activation;
  const float at[6] = {-3.0f, -1.0f, -0.1f, 0.0f, 0.5f, 2.0f};
  struct Row {
    linnet::Activation activation;
    double values[6];
  };
  const Row rows[] = {{a::gelu, {-.004049694095, -.1586552539, -.04601721627, 0, .3457312306, 1.954499736}},
                      {a::gelu_tanh, {-.003637392082, -.1588080094, -.04601724895, 0, .3457140098, 1.954597694}},
                      {a::silu, {-.1422776195, -.2689414214, -.04750208125, 0, .3112296656, 1.761594156}},
                      {a::mish, {-.1456474613, -.3034014614, -.05678857521, 0, .3752452113, 1.94395896}},
                      {a::selu, {-1.670568729, -1.111330738, -.1673052726, 0, .5253504937, 2.101401975}},
                      {a::elu, {-.9502129316, -.6321205588, -.09516258196, 0, .5, 2}},
                      {a::softplus, {.04858735157, .3132616875, .6443966601, .6931471806, .9740769842, 2.126928011}},
                      {a::hard_swish, {0, -.3333333333, -.04833333333, 0, .2916666667, 1.666666667}},
                      {a::softsign, {-.75, -.5, -.0909090909, 0, .3333333333, .6666666667}}};
  for (const Row& row : rows) {
    for (int k = 0; k < 6; ++k) {
      // the inputs -0.1 are floats: 1.5e-9 off; a few roundings of 6e-8
      CHECK(std::fabs(static_cast<double>(activate(row.activation, at[k])) - row.values[k]) <=
            4e-7 * std::fabs(row.values[k]) + 1e-9);
    }
  }
}

TEST_CASE("derivatives at kinks are PyTorch's") {
  namespace a = linnet::activation;
  CHECK(slope_of(a::relu, 0.0f) == 0.0f);
  CHECK(slope_of(a::leaky_relu.with_slope(0.25f), 0.0f) == 0.25f);
  CHECK(slope_of(a::elu, 0.0f) == 1.0f);
  CHECK(slope_of(a::selu, 0.0f) == doctest::Approx(1.7580993408));
  CHECK(slope_of(a::relu6, 0.0f) == 0.0f);
  CHECK(slope_of(a::relu6, 6.0f) == 0.0f);
  CHECK(slope_of(a::hard_tanh, 1.0f) == 0.0f);
  CHECK(slope_of(a::hard_tanh, -1.0f) == 0.0f);
  CHECK(slope_of(a::hard_sigmoid, 3.0f) == 0.0f);
  CHECK(slope_of(a::hard_sigmoid, -3.0f) == 0.0f);
  CHECK(slope_of(a::hard_swish, -3.0f) == doctest::Approx(-0.5));
  CHECK(slope_of(a::hard_swish, 3.0f) == doctest::Approx(1.5));
}

TEST_CASE("activations and their derivatives agree with double precision from -100 to 100 and stay finite to 1e30") {
  for (const NamedActivation& named : hidden_activations()) {
    linnet::Pcg32 random(5);
    const auto f = [&named](double z) {
      return oracle_activation(named.name, z, static_cast<double>(named.activation.parameter));
    };
    for (int k = 0; k < 400; ++k) {
      const float z = k < 200 ? random.uniform(-8.0f, 8.0f) : random.uniform(-100.0f, 100.0f);
      const double exact = static_cast<double>(z);
      const double h = 1e-6;
      // 2^-24 in the argument u of a sigmoid is |u| 2^-24 in its value; 1e-3 |z| where f is a small difference
      CHECK_MESSAGE(std::fabs(static_cast<double>(activate(named.activation, z)) - f(exact)) <=
                        1e-6 * std::fmax(std::fabs(f(exact)), 1e-3 * std::fabs(exact)),
                    std::string(named.name), " at ", z);
      CHECK_MESSAGE(std::fabs(static_cast<double>(slope_of(named.activation, z)) -
                              (f(exact + h) - f(exact - h)) / (2 * h)) <= 2e-6,
                    std::string(named.name), " slope at ", z);
    }
    for (const float z : {1e4f, 1e12f, 1e18f, 1e30f, -1e4f, -1e12f, -1e18f, -1e30f}) {
      CHECK(std::isfinite(activate(named.activation, z)));
      CHECK_MESSAGE(std::isfinite(slope_of(named.activation, z)), std::string(named.name), " slope at ", z);
    }
  }
}

TEST_CASE("every activation is found by its number, and an unknown number is refused") {
  for (const NamedActivation& named : hidden_activations()) {
    linnet::Activation found{};
    REQUIRE(linnet::activation_of(linnet::id_of(named.activation), found) == Status::ok);
    CHECK(found.descriptor == named.activation.descriptor);
  }
  linnet::Activation found = linnet::activation::tanh;
  CHECK(linnet::activation_of(static_cast<linnet::ActivationId>(0), found) == Status::bad_activation);
  CHECK(linnet::activation_of(static_cast<linnet::ActivationId>(200), found) == Status::bad_activation);
  CHECK(found.descriptor == linnet::activation::tanh.descriptor);
  REQUIRE(linnet::activation_of(linnet::ActivationId::softmax, found) == Status::ok);
  CHECK(found.descriptor == linnet::activation::softmax.descriptor);
}

TEST_CASE("softmax of a row sums to one, keeps the order, and takes logits of a thousand") {
  const auto shape = linnet::topology(3, {{3, linnet::activation::softmax, false}});
  float weights[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  float scratch[6];
  linnet::Predictor predictor;
  REQUIRE(predictor.bind(shape, weights, scratch, kernels()) == Status::ok);
  const float x[2][3] = {{1.0f, 2.0f, 3.0f}, {1000.0f, 0.0f, -1000.0f}};
  float p[2][3];
  REQUIRE(predictor.predict(x, p) == Status::ok);
  CHECK(p[0][0] == doctest::Approx(0.0900305732));
  CHECK(p[0][1] == doctest::Approx(0.2447284711));
  CHECK(p[0][2] == doctest::Approx(0.6652409558));
  CHECK(p[1][0] == 1.0f);
  CHECK(p[1][1] == 0.0f);
  CHECK(p[1][2] == 0.0f);
}

namespace {

// The loss of outputs y (2 rows of 3), through a network that hands its inputs on.
template <class Targets>
double loss_of(const linnet::Loss& loss, const float (&y)[2][3], const Targets& targets) {
  const auto shape = linnet::topology(3, {{3, linnet::activation::identity, false}});
  Bench bench(shape, {loss, linnet::optimizer::sgd(0.1f), 2}, 1);
  REQUIRE(bench.status == Status::ok);
  linnet::Pcg32 random(1);
  REQUIRE(linnet::initialize(bench.network, random, linnet::initializer::identity) == Status::ok);
  float value = 0.0f;
  REQUIRE(bench.trainer.evaluate(y, targets, value) == Status::ok);
  return static_cast<double>(value);
}

}  // namespace

TEST_CASE("losses give PyTorch's values") {
  using namespace linnet::loss;
  const float y[2][3] = {{0.5f, -1.0f, 2.0f}, {1.0f, 0.0f, -1.0f}};
  const float t[2][3] = {{0, -1, 1}, {1, 1, 1}};
  const float bits[2][3] = {{0, 1, 1}, {1, 0, 1}};
  const std::uint16_t classes[2] = {2, 0};
  const float weights[3] = {1, 2, 3};
  CHECK(loss_of(mean_squared_error, y, t) == doctest::Approx(1.0416666666666667).epsilon(1e-7));
  CHECK(loss_of(mean_absolute_error, y, t) == doctest::Approx(0.75).epsilon(1e-7));
  CHECK(loss_of(huber.with_delta(0.5f), y, t) == doctest::Approx(0.2916666666666667).epsilon(2e-7));
  CHECK(loss_of(huber, y, t) == doctest::Approx(0.4375).epsilon(2e-7));  // SmoothL1 with beta 1
  CHECK(loss_of(smooth_l1, y, t) == doctest::Approx(0.4375).epsilon(2e-7));
  CHECK(loss_of(smooth_l1.with_beta(0.5f), y, t) == doctest::Approx(0.5833333333333334).epsilon(2e-7));
  CHECK(loss_of(softmax_cross_entropy, y, classes) == doctest::Approx(0.32445863055076873).epsilon(3e-7));
  CHECK(loss_of(softmax_cross_entropy.with_label_smoothing(0.1f), y, classes) ==
        doctest::Approx(0.44945863055076873).epsilon(3e-7));
  CHECK(loss_of(softmax_cross_entropy.with_class_weights(weights), y, classes) ==
        doctest::Approx(0.28288496360396287).epsilon(3e-7));
  CHECK(loss_of(binary_cross_entropy, y, bits) == doctest::Approx(0.7889895397229486).epsilon(3e-7));
  const float twice[3] = {2, 2, 2};
  CHECK(loss_of(binary_cross_entropy.with_positive_weights(twice), y, bits) ==
        doctest::Approx(1.300108385322556).epsilon(3e-7));
  const float far[2][3] = {{1000, 1000, 1000}, {1000, 1000, 1000}};
  const float none[2][3] = {};
  CHECK(loss_of(binary_cross_entropy, far, none) == 1000.0);
  CHECK(loss_of(binary_cross_entropy.with_positive_weights(twice), far, none) == 1000.0);
}

TEST_CASE("optimizers take PyTorch's first and fifth step") {
  struct Row {
    linnet::Optimizer optimizer;
    double first[2], fifth[2];
  };
  const Row rows[] = {
      {linnet::optimizer::sgd(0.1f), {0.7, -1.9}, {0.16807, -1.547561875}},
      {linnet::optimizer::sgd(0.1f, 0.9f), {0.7, -1.9}, {-0.77828, -0.834311875}},
      {linnet::optimizer::sgd_nesterov(0.1f, 0.9f), {0.43, -1.81}, {-0.3478522397, -0.631884610131}},
      {linnet::optimizer::sgd(0.1f).with_weight_decay(0.1f), {0.69, -1.88}, {0.1564031349, -1.4678080448}},
      {linnet::optimizer::adam(0.1f), {0.900000000333, -1.900000001}, {0.507963658377, -1.50295578519}},
      {linnet::optimizer::adam(0.1f).with_weight_decay(0.1f),
       {0.900000000323, -1.90000000083},
       {0.507963658319, -1.50295578432}},
      {linnet::optimizer::adamw(0.1f), {0.899000000333, -1.898000001}, {0.504080089202, -1.49404569795}},
      // from the formula, in Python: v has not shrunk yet (amsgrad_test.cpp goes on until it has)
      {linnet::optimizer::adam_amsgrad(0.1f), {0.900000000333, -1.900000001}, {0.507963658377, -1.50295578519}},
      {linnet::optimizer::adamw_amsgrad(0.1f), {0.899000000333, -1.898000001}, {0.504080089202, -1.49404569795}},
      {linnet::optimizer::adagrad(0.1f), {0.900000000003, -1.90000000001}, {0.697714862051, -1.68676159815}},
      {linnet::optimizer::rmsprop(0.1f), {3.33333325e-08, -1.0000001}, {5.23e-16, -0.0983101416819}},
      {linnet::optimizer::rprop(0.1f), {0.9, -1.9}, {0.25584, -1.25584}}};
  // Two samples make the mean squared error 1/2 (3 p0^2 + 1/2 p1^2).
  const float inputs[2][2] = {{1.7320508f, 0.0f}, {0.0f, 0.70710678f}};
  const float targets[2][1] = {};
  for (const Row& row : rows) {
    const auto shape = linnet::topology(2, {{1, linnet::activation::identity, false}});
    Bench bench(shape, {linnet::loss::mean_squared_error, row.optimizer, 2}, 1);
    REQUIRE(bench.status == Status::ok);
    const linnet::Matrix p = bench.network.weights(0);
    p(0, 0) = 1.0f;
    p(0, 1) = -2.0f;
    for (int step = 1; step <= 5; ++step) {
      REQUIRE(bench.trainer.step(inputs, targets) == Status::ok);
      const double* expected = step == 1 ? row.first : row.fifth;
      for (std::size_t k = 0; k < 2 && (step == 1 || step == 5); ++k) {
        // inputs and rates are floats (6e-8 each), five steps
        CHECK(std::fabs(static_cast<double>(p(0, k)) - expected[k]) < 1.5e-6);
      }
    }
  }
}
