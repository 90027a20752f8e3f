#pragma once

// Words and numbers that the pages share.

#include <string>
#include <vector>

#include "course.hpp"
#include "figures.hpp"

namespace words {

/// A number by printf's format.
std::string number(const char* format, double value);
/// "62 % (53 to 70)": a share and its 95 % interval.
std::string with_interval(double share, double runs);
/// Median and quartiles of the seeds' train MSE at every point; diverged runs count as infinitely bad.
figures::Band band_of(const std::string& name, const std::vector<course::Outcome>& outcomes, bool passes_of_points);

// As HTML.
extern const char kTask[];           ///< what is learned, from what
extern const char kLevels[];         ///< what MSE 10 and 1 mean
extern const char kViolinGuide[];    ///< how to read a violin
extern const char kBandsCaption[];   ///< ... and bands over seeds
extern const char kSpreadCaption[];  ///< ... and violins over seeds

}  // namespace words
