#include "kernels/scalar.hpp"

#include "kernels/tables.hpp"

namespace linnet::scalar {
namespace {

// B: (terms, outputs)
void multiply(const Product& m) { multiply_chains(m, m.outputs, 1); }

// B: (outputs, terms)
void multiply_lanes(const Product& m) {
  for (std::size_t b = 0; b < m.batch; ++b) {
    const float* a = m.a + b * m.terms;
    for (std::size_t o = m.first; o < m.last; ++o) {
      const float* row = m.b + o * m.terms;
      const float sum = sum_in_lanes<float>(
          m.terms, [a, row](std::size_t k, Full, float lane) { return multiply_add(a[k], row[k], lane); });
      finish(m, b, o, sum);
    }
  }
}

std::uint32_t largest(const float* x, std::size_t n, std::uint32_t mask) {
  std::uint32_t most = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const std::uint32_t bits = bits_of(x[k]) & mask;
    most = bits > most ? bits : most;
  }
  return most;
}

}  // namespace

extern constexpr KernelTable table = {"scalar", 0, multiply, multiply_lanes, largest};

}  // namespace linnet::scalar
