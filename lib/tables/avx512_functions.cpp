// AVX-512 F, CD, DQ, BW, VL: activations and losses.
#include "tables/avx512.hpp"

#include "tables/functions.hpp"
