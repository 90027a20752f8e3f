// The kernels for ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero.
#include "vectors/neon.hpp"

#define LINNET_TABLE neon
#define LINNET_TABLE_INDEX 1
#include "kernels/instances.hpp"
