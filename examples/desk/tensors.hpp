// The tensors of a safetensors file, of any type and shape: https://huggingface.co/docs/safetensors
// The library says what is wrong with a file; this reads what it takes, and what a BatchNorm has beside that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "files.hpp"

namespace desk {

struct Tensor {
  std::string name, type;  // as they are written
  std::vector<std::uint64_t> shape;
  std::size_t begin = 0, end = 0;  // places in the file
};

struct Tensors {
  std::string metadata;     // as it is written, with its braces; empty where there is none
  std::vector<Tensor> all;  // in the order of the header
};

/// What the header of a file says; nothing where it is not one, a name is there twice, or the tensors do not lie one
/// behind the other from the header to the end of the file.
std::optional<Tensors> read_tensors(const Bytes& file);

/// The elements of a tensor of type F64, F32, F16 or BF16; nothing for another type, or where it has not as many bytes
/// as its shape says.
std::optional<std::vector<double>> elements_of(const Bytes& file, const Tensor& tensor);

/// A tensor of type F64 that is to be written.
struct Doubles {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<double> elements;
};

/// The bytes of a file. Names need no escapes.
Bytes write_tensors(const std::string& metadata, const std::vector<Doubles>& all);

}  // namespace desk
