// The instruction set of this table: AArch64, which always has NEON.
#pragma once

#define LINNET_TABLE neon64
#define LINNET_TABLE_INDEX 1
#include "vectors/neon64.hpp"
