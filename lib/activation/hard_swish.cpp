#include "activation/formulas.hpp"

LINNET_ACTIVATION(hard_swish, rectifier, 0.0f, 0.0f, (activation_variant<float, formula::hard_swish>()))
