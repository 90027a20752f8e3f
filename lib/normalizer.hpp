// What a Normalizer has learned of its columns, as it lies in lent memory.
#pragma once

#include <linnet/normalizer.hpp>

#include "doubles.hpp"
#include "overlap.hpp"

namespace linnet {
namespace {

constexpr float kLargest = 0x1.fffffep127f;
constexpr float kMostOfRange = 0x1p126f;  // so that the difference of two is a float

inline Span<const float> memory_of(const NormalizerData& data) {
  return {data.memory, normalizer_floats(data.columns)};
}

inline void learn(const NormalizerData& data, std::size_t i, double first, double second) {
  put_double(data.first(i), first);
  put_double(data.second(i), second);
}

// Where the column lies, in floats, from what was learned of it.
inline void rescale(const NormalizerData& data, std::size_t i) {
  const double first = double_at(data.first(i));
  const double second = double_at(data.second(i));
  const float centre = static_cast<float>(first);
  const float deviation = data.count == 0                     ? 0.0f
                          : data.scaling == Scaling::standard ? root(second / static_cast<double>(data.count))
                                                              : static_cast<float>(second - first);
  data.centres()[i] = centre;
  data.rests()[i] = static_cast<float>(first - static_cast<double>(centre));
  data.deviations()[i] = deviation > 0.0f ? at_most(kLargest, deviation) : 1.0f;
}

inline void rescale(const NormalizerData& data) {
  for (std::size_t i = 0; i < data.columns; ++i) {
    rescale(data, i);
  }
}

}  // namespace
}  // namespace linnet
