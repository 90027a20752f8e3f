// Linnet as a contestant.
#pragma once

#include <cstddef>
#include <memory>

#include <linnet/kernels.hpp>

#include "contestant.hpp"

namespace bench {

// All of the caller's buffers begin `offset` floats behind a 64-byte boundary.
std::unique_ptr<Contestant> make_linnet(const Work& work, const Data& data, const linnet::KernelTable& kernels,
                                        std::size_t offset);

}  // namespace bench
