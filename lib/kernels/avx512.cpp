// The kernels for AVX-512 F, CD, DQ, BW, VL.
#include "vectors/avx512.hpp"

#define LINNET_TABLE avx512
#define LINNET_TABLE_INDEX 3
#include "kernels/instances.hpp"
