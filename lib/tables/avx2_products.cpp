// AVX2 with FMA: products.
#include "tables/avx2.hpp"

#include "tables/products.hpp"
