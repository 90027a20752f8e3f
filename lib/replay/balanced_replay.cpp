#include "replay/descriptor.hpp"

namespace linnet {

namespace {

struct ClassCounts {
  std::uint32_t seen;  // samples that came
  std::uint32_t held;  // that are kept
  std::uint32_t full;  // whether it was ever the largest, since there is no more room
};
static_assert(sizeof(ClassCounts) == 3 * sizeof(std::uint32_t), "as replay_counts() says");

// Counts what is kept anew, so that counts and labels of any checkpoint go together; the largest classes are full from
// then on. Returns how many samples the largest class has.
std::uint32_t recount(const ReplayPlaces& places, ClassCounts* classes) {
  for (std::size_t c = 0; c < places.classes; ++c) {
    classes[c].held = 0;
  }
  for (std::size_t place = 0; place < places.capacity; ++place) {
    if (places.labels[place] < places.classes) {
      ++classes[places.labels[place]].held;
    }
  }
  std::uint32_t largest = 0;
  for (std::size_t c = 0; c < places.classes; ++c) {
    largest = classes[c].held > largest ? classes[c].held : largest;
  }
  for (std::size_t c = 0; c < places.classes; ++c) {
    classes[c].full |= classes[c].held == largest ? 1u : 0u;
  }
  return largest;
}

// The place of sample number n, from 0, among those of which `counts` holds; capacity where there are fewer.
template <class Counts>
std::size_t find(const ReplayPlaces& places, std::uint32_t n, Counts counts) {
  for (std::size_t place = 0; place < places.capacity; ++place) {
    if (places.labels[place] < places.classes && counts(places.labels[place]) && n-- == 0) {
      return place;
    }
  }
  return places.capacity;
}

// A class that never was the largest takes the place of a sample of the largest; another one is a reservoir of its own.
std::size_t place(const ReplayPlaces& places, std::uint16_t label, Pcg32& random) {
  auto* const classes = reinterpret_cast<ClassCounts*>(places.counts + 1);
  const std::uint32_t seen = counted(places.counts[0]);
  const std::uint32_t seen_of_class = counted(classes[label].seen);
  if (seen <= places.capacity) {
    return seen - std::size_t{1};
  }
  const std::uint32_t largest = recount(places, classes);
  if (classes[label].full != 0) {
    const std::uint32_t drawn = random.below(seen_of_class);
    return drawn < classes[label].held ? find(places, drawn, [label](std::uint16_t c) { return c == label; })
                                       : places.capacity;
  }
  std::uint32_t in_largest = 0;
  for (std::size_t c = 0; c < places.classes; ++c) {
    in_largest += classes[c].held == largest ? largest : 0;
  }
  return find(places, random.below(in_largest), [=](std::uint16_t c) { return classes[c].held == largest; });
}

}  // namespace

constexpr ReplayChooser descriptor::balanced_replay = {place, true};

}  // namespace linnet
