// A medium of any bytes: a checkpoint with changes whose check sums may be right, or nothing but the fuzzer's own bytes. Calls
// on it read no place that is not there, end, and change nothing when they refuse; what they take is finite and sound.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include <linnet/linnet.hpp>

#include "fuzz/source.hpp"
#include "keep/format.hpp"
#include "keep/power_cut.hpp"

namespace {

using linnet::Status;
using linnet_fuzz::Source;
using namespace linnet_keep;

void found(const char* what) {
  std::fprintf(stderr, "\nFOUND: %s\n", what);
  std::abort();
}

constexpr Geometry kGeometry{1024, 4, 512, 2};
constexpr std::size_t kBody = 68 + 2 * 12 + 4;  // of the device's network

// Makes the check sums of a slot right, where its lengths leave room.
void settle(unsigned char* slot) {
  std::uint32_t body_bytes;
  std::memcpy(&body_bytes, slot + 16, 4);
  const std::size_t end = kBody + (body_bytes + 3) / 4 * 4;
  if (end > 512 - 5 * 8) return;
  Bytes sums;
  const std::uint32_t head = crc32(Bytes(slot, slot + kBody - 4));
  put(sums, head, 4);
  sums.insert(sums.end(), {'D', 'O', 'N', 'E'});
  put(sums, crc32(Bytes(slot + kBody, slot + end), head), 4);
  std::memcpy(slot + kBody - 4, sums.data(), 4);
  std::memcpy(slot + end, sums.data() + 4, 8);
}

Medium planned(Source& source) {
  Medium medium(kGeometry);
  const bool any = source.once_in(4);
  const std::size_t saves = source.below(3);
  for (std::size_t k = 0; k < saves; ++k) {
    static_cast<void>(operate(medium, source.below(2) == 0 ? Operation::save : Operation::save_on_trial));
  }
  const bool settled = source.below(4) != 0;
  std::vector<unsigned char>& bytes = medium.bytes();
  for (std::size_t k = 0; any && k < bytes.size() && !source.empty(); ++k) bytes[k] = source.byte();
  for (std::size_t k = source.below(8); k > 0; --k) {
    const std::size_t at = source.word() % bytes.size();
    bytes[at] = source.byte();
  }
  if (settled) {
    settle(bytes.data());
    settle(bytes.data() + 512);
  }
  return medium;
}

void look_at(const Device& device) {
  for (const float weight : device.parameters) {
    if (!(std::abs(weight) <= std::numeric_limits<float>::max())) found("a weight that is not finite was taken");
  }
  if (device.trainer.check_state() != Status::ok) found("a state that is not sound was taken");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Source source(data, size);
  Medium medium = planned(source);
  const std::size_t calls = 1 + source.below(4);
  for (std::size_t k = 0; k < calls; ++k) {
    Device device;
    device.learn();
    const std::uint64_t before = device.hash();
    linnet::Kept seen, kept;
    const Status looked = linnet::peek(medium.store(), device.all(), seen);
    if (device.hash() != before) found("peek() changed something");
    const Status status = linnet::load(medium.store(), device.all(), kept);
    if (status != looked) found("peek() and load() do not agree");
    if (status != Status::ok && device.hash() != before) found("a refused load() changed something");
    look_at(device);
    static_cast<void>(operate(medium, kOperations[source.below(4)]));
    if (medium.misused()) found("a place that is not there, or a unit twice");
  }
  return 0;
}
