#include "linnet.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <linnet/linnet.hpp>

#include "memory.hpp"

namespace bench {
namespace {

void must(linnet::Status status) {
  if (status == linnet::Status::ok) return;
  std::fprintf(stderr, "linnet: %s\n", linnet::to_string(status));
  std::exit(1);
}

linnet::Topology topology_of(const Work& work) {
  linnet::Topology topology{};
  topology.inputs = work.inputs();
  topology.layer_count = work.layers;
  for (std::size_t l = 0; l < work.layers; ++l) {
    topology.layers[l] = {work.widths[l + 1],
                          work.hidden == Hidden::tanh ? linnet::activation::tanh : linnet::activation::relu};
  }
  topology.layers[work.layers - 1].activation =
      work.loss == Loss::softmax_cross_entropy ? linnet::activation::softmax : linnet::activation::identity;
  return topology;
}

linnet::TrainerConfig training_of(const Work& work) {
  const linnet::Loss loss =
      work.loss == Loss::softmax_cross_entropy ? linnet::loss::softmax_cross_entropy : linnet::loss::mean_squared_error;
  if (work.rule == Rule::adam) return {loss, linnet::optimizer::adam(work.rate, kBeta1, kBeta2, kEpsilon), work.batch};
  if (work.rule == Rule::momentum) return {loss, linnet::optimizer::sgd(work.rate, kMomentum), work.batch};
  return {loss, linnet::optimizer::sgd(work.rate), work.batch};
}

void write(const Work& work, const float* from, linnet::Network& network) {
  for (std::size_t l = 0; l < work.layers; ++l) {
    const linnet::Matrix weights = network.weights(l);
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      for (std::size_t i = 0; i < weights.columns(); ++i) weights(o, i) = *from++;
    }
    for (float& bias : network.biases(l)) bias = *from++;
  }
}

void read(const Work& work, const linnet::Network& network, float* to) {
  for (std::size_t l = 0; l < work.layers; ++l) {
    const linnet::ConstMatrix weights = network.read_weights(l);
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      for (std::size_t i = 0; i < weights.columns(); ++i) *to++ = weights(o, i);
    }
    for (const float bias : network.read_biases(l)) *to++ = bias;
  }
}

// Parameters, and the batches at the same distance from a boundary.
class Bound : public Contestant {
 public:
  Bound(const Work& work, const Data& data, std::size_t offset)
      : work_(work),
        data_(data),
        topology_(topology_of(work)),
        parameters_(linnet::parameter_floats(topology_), offset),
        inputs_(data.batches * work.batch * work.inputs(), offset),
        targets_(data.batches * work.batch * work.outputs(), offset) {
    std::copy_n(data.inputs, data.batches * work.batch * work.inputs(), inputs_.data());
    std::copy_n(data.targets, data.batches * work.batch * work.outputs(), targets_.data());
    must(network_.bind(topology_, {parameters_.data(), linnet::parameter_floats(topology_)}));
  }

 protected:
  [[nodiscard]] linnet::ConstRows inputs(std::size_t batch) const {
    return {inputs_.data() + batch * work_.batch * work_.inputs(), work_.batch, work_.inputs()};
  }
  [[nodiscard]] linnet::ConstRows targets(std::size_t batch) const {
    return {targets_.data() + batch * work_.batch * work_.outputs(), work_.batch, work_.outputs()};
  }
  std::size_t advance() {
    const std::size_t batch = next_;
    next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
    return batch;
  }

  const char* apart() override { return "all checks on"; }

  Work work_;
  Data data_;
  linnet::Topology topology_;
  Floats parameters_;
  Floats inputs_;
  Floats targets_;
  linnet::Network network_;
  std::size_t next_ = 0;
};

class Training : public Bound {
 public:
  Training(const Work& work, const Data& data, const linnet::KernelTable& kernels, std::size_t offset)
      : Bound(work, data, offset),
        kernels_(kernels),
        config_(training_of(work)),
        memory_(linnet::trainer_floats(topology_, config_), offset) {
    reset();
  }
  void reset() final {
    write(work_, data_.parameters, network_);
    must(trainer_.bind(network_, config_, {memory_.data(), linnet::trainer_floats(topology_, config_)}, kernels_));
    next_ = 0;
  }
  void run(std::size_t steps) final {
    const bool labelled = work_.loss == Loss::softmax_cross_entropy;
    for (std::size_t s = 0; s < steps; ++s) {
      const std::size_t batch = advance();
      must(labelled ? trainer_.step(inputs(batch), linnet::Labels{data_.labels + batch * work_.batch, work_.batch})
                    : trainer_.step(inputs(batch), targets(batch)));
    }
  }
  float loss() final { return trainer_.loss(); }
  void result(float* to) final { read(work_, network_, to); }

 private:
  const linnet::KernelTable& kernels_;
  linnet::TrainerConfig config_;
  Floats memory_;
  linnet::Trainer trainer_;
};

class Inference : public Bound {
 public:
  Inference(const Work& work, const Data& data, const linnet::KernelTable& kernels, std::size_t offset)
      : Bound(work, data, offset),
        scratch_(linnet::predictor_floats(topology_), offset),
        outputs_(work.batch * work.outputs(), offset) {
    write(work_, data_.parameters, network_);
    must(predictor_.bind(network_, {scratch_.data(), linnet::predictor_floats(topology_)}, kernels));
  }
  void reset() final { next_ = 0; }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      must(predictor_.predict(inputs(advance()), {outputs_.data(), work_.batch, work_.outputs()}));
    }
  }
  float loss() final { return outputs_[0]; }
  void result(float* to) final { std::copy_n(outputs_.data(), result_count(work_), to); }

 private:
  Floats scratch_;
  Floats outputs_;
  linnet::Predictor predictor_;
};

}  // namespace

std::unique_ptr<Contestant> make_linnet(const Work& work, const Data& data, const linnet::KernelTable& kernels,
                                        std::size_t offset) {
  if (work.rule == Rule::inference) return std::make_unique<Inference>(work, data, kernels, offset);
  return std::make_unique<Training>(work, data, kernels, offset);
}

}  // namespace bench
