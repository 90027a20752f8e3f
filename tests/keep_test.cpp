// Which slot is written and which is found, trials, and a medium that fails or loses its power.
#include <doctest/doctest.h>

#include <algorithm>

#include "keep/format.hpp"
#include "keep/power_cut.hpp"

using namespace linnet_keep;
using linnet::Kept;

namespace {

Geometry flash(std::uint32_t slots) { return {slots * 1024, 4, 512, slots}; }

// Saves the next thing that a device learns; returns in which slot.
std::uint32_t save_next(Medium& medium, Operation operation = Operation::save) {
  REQUIRE(operate(medium, operation) == Status::ok);
  Device device;
  Kept kept;
  REQUIRE(linnet::load(medium.store(), device.all(), kept) == Status::ok);
  return kept.slot;
}

struct Found {
  Status status;
  Kept kept;
  std::uint16_t own;  // counts what was learned
};
Found found_on(Medium& medium) {
  Device device;
  Found result{};
  result.status = linnet::load(medium.store(), device.all(), result.kept);
  result.own = device.own;
  return result;
}

// Gives the checkpoint of a slot another sequence.
void set_sequence(Medium& medium, std::uint32_t at, std::uint32_t sequence) {
  Device device;
  const std::size_t end = linnet::checkpoint_bytes(medium.store(), device.all()) - 5 * 8, body = 68 + 2 * 12 + 4;
  unsigned char* slot = medium.bytes().data() + at;
  Bytes bytes;
  put(bytes, sequence, 4);
  std::memcpy(slot + 12, bytes.data(), 4);
  const std::uint32_t head_sum = crc32(Bytes(slot, slot + body - 4));
  put(bytes, head_sum, 4);
  put(bytes, crc32(Bytes(slot + body, slot + end), head_sum), 4);
  std::memcpy(slot + body - 4, bytes.data() + 4, 4);
  std::memcpy(slot + end + 4, bytes.data() + 8, 4);
}

}  // namespace

TEST_CASE("nothing is kept on an empty medium, and the first save says so") {
  Medium medium(flash(2));
  CHECK(found_on(medium).status == Status::nothing_kept);
  CHECK(linnet::confirm(medium.store()) == Status::nothing_kept);
  CHECK(linnet::revert(medium.store()) == Status::nothing_kept);
  CHECK(save_next(medium) == 0);
  CHECK(found_on(medium).kept.sequence == 1);
}

TEST_CASE("saves go round all slots, and the newest is found") {
  for (std::uint32_t slots = 2; slots < 5; ++slots) {
    Medium medium(flash(slots));
    for (std::uint32_t k = 0; k < 3 * slots; ++k) {
      CHECK(save_next(medium) == k % slots);
      CHECK(found_on(medium).own == k + 1);
      CHECK(found_on(medium).kept.sequence == k + 1);
      CHECK(found_on(medium).kept.steps == k + 1);
    }
    CHECK(!medium.misused());
  }
}

TEST_CASE("sequences go on past 2^32") {
  Medium medium(flash(2));
  save_next(medium);
  set_sequence(medium, 0, 0xffffffffu);
  CHECK(save_next(medium) == 1);
  CHECK(found_on(medium).kept.sequence == 0);
  CHECK(found_on(medium).own == 2);
  CHECK(save_next(medium) == 0);
  CHECK(found_on(medium).kept.sequence == 1);
  set_sequence(medium, 0, 0x80000001u);  // more than 2^31 after 0: older
  CHECK(found_on(medium).kept.sequence == 0);
}

