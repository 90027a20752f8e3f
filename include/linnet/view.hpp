#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <linnet/lifetime.hpp>

namespace linnet {

template <class T>
class Span;
template <class T>
class RowsOf;
template <class T>
class MatrixOf;

/// What converts to a view by itself: anything with data() and size(), as std::vector and std::array have them.
namespace container {

/// Whether this is one of the views below, which are copied, not viewed.
///@{
template <class C>
inline constexpr bool kIsView = false;
template <class T>
inline constexpr bool kIsView<Span<T>> = true;
template <class T>
inline constexpr bool kIsView<RowsOf<T>> = true;
template <class T>
inline constexpr bool kIsView<MatrixOf<T>> = true;
///@}

/// The container itself, without reference and const.
template <class C>
using Bare = std::remove_cv_t<std::remove_reference_t<C>>;
/// The elements of a container that is no view.
template <class C>
using ElementOf =
    std::enable_if_t<!kIsView<Bare<C>> && std::is_convertible_v<decltype(std::declval<C&>().size()), std::size_t>,
                     std::remove_pointer_t<decltype(std::declval<C&>().data())>>;
/// Only what is read may be a temporary, which lives as long as the call it is made for.
template <class C, class E, class T>
using IfLent =
    std::enable_if_t<std::is_convertible_v<E (*)[], T (*)[]> && (std::is_const_v<T> || std::is_lvalue_reference_v<C>)>;
/// A container of elements that a view of T can see.
template <class C, class T>
using Of = IfLent<C, ElementOf<C>, T>;
/// A container of arrays of constant size: rows.
template <class C, class T, std::size_t kColumns = Bare<ElementOf<C>>{}.size()>
using OfRows = std::enable_if_t<sizeof(ElementOf<C>) == kColumns * sizeof(T),
                                IfLent<C, std::remove_pointer_t<decltype(std::declval<ElementOf<C>&>().data())>, T>>;

/// A container that ends with the call: where its elements are kept, it is refused.
template <class C>
using IfTemporary = std::enable_if_t<!std::is_reference_v<C> && !kIsView<Bare<C>>, ElementOf<C>>;

}  // namespace container

/// A run of `size` elements that somebody else owns. An array, and any container with data() and size(), converts to it by
/// itself; a temporary one only where elements are read.
template <class T>
class Span {
 public:
  constexpr Span() noexcept = default;
  /// Looks at elements that live longer than this: an array, a container, or `size` of them from `data` on.
  ///@{
  constexpr Span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  constexpr Span(T (&array LINNET_LIFETIMEBOUND)[N]) noexcept : data_(array), size_(N) {}
  template <class C, class = container::Of<C, T>>
  constexpr Span(C&& lent LINNET_LIFETIMEBOUND) noexcept
      : data_(lent.data()), size_(static_cast<std::size_t>(lent.size())) {}
  ///@}
  /// The same elements, to be read.
  constexpr operator Span<const T>() const noexcept { return {data_, size_}; }

  /// As of std::span; an index is not checked, and data() of an empty one may be null.
  ///@{
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }
  [[nodiscard]] constexpr T* begin() const noexcept { return data_; }
  [[nodiscard]] constexpr T* end() const noexcept { return data_ + size_; }
  ///@}

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// `count` rows of `columns` floats, one after the other: (count, columns), contiguous. T is `float` or `const float`.
/// A two-dimensional array converts to it by itself, and a container of arrays; a one-dimensional one is one row. Where a
/// network has one output, one row of targets is understood as a column: a target for each row of inputs.
template <class T>
class RowsOf {
 public:
  constexpr RowsOf() noexcept = default;
  /// Looks at floats that live longer than this: arrays, containers, or `count` times `columns` of them from `data` on.
  ///@{
  constexpr RowsOf(T* data, std::size_t count, std::size_t columns) noexcept
      : data_(data), count_(count), columns_(columns) {}
  template <std::size_t R, std::size_t C>
  constexpr RowsOf(T (&array LINNET_LIFETIMEBOUND)[R][C]) noexcept : data_(array[0]), count_(R), columns_(C) {}
  template <std::size_t C>
  constexpr RowsOf(T (&row LINNET_LIFETIMEBOUND)[C]) noexcept : data_(row), count_(1), columns_(C) {}
  template <class C, class = container::Of<C, T>>
  constexpr RowsOf(C&& row LINNET_LIFETIMEBOUND) noexcept
      : data_(row.data()), count_(1), columns_(static_cast<std::size_t>(row.size())) {}
  template <class C, class = container::OfRows<C, T>, class = void>
  constexpr RowsOf(C&& rows LINNET_LIFETIMEBOUND) noexcept
      : data_(rows.size() == 0 ? nullptr : rows.data()->data()),
        count_(static_cast<std::size_t>(rows.size())),
        columns_(sizeof(container::ElementOf<C>) / sizeof(T)) {}
  ///@}
  /// The same rows, to be read.
  constexpr operator RowsOf<const T>() const noexcept { return {data_, count_, columns_}; }

