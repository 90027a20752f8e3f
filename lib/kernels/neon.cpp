// The kernels for ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero.
#define LINNET_TABLE neon
#define LINNET_TABLE_INDEX 1
#define LINNET_ARCHITECTURE xsimd::neon
#define LINNET_VECTOR_BITS 128
#include "kernels/instances.hpp"
