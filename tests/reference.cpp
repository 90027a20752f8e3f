#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "activations.hpp"
#include "safetensors.hpp"

namespace linnet_test {

namespace {

using linnet::Status;

[[noreturn]] void complain(const std::string& what) { throw std::runtime_error(what); }

void require(Status status, const std::string& where) {
  if (status != Status::ok) {
    complain(where + ": " + linnet::to_string(status));
  }
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

double number(const std::string& key, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    complain("metadata " + key + " is no number: " + text);
  }
  return value;
}

std::size_t count(const std::string& key, const std::string& text) {
  const double value = number(key, text);
  if (!(value >= 1.0 && value <= 1e6) || value != std::floor(value)) {
    complain("metadata " + key + " is no count: " + text);
  }
  return static_cast<std::size_t>(value);
}

// The metadata, of which every key must be asked for.
class Metadata {
 public:
  explicit Metadata(std::map<std::string, std::string> entries) : entries_(std::move(entries)) {}

  std::string text(const std::string& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      complain("has no metadata " + key);
    }
    std::string value = found->second;
    entries_.erase(found);
    return value;
  }
  std::string text(const std::string& key, const std::string& otherwise) {
    return entries_.count(key) != 0 ? text(key) : otherwise;
  }
  double number_or(const std::string& key, double otherwise) {
    return entries_.count(key) != 0 ? number(key, text(key)) : otherwise;
  }
  float real(const std::string& key, double otherwise) { return static_cast<float>(number_or(key, otherwise)); }
  float real(const std::string& key) { return static_cast<float>(number(key, text(key))); }
  bool truth(const std::string& key) {
    const std::string value = text(key, "False");
    if (value != "True" && value != "False") {
      complain("metadata " + key + " is neither True nor False: " + value);
    }
    return value == "True";
  }
  void require_empty() const {
    if (!entries_.empty()) {
      complain("metadata " + entries_.begin()->first + " is not understood");
    }
  }

