// The instruction set of this table: AVX-512 F, CD, DQ, BW, VL.
#pragma once

#define LINNET_TABLE avx512
#include "vectors/avx512.hpp"
