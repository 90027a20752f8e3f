// The instruction set of this table: AArch64, which always has NEON.
#pragma once

#define LINNET_TABLE neon64
#include "vectors/neon64.hpp"
