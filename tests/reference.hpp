// Replays a training run that PyTorch computed in double precision, through the public headers alone.
#pragma once

#include <string>
#include <cmath>

#include <linnet/linnet.hpp>

namespace linnet_test {

struct Replay {
  bool good = false;
  double error = std::nan("");    // largest difference of a final parameter, over the largest parameter
  double pytorch = std::nan("");  // the same between PyTorch in float32 and in float64
  std::string complaint;          // what was not good, or not understood
};

// Returns good, or the first complaint; every error in the file becomes a complaint.
Replay replay(const std::string& path, const linnet::KernelTable& kernels);

}  // namespace linnet_test
