// What the library knows of a loss.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/activation.hpp>
#include <linnet/status.hpp>
#include <linnet/training.hpp>

#include "kernels/kernels.hpp"

namespace linnet {

struct LossJob {
  float* y;                     // (batch, outputs) what the network gives, its pre-activation for the cross-entropies;
                                // used up
  const float* targets;         // (batch, outputs), or null
  const std::uint16_t* labels;  // (batch), or null
  const Loss& how;
  const float* class_weights;  // of it: (outputs), or null; asked for here, for kernel objects share no function
  float* d;  // (batch, outputs): the last activation's derivative; becomes the unit gradient, without the share
  std::size_t batch, outputs;
  float share;  // becomes what makes sums of unit gradients the gradients of the mean

  [[gnu::always_inline]] LossJob(float* y_, const float* targets_, const std::uint16_t* labels_, const Loss& how_,
                                 float* d_, std::size_t batch_, std::size_t outputs_)
      : y(y_),
        targets(targets_),
        labels(labels_),
        how(how_),
        class_weights(how_.class_weights.data()),
        d(d_),
        batch(batch_),
        // the share comes with the loss: NOLINTNEXTLINE(clang-analyzer-optin.cplusplus.UninitializedObject)
        outputs(outputs_) {}
};

struct LossVariant {
  // The mean over the batch. Leaves the unit gradients in job.d, and job.share. (A struct of both would be built on the
  // stack.)
  float (*run)(LossJob& job);
  // A single row through the last layer and its loss, the same bits: job.y is not written. Leaves the largest magnitude of
  // its unit gradients too, as bits. Null in the scalar table and where the last activation does not belong to the loss.
  //   x: (inputs), parameters: of the layer
  float (*layer)(const float* x, const float* parameters, std::size_t inputs, bool bias, LossJob& job,
                 std::uint32_t& largest_d) = nullptr;
};

// Which labels a loss takes: none, one of its outputs, or, with one output, 0 and 1.
enum class LabelUse : std::uint8_t { none = 0, outputs = 1, zero_or_one = 2 };

struct LossDescriptor {
  LossId id;
  bool from_pre_activation;  // the last activation belongs to the loss: it is not applied in training
  LabelUse labels;
  bool takes_weights;          // of the classes, and label smoothing
  bool targets_in_unit_range;  // every target in [0, 1]
  bool ignores;                // rows whose label is kIgnored
  Status refused_label;        // what a label is called that is not taken
  bool (*goes_with)(ActivationId last, std::size_t outputs);
  bool (*sound)(const Loss& loss, std::size_t outputs);  // what this loss uses of it is in range
  const LossVariant* variants[kTableCount];
};

// Whether the row of a label does not count. (As a sum: two conditions take 8 bytes more on a Cortex-M.)
inline bool is_ignored(bool ignores, std::uint16_t label) {
  static_assert(kIgnored == 0xffff, "the largest label: one more takes 17 bits");
  return (std::uint32_t{label} + static_cast<std::uint32_t>(ignores)) >> 16u != 0;
}

// What such a label is called. Never ok: a compiler that knows it leaves a test out of every step.
inline Status refused_label_of(const LossDescriptor& loss) {
  if (loss.refused_label == Status::ok) {
    __builtin_unreachable();
  }
  return loss.refused_label;
}

// A label is below; 0 where none is taken.
inline std::size_t classes_of(const LossDescriptor& loss, std::size_t outputs) {
  if (loss.labels == LabelUse::outputs) {
    return outputs;
  }
  return outputs == 1 ? static_cast<std::size_t>(loss.labels) : 0;
}

}  // namespace linnet
