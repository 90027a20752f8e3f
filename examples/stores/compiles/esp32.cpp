// The partition of the line in esp32_store.hpp.
#include "../esp32_store.hpp"

linnet::Store learned_on_esp32() { return stores::esp32_store("learned", static_cast<esp_partition_subtype_t>(0x40)); }
