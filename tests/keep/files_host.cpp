#include "keep/files.hpp"

#include <cstdio>
#include <cstring>

namespace files {

void words(int argc, char** argv, char* to, std::size_t size) {
  std::size_t used = 0;
  to[0] = '\0';
  for (int k = 1; k < argc; ++k) {
    const std::size_t length = std::strlen(argv[k]);
    if (used + length + 2 > size) {
      to[0] = '\0';
      return;
    }
    if (k > 1) to[used++] = ' ';
    std::memcpy(to + used, argv[k], length + 1);
    used += length;
  }
}

bool read(const char* path, void* to, std::size_t size) {
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return false;
  const bool good = std::fread(to, 1, size, file) == size;
  return std::fclose(file) == 0 && good;
}

bool write(const char* path, const void* from, std::size_t size) {
  std::FILE* file = std::fopen(path, "wb");
  if (file == nullptr) return false;
  const bool good = std::fwrite(from, 1, size, file) == size;
  return std::fclose(file) == 0 && good;
}

}  // namespace files
