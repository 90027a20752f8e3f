// Inference alone, with parameters in flash.
#include "parameters.hpp"
#include "shape.hpp"

static float scratch[linnet::predictor_floats(kShape)];
static linnet::Predictor predictor;  // on the stack its zeros would come from memset: 162 bytes

int main() {
  if (predictor.bind(kShape, figures_parameters, scratch) != linnet::Status::ok) return 1;
  for (;;) {
    const float inputs[1][4] = {{port[0], port[1], port[2], port[3]}};
    float outputs[1][3];
    if (predictor.predict(inputs, outputs) != linnet::Status::ok) return 2;
    port[0] = outputs[0][0];
  }
}
