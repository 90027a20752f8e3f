#include "options.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bench {
namespace {

std::vector<std::string> words(const std::string& list) {
  std::vector<std::string> result(1);
  for (const char c : list) {
    if (c == ',') {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  return result;
}

[[noreturn]] void usage() {
  std::fputs(
      "usage: bench [--work W1,W2-adam,...] [--peers eigen,openblas,onednn,fann,torch] [--rounds N]\n"
      "             [--sample MILLISECONDS] [--isa avx2] [--offset] [--quiet ADDITIONS] [--modules DIRECTORY]\n"
      "             [--cores]\n",
      stderr);
  std::exit(2);
}

// Whether there is an option of this name that takes a value; if so, `options` has it.
bool take(const std::string& name, const std::string& value, Options& options) {
  if (name == "--work")
    options.work = words(value);
  else if (name == "--peers")
    options.peers = words(value);
  else if (name == "--rounds")
    options.rounds = std::strtoul(value.c_str(), nullptr, 10);
  else if (name == "--sample")
    options.sample = 1e-3 * std::atof(value.c_str());
  else if (name == "--quiet")
    options.quiet = std::atof(value.c_str());
  else if (name == "--isa")
    options.isa = value;
  else if (name == "--modules")
    options.modules = value;
  else
    return false;
  return true;
}

}  // namespace

Options read_options(int count, char** arguments) {
  Options options;
  for (int k = 1; k < count; ++k) {
    const std::string name = arguments[k];
    if (name == "--offset") {
      options.offset = true;
    } else if (name == "--cores") {
      options.cores = true;
    } else if (++k == count || !take(name, arguments[k], options)) {
      usage();
    }
  }
  if (options.rounds < 1 || options.sample <= 0.0) usage();
  return options;
}

bool wanted(const Options& options, const Work& work) {
  if (options.work.empty()) return true;
  for (const std::string& name : options.work) {
    if (std::strncmp(work.name, name.c_str(), name.size()) == 0) return true;
  }
  return false;
}

void prepare_environment(const Options& options) {
  setenv("OMP_NUM_THREADS", "1", 1);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  if (options.isa == "avx2") {
    setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
    setenv("OPENBLAS_CORETYPE", "Haswell", 1);
    setenv("ATEN_CPU_CAPABILITY", "avx2", 1);
  }
}

}  // namespace bench
