// AArch64, which always has NEON: weight gradients and optimizers.
#include "vectors/neon64.hpp"

#include "tables/optimizers.hpp"
