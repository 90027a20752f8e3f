#include <doctest/doctest.h>

#include <string>

#include "golden.hpp"
#include "mxcsr.hpp"
#include "tables.hpp"

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

linnet_test::GoldenRun flushed(linnet_test::GoldenRun run(const linnet::KernelTable&),
                               const linnet::KernelTable& table) {
  const linnet_test::WithMxcsr flush_to_zero(0x8040u);  // as -ffast-math makes a whole program do
  return run(table);
}

}  // namespace

TEST_CASE("flushing subnormal numbers to zero changes the second golden hash in every table, and not the first") {
  if (!linnet_test::mxcsr_is_obeyed()) return;
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    CAPTURE(std::string(linnet::to_string(*table)));
    CHECK(flushed(linnet_test::golden_training, *table).hash == linnet_test::expected_training(*table));
    CHECK(flushed(linnet_test::golden_subnormal, *table).hash != linnet_test::expected_subnormal(*table));
  }
}
#endif
