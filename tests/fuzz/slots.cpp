// Checkpoints as the desk tool finds them, which is told no geometry: in any bytes, and in media that the library has
// saved to, whole or with a wrong byte. Of these the tool finds what load() finds. Items lie in the file; what is
// refused has a reason.
#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "../../examples/stores/ram_store.hpp"
#include "fuzz/found.hpp"
#include "fuzz/source.hpp"
#include "model.hpp"
#include "refused.hpp"
#include "slots.hpp"

using desk::Bytes;
using linnet::Status;
using linnet_fuzz::expect;

namespace {

// Whether the tool has a model of the file, and its hash.
bool read(const Bytes& file, std::uint64_t& hash) {
  for (const desk::Slot& slot : desk::find_slots(file)) {
    expect(slot.at < slot.end && slot.end <= file.size(), "a slot beside the file");
    for (const desk::Item& item : slot.items) {
      expect(item.at <= slot.end && std::uint64_t{item.width} * item.count <= slot.end - item.at,
             "an item beside its slot");
    }
  }
  desk::Model model;
  try {
    desk::read_model("file.lnt", file, {}, model);
  } catch (const desk::Refused& refused) {
    expect(std::strlen(refused.what()) > 10, "a refusal without a reason");
    return false;
  }
  hash = linnet::hash(model.network);
  return true;
}

// Saves, on trial or not, to a medium of any unit of writing; then the tool must find what load() does.
void read_saved(linnet_fuzz::Source& source) {
  const std::vector<linnet::Layer> layers(1 + source.below(3),
                                          {1 + source.below(4), linnet::activation::tanh, source.once_in(2)});
  const linnet::Topology shape = linnet::topology(1 + source.below(4), linnet::Span<const linnet::Layer>(layers));
  std::vector<float> parameters(linnet::parameter_floats(shape));
  linnet::Network network;
  expect(network.bind(shape, parameters) == Status::ok, "a good network is not bound");
  std::uint8_t own[5] = {};
  const linnet::Piece pieces[] = {{{'o', 'w', 'n'}, own, static_cast<std::uint32_t>(source.below(6)), 1}};
  const linnet::Checkpoint what{&network, nullptr, pieces};
  unsigned char buffer[256];
  Bytes file(1);
  linnet::Store store = stores::ram_store(file);
  store.write_unit = 1u << source.below(9);
  store.slots = 2 + static_cast<std::uint32_t>(source.below(2));
  store.buffer = buffer;
  file.assign(store.slots * std::size_t{linnet::checkpoint_bytes(store, what)}, 0xff);
  store.context = file.data();
  store.size = static_cast<std::uint32_t>(file.size());
  for (std::size_t k = 1 + source.below(4); k > 0; --k) {
    for (float& x : parameters) x = static_cast<float>(source.byte());
    const Status saved = linnet::save(store, what, source.once_in(3));
    expect(saved == Status::ok || saved == Status::trial_pending, "what is good is not saved");
  }
  if (source.once_in(2))
    file[(source.byte() + 256u * source.byte()) % file.size()] ^= static_cast<unsigned char>(1u << source.below(8));
  linnet::Kept kept;
  const Status loaded = linnet::load(store, {&network}, kept);
  std::uint64_t hash = 0;
  expect(read(file, hash) == (loaded == Status::ok), "the tool and load() do not agree");
  if (loaded != Status::ok) return;
  expect(hash == linnet::hash(network), "the tool has another model than load()");
  const std::vector<desk::Slot> slots = desk::find_slots(file);
  expect(desk::newest(slots)->on_trial == kept.on_trial && desk::newest(slots)->sequence == kept.sequence,
         "the tool takes another slot than load()");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  linnet_fuzz::Source source(data, size);
  if (source.once_in(4)) {
    Bytes file(data, data + size);
    if (size > 8 && source.once_in(2))
      std::memcpy(file.data() + source.below(size - 4 < 256 ? size - 4 : 256), "LNCK", 4);
    std::uint64_t hash = 0;
    read(file, hash);
  } else {
    read_saved(source);
  }
  return 0;
}
