// The instruction set of this table: ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero.
#pragma once

#define LINNET_TABLE neon
#define LINNET_TABLE_INDEX 1
#include "vectors/neon.hpp"
