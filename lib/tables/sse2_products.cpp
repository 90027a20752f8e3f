// SSE2, which every x86-64 has: products.
#include "vectors/sse2.hpp"

#include "tables/products.hpp"
