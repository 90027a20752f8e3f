// Metrics of classes and labels, against counts and shares written from their definitions, in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "nets.hpp"

using namespace linnet_test;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();

// Powers' definitions, 2011: every row is looked at once for each class.
struct Shares {
  double precision = 0.0, recall = 0.0, f1 = 0.0;
};
double ratio(double a, double b) { return b == 0.0 ? 0.0 : a / b; }
Shares shares_of(std::size_t c, const std::vector<std::size_t>& truth, const std::vector<std::size_t>& predicted) {
  double right = 0.0, there = 0.0, said = 0.0;
  for (std::size_t b = 0; b < truth.size(); ++b) {
    there += truth[b] == c ? 1.0 : 0.0;
    said += predicted[b] == c ? 1.0 : 0.0;
    right += truth[b] == c && predicted[b] == c ? 1.0 : 0.0;
  }
  Shares result{ratio(right, said), ratio(right, there), 0.0};
  result.f1 = ratio(2.0 * result.precision * result.recall, result.precision + result.recall);
  return result;
}
bool near(float got, double wanted) { return std::fabs(static_cast<double>(got) - wanted) <= 0x1p-22; }
bool near(const linnet::Rates& got, const Shares& wanted) {
  // floats of quotients in double, and means of them
  return near(got.precision, wanted.precision) && near(got.recall, wanted.recall) && near(got.f1, wanted.f1);
}
Shares mean_of(const std::vector<Shares>& all) {
  Shares mean;
  for (const Shares& one : all) {
    const double n = static_cast<double>(all.size());
    mean.precision += one.precision / n;
    mean.recall += one.recall / n;
    mean.f1 += one.f1 / n;
  }
  return mean;
}

// Rows of outputs with a label each, and what the largest output says.
struct Rows {
  std::size_t classes;
  std::vector<float> y;
  std::vector<std::uint16_t> labels;
  std::vector<std::size_t> truth, predicted;

  Rows(std::size_t rows, std::size_t columns, std::uint64_t seed, std::uint32_t used) : classes(columns) {
    linnet::Pcg32 random(seed);
    for (std::size_t b = 0; b < rows; ++b) {
      labels.push_back(static_cast<std::uint16_t>(random.below(used)));
      truth.push_back(labels.back());
      for (std::size_t c = 0; c < classes; ++c) {  // one of eight numbers: some are equal
        y.push_back(static_cast<float>(random.below(8)) + (c == truth.back() ? 2.0f : 0.0f) -
                    (c < used ? 0.0f : 20.0f));
      }
      const auto first = y.end() - static_cast<long>(classes);
      predicted.push_back(static_cast<std::size_t>(std::max_element(first, y.end()) - first));
    }
  }
  [[nodiscard]] linnet::ConstRows outputs() const { return {y.data(), labels.size(), classes}; }
};

}  // namespace

TEST_CASE("a confusion matrix, accuracy, precision, recall and F1 are those of their definitions") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::size_t classes = 2 + seed % 5;
    // the last class is never there nor predicted, where another one is left out
    const Rows rows(1 + 7 * seed, classes, seed,
                    static_cast<std::uint32_t>(classes > 2 && seed % 2 == 1 ? classes - 1 : classes));
    std::vector<std::uint32_t> counts(linnet::confusion_counts(classes), 9);
    linnet::Confusion confusion;
    REQUIRE(confusion.bind(classes, counts) == Status::ok);
    const std::size_t half = rows.labels.size() / 2;  // in two parts
    if (half > 0) REQUIRE(confusion.add(rows.outputs().rows(0, half), {rows.labels.data(), half}) == Status::ok);
    REQUIRE(confusion.add(rows.outputs().rows(half, rows.labels.size() - half),
                          {rows.labels.data() + half, rows.labels.size() - half}) == Status::ok);
    std::vector<std::uint32_t> wanted(classes * classes);
    double right = 0.0;
    for (std::size_t b = 0; b < rows.labels.size(); ++b) {
      ++wanted[rows.truth[b] * classes + rows.predicted[b]];
      right += rows.truth[b] == rows.predicted[b] ? 1.0 : 0.0;
    }
    CHECK(counts == wanted);
    CHECK(confusion.total() == rows.labels.size());
    CHECK(near(confusion.accuracy(), right / static_cast<double>(rows.labels.size())));
    std::set<std::size_t> seen(rows.truth.begin(), rows.truth.end());
    seen.insert(rows.predicted.begin(), rows.predicted.end());
    std::vector<Shares> each;
    for (std::size_t c = 0; c < classes; ++c) {
      const Shares shares = shares_of(c, rows.truth, rows.predicted);
      CHECK(near(confusion.of(c).rates(), shares));
      CHECK(confusion.count(c, c) == wanted[c * classes + c]);
      if (seen.count(c) == 1) each.push_back(shares);
    }
    CHECK(near(confusion.macro(), mean_of(each)));
  }
}

