// What resume.cpp asks of the computer, on one or through the semihosting of an emulated board: the words of the command
// line, a file read whole, a file written whole.
#pragma once

#include <cstddef>

namespace files {

// The command line without the program's name, words apart by one space; empty where it is longer than `size` - 1.
void words(int argc, char** argv, char* to, std::size_t size);
// Reads `size` bytes. False: there is no such file, or it is shorter.
bool read(const char* path, void* to, std::size_t size);
// Replaces the file.
bool write(const char* path, const void* from, std::size_t size);

}  // namespace files
