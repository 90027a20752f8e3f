// AVX-512 F, CD, DQ, BW, VL: weight gradients and optimizers.
#include "tables/avx512.hpp"

#include "tables/optimizers.hpp"
