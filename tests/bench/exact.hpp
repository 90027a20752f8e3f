// The workloads in double precision and plain loops: what everybody's loss is compared with.
#pragma once

#include <memory>

#include "contestant.hpp"

namespace bench {

std::unique_ptr<Contestant> make_exact(const Work& work, const Data& data);

}  // namespace bench