 private:
  std::map<std::string, std::string> entries_;
};

linnet::Activation activation_named(const std::string& name) {
  for (const NamedActivation& named : hidden_activations()) {
    if (name == named.name) {
      return named.activation;
    }
  }
  if (name != "softmax") {
    complain("activation " + name + " is not understood");
  }
  return linnet::activation::softmax;
}

linnet::Topology read_topology(Metadata& metadata, const Safetensors& file) {
  const auto widths = split(metadata.text("widths"), '-');
  const auto activations = split(metadata.text("activations"), ',');
  if (widths.size() < 2 || activations.size() + 1 != widths.size()) {
    complain("widths and activations do not go together");
  }
  std::vector<linnet::Layer> layers;
  for (std::size_t l = 0; l < activations.size(); ++l) {
    layers.push_back({count("widths", widths[l + 1]), activation_named(activations[l]),
                      file.has("initial." + std::to_string(l) + ".bias")});
  }
  return linnet::topology(count("widths", widths[0]), linnet::Span<const linnet::Layer>(layers.data(), layers.size()));
}

linnet::Loss read_loss(Metadata& metadata) {
  const std::string name = metadata.text("loss");
  if (name == "mse") {
    return linnet::loss::mean_squared_error;
  }
  if (name == "mae") {
    return linnet::loss::mean_absolute_error;
  }
  if (name == "huber") {
    return linnet::loss::huber.with_delta(metadata.real("loss_options.delta", 1.0));
  }
  if (name == "binary_cross_entropy_with_logits") {
    return linnet::loss::binary_cross_entropy;
  }
  if (name == "softmax_cross_entropy") {
    return linnet::loss::softmax_cross_entropy.with_label_smoothing(metadata.real("loss_options.label_smoothing", 0.0));
  }
  complain("loss " + name + " is not understood");
}

linnet::Optimizer read_optimizer(Metadata& metadata) {
  const std::string name = metadata.text("optimizer.name");
  const float rate = metadata.real("optimizer.lr");
  if (name == "sgd") {
    const float momentum = metadata.real("optimizer.momentum", 0.0);
    const bool nesterov = metadata.truth("optimizer.nesterov");
    const float decay = metadata.real("optimizer.weight_decay", 0.0);
    const linnet::Optimizer rule = nesterov           ? linnet::optimizer::sgd_nesterov(rate, momentum)
                                   : momentum != 0.0f ? linnet::optimizer::sgd(rate, momentum)
                                                      : linnet::optimizer::sgd(rate);
    return rule.with_weight_decay(decay);
  }
  if (name == "adam") {
    return linnet::optimizer::adam(rate).with_weight_decay(metadata.real("optimizer.weight_decay", 0.0));
  }
  if (name == "adamw") {
    return linnet::optimizer::adamw(rate, metadata.real("optimizer.weight_decay", 0.01));
  }
  if (name == "rmsprop") {
    const float momentum = metadata.real("optimizer.momentum", 0.0);
    const double alpha = metadata.number_or("optimizer.alpha", 0.99);
    const linnet::Optimizer rule = momentum != 0.0f ? linnet::optimizer::rmsprop_momentum(rate, momentum, alpha)
                                                    : linnet::optimizer::rmsprop(rate, alpha);
    return rule.with_weight_decay(metadata.real("optimizer.weight_decay", 0.0));
  }
  if (name == "adagrad") {
    return linnet::optimizer::adagrad(rate).with_weight_decay(metadata.real("optimizer.weight_decay", 0.0));
  }
  if (name == "rprop") {
    return linnet::optimizer::rprop(rate);
  }
  complain("optimizer " + name + " is not understood");
}

// Null where the run has none. Sets the rate that it multiplies, which PyTorch's one-cycle does not take from the optimizer.
std::optional<linnet::Schedule> read_schedule(Metadata& metadata, std::size_t steps, float& base) {
  const std::string name = metadata.text("schedule.name", "");
  if (name.empty()) {
    return std::nullopt;
  }
  const auto length = static_cast<std::uint32_t>(steps);
  if (name == "cosine") {
    return linnet::schedule::cosine(length);
  }
  if (name == "step") {
    return linnet::schedule::step(static_cast<std::uint32_t>(count("step_size", metadata.text("schedule.step_size"))),
                                  number("gamma", metadata.text("schedule.gamma")));
  }
  if (name == "one_cycle") {
    base = metadata.real("schedule.max_lr");
    return linnet::schedule::one_cycle(length);
  }
  complain("schedule " + name + " is not understood");
}

bool within(double difference, double bound) { return std::fabs(difference) <= bound; }  // false for NaN

// One run: the network, its memory, and what the file says of every step.
class Run {
 public:
  Run(const Safetensors& file, const linnet::KernelTable& kernels) : file_(file), kernels_(kernels) {
    Metadata metadata(file.metadata());
    topology_ = read_topology(metadata, file);
    steps_ = count("steps", metadata.text("steps"));
    batch_ = count("batch", metadata.text("batch"));
    pytorch_ = number("float32_error_of_pytorch", metadata.text("float32_error_of_pytorch"));
    config_ = {read_loss(metadata), read_optimizer(metadata), batch_};
    config_.clip_norm = metadata.real("clip_norm", 0.0);
    config_.gradients = config_.clip_norm > 0.0f ? linnet::Gradients::kept : linnet::Gradients::fused;
    config_.clip_value = metadata.real("clip_value", 0.0);
    base_ = config_.optimizer.learning_rate;
    schedule_ = read_schedule(metadata, steps_, base_);
    metadata.require_empty();
    require(linnet::check(topology_), "topology");
    outputs_ = topology_.outputs();
    inputs_ = file.tensor("input", {steps_, batch_, topology_.inputs}).floats();
    read_targets();
    bind();
    load_parameters();
  }

