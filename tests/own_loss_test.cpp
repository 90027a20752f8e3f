// A loss of the program's own: forward(), then step_from().
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "guarded.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Gradients;
using linnet::TrainerConfig;

namespace {

namespace a = linnet::activation;

// A network whose first `frozen` layers stay, and its trainer; parameters as those of any other such net of that shape.
struct Net {
  linnet::Topology topology;
  std::vector<float> parameters, memory;
  linnet::Network network;
  linnet::Trainer trainer;

  Net(const linnet::Topology& shape, const TrainerConfig& how, std::size_t frozen = 0,
      const linnet::KernelTable& table = kernels())
      : topology(shape),
        parameters(linnet::parameter_floats(shape)),
        memory(linnet::trainer_floats(shape, how, frozen)) {
    linnet::Network whole;
    linnet::Pcg32 random(5);
    REQUIRE(whole.bind(topology, {parameters.data(), parameters.size()}) == Status::ok);
    REQUIRE(linnet::initialize(whole, random, linnet::initializer::linear_default) == Status::ok);
    const std::size_t first = linnet::frozen_floats(topology, frozen);
    REQUIRE(network.bind(topology, {parameters.data(), first}, {parameters.data() + first, parameters.size() - first},
                         frozen) == Status::ok);
    REQUIRE(trainer.bind(network, how, {memory.data(), memory.size()}, table) == Status::ok);
  }
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;

  // All that a step may change.
  [[nodiscard]] std::vector<float> bits() const {
    std::vector<float> all = parameters;
    all.insert(all.end(), trainer.optimizer_state().begin(), trainer.optimizer_state().end());
    all.push_back(static_cast<float>(trainer.steps()));
    return all;
  }
};

// d gets the derivatives by y of a loss whose targets are t.
using Slopes = std::function<void(const std::vector<float>& y, const float* t, std::vector<float>& d)>;

void errors(const std::vector<float>& y, const float* t, std::vector<float>& d) {
  for (std::size_t k = 0; k < y.size(); ++k) d[k] = y[k] - t[k];
}
void signs(const std::vector<float>& y, const float* t, std::vector<float>& d) {
  for (std::size_t k = 0; k < y.size(); ++k) d[k] = y[k] > t[k] ? 1.0f : y[k] < t[k] ? -1.0f : 0.0f;
}
constexpr float kDelta = 0.25f;
void cut_errors(const std::vector<float>& y, const float* t, std::vector<float>& d) {
  for (std::size_t k = 0; k < y.size(); ++k) d[k] = std::fmin(kDelta, std::fmax(-kDelta, y[k] - t[k]));
}

void cut_quotients(const std::vector<float>& y, const float* t, std::vector<float>& d) {
  for (std::size_t k = 0; k < y.size(); ++k) d[k] = std::fmin(1.0f, std::fmax(-1.0f, (y[k] - t[k]) / kDelta));
}

struct ByHand {
  const char* name;
  linnet::Loss loss;
  float factor;  // of the share
  Slopes slopes;
};
std::vector<ByHand> losses_by_hand() {
  return {{"mean squared error", linnet::loss::mean_squared_error, 2.0f, errors},
          {"mean absolute error", linnet::loss::mean_absolute_error, 1.0f, signs},
          {"Huber", linnet::loss::huber.with_delta(kDelta), 1.0f, cut_errors},
          {"smooth L1", linnet::loss::smooth_l1.with_beta(kDelta), 1.0f, cut_quotients}};
}

enum class Way { step, diagnostics, accumulate };

// Batches of `batch` rows with the loss built in, or by hand.
struct Run {
  const ByHand& loss;
  const Data& data;
  std::size_t batch;
  Way way;

