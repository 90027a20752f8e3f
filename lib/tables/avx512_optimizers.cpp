// AVX-512 F, CD, DQ, BW, VL: weight gradients and optimizers.
#include "vectors/avx512.hpp"

#include "tables/optimizers.hpp"
