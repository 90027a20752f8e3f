// AArch64, which always has NEON: products.
#include "vectors/neon64.hpp"

#include "tables/products.hpp"
