// AVX-512 F, CD, DQ, BW, VL: products.
#include "vectors/avx512.hpp"

#include "tables/products.hpp"
