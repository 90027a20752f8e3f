// The instruction set of this table: AVX2 with FMA.
#pragma once

#define LINNET_TABLE avx2
#include "vectors/avx2.hpp"
