// ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero: weight gradients and optimizers.
#include "vectors/neon.hpp"

#include "tables/optimizers.hpp"
