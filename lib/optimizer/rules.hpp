// The update rules, each one formula for a float and for a vector of floats: g is the completed, rounded gradient of
// the weight w, s0, s1 and s2 are its optimizer state. The formulas stand in linnet/training.hpp with their sources.
#pragma once

#include "arithmetic/elementwise.hpp"
#include "optimizer/descriptor.hpp"

namespace linnet {
namespace {

// g + decay * w
template <class V>
inline V with_decay(V decay, V w, V g) {
  return multiply_add(decay, w, g);
}
#if defined(__arm__) && !defined(__ARM_FP)
// In software a product with 0 takes as long as any. Weights are finite: theirs with 0 is a zero with their sign.
inline float with_decay(float decay, float w, float g) {
  return bits_of(decay) == 0u ? g + with_sign(0.0f, w) : multiply_add(decay, w, g);
}
#endif

// Without weight decay. The same bits as with a decay of 0: a term 0 w changes no weight.
template <class V>
struct SgdWithoutDecay {
  static constexpr std::size_t kSlots = 0;
  V rate;
  explicit SgdWithoutDecay(const Update& u) : rate(-u.rate) {}
  void operator()(V g, V& w, V& /*s0*/, V& /*s1*/) const { w = multiply_add(rate, g, w); }
};

template <class V>
struct Sgd {
  using WithoutDecay = SgdWithoutDecay<V>;
  static constexpr std::size_t kSlots = 0;
  V rate, decay;
  explicit Sgd(const Update& u) : rate(-u.rate), decay(u.decay) {}
  void operator()(V g, V& w, V& /*s0*/, V& /*s1*/) const { w = multiply_add(rate, multiply_add(decay, w, g), w); }
};

template <class V>
struct SgdMomentum {
  using WithoutDecay = SgdMomentum;
  static constexpr std::size_t kSlots = 1;
  V rate, decay, momentum;
  explicit SgdMomentum(const Update& u) : rate(-u.rate), decay(u.decay), momentum(u.optimizer.momentum) {}
  void operator()(V g, V& w, V& velocity, V& /*s1*/) const {
    velocity = multiply_add(momentum, velocity, with_decay(decay, w, g));
    w = multiply_add(rate, velocity, w);
  }
};

template <class V>
struct SgdNesterov {
  using WithoutDecay = SgdNesterov;
  static constexpr std::size_t kSlots = 1;
  V rate, decay, momentum;
  explicit SgdNesterov(const Update& u) : rate(-u.rate), decay(u.decay), momentum(u.optimizer.momentum) {}
  void operator()(V g, V& w, V& velocity, V& /*s1*/) const {
    const V decayed = with_decay(decay, w, g);
    velocity = multiply_add(momentum, velocity, decayed);
    w = multiply_add(rate, multiply_add(momentum, velocity, decayed), w);
  }
};

template <class V>
struct Adam {
  using WithoutDecay = Adam;
  static constexpr std::size_t kSlots = 2;
  V rate, decay, momentum, one_minus_beta1, beta2, one_minus_beta2, epsilon, root_correction;
  explicit Adam(const Update& u)
      : rate(-u.rate),
        decay(u.decay),
        momentum(u.optimizer.momentum),
        one_minus_beta1(u.optimizer.one_minus_beta1),
        beta2(u.optimizer.beta2),
        one_minus_beta2(u.optimizer.one_minus_beta2),
        epsilon(u.optimizer.epsilon),
        root_correction(u.root_correction) {}
  // With a third slot, the largest square so far takes the place of the square (AMSGrad). One that is NaN is not hidden.
  template <class... Largest>
  [[gnu::always_inline]] void operator()(V g, V& w, V& mean, V& square, Largest&... largest) const {
    const V decayed = with_decay(decay, w, g);
    mean = multiply_add(momentum, mean, one_minus_beta1 * decayed);
    square = multiply_add(beta2, square, (one_minus_beta2 * decayed) * decayed);
    V divisor = square;
    ((divisor = largest = choose(square < largest, largest, square)), ...);
    const V root = multiply_add(square_root(divisor), root_correction, epsilon);
    w = multiply_add(rate, divide(mean, root), w);
  }
};

template <class V>
struct Adamw : Adam<V> {
  using WithoutDecay = Adamw;
  V keep;
  explicit Adamw(const Update& u) : Adam<V>(u), keep(u.keep) {}
  template <class... Largest>
  [[gnu::always_inline]] void operator()(V g, V& w, V& mean, V& square, Largest&... largest) const {
    w = w * keep;
    // NOLINTNEXTLINE(readability-suspicious-call-argument): in the order of the slots
    Adam<V>::operator()(g, w, mean, square, largest...);
  }
};

template <class V>
struct AdamAmsgrad : Adam<V> {
  using WithoutDecay = AdamAmsgrad;
  static constexpr std::size_t kSlots = 3;
  using Adam<V>::Adam;
};

template <class V>
struct AdamwAmsgrad : Adamw<V> {
  using WithoutDecay = AdamwAmsgrad;
  static constexpr std::size_t kSlots = 3;
  using Adamw<V>::Adamw;
};

template <class V>
struct Rmsprop {
  using WithoutDecay = Rmsprop;
  static constexpr std::size_t kSlots = 1;
  V rate, decay, beta2, one_minus_beta2, epsilon;
  explicit Rmsprop(const Update& u)
      : rate(-u.rate),
        decay(u.decay),
        beta2(u.optimizer.beta2),
        one_minus_beta2(u.optimizer.one_minus_beta2),
        epsilon(u.optimizer.epsilon) {}
  V step(V g, V w, V& square) const {
    const V decayed = with_decay(decay, w, g);
    square = multiply_add(beta2, square, (one_minus_beta2 * decayed) * decayed);
    return divide(decayed, square_root(square) + epsilon);
  }
  void operator()(V g, V& w, V& square, V& /*s1*/) const { w = multiply_add(rate, step(g, w, square), w); }
};

template <class V>
struct RmspropMomentum : Rmsprop<V> {
  using WithoutDecay = RmspropMomentum;
  static constexpr std::size_t kSlots = 2;
  V momentum;
  explicit RmspropMomentum(const Update& u) : Rmsprop<V>(u), momentum(u.optimizer.momentum) {}
  void operator()(V g, V& w, V& square, V& velocity) const {
    velocity = multiply_add(momentum, velocity, this->step(g, w, square));
    w = multiply_add(this->rate, velocity, w);
  }
};

template <class V>
struct Adagrad {
  using WithoutDecay = Adagrad;
  static constexpr std::size_t kSlots = 1;
  V rate, decay, epsilon;
  explicit Adagrad(const Update& u) : rate(-u.rate), decay(u.decay), epsilon(u.optimizer.epsilon) {}
  void operator()(V g, V& w, V& square, V& /*s1*/) const {
    const V decayed = with_decay(decay, w, g);
    square = multiply_add(decayed, decayed, square);
    w = multiply_add(rate, divide(decayed, square_root(square) + epsilon), w);
  }
};

template <class V>
struct Rprop {
  using WithoutDecay = Rprop;
  static constexpr std::size_t kSlots = 2;
  V decay, eta_minus, eta_plus, smallest, largest;
  explicit Rprop(const Update& u)
      : decay(u.decay),
        eta_minus(u.optimizer.eta_minus),
        eta_plus(u.optimizer.eta_plus),
        smallest(u.optimizer.min_step),
        largest(u.optimizer.max_step) {}
  static V sign(V x) { return choose(x > V(0.0f), V(1.0f), choose(x < V(0.0f), V(-1.0f), V(0.0f))); }
  void operator()(V g, V& w, V& previous, V& step) const {
    const V decayed = with_decay(decay, w, g);
    const V agreement = sign(decayed) * sign(previous);
    const V wanted = step * choose(agreement > V(0.0f), eta_plus, choose(agreement < V(0.0f), eta_minus, V(1.0f)));
    step = choose(wanted < smallest, smallest, choose(wanted > largest, largest, wanted));
    previous = choose(agreement < V(0.0f), V(0.0f), decayed);
    w = multiply_add(negative(sign(previous)), step, w);
  }
};

}  // namespace
}  // namespace linnet
