// The tables of this build by name, in the order of their indices.
#pragma once

#include "kernels/kernels.hpp"

#if defined(LINNET_X86)
#define LINNET_TABLES_OF(name) &scalar::name, &sse2::name, &avx2::name, &avx512::name
#define LINNET_TABLE_NAMES "scalar", "sse2", "avx2", "avx512"
#elif defined(LINNET_NEON)
#define LINNET_TABLES_OF(name) &scalar::name, &LINNET_NEON::name
#define LINNET_TEXT_OF(name) #name
#define LINNET_TEXT(name) LINNET_TEXT_OF(name)
#define LINNET_TABLE_NAMES "scalar", LINNET_TEXT(LINNET_NEON)
#else
#define LINNET_TABLES_OF(name) &scalar::name
#define LINNET_TABLE_NAMES "scalar"
#endif

namespace linnet {
namespace {
inline const TrainingKernels& training_kernels_of(const KernelTable& table) {
  static constexpr const TrainingKernels* kTables[] = {LINNET_TABLES_OF(training)};
  return *kTables[index_of(table)];
}
}  // namespace
}  // namespace linnet
