#include <doctest/doctest.h>

#include <string>

#include "golden.hpp"
#include "tables.hpp"

TEST_CASE("10,500 steps over every activation, loss, optimizer and initializer leave the stored bits in every table") {
  const std::uint64_t expected =
      linnet::contract() == linnet::Contract::fused ? linnet_test::kGoldenFused : linnet_test::kGoldenSeparate;
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    CAPTURE(std::string(linnet::name_of(*table)));
    CHECK(linnet_test::golden_hash(*table) == expected);
  }
}
