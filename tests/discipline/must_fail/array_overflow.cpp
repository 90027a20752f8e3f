// must fail: exceeds maximum object size|array is too large|overflow in array dimension|is too large
// The product of the widths wraps around to 0 in 64 bits (and each one in 32).
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
constexpr std::size_t kWide = std::size_t{1} << (sizeof(std::size_t) * 4);
#else
constexpr std::size_t kWide = 4;
#endif
constexpr auto kShape = linnet::topology(kWide, {{kWide, linnet::activation::relu, false}});
float model[linnet::parameter_floats(kShape)];
