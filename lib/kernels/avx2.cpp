// The kernels for AVX2 with FMA.
#define LINNET_TABLE avx2
#define LINNET_TABLE_INDEX 2
#define LINNET_ARCHITECTURE xsimd::fma3<xsimd::avx2>
#define LINNET_VECTOR_BITS 256
#include "kernels/instances.hpp"