TEST_CASE("a checkpoint on trial is found as one until it is confirmed, and can be reverted until then") {
  Medium medium(flash(2));
  save_next(medium);
  CHECK(save_next(medium, Operation::save_on_trial) == 1);
  CHECK(found_on(medium).kept.on_trial);
  CHECK(found_on(medium).own == 2);
  CHECK(operate(medium, Operation::save) == Status::trial_pending);
  CHECK(operate(medium, Operation::save_on_trial) == Status::trial_pending);
  CHECK(found_on(medium).own == 2);

  SUBCASE("confirmed") {
    CHECK(linnet::confirm(medium.store()) == Status::ok);
    CHECK(!found_on(medium).kept.on_trial);
    CHECK(linnet::confirm(medium.store()) == Status::ok);
    CHECK(linnet::revert(medium.store()) == Status::ok);
    CHECK(found_on(medium).own == 2);
    CHECK(save_next(medium) == 0);
  }
  SUBCASE("reverted") {
    CHECK(linnet::revert(medium.store()) == Status::ok);
    CHECK(found_on(medium).own == 1);
    CHECK(!found_on(medium).kept.on_trial);
    CHECK(save_next(medium) == 1);
    CHECK(found_on(medium).own == 2);
  }
  CHECK(!medium.misused());
}

TEST_CASE("with three slots trials go past the confirmed one, and all are reverted at once") {
  for (const std::uint32_t unit : {512u, 0u}) {  // flash, and a medium that is written over
    Medium medium({3 * 1024, 4, unit, 3});
    save_next(medium);
    save_next(medium);  // in slot 1: the confirmed one
    CHECK(save_next(medium, Operation::save_on_trial) == 2);
    CHECK(save_next(medium, Operation::save_on_trial) == 0);
    CHECK(save_next(medium, Operation::save_on_trial) == 2);
    CHECK(found_on(medium).own == 5);
    CHECK(linnet::revert(medium.store()) == Status::ok);
    CHECK(found_on(medium).own == 2);
    CHECK(found_on(medium).kept.slot == 1);
  }
}

TEST_CASE("the first checkpoint can be a trial, and then there is nothing to go back to") {
  Medium medium(flash(2));
  save_next(medium, Operation::save_on_trial);
  const std::vector<unsigned char> before = medium.bytes();
  CHECK(linnet::revert(medium.store()) == Status::nothing_kept);
  CHECK(medium.bytes() == before);
  CHECK(linnet::confirm(medium.store()) == Status::ok);
  CHECK(!found_on(medium).kept.on_trial);
}

TEST_CASE("four confirmations can be torn, and then the checkpoint is saved again") {
  Medium medium({2 * 2048, 16, 2048, 2});
  save_next(medium);
  save_next(medium, Operation::save_on_trial);
  for (int torn = 0; torn < 4; ++torn) {
    Device device;
    const std::uint32_t end = linnet::checkpoint_bytes(medium.store(), device.all());
    medium.bytes()[2048 + end - 4 * 16 + static_cast<std::uint32_t>(torn) * 16 + 15] = 0;
    CHECK(found_on(medium).kept.on_trial);
    if (torn < 3) {
      Medium next = medium;
      CHECK(linnet::confirm(next.store()) == Status::ok);
      CHECK(!found_on(next).kept.on_trial);
    }
  }
  CHECK(linnet::confirm(medium.store()) == Status::store_failed);
  CHECK(linnet::revert(medium.store()) == Status::ok);
  CHECK(found_on(medium).own == 1);
}

TEST_CASE("a medium whose geometry cannot be is refused before it is touched") {
  Medium medium(flash(2));
  Device device;
  Kept kept;
  const auto says = [&](const linnet::Store& store) {
    const Status status = linnet::save(store, device.all());
    CHECK(linnet::peek(store, device.all(), kept) == status);
    CHECK(linnet::load(store, device.all(), kept) == status);
    CHECK(linnet::confirm(store) == status);
    CHECK(linnet::revert(store) == status);
    CHECK(linnet::checkpoint_bytes(store, device.all()) == 0);
    return status;
  };
  linnet::Store store = medium.store();
  store.read = nullptr;
  CHECK(says(store) == Status::null_memory);
  store = medium.store();
  store.write = nullptr;
  CHECK(says(store) == Status::null_memory);
  for (const std::uint32_t unit : {0u, 3u, 12u, 257u, 512u}) {
    store = medium.store();
    store.write_unit = unit;
    CHECK(says(store) == Status::bad_setting);
  }
  for (const std::uint32_t unit : {0u, 2u, 514u}) {
    store = medium.store();
    store.erase_unit = unit;
    CHECK(says(store) == Status::bad_setting);
  }
  for (const std::uint32_t slots : {0u, 1u}) {
    store = medium.store();
    store.slots = slots;
    CHECK(says(store) == Status::bad_setting);
  }
  store = medium.store();
  store.write_unit = 128;
  store.buffer = {store.buffer.data(), 127};
  CHECK(says(store) == Status::too_little_memory);
  store.buffer = {nullptr, 128};
  CHECK(says(store) == Status::too_little_memory);
  CHECK(medium.used() == 0);
}

