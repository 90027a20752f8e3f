// The pictures of a model's page, as SVG.
#pragma once

#include <string>

#include "train.hpp"

namespace desk {

/// Losses by epoch.
std::string curve_chart(const Outcome& outcome);

/// What was predicted for the test rows of a regression, by what is true.
std::string scatter_chart(const Outcome& outcome);

/// The result of every run, one mark each.
std::string runs_chart(const Outcome& outcome);

}  // namespace desk
