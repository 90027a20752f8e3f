// A trainer written by hand on somebody's matrix products, shapes known at run time: the products are the library's,
// the loops between them those of loops.hpp. Weights are (inputs, units), biases behind them; activations (batch,
// units).
//
// Product has three functions on row-major matrices: forward C = A B, below C = A B^T, gradient C = A^T B; and single,
// a row times a matrix.
#pragma once

#include <vector>

#include "loops.hpp"
#include "memory.hpp"

namespace {

using bench::Data;
using bench::Floats;

// So many floats of weight gradients are computed before the optimizer takes them: they stay in the L2 cache.
#ifndef BENCH_PANEL
#define BENCH_PANEL 65536
#endif

struct LayerPlace {
  std::size_t inputs;
  std::size_t units;
  std::size_t stride;      // of sums: units, or 16 where softmax follows
  std::size_t parameters;  // where they begin
  std::size_t sums;
};

class Net {
 public:
  explicit Net(const Work& work, std::size_t rows) {
    std::size_t parameters = 0;
    std::size_t sums = 0;
    for (std::size_t l = 0; l < work.layers; ++l) {
      const bool classes = l + 1 == work.layers && work.loss == Loss::softmax_cross_entropy;
      const std::size_t units = work.widths[l + 1];
      layers.push_back({work.widths[l], units, classes ? kPadded : units, parameters, sums});
      parameters += (work.widths[l] * units + units + 15) / 16 * 16;
      sums += (rows * layers.back().stride + 15) / 16 * 16;
    }
    parameter_floats = parameters;
    sum_floats = sums;
  }

  // From (units, inputs) to (inputs, units), and back.
  void write(const float* from, float* to) const {
    for (const LayerPlace& layer : layers) {
      for (std::size_t o = 0; o < layer.units; ++o) {
        for (std::size_t i = 0; i < layer.inputs; ++i) to[layer.parameters + i * layer.units + o] = *from++;
      }
      for (std::size_t o = 0; o < layer.units; ++o) to[layer.parameters + layer.inputs * layer.units + o] = *from++;
    }
  }
  void read(const float* from, float* to) const {
    for (const LayerPlace& layer : layers) {
      for (std::size_t o = 0; o < layer.units; ++o) {
        for (std::size_t i = 0; i < layer.inputs; ++i) *to++ = from[layer.parameters + i * layer.units + o];
      }
      for (std::size_t o = 0; o < layer.units; ++o) *to++ = from[layer.parameters + layer.inputs * layer.units + o];
    }
  }

  std::vector<LayerPlace> layers;
  std::size_t parameter_floats;
  std::size_t sum_floats;
};

template <class Product, Hidden hidden, Rule rule>
class HandTrainer : public bench::Contestant {
 public:
  HandTrainer(const Work& work, const Data& data)
      : work_(work),
        data_(data),
        net_(work, work.batch),
        clock_(work),
        w_(net_.parameter_floats),
        m_(net_.parameter_floats),
        v_(net_.parameter_floats),
        g_(net_.parameter_floats),
        a_(net_.sum_floats),
        d_(net_.sum_floats) {
    reset();
  }

