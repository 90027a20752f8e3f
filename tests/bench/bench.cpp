// Times Linnet and its peers on the same work, in turn: see README.md here.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clock.hpp"
#include "exact.hpp"
#include "linnet.hpp"
#include "roof.hpp"
#include "work.hpp"

namespace bench {
namespace {

struct Options {
  std::vector<std::string> work;  // beginnings of names; none: all
  std::vector<std::string> peers = {"eigen", "openblas", "onednn", "fann", "torch"};
  std::string isa = "native";
  std::string modules = ".";
  int rounds = 11;
  double sample = 0.03;  // seconds, at least
  bool offset = false;
};

const linnet::KernelTable& table_of(const Options& options) {
  if (options.isa == "native") return linnet::best_kernels();
  static const linnet::KernelTable* room[linnet::kMostKernelTables];
  for (const linnet::KernelTable* table : linnet::runnable_kernels(room)) {
    if (options.isa == linnet::name_of(*table)) return *table;
  }
  std::fprintf(stderr, "no kernel table %s here\n", options.isa.c_str());
  std::exit(2);
}

// ---- One workload.

struct Entry {
  std::string name;
  std::function<std::unique_ptr<Contestant>()> make;
  std::unique_ptr<Contestant> contestant = make();
  std::size_t steps = 1;  // of a sample
  std::vector<double> times{};
  bool alike = true;  // does the same work, so that its time may be compared
};

struct Peer {
  std::string name;
  MakeContestant* make;
};

// So many steps that a sample is long enough.
void calibrate(Entry& entry, double sample) {
  entry.contestant->reset();
  entry.contestant->run(2);
  for (std::size_t steps = 1;; steps *= 2) {
    const double seconds = seconds_of([&] { entry.contestant->run(steps); });
    if (seconds * 4.0 > sample) {
      entry.steps = std::max<std::size_t>(
          2, static_cast<std::size_t>(std::ceil(sample * 1.1 / seconds * static_cast<double>(steps))));
      return;
    }
  }
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k)
    most = std::max(most, std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k])));
  return most;
}

// The steps after which everybody's loss is compared with double precision: few, because plain loops are slow.
std::size_t compared_steps(const Work& work) {
  const double operations = matrix_operations(work);
  return static_cast<std::size_t>(std::min(1000.0, std::max(20.0, 4e8 / operations)));
}

// So far may a loss be off, of its size, and a parameter or an output, as it is. Seen are 3e-6 and 4e-5 (libtorch, W4):
// README.md. An Adam step of 1e-3 too many or too few is not.
constexpr double kLossTolerance = 1e-4;
constexpr double kResultTolerance = 2e-4;

bool compare(const Work& work, const Data& data, std::vector<Entry>& entries) {
  const std::size_t steps = compared_steps(work);
  const std::unique_ptr<Contestant> exact = make_exact(work, data);
  std::vector<float> expected(result_count(work));
  std::vector<float> found(result_count(work));
  exact->run(steps);
  exact->result(expected.data());
  const double loss = static_cast<double>(exact->loss());
  bool good = true;
  for (Entry& entry : entries) {
    entry.contestant->reset();
    entry.contestant->run(steps);
    entry.contestant->result(found.data());
    const double own = static_cast<double>(entry.contestant->loss());
    const double off = largest_difference(expected, found);
    const bool same = std::abs(own - loss) <= kLossTolerance * std::abs(loss) && off <= kResultTolerance;
    std::printf("# %s %s after %zu steps: loss %.7g, in double precision %.7g; results off by at most %.1e%s\n",
                work.name, entry.name.c_str(), steps, own, loss, off,
                !entry.alike ? " (other work)"
                : same       ? ""
                             : " DIFFERENT WORK");
    good = good && (same || !entry.alike);
  }
  return good;
}

struct Roofs {
  std::vector<double> fma;  // operations per second
  std::vector<double> l1;   // bytes per second
  std::vector<double> l2;
};

void sample_roofs(const Roof& roof, const Floats& memory, Roofs& roofs) {
  const auto read = [&](std::size_t count) {
    return rate_of([&](std::size_t times) { return roof.read(memory.data(), count, times); });
  };
  roofs.fma.push_back(rate_of([&](std::size_t times) { return roof.fma(64 * times); }));
  roofs.l1.push_back(read(4096));
  roofs.l2.push_back(read(131072));
}

std::vector<double> ratios(const Entry& a, const Entry& b) {
  std::vector<double> result;
  for (std::size_t r = 0; r < a.times.size(); ++r) result.push_back(a.times[r] / b.times[r]);
  return result;
}

void print_entry(const Work& work, const Entry& entry, const Entry& linnet) {
  const double middle = median(entry.times);
  const double spread = (quantile(entry.times, 1.0) - quantile(entry.times, 0.0)) / middle;
  std::printf("%-12s %-9s median %10.3f us  min %10.3f us  spread %3.0f %%  linnet/it %5.3f  %s\n", work.name,
              entry.name.c_str(), 1e6 * middle, 1e6 * quantile(entry.times, 0.0), 100.0 * spread,
              median(ratios(linnet, entry)), entry.contestant->apart());
}

