// Measures the functions of arithmetic/elementary.hpp on all 2^32 floats: the best kernel table of this processor
// against the oracle in double precision, one float in 1,021 against the other tables. Arguments name functions;
// without any, all. Ends with 1 if a bound is broken or two tables differ.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "elementary_check.hpp"

using namespace linnet_test;

namespace {

constexpr std::uint64_t kFloats = std::uint64_t{1} << 32u;

// The floats with the bits [first, last).
Findings sweep(const ElementaryFunction& function, const std::vector<const ElementaryTable*>& tables,
               std::uint64_t first, std::uint64_t last) {
  Findings findings;
  Examination sample(function, tables);
  float x[kMostAtOnce];
  float y[kMostAtOnce];
  std::size_t n = 0;
  for (std::uint64_t bits = first; bits < last; ++bits) {
    const float next = linnet::float_of(static_cast<std::uint32_t>(bits));
    if (function.takes(next)) {
      x[n++] = next;
    }
    if (bits % kSampleStride == 0) {
      sample.add(next);
    }
    if (n == kMostAtOnce || bits + 1 == last) {
      (tables.back()->*function.evaluate)(x, y, n);
      measure(function, x, y, n, findings);
      n = 0;
    }
  }
  const std::uint64_t points = findings.points;
  findings.join(sample.finish());
  findings.points = points;
  return findings;
}

Findings sweep_all(const ElementaryFunction& function, const std::vector<const ElementaryTable*>& tables) {
  const unsigned cores = std::thread::hardware_concurrency();
  const std::uint64_t count = cores == 0 ? 1 : cores;
  std::vector<Findings> parts(count);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < count; ++t) {
    threads.emplace_back(
        [&, t] { parts[t] = sweep(function, tables, kFloats * t / count, kFloats * (t + 1) / count); });
  }
  Findings findings;
  for (std::uint64_t t = 0; t < count; ++t) {
    threads[t].join();
    findings.join(parts[t]);
  }
  return findings;
}

bool wanted(const char* name, int argc, char** argv) {
  for (int a = 1; a < argc; ++a) {
    if (std::strcmp(argv[a], name) == 0) {
      return true;
    }
  }
  return argc < 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<const ElementaryTable*> tables = elementary_tables();
  std::printf("LINNET_FUSED=%d, table %s, compared with", kFused ? 1 : 0, tables.back()->name);
  for (const ElementaryTable* table : tables) {
    std::printf("%s%s", table == tables.back() ? "" : " ", table == tables.back() ? "" : table->name);
  }
  std::printf("\n%-22s %12s %10s %7s  %s\n", "function", "floats", "worst ULP", "bound", "at");
  bool kept = true;
  for (const ElementaryFunction& function : elementary_functions()) {
    if (!wanted(function.name, argc, argv)) {
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    const Findings found = sweep_all(function, tables);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const bool good = found.worst <= function.bound && found.differences == 0;
    std::printf("%-22s %12llu %10.4f %7.1f  %.9g (%08x)  %.0f s  %s\n", function.name,
                static_cast<unsigned long long>(found.points), found.worst, function.bound,
                static_cast<double>(found.worst_at), linnet::bits_of(found.worst_at), seconds.count(),
                good ? "kept" : "BROKEN");
    if (found.differences != 0) {
      std::printf("  %s differs at %llu floats, first at %08x\n", found.different_table,
                  static_cast<unsigned long long>(found.differences), linnet::bits_of(found.difference_at));
    }
    std::fflush(stdout);
    kept = kept && good;
  }
  return kept ? 0 : 1;
}
