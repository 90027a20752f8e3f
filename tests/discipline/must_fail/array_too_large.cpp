// must fail: exceeds maximum object size|array is too large|overflow in array dimension|is too large
// A topology whose floats cannot be counted gives no array, not a small one.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
constexpr std::size_t kWide = 0x40000;
#else
constexpr std::size_t kWide = 0x4;
#endif
constexpr auto kShape = linnet::topology(kWide, {{kWide, linnet::activation::relu}, {1, linnet::activation::identity}});
float model[linnet::parameter_floats(kShape)];
