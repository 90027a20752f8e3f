// self_check(): what it says of this build, and of a processor that was told to compute otherwise. What it says of
// compiler flags is for tests/discipline/flags.sh.
#include <doctest/doctest.h>

#include <linnet/version.hpp>

#include "mxcsr.hpp"

using linnet::Status;

TEST_CASE("self_check finds nothing wrong with this build") { CHECK(linnet::self_check() == Status::ok); }

#if defined(__SSE2__)
namespace {

// What self_check() says with these bits set in the register that rules SSE's arithmetic.
Status checked_with(unsigned bits) {
  const linnet_test::WithMxcsr set(bits);
  return linnet::self_check();
}

}  // namespace

TEST_CASE("self_check sees that subnormal numbers are taken for zero or set to zero") {
  if (!linnet_test::mxcsr_is_obeyed()) return;
  CHECK(checked_with(0x0040u) == Status::broken_arithmetic);  // denormals are zero
  CHECK(checked_with(0x8000u) == Status::broken_arithmetic);  // flush to zero
  CHECK(checked_with(0x8040u) == Status::broken_arithmetic);
  CHECK(checked_with(0) == Status::ok);
}

TEST_CASE("self_check sees every other direction of rounding") {
  if (!linnet_test::mxcsr_is_obeyed()) return;
  CHECK(checked_with(0x2000u) == Status::broken_arithmetic);  // down
  CHECK(checked_with(0x4000u) == Status::broken_arithmetic);  // up
  CHECK(checked_with(0x6000u) == Status::broken_arithmetic);  // towards zero
  CHECK(checked_with(0) == Status::ok);
}
#endif
