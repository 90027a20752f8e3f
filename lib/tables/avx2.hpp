// The instruction set of this table: AVX2 with FMA.
#pragma once

#define LINNET_TABLE avx2
#define LINNET_TABLE_INDEX 2
#include "vectors/avx2.hpp"
