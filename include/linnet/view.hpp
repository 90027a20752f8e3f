#pragma once

#include <cstddef>
#include <cstdint>

namespace linnet {

/// A run of `size` elements that somebody else owns. An array converts to it by itself.
template <class T>
class Span {
 public:
  constexpr Span() noexcept = default;
  constexpr Span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  constexpr Span(T (&array)[N]) noexcept : data_(array), size_(N) {}
  constexpr operator Span<const T>() const noexcept { return {data_, size_}; }

  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }
  [[nodiscard]] constexpr T* begin() const noexcept { return data_; }
  [[nodiscard]] constexpr T* end() const noexcept { return data_ + size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// `count` rows of `columns` floats, one after the other: (count, columns), contiguous. T is `float` or `const float`.
/// A two-dimensional array converts to it by itself; a one-dimensional array is one row.
template <class T>
class RowsOf {
 public:
  constexpr RowsOf() noexcept = default;
  constexpr RowsOf(T* data, std::size_t count, std::size_t columns) noexcept
      : data_(data), count_(count), columns_(columns) {}
  template <std::size_t R, std::size_t C>
  constexpr RowsOf(T (&array)[R][C]) noexcept : data_(array[0]), count_(R), columns_(C) {}
  template <std::size_t C>
  constexpr RowsOf(T (&row)[C]) noexcept : data_(row), count_(1), columns_(C) {}
  constexpr operator RowsOf<const T>() const noexcept { return {data_, count_, columns_}; }

  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t count() const noexcept { return count_; }
  [[nodiscard]] constexpr std::size_t columns() const noexcept { return columns_; }
  /// The rows [first, first + count); the caller sees to it that they exist.
  [[nodiscard]] constexpr RowsOf rows(std::size_t first, std::size_t count) const noexcept {
    return {data_ + first * columns_, count, columns_};
  }

 private:
  T* data_ = nullptr;
  std::size_t count_ = 0;
  std::size_t columns_ = 0;
};

using Rows = RowsOf<const float>;
using MutableRows = RowsOf<float>;

/// One class label per row, each below the number of outputs.
using Labels = Span<const std::uint16_t>;

/// The weights of one layer, `rows()` = units by `columns()` = inputs, whatever their order in memory:
/// element (o, i) is the weight from input i to unit o, as in PyTorch's nn.Linear. Empty when there is nothing to see.
template <class T>
class MatrixOf {
 public:
  constexpr MatrixOf() noexcept = default;
  constexpr MatrixOf(T* data, std::size_t rows, std::size_t columns, std::size_t row_stride,
                     std::size_t column_stride) noexcept
      : data_(data), rows_(rows), columns_(columns), row_stride_(row_stride), column_stride_(column_stride) {}
  constexpr operator MatrixOf<const T>() const noexcept {
    return {data_, rows_, columns_, row_stride_, column_stride_};
  }

  constexpr T& operator()(std::size_t row, std::size_t column) const noexcept {
    return data_[row * row_stride_ + column * column_stride_];
  }
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] constexpr std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] constexpr std::size_t row_stride() const noexcept { return row_stride_; }
  [[nodiscard]] constexpr std::size_t column_stride() const noexcept { return column_stride_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return rows_ * columns_; }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t row_stride_ = 1;
  std::size_t column_stride_ = 1;
};

using Matrix = MatrixOf<float>;
using ConstMatrix = MatrixOf<const float>;

}  // namespace linnet