  /// (count, columns), contiguous; may be null where there are no rows
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t count() const noexcept { return count_; }      ///< rows
  [[nodiscard]] constexpr std::size_t columns() const noexcept { return columns_; }  ///< floats of a row
  /// The rows [first, first + count); the caller sees to it that they exist.
  [[nodiscard]] constexpr RowsOf rows(std::size_t first, std::size_t count) const noexcept {
    return {data_ + first * columns_, count, columns_};
  }

 private:
  T* data_ = nullptr;
  std::size_t count_ = 0;
  std::size_t columns_ = 0;
};

using Rows = RowsOf<float>;             ///< rows to be written
using ConstRows = RowsOf<const float>;  ///< rows to be read

/// One class label per row, each below the number of outputs.
using Labels = Span<const std::uint16_t>;
/// The label of a row that does not count: where the loss has with_ignored_labels(), and in score().
inline constexpr std::uint16_t kIgnored = 0xffff;

/// One weight per row of a batch, or per sample, each in [0, kMaxRowWeight]: how much its loss counts.
using RowWeights = Span<const float>;
inline constexpr float kMaxRowWeight = 1048576.0f;  ///< 2^20

/// The weights of one layer, `rows()` = units by `columns()` = inputs, whatever their order in memory:
/// element (o, i) is the weight from input i to unit o, as in PyTorch's nn.Linear. Empty when there is nothing to see.
template <class T>
class MatrixOf {
 public:
  constexpr MatrixOf() noexcept = default;
  /// Looks at floats that live longer than this, from `data` on; strides are in floats.
  constexpr MatrixOf(T* data, std::size_t rows, std::size_t columns, std::size_t row_stride,
                     std::size_t column_stride) noexcept
      : data_(data), rows_(rows), columns_(columns), row_stride_(row_stride), column_stride_(column_stride) {}
  /// The same weights, to be read.
  constexpr operator MatrixOf<const T>() const noexcept {
    return {data_, rows_, columns_, row_stride_, column_stride_};
  }

  /// The weight from input `column` to unit `row`; indices are not checked.
  constexpr T& operator()(std::size_t row, std::size_t column) const noexcept {
    return data_[row * row_stride_ + column * column_stride_];
  }
  /// Element (0, 0); may be null where the matrix is empty.
  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t rows() const noexcept { return rows_; }        ///< units
  [[nodiscard]] constexpr std::size_t columns() const noexcept { return columns_; }  ///< inputs
  /// Floats from an element to the same one of the next row, or column.
  ///@{
  [[nodiscard]] constexpr std::size_t row_stride() const noexcept { return row_stride_; }
  [[nodiscard]] constexpr std::size_t column_stride() const noexcept { return column_stride_; }
  ///@}
  [[nodiscard]] constexpr std::size_t size() const noexcept { return rows_ * columns_; }  ///< weights

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t row_stride_ = 1;
  std::size_t column_stride_ = 1;
};

using Matrix = MatrixOf<float>;             ///< weights to be written
using ConstMatrix = MatrixOf<const float>;  ///< weights to be read

}  // namespace linnet
