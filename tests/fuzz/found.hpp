// What a fuzzer of one parser does with a finding.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace linnet_fuzz {

[[noreturn]] inline void fail(const char* what) {
  std::fprintf(stderr, "\nfound: %s\n", what);
  std::abort();
}
inline void expect(bool good, const char* what) {
  if (!good) fail(what);
}

}  // namespace linnet_fuzz
