// Compiled once for each table that it is compared with, as that table is; everything but `shaped` is private.
#include "kernels/vector.hpp"
#include "kernels/shuffles.hpp"

#include "activation/layer.hpp"
#include "kernels/row.hpp"
#include "kernels/simd.hpp"
#include "loss/layer.hpp"

#include <linnet/linnet.hpp>

#include "shaped.hpp"

namespace bench {
namespace {

using namespace linnet;

constexpr std::size_t kInputs = 4;
constexpr std::size_t kHidden = 16;
constexpr std::size_t kOutputs = 3;
constexpr std::size_t kVectors = kHidden / kWidth;

// Where the parameters of each layer begin: weights (inputs, units), of the last (units, inputs), then biases.
constexpr std::size_t kSecond = (kInputs + 1) * kHidden;
constexpr std::size_t kLast = kSecond + (kHidden + 1) * kHidden;

// y: (16), slopes: (16), or null
LINNET_STEP void pass(const float* x, const float* parameters, std::size_t inputs, float* y, float* slopes) {
  chains_of_layer<Tanh, kVectors>({{x, parameters, inputs, kHidden, true}, 0.0f, y, slopes}, 0, Full{});
}
LINNET_STEP Vector last_sums(const float* x, const float* parameters, const Some& outputs) {
  return few_of_row({x, parameters, kHidden, kOutputs, true}, outputs);
}

// below: (16), multiplied
LINNET_STEP void replace(const Vector (&sum)[kVectors], float* below) {
  unroll<kVectors>([&](auto n) LINNET_INLINED {
    store(below + n * kWidth, sum[n] * load<Vector>(below + n * kWidth, Full{}), Full{});
  });
}

void predict(const float* x, const float* parameters, float* room, float* outputs) {
  float* second = room + kHidden;
  pass(x, parameters, kInputs, room, nullptr);
  pass(room, parameters + kSecond, kHidden, second, nullptr);
  const Pieces part(kOutputs);
  softmax_in_registers(outputs, last_sums(second, parameters + kLast, part), part);
}

// The parameters from w on, (rows, 16) and 16 biases if the layer has so many units, by the gradients p q^T and q.
template <std::size_t kRows, bool kBias>
LINNET_STEP void change(const Sgd<Vector>& rule, const float* p, const float* q, float* w) {
  Vector row[kVectors];
  Tile<1, kVectors>::load_row(q, row, Full{});
  const auto change_row = [&](auto r, Vector factor) LINNET_INLINED {
    unroll<kVectors>([&](auto n) LINNET_INLINED {
      update_at(rule, factor * row[n], {w, {}}, r * kHidden + n * kWidth, Full{});
    });
  };
  unroll<kRows>([&](auto r) LINNET_INLINED { change_row(r, Vector(p[r])); });
  if constexpr (kBias) {
    change_row(Constant<kRows>{}, Vector(1.0f));
  }
}

float step(const float* x, std::uint16_t label, float* parameters, float* room, float rate) {
  float* d1 = room;
  float* a1 = d1 + kHidden;
  float* d2 = a1 + kHidden;
  float* a2 = d2 + kHidden;
  float* d3 = a2 + kHidden;
  float* second = parameters + kSecond;
  float* last = parameters + kLast;
  pass(x, parameters, kInputs, a1, d1);
  pass(a1, second, kHidden, a2, d2);
  const Pieces part(kOutputs);
  Vector slope(0.0f);
  const SoftmaxRow::Sums sums =
      SoftmaxRow{nullptr, label, nullptr, 1.0f, 0.0f}.run_in_registers(last_sums(a2, last, part), slope, part);
  store(d3, slope, part);

  Vector sum[kVectors];
  chains_of_row({d3, last, kOutputs, kHidden, false}, 0, Full{}, sum);
  replace(sum, d2);
  unroll<kVectors>(
      [&](auto n) LINNET_INLINED { sum[n] = transposed_of_row(d2, second + n * kWidth * kHidden, kHidden, Full{}); });
  replace(sum, d1);

  Training training;
  training.optimizer = sgd(rate);
  const Sgd<Vector> rule(Update(training, 0));
  change<kInputs, true>(rule, x, d1, parameters);
  change<kHidden, true>(rule, a1, d2, second);
  change<kOutputs, false>(rule, d3, a2, last);
  update_at(rule, slope, {last + kOutputs * kHidden, {}}, 0, part);
  return SoftmaxRow::loss(sums.sum, sums.total, sums.score);
}

}  // namespace

namespace LINNET_TABLE {
extern const Shaped shaped = {predict, step};
}

}  // namespace bench
