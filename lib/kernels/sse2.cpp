// The kernels for SSE2, which every x86-64 has.
#define LINNET_TABLE sse2
#define LINNET_TABLE_INDEX 1
#define LINNET_ARCHITECTURE xsimd::sse2
#define LINNET_VECTOR_BITS 128
#include "kernels/instances.hpp"
