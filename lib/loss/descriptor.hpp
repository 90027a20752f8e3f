// What the library knows of a loss.
#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/activation.hpp>
#include <linnet/training.hpp>

#include "kernels/kernels.hpp"

namespace linnet {

struct LossJob {
  float* y;                     // (batch, outputs) what the network gives, its pre-activation for the cross-entropies;
                                // used up
  const float* targets;         // (batch, outputs), or null
  const std::uint16_t* labels;  // (batch), or null
  const float* class_weights;   // (outputs), or null
  float delta, label_smoothing;
  float* d;  // (batch, outputs): the last activation's derivative; becomes the unit gradient, without the share
  std::size_t batch, outputs;
};

// The mean over the batch, and the share that makes sums of unit gradients the gradients of that mean.
struct LossValue {
  float loss, share;
};

// The same of a single row, with the largest magnitude of its unit gradients, as bits.
struct RowLoss {
  LossValue value;
  std::uint32_t largest_d;
};

struct LossVariant {
  LossValue (*run)(const LossJob& job);  // leaves the unit gradients in job.d
#if LINNET_LAYER_ROWS
  // A single row through the last layer and its loss, the same bits: y is not written. x: (inputs), parameters: of the
  // layer. Null in the scalar table and where the last activation does not belong to the loss.
  RowLoss (*layer)(const float* x, const float* parameters, std::size_t inputs, bool bias,
                   const LossJob& job) = nullptr;
#endif
};

struct LossDescriptor {
  LossId id;
  bool from_pre_activation;  // the last activation belongs to the loss: it is not applied in training
  bool takes_labels;
  bool takes_weights;          // of the classes, and label smoothing
  bool targets_in_unit_range;  // every target in [0, 1]
  bool (*goes_with)(ActivationId last);
  bool (*sound)(const Loss& loss, std::size_t outputs);  // what this loss uses of it is in range
  const LossVariant* variants[kTableCount];
};

}  // namespace linnet
