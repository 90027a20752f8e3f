// BatchNorm1d of PyTorch's files, folded into the Linear layers beside it: the library has no such layer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "files.hpp"

namespace desk {

struct Folded {
  Bytes file;                       // a safetensors file of Linear layers alone, of type F64: the library rounds them
  std::vector<std::string> layers;  // their names, in order
};

/// Folds every BatchNorm1d of a state_dict of torch.nn.Sequential as it works in evaluation mode,
///   y = (x - running_mean) / sqrt(running_var + epsilon) * weight + bias,
/// in double precision: one directly behind a Linear layer into that, one directly before a Linear layer into that.
/// The layer gets a bias if it has none. Returns nothing where a file has no BatchNorm, or is none of safetensors;
/// throws Refused where it has one that cannot be folded, or tensors of anything else.
/// `epsilon` is that of all its BatchNorm layers, which a file does not say.
std::optional<Folded> fold_batch_norm(const std::string& path, const Bytes& file, double epsilon);

}  // namespace desk
