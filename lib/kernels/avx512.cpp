// The kernels for AVX-512 F, CD, DQ, BW, VL.
#define LINNET_TABLE avx512
#define LINNET_TABLE_INDEX 3
#define LINNET_ARCHITECTURE xsimd::avx512dq
#define LINNET_VECTOR_BITS 512
#include "kernels/instances.hpp"
