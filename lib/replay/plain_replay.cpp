#include "replay/descriptor.hpp"

namespace linnet {

// Sample number n, from 1, is kept with probability capacity / n, in the place of any.
constexpr ReplayChooser descriptor::plain_replay = {
    [](const ReplayPlaces& places, std::uint16_t /*label*/, Pcg32& random) -> std::size_t {
      const std::uint32_t seen = counted(places.counts[0]);
      return seen <= places.capacity ? seen - std::size_t{1} : random.below(seen);
    },
    false};

}  // namespace linnet
