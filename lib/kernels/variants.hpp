// Which vector tables this build has, and a descriptor's variants for them. For each there is a compile definition, as
// LINNET_WITH_AVX2 for the table avx2.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(LINNET_WITH_SSE2)
#define LINNET_SSE2(use, ...) use(sse2, __VA_ARGS__)
#else
#define LINNET_SSE2(use, ...)
#endif
#if defined(LINNET_WITH_AVX2)
#define LINNET_AVX2(use, ...) use(avx2, __VA_ARGS__)
#else
#define LINNET_AVX2(use, ...)
#endif
#if defined(LINNET_WITH_AVX512)
#define LINNET_AVX512(use, ...) use(avx512, __VA_ARGS__)
#else
#define LINNET_AVX512(use, ...)
#endif
#if defined(LINNET_WITH_NEON)
#define LINNET_NEON(use, ...) use(neon, __VA_ARGS__)
#elif defined(LINNET_WITH_NEON64)
#define LINNET_NEON(use, ...) use(neon64, __VA_ARGS__)
#else
#define LINNET_NEON(use, ...)
#endif

// use(table, ...) for each of them, the slowest first.
#define LINNET_VECTOR_TABLES(use, ...) \
  LINNET_SSE2(use, __VA_ARGS__)        \
  LINNET_AVX2(use, __VA_ARGS__) LINNET_AVX512(use, __VA_ARGS__) LINNET_NEON(use, __VA_ARGS__)

// How many there are: a number for #if, too.
#define LINNET_PLUS_ONE(...) +1
#define LINNET_HAS_VECTORS (0 LINNET_VECTOR_TABLES(LINNET_PLUS_ONE, ))

// A descriptor declares its variants with the former and lists their addresses with the latter, in the order of TableIndex.
#define LINNET_DECLARE(table, type, name) \
  namespace table {                       \
  extern const type name;                 \
  }
#define LINNET_DECLARE_VARIANTS(type, name)        \
  namespace linnet {                               \
  LINNET_VECTOR_TABLES(LINNET_DECLARE, type, name) \
  }
#define LINNET_ADDRESS(table, name) , &table::name
#define LINNET_VARIANTS(name) &name##_scalar LINNET_VECTOR_TABLES(LINNET_ADDRESS, name)

namespace linnet {

// Of a table's variant in every descriptor.
#define LINNET_NAME(table, ...) , table
enum class TableIndex : std::uint8_t { scalar LINNET_VECTOR_TABLES(LINNET_NAME, ) };

// Descriptors have no room for more tables than there are: up to kMaxKernelTables it would take 28 bytes of flash in each.
constexpr std::size_t kTableCount = 1 + LINNET_HAS_VECTORS;

}  // namespace linnet
