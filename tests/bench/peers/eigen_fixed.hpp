// W1 and W2 with every size known to the compiler.
#pragma once

#include <Eigen/Core>

#include "trainer.hpp"

namespace {

template <int ConstRows, int Columns>
using Fixed = Eigen::Matrix<float, ConstRows, Columns, ConstRows == 1 ? Eigen::RowMajor : Eigen::ColMajor>;

// ---- W1: one row at a time.

// Parameters, gradients or moments: vectors of their own, so that Adam can take all with the padding in one pass.
template <int In, int H, int Classes>
struct alignas(64) TinyParameters {
  Fixed<H, In> w0;
  Fixed<H, 1> b0;
  Fixed<H, H> w1;
  Fixed<H, 1> b1;
  Fixed<H, Classes> w2;  // transposed: a class is a column
  Fixed<Classes, 1> b2;

  using Count = std::integral_constant<std::size_t, (H * (In + 1 + H + 1 + Classes) + Classes + 15) / 16 * 16>;
  [[nodiscard]] float* all() {
    static_assert(sizeof(*this) == Count::value * sizeof(float));
    return reinterpret_cast<float*>(this);
  }
  void clear() { std::fill_n(all(), Count::value, 0.0f); }

  void write(const float* from) {
    for (int o = 0; o < H; ++o)
      for (int i = 0; i < In; ++i) w0(o, i) = *from++;
    for (int o = 0; o < H; ++o) b0(o) = *from++;
    for (int o = 0; o < H; ++o)
      for (int i = 0; i < H; ++i) w1(o, i) = *from++;
    for (int o = 0; o < H; ++o) b1(o) = *from++;
    for (int o = 0; o < Classes; ++o)
      for (int i = 0; i < H; ++i) w2(i, o) = *from++;
    for (int o = 0; o < Classes; ++o) b2(o) = *from++;
  }
  void read(float* to) const {
    for (int o = 0; o < H; ++o)
      for (int i = 0; i < In; ++i) *to++ = w0(o, i);
    for (int o = 0; o < H; ++o) *to++ = b0(o);
    for (int o = 0; o < H; ++o)
      for (int i = 0; i < H; ++i) *to++ = w1(o, i);
    for (int o = 0; o < H; ++o) *to++ = b1(o);
    for (int o = 0; o < Classes; ++o)
      for (int i = 0; i < H; ++i) *to++ = w2(i, o);
    for (int o = 0; o < Classes; ++o) *to++ = b2(o);
  }
};

template <int In, int H, int Classes>
struct TinyNet : TinyParameters<In, H, Classes> {
  using Parameters = TinyParameters<In, H, Classes>;
  using Parameters::b0, Parameters::b1, Parameters::b2;
  using Parameters::w0, Parameters::w1, Parameters::w2;

  Fixed<H, 1> a0;
  Fixed<H, 1> a1;
  Fixed<Classes, 1> p;

  void forward(const Fixed<In, 1>& x) {
    a0 = (w0.lazyProduct(x) + b0).array().tanh();
    a1 = (w1.lazyProduct(a0) + b1).array().tanh();
    const Fixed<Classes, 1> z = w2.transpose().lazyProduct(a1) + b2;
    p = (z.array() - z.maxCoeff()).exp();
    p *= 1.0f / p.sum();
  }

  // Returns the loss.
  float step(const Fixed<In, 1>& x, int label, float rate) {
    forward(x);
    const float loss = -std::log(p(label));
    p(label) -= 1.0f;
    const Fixed<H, 1> d1 = w2.lazyProduct(p).array() * (1.0f - a1.array().square());
    const Fixed<H, 1> d0 = w1.transpose().lazyProduct(d1).array() * (1.0f - a0.array().square());
    w2.noalias() -= (rate * a1).lazyProduct(p.transpose());
    b2 -= rate * p;
    w1.noalias() -= (rate * d1).lazyProduct(a0.transpose());
    b1 -= rate * d1;
    w0.noalias() -= (rate * d0).lazyProduct(x.transpose());
    b0 -= rate * d0;
    return loss;
  }

