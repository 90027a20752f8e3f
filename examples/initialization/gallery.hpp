#pragma once

// The pictures of the course, and what it lacks: the same over many seeds.

#include <cstdint>
#include <string>

#include "page.hpp"
#include "sweep.hpp"

namespace gallery {

struct Settings {
  std::string folder;  ///< there already
  std::uint64_t seed;  ///< of the pictures that show one run
  bool course_epochs;  ///< plot points after e (e + 1) / 2 passes, as in the course, instead of every pass
};

/// Draws everything into SVG files and one page, index.html. Returns false after a message.
bool write(const Settings& settings, const course::Sweep& sweep);

/// The parts of the page. Each returns ok, or the first Status that is neither ok nor diverged.
///@{
linnet::Status over_seeds(const Settings& settings, const course::Sweep& sweep, page::Page& page);
linnet::Status deaths(const course::Sweep& sweep, page::Page& page);
linnet::Status five_remedies(const course::Sweep& sweep, page::Page& page);
linnet::Status all_zero(const Settings& settings, const course::Sweep& sweep, page::Page& page);
linnet::Status without_bias(const Settings& settings, const course::Sweep& sweep, page::Page& page);
linnet::Status death_by_depth(const course::Sweep& sweep, page::Page& page);
linnet::Status zero_centred(const Settings& settings, page::Page& page);
linnet::Status leaky_slopes(const course::Sweep& sweep, page::Page& page);
linnet::Status single_runs(const Settings& settings, page::Page& page);
///@}

}  // namespace gallery
