// SSE2, which every x86-64 has: activations and losses.
#include "vectors/sse2.hpp"

#include "tables/functions.hpp"
