#include "exact.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {
namespace {

using Row = std::vector<double>;

// One row after the other, gradients summed up; layers as in Data::parameters.
class Exact : public Contestant {
 public:
  Exact(const Work& work, const Data& data) : work_(work), data_(data) { reset(); }

  void reset() final {
    const std::size_t count = parameter_count(work_);
    parameters_.assign(data_.parameters, data_.parameters + count);
    first_.assign(count, 0.0);
    second_.assign(count, 0.0);
    steps_ = 0;
  }

  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      const std::size_t batch = steps_++ % data_.batches;
      gradients_.assign(parameters_.size(), 0.0);
      outputs_.clear();
      loss_ = 0.0;
      for (std::size_t b = batch * work_.batch; b < (batch + 1) * work_.batch; ++b) row(b);
      if (work_.rule == Rule::inference) {
        loss_ = outputs_[0];
      } else {
        update();
      }
    }
  }

  float loss() final { return static_cast<float>(loss_); }

  void result(float* to) final {
    const Row& from = work_.rule == Rule::inference ? outputs_ : parameters_;
    std::transform(from.begin(), from.end(), to, [](double x) { return static_cast<float>(x); });
  }

 private:
  // Forward, the loss and, in training, backward for row `b` of all.
  void row(std::size_t b) {
    std::vector<Row> a = {Row(data_.inputs + b * work_.inputs(), data_.inputs + (b + 1) * work_.inputs())};
    const double* w = parameters_.data();
    for (std::size_t l = 0; l < work_.layers; ++l) {
      a.push_back(forward(l, w, a.back()));
      w += (work_.widths[l] + 1) * work_.widths[l + 1];
    }
    const std::size_t outputs = work_.outputs();
    outputs_.insert(outputs_.end(), a.back().begin(), a.back().end());
    if (work_.rule == Rule::inference) return;
    const double rows = static_cast<double>(work_.batch);
    Row d(outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      if (work_.loss == Loss::softmax_cross_entropy) {
        const double t = data_.labels[b] == o ? 1.0 : 0.0;
        d[o] = (a.back()[o] - t) / rows;
        loss_ -= t > 0.0 ? std::log(a.back()[o]) / rows : 0.0;
      } else {
        const double off = a.back()[o] - static_cast<double>(data_.targets[b * outputs + o]);
        d[o] = 2.0 * off / (rows * static_cast<double>(outputs));
        loss_ += off * off / (rows * static_cast<double>(outputs));
      }
    }
    backward(a, d);
  }

  [[nodiscard]] Row forward(std::size_t l, const double* w, const Row& x) const {
    const std::size_t inputs = work_.widths[l];
    const std::size_t units = work_.widths[l + 1];
    Row z(w + units * inputs, w + units * inputs + units);
    for (std::size_t o = 0; o < units; ++o) {
      for (std::size_t i = 0; i < inputs; ++i) z[o] += w[o * inputs + i] * x[i];
    }
    if (l + 1 < work_.layers) {
      for (double& v : z) v = work_.hidden == Hidden::tanh ? std::tanh(v) : std::max(v, 0.0);
    } else if (work_.loss == Loss::softmax_cross_entropy) {
      const double most = *std::max_element(z.begin(), z.end());
      double sum = 0.0;
      for (double& v : z) sum += v = std::exp(v - most);
      for (double& v : z) v /= sum;
    }
    return z;
  }

  void backward(const std::vector<Row>& a, Row d) {
    std::size_t end = parameters_.size();
    for (std::size_t l = work_.layers; l-- > 0;) {
      const std::size_t inputs = work_.widths[l];
      const std::size_t units = work_.widths[l + 1];
      const double* w = parameters_.data() + end - (inputs + 1) * units;
      double* g = gradients_.data() + end - (inputs + 1) * units;
      Row below(inputs, 0.0);
      for (std::size_t o = 0; o < units; ++o) {
        for (std::size_t i = 0; i < inputs; ++i) {
          g[o * inputs + i] += d[o] * a[l][i];
          below[i] += d[o] * w[o * inputs + i];
        }
        g[units * inputs + o] += d[o];
      }
      for (std::size_t i = 0; i < inputs; ++i) {
        below[i] *= work_.hidden == Hidden::tanh ? 1.0 - a[l][i] * a[l][i] : a[l][i] > 0.0 ? 1.0 : 0.0;
      }
      d = below;
      end -= (inputs + 1) * units;
    }
  }

  void update() {
    const double rate = static_cast<double>(work_.rate);
    const double t = static_cast<double>(steps_);
    for (std::size_t k = 0; k < parameters_.size(); ++k) {
      const double g = gradients_[k];
      double step = rate * g;
      if (work_.rule == Rule::momentum) {
        first_[k] = static_cast<double>(kMomentum) * first_[k] + g;
        step = rate * first_[k];
      } else if (work_.rule == Rule::adam) {
        first_[k] = kBeta1 * first_[k] + (1.0 - kBeta1) * g;
        second_[k] = kBeta2 * second_[k] + (1.0 - kBeta2) * g * g;
        step = rate * (first_[k] / (1.0 - std::pow(kBeta1, t))) /
               (std::sqrt(second_[k] / (1.0 - std::pow(kBeta2, t))) + static_cast<double>(kEpsilon));
      }
      parameters_[k] -= step;
    }
  }

  Work work_;
  Data data_;
  Row parameters_;
  Row gradients_;
  Row first_;
  Row second_;
  Row outputs_;
  std::size_t steps_ = 0;
  double loss_ = 0.0;
};

}  // namespace

std::unique_ptr<Contestant> make_exact(const Work& work, const Data& data) {
  return std::make_unique<Exact>(work, data);
}

}  // namespace bench
