// random_worlds SECONDS SEED [TURN]: a fuzzer's entry on random bytes, without a fuzzer and its sanitizers: many more calls,
// no coverage. Turns are counted; TURN begins there, at one that found something.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <linnet/random.hpp>

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** words) {
  if (count < 3 || count > 4) {
    std::fprintf(stderr, "usage: random_worlds SECONDS SEED [TURN]\n");
    return 2;
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::strtol(words[1], nullptr, 10));
  const std::uint64_t seed = std::strtoull(words[2], nullptr, 10);
  for (std::uint64_t turn = count > 3 ? std::strtoull(words[3], nullptr, 10) : 0;
       std::chrono::steady_clock::now() < end; ++turn) {
    linnet::Pcg32 random(seed, turn);
    std::vector<std::uint8_t> bytes(100 + random.below(700));
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random.bits() >> 24u);
    }
    std::fprintf(stderr, "\r%llu",
                 static_cast<unsigned long long>(turn));  // which one it was, if it does not come back
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::fprintf(stderr, "\n");
  return 0;
}
