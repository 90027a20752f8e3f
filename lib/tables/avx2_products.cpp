// AVX2 with FMA: products.
#include "vectors/avx2.hpp"

#include "tables/products.hpp"
