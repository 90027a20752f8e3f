// Whole files: read at once, written so that nobody ever sees half of one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <linnet/sink.hpp>

namespace desk {

using Bytes = std::vector<unsigned char>;

/// All bytes of a file. Throws Refused.
Bytes read_file(const std::string& path);

/// Writes PATH.new, has it reach the disk, then renames it to PATH: a failure leaves what was there. A device or a
/// pipe is written as it is. Throws Refused.
void write_file(const std::string& path, const Bytes& bytes);

/// The same of several files: none is renamed before all have reached the disk.
void write_files(const std::vector<std::pair<std::string, Bytes>>& files);

/// Whether the name of a file has this ending, and more.
inline bool ends_in(const std::string& path, const std::string& ending) {
  return path.size() > ending.size() && path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

/// A Sink that adds to `bytes`, which stays where it is.
inline linnet::Sink sink_of(Bytes& bytes) {
  return {[](void* context, const void* from, std::size_t count) {
            const auto* first = static_cast<const unsigned char*>(from);
            static_cast<Bytes*>(context)->insert(static_cast<Bytes*>(context)->end(), first, first + count);
            return true;
          },
          &bytes};
}

}  // namespace desk
