// What the core can do: the roofs that shares are of. A shared object per instruction set, as the peers.
#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "clock.hpp"

namespace bench {

// `fma`: multiply-adds in registers, so many times; returns their floating-point operations, two each.
// `divide`: square roots and divisions by them, exact, so many vectors of each; returns how many floats.
// `read`: a buffer of so many floats read so many times; returns bytes.
struct Roof {
  double (*fma)(std::size_t times);
  double (*divide)(std::size_t times);
  double (*read)(const float* from, std::size_t count, std::size_t times);
};
using MakeRoof = Roof();

// The function `symbol` of the shared object DIRECTORY/ISA/NAME.so; null, with a message, when there is none.
template <class Function>
Function* find(const std::string& directory, const std::string& name, const char* symbol) {
  void* opened = dlopen((directory + "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return nullptr;
  }
  return reinterpret_cast<Function*>(dlsym(opened, symbol));
}

// Work per second, of a sample of at least 2 ms. `work(times)` returns how much it did.
template <class Work>
double rate_of(Work&& work) {
  for (std::size_t times = 1;; times *= 2) {
    double amount = 0.0;
    const double seconds = seconds_of([&] { amount = work(times); });
    if (seconds > 2e-3) return amount / seconds;
  }
}

}  // namespace bench
