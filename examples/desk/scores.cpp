#include "scores.hpp"

#include <cmath>

#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

void score_classes(const Data& data, const Parts& parts, const std::vector<float>& outputs, Scores& scores) {
  const std::size_t classes = data.classes.size();
  std::vector<std::uint16_t> labels;
  for (const std::uint32_t row : parts.test) labels.push_back(data.labels[row]);
  scores.confusion.resize(ln::confusion_counts(classes));
  ln::Confusion confusion;
  expect_ok(confusion.bind(classes, scores.confusion), "the scores");
  expect_ok(confusion.add(ln::ConstRows(outputs.data(), labels.size(), classes), ln::Labels(labels)), "the scores");
  for (std::size_t c = 0; c < classes; ++c) scores.classes.push_back(confusion.of(c).rates());
  scores.macro = confusion.macro();
  scores.accuracy = confusion.accuracy();
}

void score_numbers(const Data& data, const Parts& parts, const std::vector<float>& outputs, Scores& scores) {
  std::vector<float> targets;
  for (const std::uint32_t row : parts.test) targets.push_back(data.targets[row]);
  std::vector<float> memory(ln::regression_floats(1));
  ln::Regression regression;
  expect_ok(regression.bind(1, memory), "the scores");
  expect_ok(regression.add(ln::ConstRows(outputs.data(), outputs.size(), 1),
                           ln::ConstRows(targets.data(), targets.size(), 1)),
            "the scores");
  scores.r2 = regression.r2();
  scores.rmse = std::sqrt(regression.mean_squared_error());
  scores.mae = regression.mean_absolute_error();
}

}  // namespace

std::uint32_t Scores::rows_of(std::size_t c) const {
  std::uint32_t rows = 0;
  for (std::size_t other = 0; other < classes.size(); ++other) rows += confusion[c * classes.size() + other];
  return rows;
}

Scores score(const Data& data, const Parts& parts, const std::vector<float>& outputs) {
  Scores scores;
  if (data.classified()) {
    score_classes(data, parts, outputs, scores);
  } else {
    score_numbers(data, parts, outputs, scores);
  }
  return scores;
}

Spread spread_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Spread spread{0.0, 0.0};
  for (const double value : values) spread.mean += value / count;
  for (const double value : values) spread.deviation += (value - spread.mean) * (value - spread.mean);
  spread.deviation = values.size() > 1 ? std::sqrt(spread.deviation / (count - 1.0)) : 0.0;
  return spread;
}

}  // namespace desk
