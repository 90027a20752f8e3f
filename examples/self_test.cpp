// Is this the library that was tested? Trains what tests/golden.cpp trains, in every kernel table that runs here, and
// compares the bits with the stored ones. For a board on the desk: the same program on a computer and in a firmware
// image (16 KB of RAM are enough). Ends with 0 when all are the expected ones.
#include "../tests/golden.hpp"
#include "firmware/board.hpp"
#include "firmware/text.hpp"

namespace ln = linnet;

// "TABLE PART HASH as expected"
static bool show(const ln::KernelTable& table, const char* part, std::uint64_t hash, std::uint64_t expected) {
  board::write(ln::to_string(table));
  board::write(" ");
  board::write(part);
  board::write(" ");
  text::hexadecimal(hash);
  if (hash == expected) {
    board::write(" as expected\n");
    return true;
  }
  board::write(" DIFFERS, expected ");
  text::hexadecimal(expected);
  board::write("\n");
  return false;
}

int main() {
  board::write("linnet " LINNET_VERSION ", contract ");
  board::write(ln::contract() == ln::Contract::fused ? "fused\n" : "separate\n");
  const ln::KernelTable* room[ln::kMaxKernelTables];
  bool good = true;
  for (const ln::KernelTable* table : ln::runnable_kernels(room)) {
    using namespace linnet_test;
    good = show(*table, "training", golden_training(*table).hash, expected_training(*table)) && good;
    good = show(*table, "subnormal", golden_subnormal(*table).hash, expected_subnormal(*table)) && good;
  }
  return good ? 0 : 1;
}
