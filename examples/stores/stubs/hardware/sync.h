// Of the Pico SDK, hardware_sync: what ../../rp2040_store.hpp uses.
#pragma once

#include <cstdint>

extern "C" {
std::uint32_t save_and_disable_interrupts();
void restore_interrupts(std::uint32_t status);
}
