// FANN. It has no softmax, no cross-entropy, no ReLU, no Adam and no momentum in batches, so what it does is other
// work: shown for its time, never the peer that Linnet is compared with.
#include <fann.h>

#include <algorithm>
#include <vector>

#include "contestant.hpp"

namespace {

using bench::Data;
using bench::Hidden;
using bench::Loss;
using bench::Rule;
using bench::Work;

class Fann : public bench::Contestant {
 public:
  Fann(const Work& work, const Data& data) : work_(work), data_(data) {
    unsigned widths[bench::kMostWidths];
    for (std::size_t l = 0; l <= work.layers; ++l) widths[l] = of(work.widths[l]);
    net_ = fann_create_standard_array(of(work.layers + 1), widths);
    fann_set_activation_function_hidden(net_, work.hidden == Hidden::tanh ? FANN_SIGMOID_SYMMETRIC : FANN_LINEAR_PIECE);
    fann_set_activation_steepness_hidden(net_, 1.0f);
    fann_set_activation_function_output(net_, work.loss == Loss::softmax_cross_entropy ? FANN_SIGMOID : FANN_LINEAR);
    fann_set_training_algorithm(net_, work.rule == Rule::sgd ? FANN_TRAIN_INCREMENTAL : FANN_TRAIN_BATCH);
    fann_set_learning_rate(net_, work.rate);
    for (std::size_t k = 0; k < data.batches; ++k) batches_.push_back(make_batch(k));
    reset();
  }
  Fann(const Fann&) = delete;
  Fann& operator=(const Fann&) = delete;
  ~Fann() override {
    for (fann_train_data* batch : batches_) fann_destroy_train(batch);
    fann_destroy(net_);
  }

  // FANN keeps a unit's weights and behind them its bias.
  void reset() final {
    const float* from = data_.parameters;
    float* to = net_->weights;
    for (std::size_t l = 0; l < work_.layers; ++l) {
      const std::size_t inputs = work_.widths[l];
      const std::size_t units = work_.widths[l + 1];
      for (std::size_t o = 0; o < units; ++o) {
        to = std::copy_n(from + o * inputs, inputs, to);
        *to++ = from[units * inputs + o];
      }
      from += units * (inputs + 1);
    }
    next_ = 0;
  }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      fann_train_data* batch = batches_[next_];
      if (work_.rule == Rule::inference) {
        outputs_ = fann_run(net_, batch->input[0]);
      } else if (work_.rule == Rule::sgd) {
        fann_train(net_, batch->input[0], batch->output[0]);
      } else {
        fann_train_epoch(net_, batch);
      }
      next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
    }
  }
  float loss() final { return work_.rule == Rule::inference ? outputs_[0] : fann_get_MSE(net_); }
  void result(float* to) final {
    if (work_.rule == Rule::inference) {
      std::copy_n(outputs_, work_.outputs(), to);
    } else {
      std::fill_n(to, bench::result_count(work_), 0.0f);  // nothing to compare
    }
  }
  const char* apart() final {
    if (work_.rule == Rule::inference) {
      return work_.hidden == Hidden::tanh ? "other work: sigmoids for softmax"
                                          : "other work: sigmoids for softmax, a clamp to [0, 1] for ReLU";
    }
    if (work_.rule == Rule::sgd) return "other work: sigmoids and squares for softmax cross-entropy";
    return work_.loss == Loss::softmax_cross_entropy
               ? "other work: sigmoids and squares for softmax cross-entropy, a clamp for ReLU, plain SGD"
               : "other work: a clamp to [0, 1] for ReLU, plain SGD";
  }

 private:
  static unsigned of(std::size_t n) { return static_cast<unsigned>(n); }

  [[nodiscard]] fann_train_data* make_batch(std::size_t k) const {
    fann_train_data* batch = fann_create_train(of(work_.batch), of(work_.inputs()), of(work_.outputs()));
    for (std::size_t b = 0; b < work_.batch; ++b) {
      const std::size_t row = k * work_.batch + b;
      std::copy_n(data_.inputs + row * work_.inputs(), work_.inputs(), batch->input[b]);
      for (std::size_t o = 0; o < work_.outputs(); ++o) {
        batch->output[b][o] = work_.loss == Loss::mean_squared_error ? data_.targets[row * work_.outputs() + o]
                              : data_.labels[row] == o               ? 1.0f
                                                                     : 0.0f;
      }
    }
    return batch;
  }

  Work work_;
  Data data_;
  fann* net_;
  std::vector<fann_train_data*> batches_;
  const float* outputs_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace

extern "C" const char* bench_core() { return "one build for every processor"; }

// Not where one of its steps takes 80 ms and more.
extern "C" bench::Contestant* bench_contestant(const Work& work, const Data& data) {
  const bool large = bench::parameter_count(work) * work.batch > 10000000;
  return large ? nullptr : new Fann(work, data);
}