void print_result(const Work& work, const std::vector<Entry>& entries, const Roofs& roofs, bool offset) {
  const Entry& linnet = entries[0];
  const Entry* best = nullptr;
  for (std::size_t e = offset ? 2 : 1; e < entries.size(); ++e) {
    if (entries[e].alike && (best == nullptr || median(entries[e].times) < median(best->times))) best = &entries[e];
  }
  std::vector<double> shares;
  for (std::size_t r = 0; r < linnet.times.size(); ++r) {
    shares.push_back(matrix_operations(work) / linnet.times[r] / roofs.fma[r]);
  }
  if (best != nullptr) {
    const std::vector<double> all = ratios(linnet, *best);
    std::printf("%s linnet=%.3fus best_peer=%s:%.3fus ratio=%.3f peak_share=%.3f quartiles=%.3f..%.3f\n", work.name,
                1e6 * median(linnet.times), best->name.c_str(), 1e6 * median(best->times), median(all), median(shares),
                quantile(all, 0.25), quantile(all, 0.75));
  } else {
    std::printf("%s linnet=%.3fus peak_share=%.3f\n", work.name, 1e6 * median(linnet.times), median(shares));
  }
  if (offset) {
    const std::vector<double> all = ratios(entries[1], linnet);
    std::printf("%s offset linnet+4=%.3fus ratio=%.3f quartiles=%.3f..%.3f\n", work.name,
                1e6 * median(entries[1].times), median(all), quantile(all, 0.25), quantile(all, 0.75));
  }
}

std::vector<Entry> make_entries(const Work& work, const Data& data, const Options& options,
                                const std::vector<Peer>& peers) {
  const linnet::KernelTable& table = table_of(options);
  std::vector<Entry> entries;
  entries.push_back({"linnet", [=, &table] { return make_linnet(work, data, table, 0); }});
  if (options.offset) entries.push_back({"linnet+4", [=, &table] { return make_linnet(work, data, table, 1); }});
  for (const Peer& peer : peers) {
    entries.push_back({peer.name, [=] { return std::unique_ptr<Contestant>(peer.make(work, data)); }});
  }
  for (Entry& entry : entries) entry.alike = std::strncmp(entry.contestant->apart(), "other work", 10) != 0;
  return entries;
}

// Every round has contestants of its own, in other pages: where those lie in the L2 cache is chance, and worth up to a
// fifth of a step of W4.
void time_sample(Entry& entry) {
  entry.contestant = entry.make();
  entry.contestant->run(2);
  const double seconds = seconds_of([&] { entry.contestant->run(entry.steps); });
  entry.times.push_back(seconds / static_cast<double>(entry.steps));
}

bool run(const Work& work, const Options& options, const std::vector<Peer>& peers, const Roof& roof) {
  const Supply supply(work);
  const Data data = supply.data();
  std::vector<Entry> entries = make_entries(work, data, options, peers);
  for (Entry& entry : entries) calibrate(entry, options.sample);
  Roofs roofs;
  const Floats memory(131072);
  for (int r = 0; r < options.rounds; ++r) {
    sample_roofs(roof, memory, roofs);
    for (std::size_t e = 0; e < entries.size(); ++e) {
      time_sample(entries[(e + static_cast<std::size_t>(r)) % entries.size()]);
    }
  }
  const bool good = compare(work, data, entries);
  std::printf("# %s peak %.1f GFLOP/s, reads from L1 %.0f GB/s, from L2 %.0f GB/s\n", work.name,
              1e-9 * median(roofs.fma), 1e-9 * median(roofs.l1), 1e-9 * median(roofs.l2));
  for (const Entry& entry : entries) print_entry(work, entry, entries[0]);
  print_result(work, entries, roofs, options.offset);
  std::fflush(stdout);
  return good;
}

// ---- The command line.

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
      "             [--sample MILLISECONDS] [--isa avx2] [--offset] [--modules DIRECTORY]\n",
      stderr);
  std::exit(2);
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int k = 1; k < count; ++k) {
    const std::string name = arguments[k];
    if (name == "--offset") {
      options.offset = true;
      continue;
    }
    if (++k == count) usage();
    const std::string value = arguments[k];
    if (name == "--work")
      options.work = words(value);
    else if (name == "--peers")
      options.peers = words(value);
    else if (name == "--rounds")
      options.rounds = std::atoi(value.c_str());
    else if (name == "--sample")
      options.sample = 1e-3 * std::atof(value.c_str());
    else if (name == "--isa")
      options.isa = value;
    else if (name == "--modules")
      options.modules = value;
    else
      usage();
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

// One thread for everybody, and no more than AVX2 where that is asked for. The libraries read it when they are opened.
void prepare_environment(const Options& options) {
  setenv("OMP_NUM_THREADS", "1", 1);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  if (options.isa == "avx2") {
    setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
    setenv("OPENBLAS_CORETYPE", "Haswell", 1);
    setenv("ATEN_CPU_CAPABILITY", "avx2", 1);
  }
}

int main_of(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  prepare_environment(options);
  const std::string directory = options.modules + "/" + options.isa;
  MakeRoof* const make_roof = find<MakeRoof>(directory, "roof", "bench_roof");
  if (make_roof == nullptr) return 2;
  std::vector<Peer> peers;
  for (const std::string& name : options.peers) {
    if (name.empty()) continue;
    MakeContestant* make = find<MakeContestant>(directory, name, "bench_contestant");
    if (make != nullptr) peers.push_back({name, make});
  }
  std::printf("# linnet's kernel table: %s; %d rounds of samples of at least %.0f ms of thread time\n",
              linnet::name_of(table_of(options)), options.rounds, 1e3 * options.sample);
  bool good = true;
  for (const Work& work : all_work()) {
    if (wanted(options, work)) good = run(work, options, peers, make_roof()) && good;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) { return bench::main_of(count, arguments); }
