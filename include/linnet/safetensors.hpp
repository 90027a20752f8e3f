#pragma once

#include <cstddef>
#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/sink.hpp>
#include <linnet/status.hpp>
#include <linnet/view.hpp>

/// @file
/// Models from and to PyTorch and its relatives, as safetensors: https://huggingface.co/docs/safetensors
namespace linnet {

/// Room for the name of a tensor and the zero behind it; a longer name fits no network.
inline constexpr std::size_t kTensorName = 96;

/// What the tensors of a network are called. As it is: the names of torch.nn.Sequential's state_dict(), in which every
/// layer is followed by its activation, an identity too: 0.weight, 0.bias, 2.weight, ...
struct TensorNames {
  const char* weight = "{}.weight";  ///< {} stands for first + step l in layer l
  const char* bias = "{}.bias";      ///< the same
  std::uint16_t first = 0;           ///< 1 with step 1: fc1.weight, fc2.weight, ... of "fc{}.weight"
  std::uint16_t step = 2;            ///< 1 where activations do not count
  /// In their place: a name for the weights and one for the biases of each layer, two a layer from the first on; null
  /// for biases that a layer does not have.
  Span<const char* const> given{};
  /// When reading: any names. The weights of a layer are the only tensor of their shape, its biases have the same name
  /// up to the last dot.
  bool by_shape = false;
};

/// What a refusal is about.
struct TensorReport {
  char tensor[kTensorName] =
      {};                ///< the name of a tensor, or of a key; cut where it is longer. Empty where it is of none
  std::uint64_t at = 0;  ///< the byte of the file up to which the header was understood
};

/// Bytes of the file that write_safetensors() writes; 0 where it would refuse.
std::uint64_t safetensors_bytes(const Network& network, const TensorNames& names = {}) noexcept;

/// Writes all parameters, frozen ones too, as tensors of type F32: weights of shape (units, inputs), biases of shape
/// (units). The metadata has `linnet.topology` as print() prints it. Names are of printable ASCII without quotation
/// marks and backslashes, of less than kTensorName characters.
/// Returns ok, not_bound, null_memory (no function to write, a name that is null), bad_setting (a name that is empty,
/// too long or of other characters, too few names), duplicate_tensor (two tensors of one name), bad_parameter (NaN or
/// infinity) or store_failed (the sink did not take all: what it got is to be thrown away).
Status write_safetensors(const Network& network, const Sink& sink, const TensorNames& names = {}) noexcept;

/// Reads all parameters of a network: tensors of type F32, F16, BF16 or F64, which is rounded to the nearest float.
/// Those of frozen layers must be what they are. Any metadata of up to 64 keys is taken, and a topology in it is not
/// looked at (read_topology() does). The file is read twice, to look and to take; about 2.5 KB of stack.
/// Returns ok, not_bound, null_memory (no function to read, a name that is null), bad_setting, duplicate_tensor (of
/// names, or in the file), bad_header, bad_ranges, other_type, left_over_tensor, missing_tensor, other_shape,
/// ambiguous_tensors (two of one shape, by shape), other_backbone (a frozen parameter is another one), bad_parameter
/// (NaN, infinity, beyond float), or store_failed (the source did not read). What is refused leaves the network as it
/// was, but for a source that fails when it is read the second time.
Status read_safetensors(const Network& network, const Source& source, const TensorNames& names,
                        TensorReport& report) noexcept;

/// Finds the topology that a file has among its metadata, as text for parse(): `length` is 0 where it has none. There
/// is a zero behind it. What is refused leaves `text` undefined.
/// Returns ok, null_memory, too_little_memory (kTopologyText is enough for any), bad_header, bad_ranges,
/// duplicate_tensor, other_type, other_shape (of no layer), left_over_tensor (more than 32 tensors) or store_failed.
Status read_topology(const Source& source, Span<char> text, std::size_t& length, TensorReport& report) noexcept;

/// Finds the layers of a file that does not say its topology: inputs, units and which layers have biases. The
/// activations are identity, for a file of tensors does not know them: the program puts its own in their place. By
/// names, layers follow each other until one is missing; by_shape, in the only order in which each reads what the one
/// before gives.
/// Returns ok, null_memory (no function to read, a name that is null), bad_setting (a name), bad_header, bad_ranges,
/// other_type, duplicate_tensor (of names, or in the file), left_over_tensor, missing_tensor (no weights), other_shape
/// (layers that do not follow each other, or biases of another length), ambiguous_tensors (more than one order, or
/// biases that could be others) or store_failed. What is refused leaves `shape` as it is.
Status read_shape(const Source& source, const TensorNames& names, Topology& shape, TensorReport& report) noexcept;

}  // namespace linnet
