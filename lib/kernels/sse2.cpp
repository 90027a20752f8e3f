// The kernels for SSE2, which every x86-64 has.
#include "vectors/sse2.hpp"

#define LINNET_TABLE sse2
#define LINNET_TABLE_INDEX 1
#include "kernels/instances.hpp"
