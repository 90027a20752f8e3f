// must fail: exceeds maximum object size|array is too large|the topology names no network|overflow in array dimension|is too large
// A FixedTrainer for a plan without rows, or for a topology that names no network, has no size.
#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(2, {{8, linnet::activation::tanh}, {1, linnet::activation::sigmoid}});
#ifdef MUST_FAIL
static constexpr linnet::TrainerConfig kPlan{linnet::loss::binary_cross_entropy, linnet::optimizer::adam(), 0};
#else
static constexpr linnet::TrainerConfig kPlan{linnet::loss::binary_cross_entropy, linnet::optimizer::adam(), 1};
#endif

std::size_t size() { return sizeof(linnet::FixedTrainer<kShape, kPlan>); }
