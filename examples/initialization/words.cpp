#include "words.hpp"

#include <cmath>
#include <cstdio>

namespace words {

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string with_interval(double share, double runs) {
  const auto ends = figures::interval(share, runs);
  return number("%.0f %% (", 100.0 * share) + number("%.0f to ", 100.0 * ends.first) +
         number("%.0f)", 100.0 * ends.second);
}

static double error_at(const std::vector<course::Outcome>& outcomes, std::size_t point, double share) {
  std::vector<double> errors;
  for (const course::Outcome& outcome : outcomes) {
    const auto error = static_cast<double>(outcome.train[point]);
    errors.push_back(std::isnan(error) ? HUGE_VAL : error);
  }
  return course::quantile(course::sorted(std::move(errors)), share);
}

figures::Band band_of(const std::string& name, const std::vector<course::Outcome>& outcomes, bool passes_of_points) {
  figures::Band band{name, {}, {}, {}, {}};
  for (std::size_t e = 0; e < outcomes[0].train.size(); ++e) {
    band.x.push_back(static_cast<double>(passes_of_points ? course::passes_at(e) : e));
    band.low.push_back(error_at(outcomes, e, 0.25));
    band.median.push_back(error_at(outcomes, e, 0.5));
    band.high.push_back(error_at(outcomes, e, 0.75));
  }
  return band;
}

const char kTask[] =
    "Networks of 2 inputs, some hidden layers and one linear output learn "
    "y = 2 x<sub>1</sub>&#178; &#8722; x<sub>2</sub>&#178; + 0.01 N(0, 1), x normal, from 700 samples in batches of "
    "10; "
    "300 more are for the test. A seed decides data, split, first weights and order.";

const char kLevels[] =
    "<b>Mean squared error 10</b> is what the mean of the targets scores, and the best line through them too: a "
    "network "
    "there has learned nothing. <b>Below 1</b> it explains nine tenths of the variance; that is what &#8220;it has "
    "learned&#8221; means on this page.";

const char kViolinGuide[] =
    "How to read a violin: it is wide where there are many values. The thick bar holds the middle half of them, the "
    "white "
    "dot is the median, the thin line reaches to the last value within one and a half bars. All violins of a plot have "
    "the same area, so a narrow tall one is spread and a flat wide one is all in one place. On the logarithmic axis "
    "one "
    "step of 1e1 is a factor of ten.";

const char kBandsCaption[] =
    "A line is the median of the seeds, the band behind it holds the middle half of them. A wide band says that luck "
    "decides.";

const char kSpreadCaption[] =
    "A violin holds one number per seed: the mean magnitude of the layer's weight gradients in the last batch of the "
    "first pass. A layer whose violin stands a hundred times lower than that of the last one takes steps that are a "
    "hundred times smaller.";

}  // namespace words
