// What a model's numbers mean: names of its inputs and classes, as train keeps them in a .safetensors file's metadata.
#pragma once

#include <string>
#include <vector>

#include "files.hpp"

namespace desk {

/// Of a model; empty where they are not known. In the metadata each is a row of CSV: linnet.inputs, linnet.classes,
/// linnet.target.
struct Names {
  std::vector<std::string> inputs;   // one per column that the model reads
  std::vector<std::string> classes;  // one per output, of a classification
  std::string target;                // of the column that it learned
};

/// The same .safetensors file, as the library writes it, with names among its metadata.
Bytes with_names(const Bytes& file, const Names& names);

/// Those of a .safetensors file. What is not there, or not written as above, stays empty.
Names names_in(const Bytes& file);

/// Lines for a header of C++, `name` as its other constants begin: arrays of names that a program may print.
std::string constants_of(const Names& names, const std::string& name);

}  // namespace desk
