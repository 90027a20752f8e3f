// The instruction set of this table: SSE2, which every x86-64 has.
#pragma once

#define LINNET_TABLE sse2
#include "vectors/sse2.hpp"