  // Returns the loss; `g` gets the gradient.
  float differentiate(const Fixed<In, 1>& x, int label, Parameters& g) {
    forward(x);
    const float loss = -std::log(p(label));
    p(label) -= 1.0f;
    g.b1 = w2.lazyProduct(p).array() * (1.0f - a1.array().square());
    g.b0 = w1.transpose().lazyProduct(g.b1).array() * (1.0f - a0.array().square());
    g.b2 = p;
    g.w2.noalias() = a1.lazyProduct(p.transpose());
    g.w1.noalias() = g.b1.lazyProduct(a0.transpose());
    g.w0.noalias() = g.b0.lazyProduct(x.transpose());
    return loss;
  }
};

template <Rule rule>
class Tiny : public bench::Contestant {
 public:
  Tiny(const Work& work, const Data& data) : work_(work), data_(data), clock_(work) {
    gradients_.clear();  // the padding
    reset();
  }
  void reset() final {
    net_.clear();
    net_.write(data_.parameters);
    means_.clear();
    squares_.clear();
    clock_.reset();
    next_ = 0;
  }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) {
      const Eigen::Map<const Fixed<4, 1>, Eigen::Aligned16> x(data_.inputs + 4 * next_);
      if constexpr (rule == Rule::sgd) {
        loss_ = net_.step(x, data_.labels[next_], work_.rate);
      } else if constexpr (rule == Rule::adam) {
        loss_ = net_.differentiate(x, data_.labels[next_], gradients_);
        update<rule>(net_.all(), means_.all(), squares_.all(), gradients_.all(), Parameters::Count(), clock_.next());
      } else {
        net_.forward(x);
        asm volatile("" : : "r"(&net_) : "memory");  // every inference is wanted
      }
      next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
    }
  }
  float loss() final { return rule == Rule::inference ? net_.p(0) : loss_; }
  void result(float* to) final {
    if (rule == Rule::inference) {
      for (int o = 0; o < 3; ++o) to[o] = net_.p(o);
    } else {
      net_.read(to);
    }
  }

  EIGEN_MAKE_ALIGNED_OPERATOR_NEW

 private:
  using Parameters = TinyParameters<4, 16, 3>;

  TinyNet<4, 16, 3> net_;
  Parameters means_, squares_, gradients_;
  Work work_;
  Data data_;
  Clock clock_;
  std::size_t next_ = 0;
  float loss_ = 0.0f;
};

// ---- W2: a batch at a time.

// Products of the batch and shapes that the compiler knows. Matrices are Eigen's: (units, batch).
template <int In, int Units, int Batch, int Stride>
struct FixedLayer {
  using Weights = Fixed<Units, In>;
  static constexpr std::size_t kCount = std::size_t{In + 1} * Units;
  template <int R, int C, int S>
  using Block = Eigen::Map<Fixed<R, C>, Eigen::Aligned64, Eigen::OuterStride<S>>;
  template <int R, int C, int S>
  using ConstBlock = Eigen::Map<const Fixed<R, C>, Eigen::Aligned64, Eigen::OuterStride<S>>;

  // parameters, moments, gradients: weights (inputs, units), then biases
  alignas(64) float w[kCount], m[kCount], v[kCount], g[kCount];
  alignas(64) float a[std::size_t{Stride} * Batch];  // sums, then activations or the gradient of the last layer's sums
  alignas(64) float d[std::size_t{Units} * Batch];

  [[nodiscard]] float* bias() { return w + In * Units; }
  [[nodiscard]] float* bias_gradient() { return g + In * Units; }

