// The command line of bench.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "contestant.hpp"

namespace bench {

struct Options {
  std::vector<std::string> work;  // beginnings of names; none: all
  std::vector<std::string> peers = {"eigen", "openblas", "onednn", "fann", "torch"};
  std::string isa = "native";
  std::string modules = ".";
  std::size_t rounds = 11;
  double sample = 0.03;  // seconds, at least
  double quiet = 0.0;    // additions a cycle that this core is known to reach when it is quiet
  bool offset = false;
  bool cores = false;  // print which kernels each peer chose, and time nothing
};

// Ends the program with 2, and says how it is used, where the arguments are not understood.
Options read_options(int count, char** arguments);

bool wanted(const Options& options, const Work& work);

// One thread for everybody, and no more than AVX2 where that is asked for. The libraries read it when they are opened.
void prepare_environment(const Options& options);

}  // namespace bench
