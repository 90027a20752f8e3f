// Files that gzip has packed: RFC 1952, by zlib where the tool was built with it.
#pragma once

#include <string>

#include "files.hpp"

namespace desk {

/// The bytes that a file holds: those of all its members where it begins as gzip's do, else the file as it is. Throws
/// Refused where it is damaged, holds more than a gigabyte, or the tool was built without zlib.
Bytes unpacked(const std::string& path, Bytes file);

}  // namespace desk
