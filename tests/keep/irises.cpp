// The header that `linnet train` wrote of the irises classifies them, with the bits that the tool predicts; on a board from
// its flash. tests/desk/irises_test.py says how it was made, and that it is still what is written.
#include <cstring>

#include <linnet/linnet.hpp>

#include "board.hpp"
#include "data/headers/irises.h"
#include "data/iris.hpp"

namespace {

constexpr std::size_t kClasses = irises_topology.outputs();
constexpr std::size_t kRight = 141;
constexpr std::uint64_t kPredicted = 0xacefccf2a38c89bfu;  // FNV-1a of all shares, where a multiply-add rounds once

struct Seen {
  std::size_t right = 0;
  std::uint64_t hash = 0xcbf29ce484222325u;
};

// The bits of a number, the lowest byte first.
void add(float value, std::uint64_t& hash) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  for (unsigned k = 0; k < 4; ++k) hash = (hash ^ (bits >> 8 * k & 0xffu)) * 0x100000001b3u;
}

bool classify_all(Seen& seen) {
  static float scratch[linnet::predictor_floats(irises_topology)];
  linnet::Predictor predictor;
  if (predictor.bind(irises_topology, irises_parameters, scratch) != linnet::Status::ok) return false;
  for (std::size_t flower = 0; flower < iris::kSamples; ++flower) {
    float row[iris::kFeatures];  // centimetres, as the tool got them
    for (std::size_t i = 0; i < iris::kFeatures; ++i) row[i] = static_cast<float>(iris::kFlowers[flower][i]) / 10.0f;
    float shares[kClasses];
    if (predictor.predict(row, shares) != linnet::Status::ok) return false;
    std::size_t largest = 0;
    for (std::size_t c = 0; c < kClasses; ++c) {
      add(shares[c], seen.hash);
      if (shares[c] > shares[largest]) largest = c;
    }
    const std::size_t species = flower / (iris::kSamples / iris::kClasses);
    if (largest == species) ++seen.right;
  }
  return true;
}

}  // namespace

int main() {
  Seen seen;
  if (!classify_all(seen) || seen.right != kRight) {
    board::write("other irises are right\n");
    return 1;
  }
  if (linnet::contract() == linnet::Contract::fused && seen.hash != kPredicted) {
    board::write("other bits are predicted\n");
    return 1;
  }
  return 0;
}
