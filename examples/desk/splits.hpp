// Which rows are learned from, and which are kept apart. The numbers are drawn by the library's generator: a seed gives the
// same split on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <linnet/random.hpp>

#include "table.hpp"

namespace desk {

/// What a seed is drawn for. Each has a sequence of its own: another split changes neither the start nor the order.
enum class Draw : std::uint64_t { test = 1, validation = 2, start = 3, order = 4 };
inline linnet::Pcg32 generator(std::uint64_t seed, Draw draw) {
  return linnet::Pcg32(seed, linnet::Identity{static_cast<std::uint64_t>(draw)});
}

/// Rows of the data by their numbers from 0, ascending; none is in two parts.
struct Parts {
  std::vector<std::uint32_t> train, validation, test;
};

/// Takes round(share n) of n rows for the test, at random; of each class as near to its share as whole rows allow, and
/// never the last one. The classes are shuffled one after the other.
Parts split_test(const Data& data, double share, std::uint64_t seed);

/// The same within the training rows, for validation.
void split_validation(const Data& data, double share, std::uint64_t seed, Parts& parts);

/// K splits whose test parts do not overlap and cover all rows: the rows of each class, shuffled, are dealt out in turn.
std::vector<Parts> split_folds(const Data& data, std::size_t folds, std::uint64_t seed);

/// Splits as a table: a line for each row of the data, a column for each split: 0 to learn from, 1 for the test, 2 for
/// validation. No header. Reading throws Refused.
///@{
std::vector<Parts> read_splits(const std::string& path, const Data& data);
std::string text_of_splits(const Data& data, const std::vector<Parts>& splits);
///@}

}  // namespace desk
