// The kernels for AVX2 with FMA.
#include "vectors/avx2.hpp"

#define LINNET_TABLE avx2
#define LINNET_TABLE_INDEX 2
#include "kernels/instances.hpp"
