// A table's products: the kernels of kernels.hpp but for weight gradients, for the instruction set that the including
// file names before.
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/largest.hpp"
#include "kernels/row.hpp"

namespace linnet::LINNET_TABLE {

extern constexpr KernelTable table = {static_cast<std::uint8_t>(TableIndex::LINNET_TABLE), multiply, rectified_product};
extern constexpr TrainingKernels training = {input_gradient, largest, gated_input_gradient, row_below};

}  // namespace linnet::LINNET_TABLE
