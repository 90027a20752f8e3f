// A model that was written as a C++ header predicts the stored bits, on a board from its flash.
#include <cstring>

#include <linnet/linnet.hpp>

#include "board.hpp"
#include "data/headers/model.hpp"
#include "keep/model_rows.h"

#ifdef LINNET_BOARD
extern "C" const char linnet_data_load[];  // of the linker script: the end of what lies in flash
#endif

namespace {

bool is_predicted(const float* outputs, const unsigned long* expected) {
  for (int o = 0; o < OUTPUTS; ++o) {
    std::uint32_t bits;
    std::memcpy(&bits, &outputs[o], sizeof bits);
    if (bits != expected[o]) return false;
  }
  return true;
}

bool predicts_the_stored_bits() {
  static float scratch[linnet::predictor_floats(model_topology)];
  linnet::Predictor predictor;
  if (predictor.bind(model_topology, model_parameters, scratch) != linnet::Status::ok) return false;
  for (int b = 0; b < 4; ++b) {
    float outputs[OUTPUTS];
    if (predictor.predict(kRows[b], outputs) != linnet::Status::ok ||
        !is_predicted(outputs, kPredicted[LINNET_FUSED][b])) {
      return false;
    }
  }
  return true;
}

bool lies_in_flash() {
#ifdef LINNET_BOARD
  return reinterpret_cast<const char*>(model_parameters) < linnet_data_load;
#else
  return true;
#endif
}

}  // namespace

int main() {
  if (!lies_in_flash()) {
    board::write("the parameters are copied to RAM\n");
    return 1;
  }
  if (!predicts_the_stored_bits()) {
    board::write("other bits are predicted\n");
    return 1;
  }
  return 0;
}
