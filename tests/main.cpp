// Runs the suite on one kernel table: LINNET_KERNELS=scalar|sse2|avx2|avx512, or the best one. A table that the
// processor cannot run ends with code 77, which ctest shows as skipped.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "tables.hpp"

int main(int argc, char** argv) {
  if (linnet_test::table_under_test() == nullptr) {
    std::printf("this processor or this build has no kernel table %s\n", std::getenv("LINNET_KERNELS"));
    return 77;
  }
  std::printf("kernel table: %s\n", linnet::name_of(*linnet_test::table_under_test()));
  return doctest::Context(argc, argv).run();
}
