#include "scores.hpp"

#include <algorithm>
#include <cmath>

namespace desk {

namespace {

double share(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

void score_classes(const Data& data, const Parts& parts, const std::vector<float>& outputs, Scores& scores) {
  const std::size_t classes = data.classes.size();
  scores.confusion.assign(classes * classes, 0);
  for (std::size_t k = 0; k < parts.test.size(); ++k) {
    const float* row = outputs.data() + k * classes;
    const auto predicted = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    ++scores.confusion[data.labels[parts.test[k]] * classes + predicted];
  }
  double right = 0.0;
  for (std::size_t c = 0; c < classes; ++c) {
    double are = 0.0;
    double said = 0.0;
    for (std::size_t other = 0; other < classes; ++other) {
      are += scores.confusion[c * classes + other];
      said += scores.confusion[other * classes + c];
    }
    const double both = scores.confusion[c * classes + c];
    right += both;
    scores.classes.push_back(
        {share(both, said), share(both, are), share(2.0 * both, are + said), static_cast<std::uint32_t>(are)});
    scores.mean.precision += scores.classes.back().precision / static_cast<double>(classes);
    scores.mean.recall += scores.classes.back().recall / static_cast<double>(classes);
    scores.mean.f1 += scores.classes.back().f1 / static_cast<double>(classes);
    scores.mean.rows += scores.classes.back().rows;
  }
  scores.best = scores.accuracy = share(right, static_cast<double>(parts.test.size()));
}

// R2 is 1 - squared errors / squared differences from the mean of the test targets; where those are all the same, 1 if
// there is no error, else 0: as scikit-learn's r2_score.
void score_numbers(const Data& data, const Parts& parts, const std::vector<float>& outputs, Scores& scores) {
  const auto rows = static_cast<double>(parts.test.size());
  double mean = 0.0;
  for (const std::uint32_t row : parts.test) mean += static_cast<double>(data.targets[row]) / rows;
  double errors = 0.0;
  double differences = 0.0;
  double magnitudes = 0.0;
  for (std::size_t k = 0; k < parts.test.size(); ++k) {
    const double target = static_cast<double>(data.targets[parts.test[k]]);
    const double error = static_cast<double>(outputs[k]) - target;
    errors += error * error;
    magnitudes += std::fabs(error);
    differences += (target - mean) * (target - mean);
  }
  scores.rmse = std::sqrt(errors / rows);
  scores.mae = magnitudes / rows;
  scores.r2 = differences > 0.0 ? 1.0 - errors / differences : errors == 0.0 ? 1.0 : 0.0;
  scores.best = scores.r2;
}

}  // namespace

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
