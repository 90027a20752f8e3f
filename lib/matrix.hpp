// The weights of a layer as they lie in memory.
#pragma once

#include <linnet/memory.hpp>

namespace linnet {

template <class T>
MatrixOf<T> matrix_at(T* weights, std::size_t inputs, std::size_t units) {
  return layout::stored_by_unit(inputs, units) ? MatrixOf<T>(weights, units, inputs, inputs, 1)
                                               : MatrixOf<T>(weights, units, inputs, 1, units);
}

}  // namespace linnet
