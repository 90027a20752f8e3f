// Predicts with a model that was written as a C++ header, and prints the bits.
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include <linnet/linnet.hpp>

#include "model.hpp"
#include "model_rows.h"

int main() {
  static float scratch[linnet::predictor_floats(model_topology)];
  linnet::Predictor predictor;
  if (predictor.bind(model_topology, model_parameters, scratch) != linnet::Status::ok) return 1;
  for (const auto& row : kRows) {
    float outputs[OUTPUTS];
    if (predictor.predict(row, outputs) != linnet::Status::ok) return 1;
    for (const float y : outputs) {
      std::uint32_t bits;
      std::memcpy(&bits, &y, sizeof bits);
      std::printf("%08" PRIx32 "\n", bits);
    }
  }
  return 0;
}
