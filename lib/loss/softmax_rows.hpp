// Softmax cross-entropy of as many rows as a vector has lanes, a row to a lane: the same sums as row by row. A row of
// 10 outputs alone fills few lanes, and pays for its trees, its quotient and its logarithm: a step of 64-64-32-10, batch
// 32, took 3 % longer with AVX-512 and 12 % longer with AVX2.
#pragma once

#include "arithmetic/elementary.hpp"
#include "arithmetic/elementwise.hpp"

namespace linnet {
namespace {

template <class V>
class SoftmaxRows {
 public:
  static constexpr std::size_t kMostRows = Shape<V>::kWidth;
  static constexpr std::size_t kMostOutputs = 32;

  // rows <= kMostRows, outputs <= kMostOutputs
  SoftmaxRows(std::size_t rows, std::size_t outputs) : rows_(rows), outputs_(outputs) {}

  // The labels of the rows: q is `hit` there, else `miss`.
  void aim_at(const std::uint16_t* labels, float hit, float miss) {
    float label[kMostRows] = {};
    for (std::size_t r = 0; r < rows_; ++r) {
      label[r] = static_cast<float>(labels[r]);
    }
    const V here = load<V>(label, Full{});
    for (std::size_t o = 0; o < outputs_; ++o) {
      q_[o] = choose(V(static_cast<float>(o)) == here, V(hit), V(miss));
    }
  }

  // t: (rows, outputs) probabilities; q = sharp t + even
  void aim_at(const float* t, V sharp, V even) {
    load_columns(t, q_);
    for (std::size_t o = 0; o < outputs_; ++o) {
      q_[o] = multiply_add(sharp, q_[o], even);
    }
  }

  // class_weights: (outputs)
  void weigh(const float* class_weights) {
    for (std::size_t o = 0; o < outputs_; ++o) {
      q_[o] = V(class_weights[o]) * q_[o];
    }
  }

  // z: (rows, outputs) pre-activations; d: (rows, outputs) gets the slope. z[r][0] becomes loss(sum, total, score) of
  // row r; of a row that is not finite it is not either, because its score is not.
  template <class Loss>
  void run(float* z, float* d, Loss loss) {
    exponentials(z);
    const V sum = sum_of_columns([this](std::size_t o) LINNET_INLINED { return e_[o]; });
    const V total = sum_of_columns([this](std::size_t o) LINNET_INLINED { return q_[o]; });
    const V score = sum_of_columns([this](std::size_t o) LINNET_INLINED { return q_[o] * shifted_[o]; });
    const V to_probability = divide(total, sum);
    for (std::size_t o = 0; o < outputs_; ++o) {
      e_[o] = multiply_add(e_[o], to_probability, negative(q_[o]));
    }
    store_columns(d);
    float losses[kMostRows];
    store(losses, loss(sum, total, score), Full{});
    for (std::size_t r = 0; r < rows_; ++r) {
      z[r * outputs_] = losses[r];
    }
  }

 private:
  // Numerators and what they are the exponentials of.
  void exponentials(const float* z) {
    load_columns(z, shifted_);
    V largest(-kInfinity);
    for (std::size_t o = 0; o < outputs_; ++o) {
      largest = choose(shifted_[o] > largest, shifted_[o], largest);
    }
    for (std::size_t o = 0; o < outputs_; ++o) {
      shifted_[o] = shifted_[o] - largest;
      e_[o] = exponential_of_negative(shifted_[o]);
    }
  }

  // In lanes, as sum_in_lanes(), over the columns.
  template <class Term>
  [[gnu::always_inline]] V sum_of_columns(Term term) const {
    V lane[kLanes];
    std::size_t lanes = outputs_ < kLanes ? outputs_ : kLanes;
    for (std::size_t o = 0; o < lanes; ++o) {
      lane[o] = term(o);
    }
    for (std::size_t o = lanes; o < outputs_; ++o) {
      lane[o % kLanes] = lane[o % kLanes] + term(o);
    }
    for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
      for (std::size_t l = half; l < lanes; ++l) {
        lane[l - half] = lane[l - half] + lane[l];
      }
      lanes = lanes < half ? lanes : half;
    }
    return lane[0];
  }

  // x: (rows, outputs); to[o]: its column o
  void load_columns(const float* x, V* to) const {
    for (std::size_t o = 0; o < outputs_; o += kMostRows) {
      if (outputs_ - o >= kMostRows) {
        load_square(x + o, outputs_, rows_, Full{}, to + o);
      } else {
        load_square(x + o, outputs_, rows_, typename Shape<V>::Some(outputs_ - o), to + o);
      }
    }
  }
  void store_columns(float* x) {
    for (std::size_t o = 0; o < outputs_; o += kMostRows) {
      if (outputs_ - o >= kMostRows) {
        store_square(x + o, outputs_, rows_, Full{}, e_ + o);
      } else {
        store_square(x + o, outputs_, rows_, typename Shape<V>::Some(outputs_ - o), e_ + o);
      }
    }
  }

  std::size_t rows_, outputs_;
  V shifted_[kMostOutputs], e_[kMostOutputs], q_[kMostOutputs];  // (outputs, rows)
};

}  // namespace
}  // namespace linnet