  [[nodiscard]] std::vector<float> operator()(const linnet::Topology& shape, TrainerConfig how, std::size_t frozen,
                                              bool own, const linnet::KernelTable& table = kernels()) const {
    how.loss = own ? linnet::loss::own : loss.loss;
    Net net(shape, how, frozen, table);
    std::vector<linnet::LayerDiagnostics> layers(shape.layer_count);
    std::vector<float> room(linnet::diagnostics_floats(shape, frozen));
    linnet::Diagnostics look;
    if (way == Way::diagnostics) {
      REQUIRE(look.bind(net.trainer, {layers.data(), layers.size()}, {room.data(), room.size()}) == Status::ok);
    }
    for (std::size_t first = 0; first + batch <= data.rows; first += batch) {
      const linnet::ConstRows x = data.input_rows().rows(first, batch);
      const linnet::ConstRows t = data.target_rows().rows(first, batch);
      const Status status = own ? by_hand(net.trainer, look, x, t) : built_in(net.trainer, look, x, t);
      REQUIRE_MESSAGE(status == Status::ok, loss.name, ": ", linnet::to_string(status));
    }
    return net.bits();
  }

  Status built_in(linnet::Trainer& trainer, linnet::Diagnostics& look, linnet::ConstRows x, linnet::ConstRows t) const {
    if (way == Way::accumulate) {
      const Status status = trainer.accumulate(x, t);
      return status == Status::ok && trainer.accumulate(x, t) == Status::ok ? trainer.apply(0.5f) : status;
    }
    return way == Way::diagnostics ? look.step(x, t) : trainer.step(x, t);
  }

  Status by_hand(linnet::Trainer& trainer, linnet::Diagnostics& look, linnet::ConstRows x, linnet::ConstRows t) const {
    std::vector<float> y(batch * data.outputs);
    std::vector<float> d(y.size());
    const float share = loss.factor / static_cast<float>(y.size());
    const linnet::ConstRows slopes(d.data(), batch, data.outputs);
    for (int k = 0; k < (way == Way::accumulate ? 2 : 1); ++k) {
      const Status status = trainer.forward(x, {y.data(), batch, data.outputs});
      if (status != Status::ok) return status;
      loss.slopes(y, t.data(), d);
      const Status taken = way == Way::accumulate    ? trainer.accumulate_from(x, slopes, share)
                           : way == Way::diagnostics ? look.step_from(x, slopes, share)
                                                     : trainer.step_from(x, slopes, share);
      if (taken != Status::ok) return taken;
    }
    return way == Way::accumulate ? trainer.apply(0.5f) : Status::ok;
  }
};

linnet::Topology shape_for(const linnet::Activation& last, std::size_t outputs) {
  return linnet::topology(6, {{21, a::tanh}, {18, a::relu, false}, {outputs, last}});
}

const std::size_t kBatches[] = {1, 2, 5, 33};

}  // namespace

TEST_CASE("a loss by hand has the bits of the one built in, with every optimizer, fused, kept, clipped and frozen") {
  const Data data(33, 6, 3, 1);
  for (const ByHand& loss : losses_by_hand()) {
    for (const NamedOptimizer& named : optimizers()) {
      for (const std::size_t batch : kBatches) {
        for (const std::size_t frozen : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
          CAPTURE(std::string(loss.name) + ", " + named.name + ", batch " + std::to_string(batch));
          CAPTURE(frozen);
          TrainerConfig how{loss.loss, named.optimizer, batch};
          const linnet::Topology shape = shape_for(a::identity, 3);
          const Run run{loss, data, batch, Way::step};
          CHECK(same_bits(run(shape, how, frozen, true), run(shape, how, frozen, false)));
          how.clip_value = 0.01f;
          CHECK(same_bits(run(shape, how, frozen, true), run(shape, how, frozen, false)));
          how.gradients = Gradients::kept;
          how.clip_norm = 0.02f;
          CHECK(same_bits(run(shape, how, frozen, true), run(shape, how, frozen, false)));
        }
      }
    }
  }
}

TEST_CASE("a loss by hand has the bits of the one built in, whatever the last activation, accumulated or watched") {
  for (const ByHand& loss : losses_by_hand()) {
    for (const NamedActivation& last : hidden_activations()) {
      for (const std::size_t batch : kBatches) {
        for (const std::size_t outputs : {std::size_t{1}, std::size_t{3}, std::size_t{20}}) {
          const Data data(33, 6, outputs, 2);
          const linnet::Topology shape = shape_for(last.activation, outputs);
          for (const Way way : {Way::step, Way::diagnostics, Way::accumulate}) {
            CAPTURE(std::string(loss.name) + ", " + last.name + ", batch " + std::to_string(batch));
            CAPTURE(outputs);
            CAPTURE(static_cast<int>(way));
            const TrainerConfig how{loss.loss, linnet::optimizer::adam(0.01f), batch,
                                    way == Way::accumulate ? Gradients::kept : Gradients::fused};
            const Run run{loss, data, batch, way};
            CHECK(same_bits(run(shape, how, 0, true), run(shape, how, 0, false)));
          }
        }
      }
    }
  }
}

