// libtorch: its tensors, its autograd, its optimizers.
#include <torch/torch.h>

#include "contestant.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace {

using bench::Data;
using bench::Hidden;
using bench::Loss;
using bench::Rule;
using bench::Work;

class Torch : public bench::Contestant {
 public:
  Torch(const Work& work, const Data& data) : work_(work), data_(data) {
    at::set_num_threads(1);
    for (std::size_t l = 0; l < work.layers; ++l) {
      parameters_.push_back(torch::zeros({of(work.widths[l + 1]), of(work.widths[l])}));
      parameters_.push_back(torch::zeros({of(work.widths[l + 1])}));
    }
    const std::size_t rows = work.batch;
    for (std::size_t k = 0; k < data.batches; ++k) {
      inputs_.push_back(copy(data.inputs + k * rows * work.inputs(), rows, work.inputs()));
      targets_.push_back(work.loss == Loss::softmax_cross_entropy
                             ? labels(data.labels + k * rows)
                             : copy(data.targets + k * rows * work.outputs(), rows, work.outputs()));
    }
    for (torch::Tensor& p : parameters_) p.requires_grad_(work.rule != Rule::inference);
    reset();
  }

  void reset() final {
    const torch::NoGradGuard guard;
    const float* from = data_.parameters;
    for (torch::Tensor& p : parameters_) {
      std::copy_n(from, p.numel(), p.data_ptr<float>());
      from += p.numel();
    }
    if (work_.rule == Rule::adam) {
      optimizer_ =
          std::make_unique<torch::optim::Adam>(parameters_, torch::optim::AdamOptions(static_cast<double>(work_.rate))
                                                                .betas({bench::kBeta1, bench::kBeta2})
                                                                .eps(static_cast<double>(bench::kEpsilon)));
    } else {
      const double momentum = work_.rule == Rule::momentum ? static_cast<double>(bench::kMomentum) : 0.0;
      optimizer_ = std::make_unique<torch::optim::SGD>(
          parameters_, torch::optim::SGDOptions(static_cast<double>(work_.rate)).momentum(momentum));
    }
    next_ = 0;
  }

  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      if (work_.rule == Rule::inference) {
        const c10::InferenceMode guard;
        last_ = torch::softmax(forward(), 1);
      } else {
        optimizer_->zero_grad();
        last_ = work_.loss == Loss::softmax_cross_entropy ? torch::cross_entropy_loss(forward(), targets_[next_])
                                                          : torch::mse_loss(forward(), targets_[next_]);
        last_.backward();
        optimizer_->step();
      }
      next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
    }
  }

  float loss() final { return last_.data_ptr<float>()[0]; }
  void result(float* to) final {
    if (work_.rule == Rule::inference) {
      std::copy_n(last_.data_ptr<float>(), last_.numel(), to);
      return;
    }
    for (torch::Tensor& p : parameters_) to = std::copy_n(p.data_ptr<float>(), p.numel(), to);
  }
  const char* apart() final { return "the same; checks shapes and labels, not values"; }

 private:
  static std::int64_t of(std::size_t n) { return static_cast<std::int64_t>(n); }
  static torch::Tensor copy(const float* from, std::size_t rows, std::size_t columns) {
    torch::Tensor result = torch::empty({of(rows), of(columns)});
    std::copy_n(from, rows * columns, result.data_ptr<float>());
    return result;
  }
  [[nodiscard]] torch::Tensor labels(const std::uint16_t* from) const {
    torch::Tensor result = torch::empty({of(work_.batch)}, torch::kInt64);
    std::copy_n(from, work_.batch, result.data_ptr<std::int64_t>());
    return result;
  }

  torch::Tensor forward() {
    torch::Tensor a = inputs_[next_];
    for (std::size_t l = 0; l < work_.layers; ++l) {
      a = torch::linear(a, parameters_[2 * l], parameters_[2 * l + 1]);
      if (l + 1 < work_.layers) a = work_.hidden == Hidden::relu ? torch::relu(a) : torch::tanh(a);
    }
    return a;
  }

  Work work_;
  Data data_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> inputs_;
  std::vector<torch::Tensor> targets_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  torch::Tensor last_;
  std::size_t next_ = 0;
};

}  // namespace

// Its own kernels; its matrix products are those of the OpenBLAS that the process has.
extern "C" const char* bench_core() {
  static const std::string config = at::show_config();
  static const std::string label = "CPU capability usage: ";
  const std::size_t found = config.find(label);
  if (found == std::string::npos) return "not said";
  const std::size_t begin = found + label.size();
  static const std::string name = config.substr(begin, config.find('\n', begin) - begin);
  return name.c_str();
}

extern "C" bench::Contestant* bench_contestant(const Work& work, const Data& data) { return new Torch(work, data); }
