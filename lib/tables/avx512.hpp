// The instruction set of this table: AVX-512 F, CD, DQ, BW, VL.
#pragma once

#define LINNET_TABLE avx512
#define LINNET_TABLE_INDEX 3
#include "vectors/avx512.hpp"