TEST_CASE("a loss by hand has the bits of the scalar table, and forward() gives what the predictor gives") {
  const linnet::KernelTable& scalar = *all_tables().back();
  const ByHand squares = losses_by_hand()[0];
  for (const NamedActivation& last : hidden_activations()) {
    for (const std::size_t batch : kBatches) {
      const Data data(33, 6, 3, 3);
      const linnet::Topology shape = shape_for(last.activation, 3);
      const TrainerConfig how{linnet::loss::own, linnet::optimizer::sgd(0.1f, 0.9f), batch};
      const Run run{squares, data, batch, Way::step};
      CHECK(same_bits(run(shape, how, 1, true), run(shape, how, 1, true, scalar)));

      Net net(shape, how, 1);
      linnet::Predictor predictor;
      std::vector<float> scratch(linnet::predictor_floats(shape));
      REQUIRE(predictor.bind(net.network, {scratch.data(), scratch.size()}) == Status::ok);
      std::vector<float> y(3 * batch), expected(3 * batch);
      const linnet::ConstRows x = data.input_rows().rows(0, batch);
      REQUIRE(net.trainer.forward(x, {y.data(), batch, 3}) == Status::ok);
      REQUIRE(predictor.predict(x, {expected.data(), batch, 3}) == Status::ok);
      CHECK_MESSAGE(same_bits(y, expected), std::string(last.name));
    }
  }
}

TEST_CASE("binary cross-entropy by hand on a sigmoid, and on logits, is the one built in but for rounding") {
  for (const bool logits : {false, true}) {
    for (const std::size_t batch : kBatches) {
      const Data data(33, 6, 3, 4);
      const linnet::Topology shape = shape_for(logits ? a::identity : a::sigmoid, 3);
      const TrainerConfig how{linnet::loss::own, linnet::optimizer::sgd(0.5f), batch};
      const ByHand by_hand{"binary cross-entropy", linnet::loss::binary_cross_entropy, 1.0f,
                           [logits](const std::vector<float>& y, const float* t, std::vector<float>& d) {
                             for (std::size_t k = 0; k < y.size(); ++k) {
                               d[k] = logits ? 1.0f / (1.0f + std::exp(-y[k])) - t[k]
                                             : (y[k] - t[k]) / (y[k] * (1.0f - y[k]));
                             }
                           }};
      const Run run{by_hand, data, batch, Way::step};
      const std::vector<float> own = run(shape, how, 0, true);
      const std::vector<float> expected = run(shape, how, 0, false);
      float worst = 0.0f;
      for (std::size_t k = 0; k < own.size(); ++k) worst = std::fmax(worst, std::fabs(own[k] - expected[k]));
      CHECK(worst < 2e-6f);  // up to 33 steps, each of which rounds a few times at 2^-24
    }
  }
}

// ---- What is refused, and that it changes nothing.

namespace {

constexpr std::size_t kRows = 3;

// A trainer of loss::own, batch 3 of at most 4, and what a step of it needs.
struct Own : Net {
  Data data{8, 6, 3, 6};
  std::vector<float> y = std::vector<float>(kRows * 3);
  std::vector<float> d = random_floats(kRows * 3, 9, 0.1f);

  explicit Own(Gradients gradients = Gradients::fused)
      : Net(shape_for(a::tanh, 3), {linnet::loss::own, linnet::optimizer::adam(0.01f), 4, gradients}) {}
  [[nodiscard]] linnet::ConstRows x() const { return data.input_rows().rows(0, kRows); }
  [[nodiscard]] linnet::Rows outputs() { return {y.data(), kRows, 3}; }
  [[nodiscard]] linnet::ConstRows slopes() const { return {d.data(), kRows, 3}; }
};

}  // namespace

