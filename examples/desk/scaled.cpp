#include "scaled.hpp"

#include <algorithm>

#include "refused.hpp"

namespace desk {

namespace ln = linnet;

Scaled::Scaled(const Data& data, const Parts& parts, const Recipe& recipe)
    : inputs(data.inputs), targets(data.targets) {
  find_constant_columns(data, parts);
  if (recipe.scaling == "none") return;
  const ln::Scaling scaling = recipe.scaling == "min_max" ? ln::Scaling::min_max : ln::Scaling::standard;
  scale_inputs(data, parts, scaling);
  if (!data.classified()) scale_targets(data, parts, scaling);
}

void Scaled::find_constant_columns(const Data& data, const Parts& parts) {
  const std::size_t columns = data.columns();
  const float* first = data.inputs.data() + parts.train.front() * columns;
  for (std::size_t i = 0; i < columns; ++i) {
    const auto same = [&](std::uint32_t row) { return data.inputs[row * columns + i] == first[i]; };
    if (std::all_of(parts.train.begin(), parts.train.end(), same)) constant.push_back(i);
  }
}

void Scaled::scale_inputs(const Data& data, const Parts& parts, ln::Scaling scaling) {
  const std::size_t columns = data.columns();
  memory_.resize(ln::normalizer_floats(columns));
  expect_ok(input_scale_.bind(columns, memory_, scaling), data.path);
  for (const std::uint32_t row : parts.train) {
    expect_ok(input_scale_.observe(ln::ConstRows(data.inputs.data() + row * columns, 1, columns)), data.path);
  }
  expect_ok(input_scale_.apply(ln::Rows(inputs.data(), data.rows, columns)), data.path);
}

void Scaled::scale_targets(const Data& data, const Parts& parts, ln::Scaling scaling) {
  target_memory_.resize(ln::normalizer_floats(1));
  expect_ok(target_scale_.bind(1, target_memory_, scaling), data.path);
  const float first = data.targets[parts.train.front()];
  bool same = true;
  for (const std::uint32_t row : parts.train) {
    same = same && data.targets[row] == first;
    expect_ok(target_scale_.observe(ln::ConstRows(data.targets.data() + row, 1, 1)), data.path);
  }
  if (same) {
    throw Refused(data.path + ": column '" + csv::shown(data.target) + "' is the same in all rows to learn from");
  }
  expect_ok(target_scale_.apply(ln::Rows(targets.data(), data.rows, 1)), data.path);
}

void Scaled::undo_targets(std::vector<float>& outputs) const {
  if (!target_scale_.bound() || outputs.empty()) return;
  expect_ok(target_scale_.undo(ln::Rows(outputs.data(), outputs.size(), 1)), "the predictions");
}

void Scaled::fold(const ln::Network& network) const {
  constexpr float kAny = 1.0f;  // what it costs is measured
  if (input_scale_.bound()) expect_ok(ln::fold(input_scale_, network, kAny), "the scale of the columns");
  if (target_scale_.bound()) expect_ok(ln::fold_targets(target_scale_, network, kAny), "the scale of the target");
}

}  // namespace desk
