#include <linnet/version.hpp>

#include "arithmetic/contract.hpp"

namespace linnet {

const char* version() noexcept { return LINNET_VERSION; }

Contract contract() noexcept { return LINNET_FUSED ? Contract::fused : Contract::separate; }

const char* to_string(Contract contract) noexcept { return contract == Contract::fused ? "fused" : "separate"; }

}  // namespace linnet
