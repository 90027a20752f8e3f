// Loops whose every turn is written out by the compiler, at -Os too, so that what they index lives in registers.
#pragma once

#include <cstddef>
#include <utility>

// Bodies of loops: a call that is not inlined would send what it works on through memory.
#define LINNET_INLINED __attribute__((always_inline))

namespace linnet {
namespace {

#ifdef __OPTIMIZE_SIZE__
constexpr bool kCompact = true;
#else
constexpr bool kCompact = false;
#endif

// A constant as an argument. (std::integral_constant would leave its conversion, compiled for one instruction set, to
// be shared with all files of the program.)
template <std::size_t N>
struct Constant {
  constexpr operator std::size_t() const { return N; }
};

// body(0), body(1), ... body(N - 1) with constant arguments.
template <class Body, std::size_t... I>
[[gnu::always_inline]] inline void unroll_over(Body&& body, std::index_sequence<I...> /*indices*/) {
  (body(Constant<I>{}), ...);
}
template <std::size_t N, class Body>
[[gnu::always_inline]] inline void unroll(Body&& body) {
  unroll_over(body, std::make_index_sequence<N>{});
}

}  // namespace
}  // namespace linnet
