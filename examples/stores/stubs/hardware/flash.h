// Of the Pico SDK, hardware_flash: what ../../rp2040_store.hpp uses.
#pragma once

#include <cstddef>
#include <cstdint>

#define FLASH_PAGE_SIZE (1u << 8)
#define FLASH_SECTOR_SIZE (1u << 12)
#define XIP_BASE 0x10000000u

extern "C" {
void flash_range_erase(std::uint32_t flash_offs, std::size_t count);
void flash_range_program(std::uint32_t flash_offs, const std::uint8_t* data, std::size_t count);
}