  void reset() final {
    net_.write(data_.parameters, w_.data());
    std::fill_n(m_.data(), net_.parameter_floats, 0.0f);
    std::fill_n(v_.data(), net_.parameter_floats, 0.0f);
    clock_.reset();
    next_ = 0;
  }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) step();
  }
  float loss() final { return loss_; }
  void result(float* to) final { net_.read(w_.data(), to); }

 private:
  void step() {
    const float* x = data_.inputs + next_ * work_.batch * work_.inputs();
    const Pace pace = clock_.next();
    const std::size_t rows = work_.batch;
    forward(x);
    const LayerPlace& last = net_.layers.back();
    float* z = a_.data() + last.sums;
    const float* bias = w_.data() + last.parameters + last.inputs * last.units;
    float* bias_gradient = g_.data() + last.parameters + last.inputs * last.units;
    if (work_.loss == Loss::softmax_cross_entropy) {
      loss_ = classify(z, bias, bias_gradient, data_.labels + next_ * rows, rows, last.units);
    } else {
      loss_ = regress(z, *bias, bias_gradient, data_.targets + next_ * rows, rows);
    }
    backward(x, z, pace);
    next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
  }

  void forward(const float* x) {
    for (std::size_t l = 0; l < work_.layers; ++l) {
      const LayerPlace& layer = net_.layers[l];
      const float* w = w_.data() + layer.parameters;
      float* z = a_.data() + layer.sums;
      Product::forward(x, layer.inputs, w, layer.units, z, layer.stride, work_.batch, layer.units, layer.inputs);
      if (l + 1 < work_.layers) activate<hidden>(z, w + layer.inputs * layer.units, work_.batch, layer.units);
      x = z;
    }
  }

  // `d`: the gradient of the last layer's sums
  void backward(const float* x, const float* d, Pace pace) {
    for (std::size_t l = work_.layers; l-- > 0;) {
      const LayerPlace& layer = net_.layers[l];
      const float* input = l > 0 ? a_.data() + net_.layers[l - 1].sums : x;
      float* below = l > 0 ? d_.data() + net_.layers[l - 1].sums : nullptr;
      if (l > 0) {
        Product::below(d, layer.stride, w_.data() + layer.parameters, layer.units, below, layer.inputs, work_.batch,
                       layer.inputs, layer.units);
        const LayerPlace& under = net_.layers[l - 1];
        differentiate<hidden>(below, input, g_.data() + under.parameters + under.inputs * under.units, work_.batch,
                              under.units);
      }
      learn(layer, input, d, pace);
      d = below;
    }
  }

  // Weight gradients of a panel of inputs, and their update; the biases go with the last.
  void learn(const LayerPlace& layer, const float* input, const float* d, Pace pace) {
    const std::size_t at_once = std::max<std::size_t>(16, BENCH_PANEL / layer.units / 16 * 16);
    for (std::size_t i = 0; i < layer.inputs; i += at_once) {
      const std::size_t some = std::min(at_once, layer.inputs - i);
      const std::size_t first = layer.parameters + i * layer.units;
      Product::gradient(input + i, layer.inputs, d, layer.stride, g_.data() + first, layer.units, some, layer.units,
                        work_.batch);
      const std::size_t count = (i + some == layer.inputs ? some + 1 : some) * layer.units;
      update<rule>(w_.data() + first, m_.data() + first, v_.data() + first, g_.data() + first, count, pace);
    }
  }

  Work work_;
  Data data_;
  Net net_;
  Clock clock_;
  Floats w_;
  Floats m_;
  Floats v_;
  Floats g_;
  Floats a_;
  Floats d_;
  std::size_t next_ = 0;
  float loss_ = 0.0f;
};

template <class Product, Hidden hidden>
class HandPredictor : public bench::Contestant {
 public:
  HandPredictor(const Work& work, const Data& data)
      : work_(work), data_(data), net_(work, 1), w_(net_.parameter_floats), a_(net_.sum_floats) {
    net_.write(data_.parameters, w_.data());
  }
  void reset() final { next_ = 0; }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      predict(data_.inputs + next_ * work_.inputs());
      next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
    }
  }
  float loss() final { return a_[net_.layers.back().sums]; }
  void result(float* to) final { std::copy_n(a_.data() + net_.layers.back().sums, work_.outputs(), to); }

 private:
  void predict(const float* x) {
    for (std::size_t l = 0; l < work_.layers; ++l) {
      const LayerPlace& layer = net_.layers[l];
      const float* w = w_.data() + layer.parameters;
      const float* bias = w + layer.inputs * layer.units;
      float* z = a_.data() + layer.sums;
      Product::single(x, w, z, layer.units, layer.inputs);
      if (l + 1 < work_.layers) {
        activate<hidden>(z, bias, 1, layer.units);
      } else {
        softmax(z, bias, layer.units);
      }
      x = z;
    }
  }

  Work work_;
  Data data_;
  Net net_;
  Floats w_;
  Floats a_;
  std::size_t next_ = 0;
};

template <class Product, Hidden hidden>
bench::Contestant* make_hand_written(const Work& work, const Data& data) {
  switch (work.rule) {
    case Rule::inference:
      return new HandPredictor<Product, hidden>(work, data);
    case Rule::sgd:
      return new HandTrainer<Product, hidden, Rule::sgd>(work, data);
    case Rule::momentum:
      return new HandTrainer<Product, hidden, Rule::momentum>(work, data);
    case Rule::adam:
      return new HandTrainer<Product, hidden, Rule::adam>(work, data);
  }
  return nullptr;
}

template <class Product>
bench::Contestant* make_hand_written(const Work& work, const Data& data) {
  return work.hidden == Hidden::relu ? make_hand_written<Product, Hidden::relu>(work, data)
                                     : make_hand_written<Product, Hidden::tanh>(work, data);
}

}  // namespace
