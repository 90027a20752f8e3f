// The kernels for AArch64, which always has NEON.
#define LINNET_TABLE neon64
#define LINNET_TABLE_INDEX 1
#define LINNET_ARCHITECTURE xsimd::neon64
#define LINNET_VECTOR_BITS 128
#include "kernels/instances.hpp"
