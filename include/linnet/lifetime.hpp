#pragma once

/// On a parameter that the result looks into: Clang then warns where the argument is a temporary and the result is kept.
/// GCC has no such attribute, and would warn of it; what is kept for long is refused, there and here, by refuse_temporary().
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define LINNET_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef LINNET_LIFETIMEBOUND
#define LINNET_LIFETIMEBOUND
#endif

namespace linnet {

/// False, but only once T is known: a static_assert of it ends no compilation that does not use the template around it.
template <class T>
inline constexpr bool kLivesOn = false;

/// What a function that keeps its argument does where this is a temporary: it ends the compilation with a sentence.
template <class Temporary, class Result>
constexpr Result refuse_temporary() noexcept {
  static_assert(kLivesOn<Temporary>, "linnet: this is kept, not copied: pass something with a name that lives as long");
  return Result();
}

}  // namespace linnet
