#include "activation/formulas.hpp"

LINNET_ACTIVATION(relu6, rectifier, 0.0f, 0.0f, (activation_variant<float, formula::relu6>()))
