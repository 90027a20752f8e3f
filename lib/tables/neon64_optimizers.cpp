// AArch64, which always has NEON: weight gradients and optimizers.
#include "tables/neon64.hpp"

#include "tables/optimizers.hpp"
