// What arithmetic/elementary.hpp promises and how it is measured: each function with its oracle in double precision,
// its bound, its domain and the places where its formula changes. elementary_test.cpp takes a sample, sweep.cpp all
// floats.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "elementary_table.hpp"
#include "arithmetic/number.hpp"
#include "tables.hpp"

namespace linnet_test {

constexpr bool kFused = LINNET_FUSED != 0;
// One float in so many. Boards take fewer: QEMU computes the oracles of soft-float cores in a thousand instructions each.
#ifdef LINNET_SAMPLE_STRIDE
constexpr std::uint32_t kSampleStride = LINNET_SAMPLE_STRIDE;
#else
constexpr std::uint32_t kSampleStride = 1021;
#endif

struct ElementaryFunction {
  const char* name;
  Evaluate ElementaryTable::*evaluate;
  double (*exact)(double x);
  double bound;                // ULP, in the contract of this build
  bool (*takes)(float x);      // the domain
  std::vector<float> changes;  // where a comparison of the formula changes sides, and the ends of the domain
};

inline bool takes_all(float /*x*/) { return true; }
inline bool takes_up_to_88(float x) { return !(x > 88.0f); }
inline bool takes_zero_to_one(float x) {
  return std::isnan(x) || linnet::bits_of(x) == 0u || (x >= std::numeric_limits<float>::min() && x <= 1.0f);
}

// Bounds: the arithmetic contract for exp, log, tanh and the logistic function; for the others, and for exp in the
// contract of two roundings, the next tenth or so above the worst of all floats that tests/sweep.sh found.
inline std::vector<ElementaryFunction> elementary_functions() {
  const auto by_contract = [](double fused, double separate) { return kFused ? fused : separate; };
  const float smallest = std::numeric_limits<float>::min();
  return {
      {"exponential",
       &ElementaryTable::exponential,
       [](double x) { return std::exp(x); },
       by_contract(1.0, 1.2),
       takes_all,
       {-87.3365402f, 88.7228317f}},
      {"exponential_minus_one",
       &ElementaryTable::exponential_minus_one,
       [](double x) { return std::expm1(x); },
       by_contract(1.5, 1.6),
       takes_up_to_88,
       {-18.0f, smallest, -smallest, 88.0f}},
      {"logarithm", &ElementaryTable::logarithm, [](double x) { return std::log(x); }, 1.0, takes_all, {smallest}},
      {"log_one_plus",
       &ElementaryTable::log_one_plus,
       [](double x) { return std::log1p(x); },
       by_contract(1.1, 1.4),
       takes_zero_to_one,
       {smallest}},
      {"hyperbolic_tangent",
       &ElementaryTable::hyperbolic_tangent,
       [](double x) { return std::tanh(x); },
       by_contract(2.5, 3.0),
       takes_all,
       {-9.02f, 9.02f, smallest, -smallest}},
      {"logistic",
       &ElementaryTable::logistic,
       [](double x) { return 1.0 / (1.0 + std::exp(-x)); },
       by_contract(2.5, 3.0),
       takes_all,
       {-87.3365402f, 24.0f}},
      {"normal_cdf",
       &ElementaryTable::normal_cdf,
       [](double x) { return 0.5 * std::erfc(-x * 0.70710678118654752440); },
       by_contract(4.0, 4.5),
       takes_all,
       {-12.9499521f, 12.9499521f}},
      {"normal_density",
       &ElementaryTable::normal_density,
       [](double x) { return 0.39894228040143267794 * std::exp(-0.5 * x * x); },
       by_contract(1.4, 1.6),
       takes_all,
       {-13.1466799f, 13.1466799f}},
  };
}

// The error of y in units in the last place of `exact`. Zero of the same sign is asked for where `exact` is below the
// smallest normal float, infinity where it rounds to infinity, NaN for NaN; anything else is infinitely wrong.
inline double ulp_error(float y, double exact) {
  constexpr double kWrong = std::numeric_limits<double>::infinity();
  const double size = std::fabs(exact);
  if (std::isnan(exact)) {
    return std::isnan(y) ? 0.0 : kWrong;
  }
  if (size < 0x1p-126) {
    return y == 0.0f && std::signbit(y) == std::signbit(exact) ? 0.0 : kWrong;
  }
  if (size >= 0x1.ffffffp127) {
    return std::isinf(y) && std::signbit(y) == std::signbit(exact) ? 0.0 : kWrong;
  }
  if (!std::isfinite(y)) {
    return kWrong;
  }
  constexpr std::uint64_t kExponentBits = 0x7ff0000000000000u;
  std::uint64_t bits;
  std::memcpy(&bits, &size, sizeof bits);
  bits = (bits & kExponentBits) - (std::uint64_t{23} << 52u);
  double unit;
  std::memcpy(&unit, &bits, sizeof unit);
  return std::fabs(static_cast<double>(y) - exact) / unit;
}

inline std::string text_of(float x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g (0x%08x)", static_cast<double>(x), static_cast<unsigned>(linnet::bits_of(x)));
  return text;
}

inline bool same_number(float a, float b) {
  return linnet::bits_of(a) == linnet::bits_of(b) || (std::isnan(a) && std::isnan(b));
}

#define LINNET_ELEMENTARY(table, ...) , &elementary_##table

inline bool runs(const char* name) {
  for (const linnet::KernelTable* table : all_tables()) {
    if (std::strcmp(linnet::to_string(*table), name) == 0) {
      return true;
    }
  }
  return false;
}

// The tables of this build that this processor runs: scalar first, the best one last.
inline std::vector<const ElementaryTable*> elementary_tables() {
  std::vector<const ElementaryTable*> tables;
  for (const ElementaryTable* table : {&elementary_scalar LINNET_VECTOR_TABLES(LINNET_ELEMENTARY, )}) {
    if (runs(table->name)) {
      tables.push_back(table);
    }
  }
  return tables;
}

// What was seen of one function.
struct Findings {
  std::uint64_t points = 0;
  double worst = 0.0;  // ULP
  float worst_at = 0.0f;
  std::uint64_t differences = 0;  // points where a table's bits differ from the first table's
  float difference_at = 0.0f;
  const char* different_table = "";