  Replay replay() {
    train();
    Replay result;
    result.error = parameter_error();
    result.pytorch = pytorch_;
    const double bound = std::max(4.0 * pytorch_, 1e-6);
    if (!within(result.error, bound)) {
      complaint_ = "final parameters differ";
    }
    if (!within(prediction_error(), bound) && complaint_.empty()) {
      complaint_ = "predictions differ";
    }
    result.complaint = complaint_;
    result.good = complaint_.empty();
    return result;
  }

 private:
  void read_targets() {
    const auto found = file_.tensors().find("target");
    labelled_ = found != file_.tensors().end() && found->second.type == "I32";
    if (!labelled_) {
      targets_ = file_.tensor("target", {steps_, batch_, outputs_}).floats();
      return;
    }
    for (const double label : file_.tensor("target", {steps_, batch_}).values) {
      if (!(label >= 0.0 && label < static_cast<double>(outputs_)) || label > 65535.0) {
        complain("a label is not a class");
      }
      labels_.push_back(static_cast<std::uint16_t>(label));
    }
  }

  void bind() {
    const std::size_t parameters = linnet::parameter_floats(topology_);
    const std::size_t memory = linnet::trainer_floats(topology_, config_);
    if (parameters == linnet::kTooLarge || memory == linnet::kTooLarge) {
      complain("topology: " + std::string(linnet::to_string(Status::too_large)));
    }
    parameters_.resize(parameters);
    memory_.resize(memory);
    require(network_.bind(topology_, {parameters_.data(), parameters_.size()}), "network");
    require(trainer_.bind(network_, config_, {memory_.data(), memory_.size()}, kernels_), "trainer");
  }

  // visit(tensor name, its expected shape, element k of it as a float in the network)
  template <class Visit>
  void for_each_parameter(Visit visit) {
    for (std::size_t l = 0; l < topology_.layer_count; ++l) {
      const std::string layer = "." + std::to_string(l);
      const linnet::Matrix w = network_.weights(l);
      visit(layer + ".weight", std::vector<std::size_t>{w.rows(), w.columns()},
            [w](std::size_t k) -> float& { return w(k / w.columns(), k % w.columns()); });
      const linnet::Span<float> b = network_.biases(l);
      if (!b.empty()) {
        visit(layer + ".bias", std::vector<std::size_t>{b.size()}, [b](std::size_t k) -> float& { return b[k]; });
      }
    }
  }

  void load_parameters() {
    for_each_parameter([this](const std::string& name, const std::vector<std::size_t>& shape, auto element) {
      const Tensor& initial = file_.tensor("initial" + name, shape);
      for (std::size_t k = 0; k < initial.values.size(); ++k) {
        element(k) = static_cast<float>(initial.values[k]);
      }
    });
  }

  void train() {
    if (schedule_) {
      fit();
      return;
    }
    const Tensor& rates = file_.tensor("learning_rate", {steps_});
    for (std::size_t s = 0; s < steps_; ++s) {
      const linnet::ConstRows inputs(inputs_.data() + s * batch_ * topology_.inputs, batch_, topology_.inputs);
      require(trainer_.set_learning_rate(static_cast<float>(rates.values[s])), step_named(s));
      const Status status =
          labelled_
              ? trainer_.step(inputs, linnet::Labels(labels_.data() + s * batch_, batch_))
              : trainer_.step(inputs, linnet::ConstRows(targets_.data() + s * batch_ * outputs_, batch_, outputs_));
      require(status, step_named(s));
      compare_loss(s);
    }
  }

  // As whole runs are: an epoch over all batches in their order, at the rates of the schedule.
  void fit() {
    const std::size_t rows = steps_ * batch_;
    const linnet::ConstRows inputs(inputs_.data(), rows, topology_.inputs);
    const linnet::Samples samples = labelled_
                                        ? linnet::Samples(inputs, labels_)
                                        : linnet::Samples(inputs, linnet::ConstRows(targets_.data(), rows, outputs_));
    std::vector<std::uint32_t> order(rows);
    std::iota(order.begin(), order.end(), 0u);
    std::vector<float> memory(linnet::batch_floats(topology_.inputs, labelled_ ? 0 : outputs_, batch_));
    std::vector<std::uint16_t> gathered(batch_);
    linnet::Pcg32 nothing_drawn(1);
    linnet::FitPlan plan{1, false};
    plan.take_step = compare_step;
    plan.step_context = this;
    require(linnet::fit(trainer_, {samples, order, memory, batch_, gathered}, nothing_drawn, plan,
                        linnet::FitGuide().with_schedule(*schedule_, base_)),
            "fit");
  }

