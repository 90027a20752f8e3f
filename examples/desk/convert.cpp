#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <linnet/checkpoint.hpp>
#include <linnet/parameters.hpp>

#include "commands.hpp"
#include "model_files.hpp"
#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

std::string ending_of(const std::string& path) { return std::filesystem::path(path).extension().string(); }

// A medium in memory: blank, as an erased one.
ln::Store store_of(Bytes& medium, std::uint32_t unit, ln::Span<unsigned char> buffer) {
  ln::Store store{};
  store.read = [](void* context, std::uint32_t at, void* to, std::size_t count) {
    std::memcpy(to, static_cast<Bytes*>(context)->data() + at, count);
    return true;
  };
  store.write = [](void* context, std::uint32_t at, const void* from, std::size_t count) {
    std::memcpy(static_cast<Bytes*>(context)->data() + at, from, count);
    return true;
  };
  store.context = &medium;
  store.size = static_cast<std::uint32_t>(medium.size());
  store.write_unit = unit;
  store.buffer = buffer;
  return store;
}

// The parameters alone, in the first of two slots.
Bytes checkpoint_of(Model& model, const Output& output) {
  Bytes medium;
  unsigned char buffer[256];
  const ln::Checkpoint what{&model.network};
  ln::Store store = store_of(medium, output.unit, buffer);
  const std::uint64_t needed = 2 * std::uint64_t{ln::checkpoint_bytes(store, what)};
  const std::uint64_t size = output.size > 0 ? output.size : needed;
  if (needed == 0 || needed > UINT32_MAX || size < needed) {
    throw Refused("a medium of " + std::to_string(size) +
                  " bytes is too small for two slots: " + std::to_string(needed));
  }
  medium.assign(static_cast<std::size_t>(size), 0xff);
  store = store_of(medium, output.unit, buffer);
  expect_ok(ln::save(store, what), "the model");
  return medium;
}

}  // namespace

bool is_written(const std::string& path) {
  const std::string ending = ending_of(path);
  return ending == ".safetensors" || ending == ".lnt" || ending == ".h";
}

bool fits(const Output& output, const std::string& path) {
  const std::string ending = ending_of(path);
  const bool of_header = output.c99 || !output.name.empty();
  const bool of_checkpoint = output.size != 0 || output.unit != 1;
  return (!of_header || ending == ".h") && (!of_checkpoint || ending == ".lnt");
}

void convert(const std::string& in, const std::string& out, const Said& said, const Output& output) {
  Model model;
  read_model(in, read_file(in), said, model);
  expect_activations(in, model);
  const std::string ending = ending_of(out);
  write_file(out, ending == ".h" ? header_of(model, output.name.empty() ? identifier_of(out) : output.name, output.c99)
                  : ending == ".lnt" ? checkpoint_of(model, output)
                                     : safetensors_of(model));
  std::printf("%s: %s, hash of weights %016" PRIx64 "\n", out.c_str(), text_of(model.topology).c_str(),
              ln::hash(model.network));
}

void print_hash(const std::string& path, const Said& said) {
  Model model;
  read_model(path, read_file(path), said, model);
  std::printf("%016" PRIx64 "\n", ln::hash(model.network));
}

}  // namespace desk
