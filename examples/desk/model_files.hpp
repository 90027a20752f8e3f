// The files of a model that other programs read, as bytes. Each throws Refused.
#pragma once

#include <string>

#include "files.hpp"
#include "model.hpp"

namespace desk {

/// An identifier: the file's name with _ for what is no letter or digit.
std::string identifier_of(const std::string& path);

/// A .safetensors file, with the model's names in its metadata.
Bytes safetensors_of(const Model& model);

/// A header whose constants begin with `name`: of C++, with the model's names, or of plain C99.
Bytes header_of(const Model& model, const std::string& name, bool c99);

}  // namespace desk
