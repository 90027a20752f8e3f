// One training: a network that learns some rows, is tested on others, and then takes rows as they are in the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <linnet/diagnostics.hpp>

#include "model.hpp"
#include "recipe.hpp"
#include "splits.hpp"
#include "table.hpp"

namespace desk {

/// Losses after an epoch, on the scale that the network learns on; NaN where there is no such part.
struct Losses {
  float train, validation, test;
};

/// What a layer looked like: of the last batch, and its verdict.
struct Look {
  linnet::LayerDiagnostics seen;
  linnet::LayerReport report;
};

/// Called after every epoch, counted from 1.
using OnEpoch = std::function<void(std::size_t epoch, const Losses& losses)>;

struct Learned {
  Model model;                        // with the scaling in its weights
  std::vector<Losses> curve;          // (epochs)
  std::size_t epoch = 0;              // whose weights the model has, from 1
  std::vector<Look> before, after;    // (layers); what the training changed
  std::vector<std::size_t> constant;  // columns with one value in all training rows: their weights are 0
  float folding = 0.0f;               // largest change of an output by folding, of 1 or of the largest target
  std::vector<float> outputs;         // (test rows, outputs) of the model
};

/// Trains and tests; `looks` at the layers before and after. The seed and the rows decide all bits. Throws Refused.
void learn(const Data& data, const Parts& parts, const Recipe& recipe, std::uint64_t seed, bool looks,
           const OnEpoch& on_epoch, Learned& learned);

}  // namespace desk
