// The weights of a layer as they lie in memory.
#pragma once

#include <linnet/memory.hpp>
#include <linnet/status.hpp>

namespace linnet {

template <class T>
MatrixOf<T> matrix_at(T* weights, std::size_t inputs, std::size_t units) {
  return layout::stored_by_unit(inputs, units) ? MatrixOf<T>(weights, units, inputs, inputs, 1)
                                               : MatrixOf<T>(weights, units, inputs, 1, units);
}

// Returns ok, null_memory, or bad_argument (no elements). That the strides stay in memory is trusted, as a count is.
inline Status check(const Matrix& weights) {
  if (weights.size() == 0) {
    return Status::bad_argument;
  }
  return weights.data() == nullptr ? Status::null_memory : Status::ok;
}

// Every element in the order of drawing: unit by unit, then input by input.
template <class Draw>
Status fill(const Matrix& weights, bool sound, Draw draw) {
  if (const Status status = check(weights); status != Status::ok || !sound) {
    return status == Status::ok ? Status::bad_argument : status;
  }
  for (std::size_t o = 0; o < weights.rows(); ++o) {
    for (std::size_t i = 0; i < weights.columns(); ++i) {
      weights(o, i) = draw();
    }
  }
  return Status::ok;
}

}  // namespace linnet
