// AVX2 with FMA: weight gradients and optimizers.
#include "vectors/avx2.hpp"

#include "tables/optimizers.hpp"
