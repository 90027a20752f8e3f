// must fail: a topology has at most kMaxLayers layers
#include <linnet/linnet.hpp>

#ifdef MUST_FAIL
constexpr std::size_t kLayers = linnet::kMaxLayers + 1;
#else
constexpr std::size_t kLayers = linnet::kMaxLayers;
#endif

linnet::Topology make(const linnet::Layer (&layers)[kLayers]) { return linnet::topology(2, layers); }
