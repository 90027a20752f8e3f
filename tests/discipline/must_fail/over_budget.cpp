// must fail: static assertion failed.*the model fits 1 KiB|static_assert failed.*the model fits 1 KiB
// The memory of a network is known when it is compiled, so that a budget is an assertion.
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
constexpr std::size_t kHidden = 64;
#else
constexpr std::size_t kHidden = 16;
#endif
constexpr auto kShape = linnet::topology(4, {{kHidden, linnet::activation::tanh}, {3, linnet::activation::softmax}});
static_assert(linnet::parameter_floats(kShape) * sizeof(float) <= 1024, "the model fits 1 KiB");
