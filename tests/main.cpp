// Runs the suite on one kernel table: LINNET_KERNELS=scalar|sse2|avx2|avx512|neon|neon64, or the best one. A table that
// the processor cannot run ends with code 77, which ctest shows as skipped. Images for boards take no arguments.
#define DOCTEST_CONFIG_IMPLEMENT  // NOLINT(readability-identifier-naming): doctest's
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "tables.hpp"

#ifdef LINNET_BOARD
int main() {
  doctest::Context context;
#else
int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
#endif
  if (linnet_test::table_under_test() == nullptr) {
    std::printf("this processor or this build has no kernel table %s\n", std::getenv("LINNET_KERNELS"));
    return 77;
  }
  std::printf("kernel table: %s\n", linnet::to_string(*linnet_test::table_under_test()));
  const int result = context.run();
  std::fflush(nullptr);
  return result;
}
