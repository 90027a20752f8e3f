#include <doctest/doctest.h>

#include <string>

#include "golden.hpp"
#include "tables.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

TEST_CASE("S8: more than 10,000 steps over every activation, loss, optimizer and initializer leave the stored bits") {
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    CAPTURE(std::string(linnet::to_string(*table)));
    const linnet_test::GoldenRun run = linnet_test::golden_training(*table);
    CHECK(run.hash == linnet_test::expected_training(*table));
    CHECK(run.steps >= 10000);
  }
}

TEST_CASE("S8: steps on subnormal inputs, weights, gradients and optimizer state leave the stored bits") {
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    CAPTURE(std::string(linnet::to_string(*table)));
    const linnet_test::GoldenRun run = linnet_test::golden_subnormal(*table);
    CHECK(run.hash == linnet_test::expected_subnormal(*table));
    CHECK(run.steps >= 1000);
  }
}

#if defined(__SSE2__)
namespace {

// Takes subnormal numbers for zero while it lives, as -ffast-math makes a whole program do.
class FlushToZero {
 public:
  FlushToZero() { _mm_setcsr(before_ | 0x8040u); }
  ~FlushToZero() { _mm_setcsr(before_); }
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;

 private:
  unsigned before_ = _mm_getcsr();
};

linnet_test::GoldenRun flushed(linnet_test::GoldenRun run(const linnet::KernelTable&),
                               const linnet::KernelTable& table) {
  const FlushToZero for_a_while;
  return run(table);
}

}  // namespace

TEST_CASE("flushing subnormal numbers to zero changes the second golden hash in every table, and not the first") {
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    CAPTURE(std::string(linnet::to_string(*table)));
    CHECK(flushed(linnet_test::golden_training, *table).hash == linnet_test::expected_training(*table));
    CHECK(flushed(linnet_test::golden_subnormal, *table).hash != linnet_test::expected_subnormal(*table));
  }
}
#endif
