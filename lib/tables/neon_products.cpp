// ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero: products.
#include "vectors/neon.hpp"

#include "tables/products.hpp"
