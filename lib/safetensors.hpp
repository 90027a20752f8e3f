// What a header of safetensors says, and how tensors belong to a network.
#pragma once

#include <linnet/safetensors.hpp>
#include <linnet/topology.hpp>

#include "characters.hpp"

namespace linnet {

constexpr std::size_t kMostTensors = 2 * kMaxLayers;
// Of a layer the weights, then the biases: tensor 2 l and tensor 2 l + 1.
constexpr std::size_t layer_of(std::size_t tensor) { return tensor / 2; }
constexpr bool is_bias(std::size_t tensor) { return tensor % 2 == 1; }

enum class TensorType : std::uint8_t { f32, f16, bf16, f64 };
constexpr unsigned width_of(TensorType type) { return type == TensorType::f64 ? 8 : type == TensorType::f32 ? 4 : 2; }

// A name as it is read: its beginning with a zero behind it, its length, and hashes.
struct ReadName {
  char* text;  // (kTensorName)
  std::size_t length = 0;
  std::uint64_t hash, stem;  // of all of it, of what is before its last dot

  explicit ReadName(TensorReport& report);
  [[nodiscard]] Put put();
  [[nodiscard]] bool is(const char* other) const;
};

// A tensor of a file.
struct TensorEntry {
  std::uint64_t begin;          // its first byte, counted from the end of the header
  std::uint64_t hash, stem;     // as of ReadName
  std::uint32_t name_at;        // where its name stands in the file
  std::uint32_t rows, columns;  // 0 columns: it has one dimension
  TensorType type;

  [[nodiscard]] std::uint64_t end() const {
    return begin + std::uint64_t{rows} * (columns > 0 ? columns : 1) * width_of(type);
  }
};

struct TensorTable {
  std::uint64_t data = 0;  // where the tensors' bytes begin in the file
  std::size_t count = 0;
  TensorEntry entries[kMostTensors];
};

// Reads the header. `topology` is (kTopologyText) or empty.
// Returns ok, or bad_header, bad_ranges, other_type, other_shape, duplicate_tensor, left_over_tensor, too_little_memory
// or store_failed.
Status read_header(const Source& source, TensorTable& table, Span<char> topology, std::size_t& length,
                   TensorReport& report);

// Reads the name of a tensor again. Returns ok or store_failed.
Status read_name(const Source& source, const TensorEntry& entry, ReadName& name);

// Whether the network has such a tensor.
bool has_tensor(const TopologyView& topology, std::size_t tensor);
// What its name is made of; may be null, and is empty behind the last given one.
const char* pattern_of(const TensorNames& names, std::size_t tensor);
// The name that this tensor should have, (kTensorName); its length, 0 where it cannot be.
std::size_t tensor_name(const TensorNames& names, std::size_t tensor, char* to);
// Returns ok, null_memory, bad_setting or duplicate_tensor.
Status check_names(const TopologyView& topology, const TensorNames& names);

}  // namespace linnet
