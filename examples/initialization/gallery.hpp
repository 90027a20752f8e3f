#pragma once

// The pictures of the course, and what it lacks: the same over many seeds.

#include <cstdint>
#include <string>

#include "sweep.hpp"

namespace gallery {

struct Settings {
  std::string folder;  ///< there already
  std::uint64_t seed;  ///< of the pictures that show one run
  bool course_epochs;  ///< plot points after e (e + 1) / 2 passes, as in the course, instead of every pass
};

/// Draws everything into SVG files and one page, index.html. Returns false after a message.
bool write(const Settings& settings, const course::Sweep& sweep);

}  // namespace gallery
