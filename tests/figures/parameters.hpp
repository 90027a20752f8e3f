// Parameters in flash. tests/figures.sh takes their bytes off the size of the image; extern, so that they stay whole.
#pragma once

#include "shape.hpp"

extern const float figures_parameters[linnet::parameter_floats(kShape)];
const float figures_parameters[linnet::parameter_floats(kShape)] = {0.5f, -0.25f, 0.125f};
