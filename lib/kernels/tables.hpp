// The tables of this build by name.
#pragma once

#include "kernels/kernels.hpp"

namespace linnet::scalar {
extern const KernelTable table;
extern const TrainingKernels training;
}  // namespace linnet::scalar
LINNET_DECLARE_VARIANTS(KernelTable, table)
LINNET_DECLARE_VARIANTS(TrainingKernels, training)

#if defined(LINNET_X86)
#define LINNET_TRAINING_TABLES &scalar::training, &sse2::training, &avx2::training, &avx512::training
#else
#define LINNET_TRAINING_TABLES &scalar::training
#endif