  static Status compare_step(void* context, linnet::Trainer& trainer, const linnet::Samples& batch) {
    Run& run = *static_cast<Run*>(context);
    const auto s = static_cast<std::size_t>(trainer.steps());
    const double rate = run.file_.tensor("learning_rate", {run.steps_}).values[s];
    if (!within(static_cast<double>(trainer.learning_rate()) - rate, 1e-6 * rate) && run.complaint_.empty()) {
      run.complaint_ = "the learning rate differs in " + step_named(s);
    }
    const Status status =
        batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
    if (status == Status::ok) {
      run.compare_loss(s);
    }
    return status;
  }

  static std::string step_named(std::size_t s) { return "step " + std::to_string(s); }

  void compare_loss(std::size_t s) {
    const double expected = file_.tensor("loss", {steps_}).values[s];
    const double difference = static_cast<double>(trainer_.loss()) - expected;
    if (!within(difference, 1e-5 * std::max(std::fabs(expected), 0.01)) && complaint_.empty()) {
      complaint_ = "the loss differs in " + step_named(s);
    }
  }

  double parameter_error() {
    double most = 0.0;
    double largest = 0.0;
    for_each_parameter([&](const std::string& name, const std::vector<std::size_t>& shape, auto element) {
      const Tensor& expected = file_.tensor("final" + name, shape);
      for (std::size_t k = 0; k < expected.values.size(); ++k) {
        const double difference = std::fabs(static_cast<double>(element(k)) - expected.values[k]);
        most = difference <= most ? most : difference;  // keeps a NaN
        largest = std::max(largest, std::fabs(expected.values[k]));
      }
    });
    return most == 0.0 ? 0.0 : most / largest;
  }

  double prediction_error() {
    const Tensor& expected = file_.tensor("prediction", {batch_, outputs_});
    std::vector<float> scratch(linnet::predictor_floats(topology_));
    std::vector<float> outputs(batch_ * outputs_);
    linnet::Predictor predictor;
    require(predictor.bind(network_, {scratch.data(), scratch.size()}, kernels_), "predictor");
    require(predictor.predict({inputs_.data(), batch_, topology_.inputs}, {outputs.data(), batch_, outputs_}),
            "predict");
    double most = 0.0;
    double largest = 0.0;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const double difference = std::fabs(static_cast<double>(outputs[k]) - expected.values[k]);
      most = difference <= most ? most : difference;
      largest = std::max(largest, std::fabs(expected.values[k]));
    }
    return most == 0.0 ? 0.0 : most / largest;
  }

  const Safetensors& file_;
  const linnet::KernelTable& kernels_;
  linnet::Topology topology_{};
  linnet::TrainerConfig config_{};
  std::optional<linnet::Schedule> schedule_;
  float base_ = 0.0f;
  std::size_t steps_ = 0, batch_ = 0, outputs_ = 0;
  double pytorch_ = 0.0;
  bool labelled_ = false;
  std::vector<float> inputs_, targets_, parameters_, memory_;
  std::vector<std::uint16_t> labels_;
  linnet::Network network_;
  linnet::Trainer trainer_;
  std::string complaint_;
};

}  // namespace

Replay replay(const std::string& path, const linnet::KernelTable& kernels) {
  try {
    const Safetensors file(path);
    return Run(file, kernels).replay();
  } catch (const std::exception& error) {
    Replay result;
    result.complaint = error.what();
    return result;
  }
}

}  // namespace linnet_test
