// Which table runs: on x86 asked of the processor itself, at every bind, so that no state is kept. On ARM the flags of
// the program already say whether there is NEON.
#include "arithmetic/number.hpp"
#include "tables/tables.hpp"

#if LINNET_HAS_VECTORS && defined(__x86_64__)
#define LINNET_ASKS 1
#include <cpuid.h>
#else
#define LINNET_ASKS 0
#endif

namespace linnet {

namespace {

// Whether this processor runs a table.
struct Processor {
  bool sse2 = true;
  bool avx2 = false;
  bool avx512 = false;
  bool neon = true;
  bool neon64 = true;

#if LINNET_ASKS
  // Intel SDM volume 1, sections 14.3, 14.5 and 15.2: the instruction sets, and that the system saves their registers.
  Processor() {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) {
      return;
    }
    const unsigned wanted = bit_FMA | bit_OSXSAVE | bit_AVX;
    if ((c & wanted) != wanted || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
      return;
    }
    unsigned saved = 0;
    unsigned upper = 0;
    __asm__("xgetbv" : "=a"(saved), "=d"(upper) : "c"(0));
    const unsigned foundation = bit_AVX512F | bit_AVX512CD | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    avx2 = (saved & 0x06u) == 0x06u && (b & bit_AVX2) != 0;
    avx512 = avx2 && (saved & 0xe6u) == 0xe6u && (b & foundation) == foundation;
  }
#endif
};

constexpr const KernelTable* kTables[] = {LINNET_TABLES_OF(table)};

// The index of the best table below `end` that this processor runs.
std::size_t best_below(std::size_t end) {
  [[maybe_unused]] const Processor processor;
#define LINNET_RUNS(table, ...) , processor.table
  const bool runs[] = {true LINNET_VECTOR_TABLES(LINNET_RUNS, )};
  do {
    --end;
  } while (!runs[end]);
  return end;
}

}  // namespace

const KernelTable& scalar_kernels() noexcept { return scalar::table; }

const KernelTable& best_kernels() noexcept { return *kTables[best_below(kTableCount)]; }

Span<const KernelTable* const> runnable_kernels(Span<const KernelTable*> room) noexcept {
  std::size_t count = 0;
  for (std::size_t table = kTableCount; table > 0 && count < room.size();) {
    table = best_below(table);
    room[count++] = kTables[table];
  }
  return {room.data(), count};
}

const char* to_string(const KernelTable& table) noexcept {
#define LINNET_TEXT(table, ...) , #table
  static constexpr const char* kNames[] = {"scalar" LINNET_VECTOR_TABLES(LINNET_TEXT, )};
  return kNames[index_of(table)];
}

}  // namespace linnet
