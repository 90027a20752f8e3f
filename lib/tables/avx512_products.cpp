// AVX-512 F, CD, DQ, BW, VL: products.
#include "tables/avx512.hpp"

#include "tables/products.hpp"