TEST_CASE("a slot that is a byte too small is refused, and one that is just enough is not") {
  Device device;
  Kept kept;
  Medium large({4096, 1, 0, 2});
  const std::uint32_t bytes = linnet::checkpoint_bytes(large.store(), device.all());
  Medium small({2 * bytes - 1, 1, 0, 2}), enough({2 * bytes, 1, 0, 2});
  CHECK(linnet::save(small.store(), device.all()) == Status::too_little_memory);
  CHECK(small.used() == 0);
  CHECK(linnet::save(enough.store(), device.all()) == Status::ok);
  CHECK(linnet::save(enough.store(), device.all()) == Status::ok);
  CHECK(linnet::load(enough.store(), device.all(), kept) == Status::ok);
  Medium tiny({16, 1, 0, 2}), none({0, 1, 0, 2});
  CHECK(linnet::load(tiny.store(), device.all(), kept) == Status::nothing_kept);
  CHECK(linnet::load(none.store(), device.all(), kept) == Status::nothing_kept);
  CHECK((!tiny.misused() && !none.misused()));
}

TEST_CASE("items of more bytes than places can count are refused before one is read") {
  Device device;
  Medium medium(flash(2));
  std::uint64_t one = 0;
  const linnet::Piece huge[] = {{{'a'}, &one, linnet::kMaxFloats / 2, 8}};  // 4 GB, which wrap to nothing
  const linnet::Checkpoint what{&device.network, &device.trainer, huge};
  CHECK(linnet::save(medium.store(), what) == Status::too_little_memory);
  CHECK(linnet::checkpoint_bytes(medium.store(), what) == 0);
  CHECK(medium.used() == 0);
}

