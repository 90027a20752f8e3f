// SSE2, which every x86-64 has: weight gradients and optimizers.
#include "vectors/sse2.hpp"

#include "tables/optimizers.hpp"
