// The last four sectors of a Pico's 2 MB of flash.
#include "../rp2040_store.hpp"

linnet::Store learned_on_rp2040() {
  static stores::Rp2040Store sectors(2048 * 1024 - 4 * FLASH_SECTOR_SIZE, 4 * FLASH_SECTOR_SIZE);
  return sectors.store();
}
