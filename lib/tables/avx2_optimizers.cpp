// AVX2 with FMA: weight gradients and optimizers.
#include "tables/avx2.hpp"

#include "tables/optimizers.hpp"