TEST_CASE("a slot that ends before its confirmations do is not whole, and nothing behind it is read") {
  Format format;
  format.contract = static_cast<unsigned>(linnet::contract());
  format.flags = 1;  // on trial: confirmations are looked for
  const Bytes slot = format.slot(1);
  for (const std::uint32_t missing : {1u, 8u, 31u, 32u}) {
    const auto size = static_cast<std::uint32_t>(slot.size()) + 4 * 8 - missing;
    Medium medium({2 * size, 1, 0, 2});
    std::copy(slot.begin(), slot.end(), medium.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(found_on(medium).status == Status::nothing_kept);
    CHECK(!medium.misused());
  }
}

TEST_CASE("what a program asks for is looked at before the medium is") {
  Medium medium(flash(2));
  Device device;
  Kept kept;
  std::uint16_t data[2] = {};
  const auto says = [&](linnet::Span<const linnet::Piece> pieces) {
    const linnet::Checkpoint what{&device.network, &device.trainer, pieces};
    const Status status = linnet::save(medium.store(), what);
    CHECK(linnet::load(medium.store(), what, kept) == status);
    return status;
  };
  for (const unsigned width : {0u, 3u, 5u, 6u, 7u, 9u, 16u, 255u}) {
    const linnet::Piece piece[] = {{{'x'}, data, 1, static_cast<std::uint8_t>(width)}};
    CHECK(says(piece) == Status::bad_setting);
  }
  const linnet::Piece null[] = {{{'x'}, nullptr, 1, 2}}, large[] = {{{'x'}, data, linnet::kMaxFloats, 2}};
  CHECK(says(null) == Status::null_memory);
  CHECK(says(large) == Status::bad_setting);
  const linnet::Piece twice[] = {{{'x'}, data, 1, 2}, {{'y'}, data, 1, 2}, {{'x'}, data + 1, 1, 2}};
  CHECK(says(twice) == Status::bad_setting);
  Device other;
  CHECK(linnet::save(medium.store(), {&device.network, &other.trainer}) == Status::bad_setting);
  const linnet::Layer same_layers[] = {kLayers[0], kLayers[1]};
  linnet::Network same_parameters;
  REQUIRE(same_parameters.bind({2, same_layers}, device.parameters) == Status::ok);
  CHECK(linnet::save(medium.store(), {&same_parameters, &device.trainer}) == Status::bad_setting);
  CHECK(linnet::save(medium.store(), {nullptr}) == Status::null_memory);
  linnet::Network unbound;
  linnet::Trainer idle;
  CHECK(linnet::save(medium.store(), {&unbound}) == Status::not_bound);
  CHECK(linnet::save(medium.store(), {&device.network, &idle}) == Status::not_bound);
  CHECK(medium.used() == 0);
  const linnet::Piece empty[] = {{{'x', 'x', 'x', 'x'}, nullptr, 0, 2}, {{'x', 'x', 'x', 'x', 'y'}, data, 1, 2}};
  CHECK(linnet::save(medium.store(), {&device.network, &device.trainer, empty}) == Status::ok);
}

TEST_CASE("a medium that does not write, erase or sync is named, and what was kept is found") {
  Medium medium(flash(2));
  save_next(medium);
  save_next(medium);
  Device device;
  linnet::Store store = medium.store();
  store.write = [](void*, std::uint32_t, const void*, std::size_t) { return false; };
  CHECK(linnet::save(store, device.all()) == Status::store_failed);
  CHECK(found_on(medium).own == 2);
  store = medium.store();
  store.sync = [](void*) { return false; };
  CHECK(linnet::save(store, device.all()) == Status::store_failed);
  CHECK(found_on(medium).own == 2);
  store = medium.store();
  store.erase = [](void*, std::uint32_t, std::uint32_t) { return false; };
  CHECK(linnet::save(store, device.all()) == Status::store_failed);
  CHECK(found_on(medium).own == 2);
  CHECK(save_next(medium, Operation::save_on_trial) == 0);
  store.write = [](void*, std::uint32_t, const void*, std::size_t) { return false; };
  CHECK(linnet::revert(store) == Status::store_failed);
  CHECK(linnet::confirm(store) == Status::store_failed);
  CHECK(found_on(medium).kept.on_trial);
}

TEST_CASE("a medium that fails between the look and the taking is named") {
  Medium medium(flash(2));
  save_next(medium);
  for (std::uint64_t reads = 0;; ++reads) {
    Device device;
    const std::uint64_t before = device.hash();
    Kept kept;
    medium.fail_after(reads);
    const Status status = linnet::load(medium.store(), device.all(), kept);
    medium.fail_after(~std::uint64_t{0});
    if (status == Status::ok) {
      CHECK(reads > 10);
      break;
    }
    CHECK((status == Status::store_failed || status == Status::nothing_kept));
    if (status == Status::nothing_kept) CHECK(device.hash() == before);
  }
}

#ifndef LINNET_BOARD  // minutes there
TEST_CASE("S13: the power is cut at every step, some pairs of steps and anywhere, and nothing is lost") {
  Tally tally;
  PowerCut power(tally);
  power.everywhere({2048, 32, 1024, 2}, false);
  power.everywhere({2048, 64, 0, 2, true}, false);
  power.everywhere({3 * 512, 8, 512, 3}, false);
  power.at_random({{1024, 1, 0, 2}, {1536, 8, 512, 3}, {8192, 256, 4096, 2}}, 300, 1);
  CHECK(tally.cuts > 1000);
  CHECK(tally.lost == 0);
}

TEST_CASE("S13: no damaged bit, burst or prefix of a checkpoint is taken") {
  Tally tally;
  Damages damages(tally);
  damages.every_bit();
  damages.bursts(500, 1);
  damages.every_prefix();
  CHECK(tally.damages > 3000);
  CHECK(tally.taken == 0);
}
#endif
