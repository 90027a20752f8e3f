#pragma once

/// On a parameter that the result looks into: Clang then warns where the argument is a temporary and the result is kept.
/// GCC has no such attribute, and would warn of it; what is kept for long is refused by deleted functions there and here.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define LINNET_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef LINNET_LIFETIMEBOUND
#define LINNET_LIFETIMEBOUND
#endif
