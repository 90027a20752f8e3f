// A medium that is a partition of an ESP32's flash, with ESP-IDF (esp_partition). Its line in partitions.csv, for example:
//
//   learned, data, 0x40, , 0x4000
//
// Sectors of 4096 bytes are erased. Not for a partition that is marked `encrypted`: what was erased does not read as 0xff
// there, so that confirm() finds no unit that it may write.
#pragma once

#include <cstddef>
#include <cstdint>

#include <esp_partition.h>

#include <linnet/store.hpp>

namespace stores {

inline const esp_partition_t* partition_of(void* context) { return static_cast<const esp_partition_t*>(context); }

inline bool read_partition(void* context, std::uint32_t at, void* to, std::size_t bytes) {
  return esp_partition_read(partition_of(context), at, to, bytes) == ESP_OK;
}

inline bool write_partition(void* context, std::uint32_t at, const void* from, std::size_t bytes) {
  return esp_partition_write(partition_of(context), at, from, bytes) == ESP_OK;
}

inline bool erase_partition(void* context, std::uint32_t at, std::uint32_t bytes) {
  return esp_partition_erase_range(partition_of(context), at, bytes) == ESP_OK;
}

/// A Store on the data partition of that label and subtype; of size 0, which every call refuses, where there is none or it
/// is encrypted.
inline linnet::Store esp32_store(const char* label, esp_partition_subtype_t subtype, std::uint32_t slots = 2) {
  linnet::Store store{};
  const esp_partition_t* found = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, subtype, label);
  if (found == nullptr || found->encrypted) return store;
  store.read = read_partition;
  store.write = write_partition;
  store.erase = erase_partition;
  store.context = const_cast<esp_partition_t*>(found);  // it is only read
  store.size = found->size;
  store.write_unit = 4;
  store.erase_unit = 4096;
  store.slots = slots;
  return store;
}

}  // namespace stores
