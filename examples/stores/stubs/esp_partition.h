// Of ESP-IDF, esp_partition: what ../esp32_store.hpp uses.
#pragma once

#include <cstddef>
#include <cstdint>

using esp_err_t = int;
inline constexpr esp_err_t ESP_OK = 0;

enum esp_partition_type_t { ESP_PARTITION_TYPE_APP = 0x00, ESP_PARTITION_TYPE_DATA = 0x01 };
enum esp_partition_subtype_t { ESP_PARTITION_SUBTYPE_ANY = 0xff };

struct esp_partition_t {
  esp_partition_type_t type;
  esp_partition_subtype_t subtype;
  std::uint32_t address, size, erase_size;
  char label[17];
  bool encrypted, readonly;
};

extern "C" {
const esp_partition_t* esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype,
                                                const char* label);
esp_err_t esp_partition_read(const esp_partition_t* partition, std::size_t src_offset, void* dst, std::size_t size);
esp_err_t esp_partition_write(const esp_partition_t* partition, std::size_t dst_offset, const void* src,
                              std::size_t size);
esp_err_t esp_partition_erase_range(const esp_partition_t* partition, std::size_t offset, std::size_t size);
}
