#include "activation/softmax.hpp"

LINNET_ACTIVATION(softmax, 0.0f, 0.0f, softmax_variant<float>())
