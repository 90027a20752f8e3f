// ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero: activations and losses.
#include "vectors/neon.hpp"

#include "tables/functions.hpp"