TEST_CASE("what would be 0 / 0 is 0, as scikit-learn's zero_division=0, and a class that nobody names does not count") {
  std::uint32_t counts[9];
  linnet::Confusion confusion;
  CHECK(confusion.accuracy() == 0.0f);
  CHECK(confusion.macro().f1 == 0.0f);
  REQUIRE(confusion.bind(3, counts) == Status::ok);
  CHECK(confusion.accuracy() == 0.0f);
  CHECK(confusion.macro().precision == 0.0f);
  // sklearn.metrics.precision_recall_fscore_support([0, 0, 1], [0, 0, 0], zero_division=0):
  // precision 2/3, 0; recall 1, 0; F1 0.8, 0; macro 1/3, 0.5, 0.4
  const float y[3][3] = {{1, 0, 0}, {1, 0, 0}, {1, 1, 0}};
  const std::uint16_t labels[3] = {0, 0, 1};
  REQUIRE(confusion.add(y, labels) == Status::ok);
  CHECK(near(confusion.of(0).rates(), {2.0 / 3.0, 1.0, 0.8}));
  CHECK(near(confusion.of(1).rates(), {0.0, 0.0, 0.0}));
  CHECK(near(confusion.of(2).rates(), {0.0, 0.0, 0.0}));
  CHECK(near(confusion.macro(), {1.0 / 3.0, 0.5, 0.4}));
  CHECK(confusion.count(3, 0) == 0);
  CHECK(confusion.count(0, 3) == 0);
  CHECK(confusion.of(3).false_negatives == 0);
}

TEST_CASE("one output decides at the threshold that is named, or where the network's own boundary lies") {
  namespace a = linnet::activation;
  const std::pair<linnet::Activation, float> boundaries[] = {{a::sigmoid, 0.5f},  {a::hard_sigmoid, 0.5f},
                                                             {a::identity, 0.0f}, {a::tanh, 0.0f},
                                                             {a::softsign, 0.0f}, {a::softmax, 0.5f}};
  std::vector<float> parameters(6);
  linnet::Network network;
  CHECK(linnet::decision_boundary(network) == 0.0f);
  for (const auto& [last, boundary] : boundaries) {
    const auto shape = linnet::topology(2, {{2, last}});
    REQUIRE(network.bind(shape, parameters) == Status::ok);
    CHECK(linnet::decision_boundary(network) == boundary);
  }
  std::uint32_t counts[4];
  linnet::Confusion confusion;
  REQUIRE(confusion.bind(2, counts) == Status::ok);
  const float logits[4] = {-1.0f, 0.0f, 0.25f, 3.0f};  // 0 is not above 0
  const std::uint16_t labels[4] = {0, 1, 1, 0};
  REQUIRE(confusion.add(logits, labels, 0.0f) == Status::ok);
  CHECK(std::vector<std::uint32_t>(counts, counts + 4) == std::vector<std::uint32_t>{1, 1, 1, 1});
  REQUIRE(confusion.add({logits, 4, 1}, labels, 0.5f) == Status::ok);
  CHECK(std::vector<std::uint32_t>(counts, counts + 4) == std::vector<std::uint32_t>{2, 2, 3, 1});
  REQUIRE(confusion.add({logits + 3, 1, 1}, {labels, 1}, 0.5f) == Status::ok);
  CHECK(counts[1] == 3);
  CHECK(confusion.add({logits, 4, 1}, labels) == Status::bad_columns);
  CHECK(confusion.add({logits, 2, 2}, {labels, 2}, 0.5f) == Status::bad_columns);
  CHECK(confusion.add(logits, labels, kNaN) == Status::bad_setting);
  CHECK(confusion.total() == 9);
}

TEST_CASE("rows whose label is ignored count nowhere, and other labels that are no class are refused") {
  std::uint32_t counts[4];
  linnet::Confusion confusion;
  linnet::TopK top(1);
  const float y[3][2] = {{1, 0}, {0, 1}, {1, 0}};
  std::uint16_t labels[3] = {0, linnet::kIgnored, 1};
  REQUIRE(confusion.bind(2, counts) == Status::ok);
  REQUIRE(confusion.add(y, labels) == Status::ok);
  REQUIRE(top.add(y, labels) == Status::ok);
  REQUIRE(confusion.add({y[0], 3, 1}, labels, 0.5f) == Status::ok);
  CHECK(confusion.total() == 4);
  CHECK(top.total() == 2);
  CHECK(top.accuracy() == 0.5f);
  labels[1] = 2;
  CHECK(confusion.add(y, labels) == Status::bad_label);
  CHECK(top.add(y, labels) == Status::bad_label);
  CHECK(confusion.total() == 4);
}

