// The kernel tables of this build that this processor runs.
#pragma once

#include <cstdlib>
#include <cstring>
#include <vector>

#include <linnet/kernels.hpp>

namespace linnet_test {

inline std::vector<const linnet::KernelTable*> all_tables() {
  const linnet::KernelTable* room[linnet::kMaxKernelTables];
  const auto found = linnet::runnable_kernels(room);
  return {found.begin(), found.end()};
}

// ARMv7's NEON has zeros in place of subnormal numbers.
inline bool flushes(const linnet::KernelTable& table) { return std::strcmp(linnet::to_string(table), "neon") == 0; }

// The table named in LINNET_KERNELS, the best one if none is named, null if it cannot run here.
inline const linnet::KernelTable* table_under_test() {
  const char* wanted = std::getenv("LINNET_KERNELS");
  if (wanted == nullptr || *wanted == '\0') {
    return &linnet::best_kernels();
  }
  for (const linnet::KernelTable* table : all_tables()) {
    if (std::strcmp(linnet::to_string(*table), wanted) == 0) {
      return table;
    }
  }
  return nullptr;
}

inline const linnet::KernelTable& kernels() { return *table_under_test(); }

}  // namespace linnet_test
