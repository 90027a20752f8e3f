// AVX2 with FMA: activations and losses.
#include "tables/avx2.hpp"

#include "tables/functions.hpp"