TEST_CASE("top-k counts rows whose label is among the k largest outputs, the first of equal ones") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::size_t classes = 1 + seed % 7;
    const Rows rows(60, classes, seed, static_cast<std::uint32_t>(classes));
    for (std::size_t k = 1; k <= classes; ++k) {
      linnet::TopK top(k);
      REQUIRE(top.add(rows.outputs(), rows.labels) == Status::ok);
      std::size_t right = 0;
      for (std::size_t b = 0; b < 60; ++b) {
        std::vector<std::size_t> order(classes);
        for (std::size_t c = 0; c < classes; ++c) order[c] = c;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
          return rows.y[b * classes + i] > rows.y[b * classes + j];
        });
        for (std::size_t place = 0; place < k; ++place) right += order[place] == rows.truth[b] ? 1 : 0;
      }
      CHECK(near(top.accuracy(), static_cast<double>(right) / 60.0));
    }
  }
  const float y[2] = {1.0f, 2.0f};
  const std::uint16_t label[1] = {0};
  CHECK(linnet::TopK(0).add(y, label) == Status::bad_setting);
  CHECK(linnet::TopK(3).add(y, label) == Status::bad_setting);
  CHECK(linnet::TopK(1).add({y, 1, 0}, label) == Status::bad_columns);
  CHECK(linnet::TopK(1).accuracy() == 0.0f);
}

#ifndef LINNET_BOARD  // a quarter of a megabyte
TEST_CASE("where there are so many classes, the label that is ignored elsewhere is one of them") {
  std::vector<float> y(65536);
  y[linnet::kIgnored] = 1.0f;
  const std::uint16_t label[1] = {linnet::kIgnored};
  linnet::TopK top(1);
  REQUIRE(top.add({y.data(), 1, 65536}, label) == Status::ok);
  CHECK(top.total() == 1);
  CHECK(top.accuracy() == 1.0f);
}
#endif

TEST_CASE("of several labels each is right by itself, and a row where all are") {
  linnet::Pcg32 random(3);
  for (std::size_t labels = 1; labels <= 6; ++labels) {
    const std::size_t rows = 200;
    std::vector<float> y, t;
    std::vector<std::uint32_t> counts(linnet::label_counts(labels), 9);
    for (std::size_t k = 0; k < rows * labels; ++k) {
      // the last of four or more is never there nor predicted
      const bool none = labels > 3 && k % labels + 1 == labels;
      t.push_back(!none && random.uniform() < 0.3f ? 1.0f : 0.0f);
      y.push_back(none ? -1.0f : random.normal(t.back() > 0.5f ? 0.7f : -0.7f, 1.0f));
    }
    linnet::MultiLabel metric;
    CHECK(metric.exact() == 0.0f);
    REQUIRE(metric.bind(labels, counts) == Status::ok);
    CHECK(metric.accuracy() == 0.0f);
    REQUIRE(metric.add({y.data(), 50, labels}, {t.data(), 50, labels}, 0.25f) == Status::ok);
    REQUIRE(metric.add({y.data() + 50 * labels, 150, labels}, {t.data() + 50 * labels, 150, labels}, 0.25f) ==
            Status::ok);
    double exact = 0.0, all_right = 0.0;
    std::vector<Shares> each;
    for (std::size_t l = 0; l < labels; ++l) {
      std::vector<std::size_t> truth, predicted;
      double right = 0.0;
      for (std::size_t b = 0; b < rows; ++b) {
        truth.push_back(t[b * labels + l] > 0.5f ? 1 : 0);
        predicted.push_back(y[b * labels + l] > 0.25f ? 1 : 0);
        right += truth.back() == predicted.back() ? 1.0 : 0.0;
      }
      const Shares shares = shares_of(1, truth, predicted);
      CHECK(near(metric.of(l).rates(), shares));
      CHECK(near(metric.accuracy(l), right / rows));
      all_right += right;
      if (labels <= 3 || l + 1 < labels) each.push_back(shares);
    }
    for (std::size_t b = 0; b < rows; ++b) {
      bool is_exact = true;
      for (std::size_t l = 0; l < labels; ++l) {
        is_exact = is_exact && (t[b * labels + l] > 0.5f) == (y[b * labels + l] > 0.25f);
      }
      exact += is_exact ? 1.0 : 0.0;
    }
    CHECK(metric.total() == rows);
    CHECK(near(metric.exact(), exact / rows));
    CHECK(near(metric.accuracy(), all_right / static_cast<double>(rows * labels)));
    CHECK(near(metric.macro(), mean_of(each)));
    CHECK(metric.accuracy(labels) == 0.0f);
    CHECK(metric.of(labels).true_positives == 0);
  }
}

TEST_CASE("rows that cannot be counted, or are not as many as labels, are refused, and none counts") {
  std::uint32_t counts[4] = {};
  linnet::Confusion confusion;
  const float y[2] = {1.0f, 0.0f};
  const std::uint16_t label[1] = {0};
  REQUIRE(confusion.bind(2, counts) == Status::ok);
  REQUIRE(confusion.add(y, label) == Status::ok);
  CHECK(confusion.add({y, std::size_t{1} << 29, 2}, {label, std::size_t{1} << 29}) == Status::bad_batch);
  CHECK(confusion.add({y, 0, 2}, {label, 0}) == Status::bad_batch);
  CHECK(confusion.add({y, 1, 2}, {label, 2}) == Status::bad_batch);
  CHECK(confusion.total() == 1);
  CHECK(linnet::confusion_counts(1u << 15) == linnet::kTooLarge);
  CHECK(linnet::label_counts(linnet::kMaxFloats) == linnet::kTooLarge);
}
