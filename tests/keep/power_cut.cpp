// power_cut RANDOM SEED [pairs]: cuts the power at every step of every operation on several media, and RANDOM times
// anywhere; with `pairs` also twice, at every pair of steps, on two of them. Then damages every bit of a checkpoint and
// RANDOM / 10 bursts, and tears off its end at every byte. Ends with the lines "N cuts, 0 lost" and "N damages, 0 taken",
// and with 1 where a number is not 0.
#include "keep/power_cut.hpp"

#include <cstdlib>

using namespace linnet_keep;

namespace {

// Units of flash of several makers, of EEPROM and FRAM (nothing is erased), of files.
const std::vector<Geometry> kGeometries = {{1024, 1, 0, 2},     {2048, 4, 512, 2},   {4096, 8, 1024, 2},
                                           {8192, 16, 2048, 2}, {8192, 32, 4096, 2}, {8192, 256, 4096, 2},
                                           {1536, 1, 0, 3},     {3072, 4, 512, 3},   {8192, 32, 1024, 4},
                                           {2048, 2, 256, 2},   {4096, 64, 1024, 3}, {8192, 128, 2048, 4}};

unsigned long long as_printed(std::uint64_t number) { return number; }

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  Tally tally;
  PowerCut power(tally);
  for (std::size_t k = 0; k < kGeometries.size(); ++k) power.everywhere(kGeometries[k], argc > 3 && k < 2);
  power.at_random(kGeometries, count, seed);
  Damages damages(tally);
  damages.every_bit();
  damages.bursts(count / 10, seed);
  damages.every_prefix();
  std::printf("seed %llu\n%llu cuts, %llu lost\n%llu damages, %llu taken\n", as_printed(seed), as_printed(tally.cuts),
              as_printed(tally.lost), as_printed(tally.damages), as_printed(tally.taken));
  return tally.lost + tally.taken == 0 ? 0 : 1;
}
