#include "initializer/descriptor.hpp"

namespace linnet {

namespace {

// A vector inside a matrix.
struct Line {
  float* data;
  std::size_t size, stride;

  float& operator[](std::size_t k) const { return data[k * stride]; }
  float dot(Line other) const {
    float sum = 0.0f;
    for (std::size_t k = 0; k < size; ++k) {
      sum += (*this)[k] * other[k];
    }
    return sum;
  }
  void subtract(float factor, Line other) const {
    for (std::size_t k = 0; k < size; ++k) {
      (*this)[k] -= factor * other[k];
    }
  }
  void scale(float factor) const {
    for (std::size_t k = 0; k < size; ++k) {
      (*this)[k] *= factor;
    }
  }
};

// The shorter family of the matrix: its rows, or its columns.
Line line_of(const Matrix& weights, std::size_t index) {
  return weights.rows() <= weights.columns() ? Line{&weights(index, 0), weights.columns(), weights.column_stride()}
                                             : Line{&weights(0, index), weights.rows(), weights.row_stride()};
}

// Makes line `index` a unit vector orthogonal to those before it; false when it lay among them.
bool orthonormalize(const Matrix& weights, std::size_t index) {
  const Line line = line_of(weights, index);
  const float size = line.dot(line);
  for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Giraud et al. 2005)
    for (std::size_t before = 0; before < index; ++before) {
      const Line unit = line_of(weights, before);
      line.subtract(line.dot(unit), unit);
    }
  }
  const float left = line.dot(line);
  if (!(left > 1e-10f * size)) {
    return false;
  }
  line.scale(divide(1.0f, square_root(left)));
  return true;
}

Status draw(const Matrix& weights, Pcg32& random, const Initializer& how, const Layer* /*layer*/) {
  if (const Status status = fill_normal(weights, random, magnitude(how.gain) <= 1e12f, 0.0f, 1.0f);
      status != Status::ok) {
    return status;
  }
  const std::size_t lines = weights.rows() < weights.columns() ? weights.rows() : weights.columns();
  for (std::size_t index = 0; index < lines; ++index) {
    while (!orthonormalize(weights, index)) {
      const Line line = line_of(weights, index);
      for (std::size_t k = 0; k < line.size; ++k) {
        line[k] = random.normal();
      }
    }
  }
  for (std::size_t index = 0; index < lines; ++index) {
    line_of(weights, index).scale(how.gain);
  }
  return Status::ok;
}

}  // namespace

constexpr InitializerDescriptor descriptor::orthogonal = {draw, MadeFor::linear_around_zero, false};

}  // namespace linnet
