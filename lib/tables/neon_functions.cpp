// ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero: activations and losses.
#include "tables/neon.hpp"

#include "tables/functions.hpp"
