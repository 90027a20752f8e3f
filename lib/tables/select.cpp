// Which table runs: on x86 asked of the processor itself, at every bind, so that no state is kept. On ARM the flags of
// the program already say whether there is NEON.
#include "kernels/number.hpp"
#include "tables/tables.hpp"

#if defined(LINNET_X86)
#include <cpuid.h>
#endif

namespace linnet {

namespace {

#if defined(LINNET_X86)
// Intel SDM volume 1, sections 14.3, 14.5 and 15.2: the instruction sets, and that the system saves their registers.
struct Processor {
  bool avx2 = false;
  bool avx512 = false;

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
};
#endif

}  // namespace

const KernelTable& scalar_kernels() noexcept { return scalar::table; }

const KernelTable& best_kernels() noexcept {
#if defined(LINNET_X86)
  const Processor processor;
  return processor.avx512 ? avx512::table : processor.avx2 ? avx2::table : sse2::table;
#elif defined(LINNET_NEON)
  return LINNET_NEON::table;
#else
  return scalar::table;
#endif
}

Span<const KernelTable* const> runnable_kernels(Span<const KernelTable*> room) noexcept {
  std::size_t count = 0;
  const auto add = [&](bool runs, const KernelTable& table) {
    if (runs && count < room.size()) {
      room[count++] = &table;
    }
  };
#if defined(LINNET_X86)
  const Processor processor;
  add(processor.avx512, avx512::table);
  add(processor.avx2, avx2::table);
  add(true, sse2::table);
#elif defined(LINNET_NEON)
  add(true, LINNET_NEON::table);
#endif
  add(true, scalar::table);
  return {room.data(), count};
}

const char* name_of(const KernelTable& table) noexcept {
  static constexpr const char* kNames[] = {LINNET_TABLE_NAMES};
  return kNames[index_of(table)];
}

Contract contract() noexcept { return LINNET_FUSED ? Contract::fused : Contract::separate; }

}  // namespace linnet
