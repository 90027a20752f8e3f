#include "splits.hpp"

#include <algorithm>
#include <cmath>

#include <linnet/view.hpp>

#include "gzip.hpp"
#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

using Rows = std::vector<std::uint32_t>;

// Rows by their classes; of a regression in one group.
std::vector<Rows> groups_of(const Data& data, const Rows& rows) {
  std::vector<Rows> groups(data.classified() ? data.classes.size() : 1);
  for (const std::uint32_t row : rows) groups[data.classified() ? data.labels[row] : 0].push_back(row);
  return groups;
}

Rows all_rows(const Data& data) {
  Rows rows(data.rows);
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = static_cast<std::uint32_t>(k);
  return rows;
}

// How many rows each group gives of `taken` in all: its share rounded down, then one more where most was cut off, the
// first of equals first. A group keeps a row.
std::vector<std::uint64_t> shares_of(const std::vector<Rows>& groups, std::uint64_t taken, std::uint64_t rows) {
  std::vector<std::uint64_t> shares;
  std::vector<std::uint64_t> cut;
  std::uint64_t left = taken;
  for (const Rows& group : groups) {
    shares.push_back(group.size() * taken / rows);
    cut.push_back(group.size() * taken % rows);
    left -= shares.back();
  }
  while (left > 0) {
    std::size_t most = groups.size();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (cut[g] > 0 && shares[g] + 1 < groups[g].size() && (most == groups.size() || cut[g] > cut[most])) most = g;
    }
    if (most == groups.size()) break;
    ++shares[most];
    cut[most] = 0;
    --left;
  }
  return shares;
}

// Moves a share of `from` to `to`, both ascending.
void take_share(const Data& data, double share, ln::Pcg32 random, Rows& from, Rows& to) {
  const auto rows = static_cast<double>(from.size());
  const double wanted = std::min(std::max(std::floor(share * rows + 0.5), 1.0), rows - 1.0);
  std::vector<Rows> groups = groups_of(data, from);
  const auto shares = shares_of(groups, static_cast<std::uint64_t>(wanted), from.size());
  from.clear();
  to.clear();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    random.shuffle(groups[g]);
    const auto end = groups[g].begin() + static_cast<std::ptrdiff_t>(shares[g]);
    to.insert(to.end(), groups[g].begin(), end);
    from.insert(from.end(), end, groups[g].end());
  }
  std::sort(from.begin(), from.end());
  std::sort(to.begin(), to.end());
}

}  // namespace

Parts split_test(const Data& data, double share, std::uint64_t seed) {
  Parts parts;
  parts.train = all_rows(data);
  take_share(data, share, generator(seed, Draw::test), parts.train, parts.test);
  if (parts.test.empty()) throw Refused(data.path + ": it has too few rows of each class for a test");
  return parts;
}

void split_validation(const Data& data, double share, std::uint64_t seed, Parts& parts) {
  if (parts.train.size() > 1) {
    take_share(data, share, generator(seed, Draw::validation), parts.train, parts.validation);
  }
  if (parts.validation.empty()) throw Refused(data.path + ": it has too few rows of each class for validation");
}

std::vector<Parts> split_folds(const Data& data, std::size_t folds, std::uint64_t seed) {
  if (folds > data.rows) throw Refused(data.path + ": it has fewer rows than " + std::to_string(folds) + " folds");
  ln::Pcg32 random = generator(seed, Draw::test);
  std::vector<std::size_t> fold_of(data.rows);
  std::size_t dealt = 0;
  for (Rows& group : groups_of(data, all_rows(data))) {
    random.shuffle(group);
    for (const std::uint32_t row : group) fold_of[row] = dealt++ % folds;
  }
  std::vector<Parts> splits(folds);
  for (std::uint32_t row = 0; row < data.rows; ++row) {
    for (std::size_t fold = 0; fold < folds; ++fold) {
      (fold == fold_of[row] ? splits[fold].test : splits[fold].train).push_back(row);
    }
  }
  return splits;
}

std::vector<Parts> read_splits(const std::string& path, const Data& data) {
  Writing writing;
  writing.header = false;
  Table table(path, writing);
  std::vector<Parts> splits(table.names().size());
  std::uint32_t row = 0;
  bool more = table.next();
  for (; more && row < data.rows; more = table.next(), ++row) {
    for (std::size_t k = 0; k < splits.size(); ++k) {
      const std::string_view cell = table.cell(k);
      if (cell != "0" && cell != "1" && cell != "2") {
        throw Refused(table.place(k) + ": '" + csv::shown(cell) + "' is none of 0 (learn), 1 (test), 2 (validate)");
      }
      (cell == "0" ? splits[k].train : cell == "1" ? splits[k].test : splits[k].validation).push_back(row);
    }
  }
  if (row != data.rows || more) {
    throw Refused(path + ": it has not a line for each of the " + std::to_string(data.rows) + " rows of " + data.path);
  }
  for (std::size_t k = 0; k < splits.size(); ++k) {
    if (splits[k].train.empty() || splits[k].test.empty()) {
      throw Refused(path + ": column " + std::to_string(k + 1) + " has no rows to learn from, or none for the test");
    }
  }
  return splits;
}

std::string text_of_splits(const Data& data, const std::vector<Parts>& splits) {
  std::vector<std::string> lines(data.rows);
  for (const Parts& parts : splits) {
    for (std::string& line : lines) line += line.empty() ? "0" : ",0";
    for (const std::uint32_t row : parts.test) lines[row].back() = '1';
    for (const std::uint32_t row : parts.validation) lines[row].back() = '2';
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace desk
