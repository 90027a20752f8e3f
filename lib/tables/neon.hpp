// The instruction set of this table: ARMv7 with NEON. The hardware sets subnormal operands and results of vectors to zero.
#pragma once

#define LINNET_TABLE neon
#include "vectors/neon.hpp"
