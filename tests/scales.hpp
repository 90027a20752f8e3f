// Columns in units of all sizes, for what puts them on one scale.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nets.hpp"

namespace linnet_test {

struct Unit {
  const char* name;
  double mean, deviation;
};
constexpr std::size_t kColumns = 7;
constexpr Unit kUnits[kColumns] = {
    {"degrees", 21.5, 4.0},     {"milliseconds since 1970", 1.7e12, 3.0e9},  // a float knows them to 131,072
    {"farad", 0.0, 1e-9},       {"farad, far from 0", 3e-9, 1e-10},
    {"constant", 0.1, 0.0},     {"constant clock", 1.7e12, 0.0},
    {"pascal", 101325.0, 700.0}};

struct Moments {
  double mean, deviation;
};

// Of a column of rows of kColumns, by two passes in double precision.
inline Moments moments_of(const std::vector<float>& x, std::size_t column) {
  const double n = static_cast<double>(x.size() / kColumns);
  Moments result{0.0, 0.0};
  for (std::size_t k = column; k < x.size(); k += kColumns) result.mean += static_cast<double>(x[k]) / n;
  for (std::size_t k = column; k < x.size(); k += kColumns) {
    const double distance = static_cast<double>(x[k]) - result.mean;
    result.deviation += distance * distance / n;
  }
  result.deviation = std::sqrt(result.deviation);
  return result;
}

inline std::vector<double> state_of(const linnet::Normalizer& scale) {
  std::vector<double> state(linnet::normalizer_state(scale.columns()));
  REQUIRE(scale.save(state) == Status::ok);
  return state;
}

// Rows in these units, and a normalizer that has seen none.
struct Scales {
  std::vector<float> x, memory = std::vector<float>(linnet::normalizer_floats(kColumns));
  linnet::Normalizer all;

  Scales(std::size_t rows, std::uint64_t seed, linnet::Scaling scaling = linnet::Scaling::standard)
      : x(random_floats(rows * kColumns, seed)) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      const Unit& unit = kUnits[k % kColumns];
      x[k] = static_cast<float>(unit.mean + unit.deviation * static_cast<double>(x[k]));
    }
    REQUIRE(all.bind(kColumns, memory, scaling) == Status::ok);
  }
  [[nodiscard]] linnet::ConstRows rows() const { return {x.data(), x.size() / kColumns, kColumns}; }
  [[nodiscard]] Moments moments(std::size_t column) const { return moments_of(x, column); }
  // (x - least) / (most - least) of a number; 0 of a constant column.
  [[nodiscard]] double in_range(std::size_t row, std::size_t column) const {
    double least = 1e300, most = -1e300;
    for (std::size_t k = column; k < x.size(); k += kColumns) {
      least = std::min(least, static_cast<double>(x[k]));
      most = std::max(most, static_cast<double>(x[k]));
    }
    return most > least ? (static_cast<double>(x[row * kColumns + column]) - least) / (most - least) : 0.0;
  }
};

}  // namespace linnet_test
