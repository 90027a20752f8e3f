// The last four pages of an STM32L431's 256 KB of flash.
#include "../stm32_store.hpp"

linnet::Store learned_on_stm32() {
  static stores::Stm32Store pages{124, 4};
  return pages.store();
}

extern "C" void NMI_Handler() {  // NOLINT(readability-identifier-naming): the vendor's name
  while (!stores::Stm32Store::is_torn_read()) {
  }
}
