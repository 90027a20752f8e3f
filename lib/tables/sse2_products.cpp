// SSE2, which every x86-64 has: products.
#include "tables/sse2.hpp"

#include "tables/products.hpp"
