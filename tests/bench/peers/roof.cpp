#include "roof.hpp"

#if defined(__AVX512F__)
constexpr std::size_t kBytes = 64;
#elif defined(__AVX__)
constexpr std::size_t kBytes = 32;
#else
constexpr std::size_t kBytes = 16;
#endif

namespace {

typedef float Vector __attribute__((vector_size(kBytes)));
constexpr std::size_t kWidth = kBytes / sizeof(float);
constexpr std::size_t kChains = 12;  // two units with a latency of 4, or 5, and some more

// A value that the compiler must have in a register here.
inline void keep(Vector& v) { asm volatile("" : "+x"(v)); }

double fma(std::size_t times) {
  Vector sums[kChains] = {};
  Vector a = Vector{} + 1.0f;
  Vector b = Vector{} + 0.5f;
  keep(a);
  keep(b);
  for (std::size_t t = 0; t < times; ++t) {
#pragma GCC unroll 12
    for (std::size_t c = 0; c < kChains; ++c) {
      sums[c] = sums[c] * b + a;
      keep(sums[c]);
    }
  }
  return 2.0 * static_cast<double>(times * kChains * kWidth);
}

// The compiler would make an estimate of it, under the flags that peers have.
inline Vector exact_root_and_quotient(Vector numerator, Vector square) {
  Vector result;
#if defined(__AVX__)
  asm("vsqrtps %1, %0\n\tvdivps %0, %2, %0" : "=&x"(result) : "x"(square), "x"(numerator));
#else
  asm("sqrtps %1, %0\n\tmovaps %2, %1\n\tdivps %0, %1\n\tmovaps %1, %0" : "=&x"(result), "+x"(square) : "x"(numerator));
#endif
  return result;
}

double divide(std::size_t times) {
  Vector numerators[8] = {};
  for (std::size_t t = 0; t < times; ++t) {
#pragma GCC unroll 8
    for (std::size_t c = 0; c < 8; ++c) {
      keep(numerators[c]);
      Vector quotient = exact_root_and_quotient(numerators[c], Vector{} + 2.0f);
      keep(quotient);
    }
  }
  return static_cast<double>(times * 8 * kWidth);
}

double read(const float* from, std::size_t count, std::size_t times) {
  constexpr std::size_t kAtOnce = 8;
  for (std::size_t t = 0; t < times; ++t) {
    for (std::size_t k = 0; k + kAtOnce * kWidth <= count; k += kAtOnce * kWidth) {
#pragma GCC unroll 8
      for (std::size_t j = 0; j < kAtOnce; ++j) {
        Vector v = *reinterpret_cast<const Vector*>(from + k + j * kWidth);
        keep(v);
      }
    }
  }
  return static_cast<double>(times * (count / (kAtOnce * kWidth)) * kAtOnce * kBytes);
}

}  // namespace

extern "C" bench::Roof bench_roof() { return {fma, divide, read}; }
