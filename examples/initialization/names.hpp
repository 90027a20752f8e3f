#pragma once

// The article's names and Linnet's, as text.

#include <cstddef>

namespace names {

struct Line {
  const char* article;
  const char* linnet;
};

#define LINNET_LINE(article, ...) {article, #__VA_ARGS__},
#define LINNET_CALL(article, ...) {article, #__VA_ARGS__},
inline constexpr Line kLines[] = {
#include "names.inc"
};
#undef LINNET_LINE
#undef LINNET_CALL

}  // namespace names
