#include "safetensors.hpp"

namespace linnet {

namespace {

constexpr std::size_t kNone = kMostTensors;
// Orders that are tried are not more than this; layers of that many are not told apart by their shapes.
constexpr int kMostTries = 4096;

struct Shaping {
  const Source& source;
  const TensorNames& names;
  TensorReport& report;
  TensorTable table;
  std::uint32_t taken = 0;  // a bit for each entry
  Topology shape{};

  Status blame(Status status, std::size_t entry);
  Status find(std::size_t tensor, std::size_t& entry);
  Status add(std::size_t weights, std::size_t biases);
  Status by_names();
  Status biases_of(std::size_t weights, std::size_t& biases);
  [[nodiscard]] std::size_t next(std::size_t last, std::size_t from) const;
  [[nodiscard]] int orders(std::uint8_t (&first)[kMostTensors], std::size_t count);
  Status by_shape();
};

// Says by name which entry is to blame.
Status Shaping::blame(Status status, std::size_t entry) {
  ReadName name(report);
  const Status read = read_name(source, table.entries[entry], name);
  return read == Status::ok ? status : read;
}

// The entry that has the name of this tensor, or kNone.
Status Shaping::find(std::size_t tensor, std::size_t& entry) {
  entry = kNone;
  const bool given = !names.given.empty();
  if (given && (names.given.data() == nullptr || (tensor < names.given.size() && names.given[tensor] == nullptr))) {
    return is_bias(tensor) && names.given.data() != nullptr ? Status::ok : Status::null_memory;
  }
  if (given && tensor >= names.given.size()) {
    return Status::ok;
  }
  char wanted[kTensorName];
  if (pattern_of(names, tensor) == nullptr) {
    return Status::null_memory;
  }
  if (tensor_name(names, tensor, wanted) == 0) {
    return Status::bad_setting;
  }
  for (std::size_t k = 0; k < table.count; ++k) {
    ReadName name(report);
    if (const Status status = read_name(source, table.entries[k], name); status != Status::ok) {
      return status;
    }
    if (name.is(wanted)) {
      entry = k;
      return (taken >> k & 1u) == 0 ? Status::ok : Status::duplicate_tensor;
    }
  }
  return Status::ok;
}

// A layer more. biases: kNone where it has none
Status Shaping::add(std::size_t weights, std::size_t biases) {
  const TensorEntry& matrix = table.entries[weights];
  const std::size_t l = shape.layer_count;
  if (matrix.columns == 0 || (l > 0 && matrix.columns != shape.layers[l - 1].units)) {
    return blame(Status::other_shape, weights);
  }
  if (biases != kNone && (table.entries[biases].columns != 0 || table.entries[biases].rows != matrix.rows)) {
    return blame(Status::other_shape, biases);
  }
  shape.inputs = l == 0 ? matrix.columns : shape.inputs;
  shape.layers[l] = {matrix.rows, activation::identity, biases != kNone};
  shape.layer_count = l + 1;
  taken |= 1u << weights | (biases != kNone ? 1u << biases : 0u);
  return Status::ok;
}

Status Shaping::by_names() {
  while (shape.layer_count < kMaxLayers) {
    const std::size_t tensor = 2 * shape.layer_count;
    std::size_t weights = kNone;
    std::size_t biases = kNone;
    Status status = find(tensor, weights);
    if (status == Status::ok && weights != kNone) {
      status = find(tensor + 1, biases);
    }
    if (status != Status::ok || weights == kNone) {
      return status;
    }
    if (weights == biases) {
      return Status::duplicate_tensor;
    }
    if (const Status added = add(weights, biases); added != Status::ok) {
      return added;
    }
  }
  return Status::ok;
}

// The only entry of one dimension that has the stem of these weights, or kNone.
Status Shaping::biases_of(std::size_t weights, std::size_t& biases) {
  biases = kNone;
  for (std::size_t k = 0; k < table.count; ++k) {
    if (table.entries[k].columns == 0 && table.entries[k].stem == table.entries[weights].stem) {
      if (biases != kNone || (taken >> k & 1u) != 0) {
        return blame(Status::ambiguous_tensors, k);
      }
      biases = k;
    }
  }
  return Status::ok;
}

// The first entry from `from` on that can follow `last`, or be the first one where that is kNone.
std::size_t Shaping::next(std::size_t last, std::size_t from) const {
  for (std::size_t k = from; k < table.count; ++k) {
    const TensorEntry& entry = table.entries[k];
    if (entry.columns != 0 && (taken >> k & 1u) == 0 && (last == kNone || table.entries[last].rows == entry.columns)) {
      return k;
    }
  }
  return kNone;
}

// How many orders of `count` matrices there are, 0, 1 or 2, which stands for all others; the first one.
int Shaping::orders(std::uint8_t (&first)[kMostTensors], std::size_t count) {
  std::uint8_t path[kMostTensors + 1];
  std::size_t depth = 0;
  std::size_t from = 0;
  int found = 0;
  for (int tries = 0; tries < kMostTries && found < 2; ++tries) {
    const std::size_t k = depth < count ? next(depth > 0 ? path[depth - 1] : kNone, from) : kNone;
    if (k != kNone) {
      path[depth++] = static_cast<std::uint8_t>(k);
      taken |= 1u << k;
      from = 0;
      continue;
    }
    for (std::size_t l = 0; depth == count && found == 0 && l < count; ++l) {
      first[l] = path[l];
    }
    found += depth == count ? 1 : 0;
    if (depth == 0) {
      return found;
    }
    from = path[--depth] + std::size_t{1};
    taken &= ~(1u << path[depth]);
  }
  return 2;
}

Status Shaping::by_shape() {
  std::size_t count = 0;
  std::size_t last = 0;
  for (std::size_t k = 0; k < table.count; ++k) {
    last = table.entries[k].columns != 0 ? k : last;
    count += table.entries[k].columns != 0 ? 1u : 0u;
  }
  if (count > kMaxLayers) {
    return blame(Status::left_over_tensor, last);
  }
  std::uint8_t order[kMostTensors];
  const int found = count > 0 ? orders(order, count) : 0;
  taken = 0;
  if (count > 0 && found != 1) {
    return blame(found == 0 ? Status::other_shape : Status::ambiguous_tensors, last);
  }
  for (std::size_t l = 0; l < count; ++l) {
    std::size_t biases = kNone;
    Status status = biases_of(order[l], biases);
    if (status == Status::ok) {
      status = add(order[l], biases);
    }
    if (status != Status::ok) {
      return status;
    }
  }
  return Status::ok;
}

}  // namespace

Status read_shape(const Source& source, const TensorNames& names, Topology& shape, TensorReport& report) noexcept {
  Shaping shaping{source, names, report, {}};
  std::size_t length = 0;
  Status status = read_header(source, shaping.table, {}, length, report);
  if (status == Status::ok) {
    status = names.by_shape ? shaping.by_shape() : shaping.by_names();
  }
  if (status != Status::ok) {
    return status;
  }
  for (std::size_t k = 0; k < shaping.table.count; ++k) {
    if ((shaping.taken >> k & 1u) == 0) {
      return shaping.blame(Status::left_over_tensor, k);
    }
  }
  report.tensor[0] = '\0';
  if (shaping.shape.layer_count == 0) {
    return Status::missing_tensor;
  }
  shape = shaping.shape;
  return Status::ok;
}

}  // namespace linnet
