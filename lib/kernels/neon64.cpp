// The kernels for AArch64, which always has NEON.
#include "vectors/neon64.hpp"

#define LINNET_TABLE neon64
#define LINNET_TABLE_INDEX 1
#include "kernels/instances.hpp"