  void reset(const float*& from) {
    for (int o = 0; o < Units; ++o)
      for (int i = 0; i < In; ++i) w[i * Units + o] = *from++;
    for (int o = 0; o < Units; ++o) bias()[o] = *from++;
    std::fill_n(m, kCount, 0.0f);
    std::fill_n(v, kCount, 0.0f);
  }
  void read(float*& to) const {
    for (int o = 0; o < Units; ++o)
      for (int i = 0; i < In; ++i) *to++ = w[i * Units + o];
    for (int o = 0; o < Units; ++o) *to++ = w[In * Units + o];
  }
  void forward(const float* x) {
    Block<Units, Batch, Stride>(a).noalias() = ConstBlock<Units, In, Units>(w) * ConstBlock<In, Batch, In>(x);
  }
  void below(const float* own, float* under) const {
    Block<In, Batch, In>(under).noalias() =
        ConstBlock<Units, In, Units>(w).transpose() * ConstBlock<Units, Batch, Stride>(own);
  }
  void learn(const float* x, const float* own, Pace pace) {
    Block<Units, In, Units>(g).noalias() =
        ConstBlock<Units, Batch, Stride>(own) * ConstBlock<In, Batch, In>(x).transpose();
    update<Rule::adam>(w, m, v, g, std::integral_constant<std::size_t, kCount>(), pace);
  }
};

class Small : public bench::Contestant {
  static constexpr int kBatch = 32;
  template <int N>
  using Number = std::integral_constant<std::size_t, static_cast<std::size_t>(N)>;

 public:
  Small(const Work& work, const Data& data) : data_(data), clock_(work) { reset(); }
  void reset() final {
    const float* from = data_.parameters;
    l0_.reset(from);
    l1_.reset(from);
    l2_.reset(from);
    clock_.reset();
    next_ = 0;
  }
  void run(std::size_t steps) final {
    for (std::size_t s = 0; s < steps; ++s) step();
  }
  float loss() final { return loss_; }
  void result(float* to) final {
    l0_.read(to);
    l1_.read(to);
    l2_.read(to);
  }

  EIGEN_MAKE_ALIGNED_OPERATOR_NEW

 private:
  void step() {
    const float* x = data_.inputs + next_ * kBatch * 64;
    const Pace pace = clock_.next();
    l0_.forward(x);
    activate<Hidden::relu>(l0_.a, l0_.bias(), kBatch, Number<64>());
    l1_.forward(l0_.a);
    activate<Hidden::relu>(l1_.a, l1_.bias(), kBatch, Number<32>());
    l2_.forward(l1_.a);
    loss_ = classify(l2_.a, l2_.bias(), l2_.bias_gradient(), data_.labels + next_ * kBatch, kBatch, 10);
    l2_.below(l2_.a, l1_.d);
    differentiate<Hidden::relu>(l1_.d, l1_.a, l1_.bias_gradient(), kBatch, Number<32>());
    l2_.learn(l1_.a, l2_.a, pace);
    l1_.below(l1_.d, l0_.d);
    differentiate<Hidden::relu>(l0_.d, l0_.a, l0_.bias_gradient(), kBatch, Number<64>());
    l1_.learn(l0_.a, l1_.d, pace);
    l0_.learn(x, l0_.d, pace);
    next_ = next_ + 1 == data_.batches ? 0 : next_ + 1;
  }

  FixedLayer<64, 64, kBatch, 64> l0_;
  FixedLayer<64, 32, kBatch, 32> l1_;
  FixedLayer<32, 10, kBatch, 16> l2_;
  Data data_;
  Clock clock_;
  std::size_t next_ = 0;
  float loss_ = 0.0f;
};

bench::Contestant* make_fixed(const Work& work, const Data& data) {
  if (std::strncmp(work.name, "W1", 2) == 0) {
    if (work.rule == Rule::inference) return new Tiny<Rule::inference>(work, data);
    if (work.rule == Rule::sgd) return new Tiny<Rule::sgd>(work, data);
    return new Tiny<Rule::adam>(work, data);
  }
  if (std::strncmp(work.name, "W2", 2) == 0) return new Small(work, data);
  return nullptr;
}

}  // namespace
