// must fail: the topology names no network
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
constexpr std::size_t kHidden = 0;
#else
constexpr std::size_t kHidden = 1;
#endif
static constexpr auto kShape =
    linnet::topology(2, {{kHidden, linnet::activation::tanh}, {1, linnet::activation::sigmoid}});

std::size_t size() { return sizeof(linnet::FixedNetwork<kShape>); }
