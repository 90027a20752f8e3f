// Of STM32CubeL4, the hardware abstraction layer: what ../stm32_store.hpp uses.
#pragma once

#include <cstdint>

#define FLASH_BASE 0x08000000u
#define FLASH_PAGE_SIZE 0x800u
#define FLASH_BANK_1 0x01u
#define FLASH_TYPEERASE_PAGES 0x00u
#define FLASH_TYPEPROGRAM_DOUBLEWORD 0x00u
#define FLASH_FLAG_ALL_ERRORS 0xc000c3fau
#define FLASH_ECCR_ECCD (1u << 31)
#define FLASH_ACR_DCEN (1u << 10)
#define FLASH_ACR_DCRST (1u << 12)

struct FLASH_TypeDef {
  volatile std::uint32_t ACR, PDKEYR, KEYR, OPTKEYR, SR, CR, ECCR;
};
inline FLASH_TypeDef* flash_registers() { return reinterpret_cast<FLASH_TypeDef*>(std::uintptr_t{0x40022000u}); }
#define FLASH (flash_registers())

#define __HAL_FLASH_DATA_CACHE_DISABLE() (FLASH->ACR = FLASH->ACR & ~FLASH_ACR_DCEN)
#define __HAL_FLASH_DATA_CACHE_ENABLE() (FLASH->ACR = FLASH->ACR | FLASH_ACR_DCEN)
#define __HAL_FLASH_DATA_CACHE_RESET() \
  (FLASH->ACR = FLASH->ACR | FLASH_ACR_DCRST, FLASH->ACR = FLASH->ACR & ~FLASH_ACR_DCRST)
#define __HAL_FLASH_CLEAR_FLAG(flags) (FLASH->SR = (flags))

enum HAL_StatusTypeDef { HAL_OK = 0, HAL_ERROR = 1, HAL_BUSY = 2, HAL_TIMEOUT = 3 };

struct FLASH_EraseInitTypeDef {
  std::uint32_t TypeErase, Banks, Page, NbPages;
};

extern "C" {
void __DSB();
void __ISB();
HAL_StatusTypeDef HAL_FLASH_Unlock();
HAL_StatusTypeDef HAL_FLASH_Lock();
HAL_StatusTypeDef HAL_FLASH_Program(std::uint32_t type, std::uint32_t address, std::uint64_t data);
HAL_StatusTypeDef HAL_FLASHEx_Erase(FLASH_EraseInitTypeDef* what, std::uint32_t* failed_page);
}
