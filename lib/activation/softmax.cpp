#include "activation/softmax.hpp"

LINNET_ACTIVATION(softmax, linear_around_zero, 0.0f, 0.0f, softmax_variant<float>())
