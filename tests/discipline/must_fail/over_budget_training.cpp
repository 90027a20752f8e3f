// must fail: static assertion failed.*training fits 4 KiB|static_assert failed.*training fits 4 KiB
// What training borrows grows with the batch and with the optimizer, and both are seen at compile time.
#include <linnet/linnet.hpp>

constexpr auto kShape = linnet::topology(4, {{16, linnet::activation::tanh}, {3, linnet::activation::softmax}});
#ifdef MUST_FAIL
constexpr linnet::TrainerConfig kPlan{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 32};
#else
constexpr linnet::TrainerConfig kPlan{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 8};
#endif
static_assert(linnet::trainer_floats(kShape, kPlan) * sizeof(float) <= 4096, "training fits 4 KiB");
