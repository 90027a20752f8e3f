// A medium in the flash of an STM32 with error correction: L4, and with its own header G4 and WB. It is written in double
// words of 64 bits, each with 8 bits of correction, and erased in pages. A double word whose writing was cut may read with
// two wrong bits: the flash sets ECCD in FLASH->ECCR and raises the NMI, which comes again until ECCD is cleared. The
// program's handler asks is_torn_read(), and the read() that met the double word returns false:
//
//   extern "C" void NMI_Handler() {
//     if (!stores::Stm32Store::is_torn_read()) stop();  // anything else is a fault: do not return to it
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <stm32l4xx_hal.h>

#include <linnet/store.hpp>

namespace stores {

struct Stm32Store {
  std::uint32_t first_page, pages;  // of bank 1

  /// This object stays where it is from then on.
  linnet::Store store(std::uint32_t slots = 2) {
    return {read, write, erase, nullptr, this, pages * FLASH_PAGE_SIZE, 8, FLASH_PAGE_SIZE, slots, {}};
  }
  /// For the NMI handler: true where a read() of this medium was the reason, which is taken away.
  static bool is_torn_read() {
    if (!reading || (FLASH->ECCR & FLASH_ECCR_ECCD) == 0) return false;
    FLASH->ECCR |= FLASH_ECCR_ECCD;  // writing 1 clears it
    return torn = true;
  }

  static bool read(void* self, std::uint32_t at, void* to, std::size_t bytes) {
    __HAL_FLASH_DATA_CACHE_DISABLE();  // a torn double word is reported where it is read from the flash, not from the cache
    __HAL_FLASH_DATA_CACHE_RESET();
    torn = false;
    reading = true;
    __DSB();
    std::memcpy(to, reinterpret_cast<const void*>(std::uintptr_t{place(self, at)}), bytes);
    __DSB();  // all loads are done, ...
    __ISB();  // ... and so is the handler
    reading = false;
    __HAL_FLASH_DATA_CACHE_ENABLE();
    return !torn;
  }
  static bool write(void* self, std::uint32_t at, const void* from, std::size_t bytes) {
    bool good = HAL_FLASH_Unlock() == HAL_OK;
    __HAL_FLASH_CLEAR_FLAG(FLASH_FLAG_ALL_ERRORS);  // one left from before would make the first call fail
    for (std::uint32_t k = 0; good && k < bytes; k += 8) {
      std::uint64_t word;
      std::memcpy(&word, static_cast<const unsigned char*>(from) + k, sizeof word);
      good = HAL_FLASH_Program(FLASH_TYPEPROGRAM_DOUBLEWORD, place(self, at + k), word) == HAL_OK;
    }
    return (HAL_FLASH_Lock() == HAL_OK) && good;
  }
  static bool erase(void* self, std::uint32_t at, std::uint32_t bytes) {
    const std::uint32_t page = static_cast<Stm32Store*>(self)->first_page + at / FLASH_PAGE_SIZE;
    FLASH_EraseInitTypeDef what{FLASH_TYPEERASE_PAGES, FLASH_BANK_1, page, bytes / FLASH_PAGE_SIZE};
    std::uint32_t failed_page = 0;
    bool good = HAL_FLASH_Unlock() == HAL_OK;
    __HAL_FLASH_CLEAR_FLAG(FLASH_FLAG_ALL_ERRORS);
    good = good && HAL_FLASHEx_Erase(&what, &failed_page) == HAL_OK;
    return (HAL_FLASH_Lock() == HAL_OK) && good;
  }
  static std::uint32_t place(void* self, std::uint32_t at) {
    return FLASH_BASE + static_cast<Stm32Store*>(self)->first_page * FLASH_PAGE_SIZE + at;
  }

  inline static volatile bool reading = false, torn = false;
};

}  // namespace stores
