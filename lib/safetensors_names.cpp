#include "safetensors.hpp"

namespace linnet {

bool has_tensor(const TopologyView& topology, std::size_t tensor) {
  return layer_of(tensor) < topology.layer_count && (!is_bias(tensor) || topology.layers[layer_of(tensor)].bias);
}

const char* pattern_of(const TensorNames& names, std::size_t tensor) {
  if (!names.given.empty()) {
    return tensor < names.given.size() ? names.given[tensor] : "";
  }
  return is_bias(tensor) ? names.bias : names.weight;
}

namespace {

// Characters to an array, as far as there is room for a zero, too.
struct Name {
  char* to;
  std::size_t length;
};

bool same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

}  // namespace

std::size_t tensor_name(const TensorNames& names, std::size_t tensor, char* to) {
  Name name{to, 0};
  const Put put{[](void* context, char c) {
                  Name& at = *static_cast<Name*>(context);
                  if (at.length < kTensorName) {
                    at.to[at.length++] = c;
                  }
                },
                &name};
  for (const char* c = pattern_of(names, tensor); *c != '\0' && name.length < kTensorName; ++c) {
    if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') {
      return 0;
    }
    if (names.given.empty() && c[0] == '{' && c[1] == '}') {
      put.number(names.first + std::uint64_t{names.step} * layer_of(tensor));
      ++c;
    } else {
      put(*c);
    }
  }
  if (name.length >= kTensorName) {
    return 0;
  }
  to[name.length] = '\0';
  return name.length;
}

Status check_names(const TopologyView& topology, const TensorNames& names) {
  char name[kTensorName];
  char other[kTensorName];
  for (std::size_t tensor = 0; tensor < 2 * topology.layer_count; ++tensor) {
    if (!has_tensor(topology, tensor)) {
      continue;
    }
    if (pattern_of(names, tensor) == nullptr || (!names.given.empty() && names.given.data() == nullptr)) {
      return Status::null_memory;
    }
    if (tensor_name(names, tensor, name) == 0 || same(name, "__metadata__")) {
      return Status::bad_setting;
    }
    for (std::size_t before = 0; before < tensor; ++before) {
      if (has_tensor(topology, before) && tensor_name(names, before, other) > 0 && same(name, other)) {
        return Status::duplicate_tensor;
      }
    }
  }
  return Status::ok;
}

}  // namespace linnet
