// AVX2 with FMA: activations and losses.
#include "vectors/avx2.hpp"

#include "tables/functions.hpp"
