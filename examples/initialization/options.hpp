#pragma once

// What the command line asks for.

#include <cstdint>

#include "course.hpp"

namespace options {

namespace ln = linnet;

/// A network of the reader's own, and how it is trained.
struct Own {
  course::Model model;
  course::Recipe recipe;
  const char* activation;  ///< as on the command line, with its parameter
  const char* optimizer;
  float rate;
  std::size_t epochs;  ///< passes over the samples
};

struct Options {
  std::uint64_t seeds = 100;
  std::uint64_t first_seed = 0;
  std::uint64_t seed = 420;  ///< of the pictures that show one run
  const char* csv_file = nullptr;
  const char* folder = nullptr;
  bool course_epochs = false;
  bool remedies = false;  ///< those alone, in place of the rows
  bool has_own = false;
  Own own{};
};

/// Reads the command line. Returns console::kGoOn, or the exit code: 0 after --help, 2 after a message about what is wrong.
int read(int count, char** arguments, Options& options);

}  // namespace options