TEST_CASE("step_from() says nothing_forwarded unless the workspace holds the forward pass of its inputs") {
  const auto check = [](const char* what, Status expected, const std::function<void(Own&)>& between) {
    for (const bool accumulate : {false, true}) {
      CAPTURE(what);
      CAPTURE(accumulate);
      Own own(Gradients::kept);
      REQUIRE(own.trainer.forward(own.x(), own.outputs()) == Status::ok);
      between(own);
      const std::vector<float> before = own.bits();
      CHECK((accumulate ? own.trainer.accumulate_from(own.x(), own.slopes())
                        : own.trainer.step_from(own.x(), own.slopes())) == expected);
      if (expected != Status::ok) {
        CHECK(same_bits(own.bits(), before));
      }
    }
  };
  const Status none = Status::nothing_forwarded;
  check("at once", Status::ok, [](Own&) {});
  check("step_from", none, [](Own& o) { REQUIRE(o.trainer.step_from(o.x(), o.slopes()) == Status::ok); });
  check("accumulate_from", none, [](Own& o) { REQUIRE(o.trainer.accumulate_from(o.x(), o.slopes()) == Status::ok); });
  check("accumulate_from, forward, apply", none, [](Own& o) {
    REQUIRE(o.trainer.accumulate_from(o.x(), o.slopes()) == Status::ok);
    REQUIRE(o.trainer.forward(o.x(), o.outputs()) == Status::ok);
    REQUIRE(o.trainer.apply() == Status::ok);
  });
  check("bind", none, [](Own& o) {
    const TrainerConfig how{linnet::loss::own, linnet::optimizer::sgd(0.01f), 4, Gradients::kept};
    REQUIRE(o.trainer.bind(o.network, how, {o.memory.data(), o.memory.size()}) == Status::ok);
  });
  check("restore", none, [](Own& o) {
    linnet::TrainerProgress saved;
    REQUIRE(o.trainer.save(saved) == Status::ok);
    REQUIRE(o.trainer.restore(saved, o.trainer.optimizer_state()) == Status::ok);
  });
  check("diagnostics", none, [](Own& o) {
    linnet::LayerDiagnostics layers[3];
    std::vector<float> room(linnet::diagnostics_floats(o.topology));
    linnet::Diagnostics look;
    REQUIRE(look.bind(o.trainer, layers, {room.data(), room.size()}) == Status::ok);
    REQUIRE(look.step_from(o.x(), o.slopes()) == Status::ok);
  });
  check("forward of other inputs", none,
        [](Own& o) { REQUIRE(o.trainer.forward(o.data.input_rows().rows(1, kRows), o.outputs()) == Status::ok); });
  check("forward of fewer rows", none, [](Own& o) {
    REQUIRE(o.trainer.forward(o.x().rows(0, 2), {o.y.data(), 2, 3}) == Status::ok);
  });
  check("forward that diverged", none, [](Own& o) {
    const float w = o.parameters[0];
    o.parameters[0] = std::numeric_limits<float>::infinity();
    REQUIRE(o.trainer.forward(o.x(), o.outputs()) == Status::diverged);
    o.parameters[0] = w;
  });
  check("step_from that diverged", none, [](Own& o) {
    const std::vector<float> huge(o.d.size(), std::numeric_limits<float>::max());
    const std::vector<float> before = o.bits();
    REQUIRE(o.trainer.step_from(o.x(), {huge.data(), kRows, 3}) == Status::diverged);
    CHECK(same_bits(o.bits(), before));
  });
  check("what uses no workspace", Status::ok, [](Own& o) {
    REQUIRE(o.trainer.set_learning_rate(0.02f) == Status::ok);
    REQUIRE(o.trainer.discard() == Status::ok);
    REQUIRE(o.trainer.check_state() == Status::ok);
    REQUIRE(o.trainer.accumulate_from(o.x(), o.slopes(), -1.0f) == Status::bad_share);
  });
}

