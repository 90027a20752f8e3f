// What the command line can ask for. Each throws Refused, and has then written nothing.
#pragma once

#include <string>

#include "model.hpp"
#include "table.hpp"

namespace desk {

/// What convert makes of a model, beside what the ending says.
struct Output {
  bool c99 = false;        // a header of plain arrays
  std::string name;        // of the constants of a header; empty: of the file
  std::uint32_t size = 0;  // bytes of a checkpoint's medium, two slots; 0: as many as it takes
  std::uint32_t unit = 1;  // of writing, of that medium
};

/// Whether convert writes files of this ending.
bool is_written(const std::string& path);
/// Whether these options mean something for a file of this ending.
bool fits(const Output& output, const std::string& path);

void inspect(const std::string& path, const Said& said);
void convert(const std::string& in, const std::string& out, const Said& said, const Output& output);
/// Rows of an array or a table, which is written as `writing` says. Writes a table where `out` ends in .csv, else an array.
void predict(const std::string& path, const std::string& in, const std::string& out, const Said& said,
             const Writing& writing);
void print_hash(const std::string& path, const Said& said);

}  // namespace desk
