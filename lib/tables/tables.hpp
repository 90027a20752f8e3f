// The tables of this build by name, in the order of their indices.
#pragma once

#include "kernels/kernels.hpp"

#define LINNET_TABLES_OF(name) &scalar::name LINNET_VECTOR_TABLES(LINNET_ADDRESS, name)

namespace linnet {
namespace {
inline const TrainingKernels& training_kernels_of(const KernelTable& table) {
  static constexpr const TrainingKernels* kTables[] = {LINNET_TABLES_OF(training)};
  return *kTables[index_of(table)];
}
}  // namespace
}  // namespace linnet