TEST_CASE("calls that loss::own refuses change nothing, and leave the forward pass as it is") {
  for (const Gradients gradients : {Gradients::fused, Gradients::kept}) {
    Own own(gradients);
    linnet::LayerDiagnostics layers[3];
    std::vector<float> room(linnet::diagnostics_floats(own.topology));
    linnet::Diagnostics look;
    REQUIRE(look.bind(own.trainer, layers, {room.data(), room.size()}) == Status::ok);
    REQUIRE(own.trainer.forward(own.x(), own.outputs()) == Status::ok);
    const std::vector<float> before = own.bits();
    const linnet::ConstRows t = own.data.target_rows().rows(0, kRows);
    const linnet::Labels labels(own.data.labels.data(), kRows);
    float loss = 7.0f;
    CHECK(own.trainer.step(own.x(), t) == Status::bad_config);
    CHECK(own.trainer.step(own.x(), labels) == Status::bad_config);
    CHECK(own.trainer.evaluate(own.x(), t, loss) == Status::bad_config);
    CHECK(own.trainer.evaluate(own.x(), labels, loss) == Status::bad_config);
    CHECK(loss == 7.0f);
    const Status kept = gradients.keeps ? Status::bad_config : Status::gradients_not_kept;
    CHECK(own.trainer.accumulate(own.x(), t) == kept);
    CHECK(own.trainer.accumulate(own.x(), labels) == kept);
    CHECK(look.step(own.x(), t) == Status::bad_config);
    CHECK(look.step(own.x(), labels) == Status::bad_config);

    const auto all = [&](linnet::ConstRows inputs, linnet::ConstRows slopes, float share, Status expected) {
      CHECK(own.trainer.step_from(inputs, slopes, share) == expected);
      CHECK(look.step_from(inputs, slopes, share) == expected);
      CHECK(own.trainer.accumulate_from(inputs, slopes, share) ==
            (gradients.keeps ? expected : Status::gradients_not_kept));
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float wrong : {nan, infinity, -infinity}) {
      for (float& d : own.d) {
        const float right = d;
        d = wrong;
        all(own.x(), own.slopes(), 1.0f, Status::bad_target);
        d = right;
      }
      all(own.x(), own.slopes(), wrong, Status::bad_share);
    }
    all(own.x(), own.slopes(), -1e-30f, Status::bad_share);
    all({}, own.slopes(), 1.0f, Status::null_memory);
    all(own.x(), {}, 1.0f, Status::null_memory);
    all(own.x(), own.slopes().rows(0, 2), 1.0f, Status::bad_batch);
    all(own.x(), {own.d.data(), kRows, 2}, 1.0f, Status::bad_columns);
    all({own.data.x.data(), kRows, 5}, own.slopes(), 1.0f, Status::bad_columns);

    const float outputs[] = {own.y[0], own.y[8]};
    const auto forward = [&](linnet::ConstRows inputs, linnet::Rows to) { return own.trainer.forward(inputs, to); };
    CHECK(forward({}, own.outputs()) == Status::null_memory);
    CHECK(forward(own.x(), {}) == Status::null_memory);
    CHECK(forward(own.x(), {own.y.data(), 2, 3}) == Status::bad_batch);
    CHECK(forward(own.data.input_rows(), {own.y.data(), 8, 3}) == Status::bad_batch);  // of at most 4
    CHECK(forward(own.x(), {own.y.data(), kRows, 2}) == Status::bad_columns);
    CHECK(forward({own.data.x.data(), kRows, 5}, own.outputs()) == Status::bad_columns);
    for (float* overlapping : {own.data.x.data() + 17, own.parameters.data(), own.memory.data(),
                               own.parameters.data() + own.parameters.size() - 1}) {
      CHECK(forward(own.x(), {overlapping, kRows, 3}) == Status::overlapping_memory);
    }
    own.data.x[20] = nan;  // of row 3, which was not forwarded
    CHECK(forward(own.data.input_rows().rows(1, kRows), own.outputs()) == Status::bad_input);
    CHECK(outputs[0] == own.y[0]);
    CHECK(outputs[1] == own.y[8]);
    CHECK(same_bits(own.bits(), before));
    CHECK(own.trainer.step_from(own.x(), own.slopes()) == Status::ok);  // still there
    CHECK(own.trainer.loss() == 0.0f);
  }
}

