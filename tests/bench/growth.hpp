// The networks that growth.cpp times: `depth` layers of `width` units on `width` inputs, ReLU, mean squared error.
#pragma once

#include <cstddef>
#include <vector>

#include <linnet/linnet.hpp>

namespace bench {

struct Point {
  const char* axis;  // what grows
  std::size_t width;
  std::size_t depth;
  std::size_t batch;
  bool adam;

  [[nodiscard]] linnet::Topology topology() const {
    linnet::Topology result{};
    result.inputs = width;
    result.layer_count = depth;
    for (std::size_t l = 0; l < depth; ++l) result.layers[l] = {width, linnet::activation::relu};
    result.layers[depth - 1].activation = linnet::activation::identity;
    return result;
  }
  [[nodiscard]] linnet::TrainerConfig config() const {
    return {linnet::loss::mean_squared_error, adam ? linnet::optimizer::adam(1e-5f) : linnet::optimizer::sgd(1e-4f),
            batch};
  }

  // What README says of memory, counted by hand: a weight per input and a bias for each unit; for training what the
  // optimizer keeps of each parameter, an activation and a gradient of each unit for each row, and a stage for each layer; to
  // predict two rows.
  [[nodiscard]] std::size_t parameters() const { return depth * width * (width + 1); }
  [[nodiscard]] std::size_t trainer() const {
    return (adam ? 2 : 0) * parameters() + batch * depth * width * 2 + linnet::layout::stage_floats(depth);
  }
  [[nodiscard]] std::size_t predictor() const { return 2 * width; }

  // Multiplications and additions of a step's products, without the input gradient of the first layer.
  [[nodiscard]] double operations() const {
    return 2.0 * static_cast<double>(batch * width * width) * static_cast<double>(3 * depth - 1);
  }
};

// Each axis, with SGD and with Adam; the other two at 128 units, 3 layers, 64 rows.
inline std::vector<Point> growth() {
  std::vector<Point> points;
  for (const bool adam : {false, true}) {
    for (std::size_t width = 8; width <= 2048; width *= 2) points.push_back({"width", width, 3, 64, adam});
    for (std::size_t depth = 1; depth <= 8; ++depth) points.push_back({"depth", 128, depth, 64, adam});
    for (std::size_t batch = 1; batch <= 1024; batch *= 2) points.push_back({"batch", 128, 3, batch, adam});
    for (std::size_t width = 8; width <= 2048; width *= 2) points.push_back({"width-1", width, 3, 1, adam});
  }
  return points;
}

}  // namespace bench
