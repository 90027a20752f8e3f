// Files of safetensors from any bytes: as they are, as a header with the right length, as a good file that is edited.
// What is refused leaves the network as it was; what is taken is finite and reads back from what is written of it. No
// byte outside of the file is asked for, and the work is bounded by its size.
#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "fuzz/found.hpp"
#include "fuzz/source.hpp"

using linnet::Status;
using linnet_fuzz::expect;

namespace {

using Bytes = std::vector<unsigned char>;

struct File {
  Bytes bytes;
  std::size_t reads = 0, most = ~std::size_t{0};

  linnet::Source source() {
    return {[](void* context, std::uint64_t at, void* to, std::size_t count) {
              File& file = *static_cast<File*>(context);
              expect(count > 0 && count <= 64 && at < file.bytes.size() && count <= file.bytes.size() - at,
                     "bytes outside of the file");
              std::memcpy(to, file.bytes.data() + at, count);
              return ++file.reads <= file.most;
            },
            this, bytes.size()};
  }
};

bool write(void* context, const void* from, std::size_t count) {
  auto& bytes = *static_cast<Bytes*>(context);
  const auto* byte = static_cast<const unsigned char*>(from);
  bytes.insert(bytes.end(), byte, byte + count);
  return true;
}

Bytes with_length(const std::string& header, const std::string& data) {
  Bytes bytes;
  for (unsigned k = 0; k < 8; ++k) bytes.push_back(static_cast<unsigned char>(std::uint64_t{header.size()} >> 8 * k));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

// A good file, and edits: what replaces, goes before or goes away at a place of the header; the length stays right.
Bytes edited(linnet_fuzz::Source& source) {
  const std::vector<linnet::Layer> layers(1 + source.below(4),
                                          {1 + source.below(5), linnet::activation::tanh, source.once_in(2)});
  const auto shape = linnet::topology(1 + source.below(5), linnet::Span<const linnet::Layer>(layers));
  std::vector<float> parameters(linnet::parameter_floats(shape), 0.5f);
  linnet::Network network;
  Bytes bytes;
  expect(network.bind(shape, parameters) == Status::ok &&
             linnet::write_safetensors(network, {write, &bytes}) == Status::ok,
         "a good network is not written");
  const std::size_t header_bytes = bytes[0] + 256u * bytes[1];
  std::string header(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header_bytes));
  std::string data(bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header_bytes), bytes.end());
  for (std::size_t k = source.below(4); k > 0 && !header.empty(); --k) {
    const std::size_t at = (source.byte() + 256u * source.byte()) % header.size();
    const auto c = static_cast<char>(source.byte());
    const std::size_t kind = source.below(4);
    header.replace(at, kind == 1 ? 0 : 1, kind == 2 ? 0 : 1, kind == 3 ? header[(at + 7) % header.size()] : c);
  }
  if (source.once_in(4)) data.resize(source.byte(), '\x3f');
  if (source.once_in(4) && !data.empty()) data[source.byte() % data.size()] = static_cast<char>(source.byte());
  return with_length(header, data);
}

// The topology that the file has, if it is small; else one that stored files have.
linnet::Topology topology_of(File& file) {
  linnet::Topology found = linnet::topology(2, {{5, linnet::activation::gelu}});
  char text[linnet::kTopologyText];
  std::size_t length = 0, position = 0;
  linnet::TensorReport report;
  linnet::Topology said{};
  if (linnet::read_topology(file.source(), text, length, report) == Status::ok && length > 0) {
    expect(length < sizeof text && text[length] == '\0', "a text without an end");
    if (linnet::parse(text, said, position) == Status::ok && linnet::parameter_floats(said) <= 4096) found = said;
  }
  expect(std::memchr(report.tensor, 0, sizeof report.tensor) != nullptr, "a name without an end");
  return found;
}

void read(File& file, const linnet::TopologyView& shape, const linnet::TensorNames& names) {
  std::vector<float> parameters(linnet::parameter_floats(shape), 7.0f);
  const std::vector<float> before = parameters;
  linnet::Network network;
  linnet::TensorReport report;
  if (network.bind(shape, parameters) != Status::ok) return;
  file.reads = 0;
  const Status status = linnet::read_safetensors(network, file.source(), names, report);
  expect(file.reads <= 200 + 40 * (file.bytes.size() / 64), "more work than the size allows");
  expect(std::memchr(report.tensor, 0, sizeof report.tensor) != nullptr, "a name without an end");
  if (status != Status::ok) {
    expect(before == parameters, "a refused file has changed it");
    return;
  }
  File again;
  const std::uint64_t hash = linnet::hash(network);
  expect(linnet::write_safetensors(network, {write, &again.bytes}) == Status::ok, "what was read is not written");
  expect(linnet::safetensors_bytes(network) == again.bytes.size(), "the size is another one");
  std::fill(parameters.begin(), parameters.end(), 0.0f);
  expect(linnet::read_safetensors(network, again.source(), {}, report) == Status::ok && linnet::hash(network) == hash,
         "what was written reads differently");
  file.most = file.reads / 2;  // a medium that fails on the way
  file.reads = 0;
  expect(linnet::read_safetensors(network, file.source(), names, report) == Status::store_failed,
         "a failed read is taken");
  file.most = ~std::size_t{0};
}

// What has been found to be the layers of a file is what can be read of it.
void read_layers(File& file, const linnet::TensorNames& names) {
  linnet::Topology found{};
  linnet::TensorReport report;
  file.reads = 0;
  const Status status = linnet::read_shape(file.source(), names, found, report);
  expect(file.reads <= 200 + 40 * (file.bytes.size() / 64), "more work than the size allows");
  if (status != Status::ok || linnet::parameter_floats(found) > 4096) return;
  std::vector<float> parameters(linnet::parameter_floats(found));
  linnet::Network network;
  expect(network.bind(found, parameters) == Status::ok, "layers that are found are not bound");
  const Status taken = linnet::read_safetensors(network, file.source(), names, report);
  expect(taken == Status::ok || taken == Status::bad_parameter, "layers that are found are not read");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet_fuzz::Source source(data, size);
  const std::size_t kind = source.below(4);
  const std::string rest(reinterpret_cast<const char*>(data) + (size > 0 ? 1 : 0), size > 0 ? size - 1 : 0);
  File file;
  if (kind == 1) {
    const std::size_t end = rest.find('#');  // of the header
    file.bytes = with_length(rest.substr(0, end), end == std::string::npos ? "" : rest.substr(end + 1));
  } else if (kind > 1) {
    file.bytes = edited(source);
  } else {
    file.bytes.assign(data, data + size);  // a good header has a multiple of 8 bytes: stored files come here
  }
  const linnet::Topology shape = topology_of(file);
  linnet::TensorNames by_shape, fc{"fc{}.weight", "fc{}.bias", 1, 1};
  by_shape.by_shape = true;
  read(file, shape, {});
  read(file, shape, by_shape);
  read(file, shape, fc);
  read_layers(file, {});
  read_layers(file, by_shape);
  read_layers(file, fc);
  return 0;
}