TEST_CASE("forward() and step_from() are for loss::own, which goes with every last activation but softmax") {
  for (const NamedActivation& last : hidden_activations()) {
    CHECK(Bench(shape_for(last.activation, 3), {linnet::loss::own, linnet::optimizer::sgd(0.1f), 2}, 1).status ==
          Status::ok);
  }
  Bench refused(linnet::topology(4, {{3, a::softmax}}), {linnet::loss::own, linnet::optimizer::sgd(0.1f), 2}, 1);
  CHECK(refused.status == Status::bad_config);
  const Data data(2, 4, 3, 1);
  float y[2][3];
  for (const linnet::Loss& loss :
       {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error, linnet::loss::huber,
        linnet::loss::smooth_l1, linnet::loss::binary_cross_entropy, linnet::loss::softmax_cross_entropy,
        linnet::loss::softmax_cross_entropy.with_label_smoothing(0.1f)}) {
    Bench bench(linnet::topology(4, {{3, a::identity}}), {loss, linnet::optimizer::sgd(0.1f), 2, Gradients::kept}, 1);
    REQUIRE(bench.status == Status::ok);
    const std::vector<float> before = bench.parameters;
    linnet::LayerDiagnostics layers[1];
    std::vector<float> room(linnet::diagnostics_floats(bench.topology));
    linnet::Diagnostics look;
    REQUIRE(look.bind(bench.trainer, layers, {room.data(), room.size()}) == Status::ok);
    CHECK(bench.trainer.forward(data.input_rows(), y) == Status::bad_config);
    CHECK(bench.trainer.step_from(data.input_rows(), data.target_rows()) == Status::bad_config);
    CHECK(bench.trainer.accumulate_from(data.input_rows(), data.target_rows()) == Status::bad_config);
    CHECK(look.step_from(data.input_rows(), data.target_rows()) == Status::bad_config);
    CHECK(same_bits(bench.parameters, before));
  }
  linnet::Trainer none;
  linnet::Diagnostics nobody;
  CHECK(none.forward(data.input_rows(), y) == Status::not_bound);
  CHECK(none.step_from(data.input_rows(), data.target_rows()) == Status::not_bound);
  CHECK(none.accumulate_from(data.input_rows(), data.target_rows()) == Status::not_bound);
  CHECK(nobody.step_from(data.input_rows(), data.target_rows()) == Status::not_bound);
}

TEST_CASE(
    "a step with an own loss is refused where gradients may be 2^48, and touches no float beside what it was lent") {
  const linnet::Topology shape = linnet::topology(5, {{7, a::relu}, {3, a::identity}});
  for (const bool at_end : {false, true}) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{4}}) {
      const TrainerConfig how{linnet::loss::own, linnet::optimizer::sgd(0.5f), rows};
      const Guarded parameters(linnet::parameter_floats(shape), at_end),
          memory(linnet::trainer_floats(shape, how), at_end), x(rows * 5, at_end), y(rows * 3, at_end),
          d(rows * 3, at_end);
      linnet::Network network;
      linnet::Trainer trainer;
      linnet::Pcg32 random(1);
      REQUIRE(network.bind(shape, parameters.span()) == Status::ok);
      REQUIRE(linnet::initialize(network, random, linnet::initializer::linear_default) == Status::ok);
      REQUIRE(trainer.bind(network, how, memory.span(), kernels()) == Status::ok);
      for (float& number : x.span()) number = random.uniform();
      const linnet::ConstRows inputs(x.span().data(), rows, 5);
      const auto step = [&](float slope, float share) {
        REQUIRE(trainer.forward(inputs, {y.span().data(), rows, 3}) == Status::ok);
        for (float& number : d.span()) number = slope;
        return trainer.step_from(inputs, {d.span().data(), rows, 3}, share);
      };
      CHECK(step(0.25f, 1.0f) == Status::ok);
      const std::vector<float> before(parameters.span().begin(), parameters.span().end());
      CHECK(step(0x1p50f, 1.0f) == Status::diverged);
      CHECK(step(1.0f, 0x1p50f) == Status::diverged);
      CHECK(step(0x1p127f, 1.0f) == Status::diverged);
      CHECK(step(0x1p127f, 0.0f) == Status::diverged);  // no sum of it is finite for sure
      CHECK(same_bits(before, {parameters.span().begin(), parameters.span().end()}));
      CHECK(step(0x1p50f, 0x1p-50f) == Status::ok);
      CHECK(trainer.steps() == 2);
    }
  }
}
