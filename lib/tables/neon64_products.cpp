// AArch64, which always has NEON: products.
#include "tables/neon64.hpp"

#include "tables/products.hpp"
