#include "finite.hpp"
#include "outlet.hpp"
#include "safetensors.hpp"

namespace linnet {

namespace {

void put_number(Outlet& out, std::uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8u) {
    out.byte(static_cast<unsigned>(value & 255u));
  }
}

std::uint64_t elements_of(const TopologyView& topology, std::size_t tensor) {
  const std::size_t l = layer_of(tensor);
  return std::uint64_t{topology.layers[l].units} * (is_bias(tensor) ? 1 : topology.inputs_of(l));
}

void write_tensor(const TopologyView& topology, const TensorNames& names, std::size_t tensor, std::uint64_t begin,
                  const Put& put) {
  char name[kTensorName];
  tensor_name(names, tensor, name);
  put.text(",\"");
  put.text(name);
  put.text(R"(":{"dtype":"F32","shape":[)");
  put.number(topology.layers[layer_of(tensor)].units);
  if (!is_bias(tensor)) {
    put(',');
    put.number(topology.inputs_of(layer_of(tensor)));
  }
  put.text(R"(],"data_offsets":[)");
  put.number(begin);
  put(',');
  put.number(begin + 4 * elements_of(topology, tensor));
  put.text("]}");
}

// The header without its length; returns the bytes of the data. Its end is padded: numbers in the data lie as in
// memory.
std::uint64_t write_json(const TopologyView& topology, const TensorNames& names, Outlet& out) {
  const Put put = out.put();
  const std::uint64_t first = out.count;
  put.text(R"({"__metadata__":{"linnet.topology":")");
  print_topology(topology, put);
  put.text("\"}");
  std::uint64_t begin = 0;
  for (std::size_t tensor = 0; tensor < 2 * topology.layer_count; ++tensor) {
    if (has_tensor(topology, tensor)) {
      write_tensor(topology, names, tensor, begin, put);
      begin += 4 * elements_of(topology, tensor);
    }
  }
  put('}');
  while ((out.count - first) % 8 != 0) {
    put(' ');
  }
  return begin;
}

void write_data(const Network& network, Outlet& out) {
  for (std::size_t l = 0; l < network.topology().layer_count; ++l) {
    const ConstMatrix weights = network.read_weights(l);
    for (std::size_t o = 0; o < weights.rows(); ++o) {
      for (std::size_t i = 0; i < weights.columns(); ++i) {
        put_number(out, bits_of(weights(o, i)), 4);
      }
    }
    for (const float bias : network.read_biases(l)) {
      put_number(out, bits_of(bias), 4);
    }
  }
}

Status check(const Network& network, const TensorNames& names) {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (const Status status = check_names(network.topology(), names); status != Status::ok) {
    return status;
  }
  return all_finite(network) ? Status::ok : Status::bad_parameter;
}

}  // namespace

std::uint64_t safetensors_bytes(const Network& network, const TensorNames& names) noexcept {
  Outlet counted(nullptr);
  if (check(network, names) != Status::ok) {
    return 0;
  }
  const std::uint64_t data = write_json(network.topology(), names, counted);
  return 8 + counted.count + data;
}

Status write_safetensors(const Network& network, const Sink& sink, const TensorNames& names) noexcept {
  if (const Status status = check(network, names); status != Status::ok) {
    return status;
  }
  if (sink.write == nullptr) {
    return Status::null_memory;
  }
  Outlet counted(nullptr);
  write_json(network.topology(), names, counted);
  Outlet out(&sink);
  put_number(out, counted.count, 8);
  write_json(network.topology(), names, out);
  write_data(network, out);
  out.flush();
  return out.good ? Status::ok : Status::store_failed;
}

}  // namespace linnet
