// AArch64, which always has NEON: activations and losses.
#include "vectors/neon64.hpp"

#include "tables/functions.hpp"
