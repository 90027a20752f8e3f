// Inference alone. It names tanh and softmax, and no training. (The parameters are no constants here, so that they do
// not count as code.)
#include <linnet/linnet.hpp>

static constexpr auto kShape = linnet::topology(4, {{16, linnet::activation::tanh}, {3, linnet::activation::softmax}});
float parameters[linnet::parameter_floats(kShape)];
static float scratch[linnet::predictor_floats(kShape)];
volatile float line[4];

int main() {
  linnet::Predictor predictor;
  float outputs[1][3] = {};
  const float inputs[1][4] = {{line[0], line[1], line[2], line[3]}};
  if (predictor.bind(kShape, parameters, scratch) != linnet::Status::ok) return 1;
  if (predictor.predict(inputs, outputs) != linnet::Status::ok) return 2;
  line[0] = outputs[0][0];
  return 0;
}
