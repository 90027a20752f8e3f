// AVX-512 F, CD, DQ, BW, VL: activations and losses.
#include "vectors/avx512.hpp"

#include "tables/functions.hpp"