  void join(const Findings& other) {
    points += other.points;
    if (other.worst > worst) {
      worst = other.worst;
      worst_at = other.worst_at;
    }
    if (differences == 0) {
      difference_at = other.difference_at;
      different_table = other.different_table;
    }
    differences += other.differences;
  }
};

constexpr std::size_t kMostAtOnce = 4096;

// Measures y = f(x) against the oracle.
inline void measure(const ElementaryFunction& function, const float* x, const float* y, std::size_t n,
                    Findings& findings) {
  findings.points += n;
  for (std::size_t k = 0; k < n; ++k) {
    const double error = ulp_error(y[k], function.exact(static_cast<double>(x[k])));
    if (error > findings.worst) {
      findings.worst = error;
      findings.worst_at = x[k];
    }
  }
}

// The argument as the hardware of `table` takes it: on ARMv7, NEON has zeros in place of subnormal numbers.
inline float taken(const ElementaryTable& table, float x) {
  return table.flushes && std::fabs(x) < std::numeric_limits<float>::min() ? std::copysign(0.0f, x) : x;
}

// Compares y = f(x) with what `table` says of the same x; n <= kMostAtOnce. Where the table takes x for zero, y is not
// f(x) but f(0): the accuracy at subnormal arguments is then the scalar table's alone.
inline void compare(const ElementaryFunction& function, const ElementaryTable& table, const float* x, const float* y,
                    std::size_t n, Findings& findings) {
  float other[kMostAtOnce];
  (table.*function.evaluate)(x, other, n);
  for (std::size_t k = 0; k < n; ++k) {
    float expected = y[k];
    if (const float argument = taken(table, x[k]); linnet::bits_of(argument) != linnet::bits_of(x[k])) {
      (elementary_scalar.*function.evaluate)(&argument, &expected, 1);
    }
    if (!same_number(expected, other[k])) {
      if (findings.differences++ == 0) {
        findings.difference_at = x[k];
        findings.different_table = table.name;
      }
    }
  }
}

// Collects points, examines them by the thousand: the first table against the oracle, the others against the first.
class Examination {
 public:
  Examination(const ElementaryFunction& function, const std::vector<const ElementaryTable*>& tables)
      : function_(function), tables_(tables) {}

  void add(float x) {
    if (function_.takes(x)) {
      x_[count_++] = x;
      if (count_ == kMostAtOnce) {
        examine();
      }
    }
  }

  [[nodiscard]] const Findings& finish() {
    examine();
    return findings_;
  }

 private:
  void examine() {
    (tables_.front()->*function_.evaluate)(x_, y_, count_);
    measure(function_, x_, y_, count_, findings_);
    for (std::size_t t = 1; t < tables_.size(); ++t) {
      compare(function_, *tables_[t], x_, y_, count_, findings_);
    }
    count_ = 0;
  }

  const ElementaryFunction& function_;
  const std::vector<const ElementaryTable*>& tables_;
  float x_[kMostAtOnce];
  float y_[kMostAtOnce];
  std::size_t count_ = 0;
  Findings findings_;
};

}  // namespace linnet_test
