// SSE2, which every x86-64 has: weight gradients and optimizers.
#include "tables/sse2.hpp"

#include "tables/optimizers.hpp"
