// Times Linnet and its peers on the same work, in turn: see README.md here.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "clock.hpp"
#include "contest.hpp"
#include "core.hpp"
#include "linnet.hpp"
#include "options.hpp"
#include "quiet.hpp"
#include "roof.hpp"

namespace bench {
namespace {

const linnet::KernelTable& table_of(const Options& options) {
  if (options.isa == "native") return linnet::best_kernels();
  static const linnet::KernelTable* room[linnet::kMaxKernelTables];
  for (const linnet::KernelTable* table : linnet::runnable_kernels(room)) {
    if (options.isa == linnet::to_string(*table)) return *table;
  }
  std::fprintf(stderr, "no kernel table %s here\n", options.isa.c_str());
  std::exit(2);
}

struct Peer {
  std::string name;
  MakeContestant* make;
};

// What is the same for every workload.
struct Setting {
  Options options;
  std::vector<Peer> peers;
  Roof roof;
  double quiet_level;
};

// ---- One workload.

std::vector<Entry> make_entries(const Work& work, const Data& data, const Setting& setting) {
  const linnet::KernelTable& table = table_of(setting.options);
  std::vector<Entry> entries;
  entries.push_back({"linnet", [=, &table] { return make_linnet(work, data, table, 0); }});
  if (setting.options.offset)
    entries.push_back({"linnet+4", [=, &table] { return make_linnet(work, data, table, 1); }});
  for (const Peer& peer : setting.peers) {
    entries.push_back({peer.name, [=] { return std::unique_ptr<Contestant>(peer.make(work, data)); }});
    if (entries.back().contestant == nullptr) entries.pop_back();
  }
  for (Entry& entry : entries) entry.alike = std::strncmp(entry.contestant->apart(), "other work", 10) != 0;
  return entries;
}

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

// Every round has contestants of its own, in other pages: where those lie in the L2 cache is chance, and worth up to a
// fifth of a step of W4. True when the core was quiet.
bool time_sample(Entry& entry, Core& core, Quiet& quiet) {
  entry.contestant = entry.make();
  Timed sample{};
  const bool good = quiet.take(core, [&] {
    entry.contestant->run(2);
    sample = timed([&] { entry.contestant->run(entry.steps); });
    return sample.alone;
  });
  entry.times.push_back(sample.seconds / static_cast<double>(entry.steps));
  return good;
}

Round sample_roofs(const Roof& roof, const Floats& memory, Core& core, Quiet& quiet) {
  const auto read = [&](std::size_t count) {
    return rate_of([&](std::size_t times) { return roof.read(memory.data(), count, times); });
  };
  Round round{};
  round.quiet = quiet.take(core, [&] {
    return timed([&] {
             round.fma = rate_of([&](std::size_t times) { return roof.fma(64 * times); });
             round.l1 = read(4096);
             round.l2 = read(131072);
           })
        .alone;
  });
  return round;
}

// All rounds, and up to as many again while fewer than nine of ten were quiet and it has not been given up.
bool another_round(const Contest& contest, const Quiet& quiet, std::size_t wanted) {
  const std::size_t done = contest.rounds.size();
  return done < wanted || (done < 2 * wanted && 10 * quiet_rounds(contest) < 9 * wanted && quiet.is_hopeful());
}

// False when somebody did other work.
bool run(const Work& work, const Setting& setting) {
  const Supply supply(work);
  const Data data = supply.data();
  Contest contest{work};
  contest.offset = setting.options.offset;
  contest.entries = make_entries(work, data, setting);
  for (Entry& entry : contest.entries) calibrate(entry, setting.options.sample);
  Core core;
  Quiet quiet(setting.quiet_level);
  const Floats memory(131072);
  for (std::size_t r = 0; another_round(contest, quiet, setting.options.rounds); ++r) {
    Round round = sample_roofs(setting.roof, memory, core, quiet);
    for (std::size_t e = 0; e < contest.entries.size(); ++e) {
      Entry& entry = contest.entries[(e + r) % contest.entries.size()];
      round.quiet = time_sample(entry, core, quiet) && round.quiet;
    }
    contest.rounds.push_back(round);
  }
  contest.repeated_share = quiet.repeated_share();
  const bool good = compare(data, contest);
  report(contest);
  return good;
}

// ---- All of them.

// Opens those that are here, and prints which kernels each chose.
std::vector<Peer> open_peers(const std::string& directory, const std::vector<std::string>& names) {
  std::vector<Peer> peers;
  for (const std::string& name : names) {
    if (name.empty()) continue;
    MakeContestant* make = find<MakeContestant>(directory, name, "bench_contestant");
    NameCore* core = find<NameCore>(directory, name, "bench_core");
    if (make == nullptr || core == nullptr) continue;
    peers.push_back({name, make});
    std::printf("# kernels of %s: %s\n", name.c_str(), core());
  }
  return peers;
}

// A core that was busy from the start would set a low level: `known` is what it reached some other time.
double quiet_level(double known) {
  const double now = Core().quiet_level();
  std::printf("# quiet: %.2f additions a cycle now, %.2f known\n", now, known);
  return std::max(now, known);
}

int main_of(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  prepare_environment(options);
  const std::string directory = options.modules + "/" + options.isa;
  MakeRoof* const make_roof = find<MakeRoof>(directory, "roof", "bench_roof");
  if (make_roof == nullptr) return 2;
  std::printf("# kernels of linnet: %s\n", linnet::to_string(table_of(options)));
  const std::vector<Peer> peers = open_peers(directory, options.peers);
  if (options.cores) return 0;
  const Setting setting{options, peers, make_roof(), quiet_level(options.quiet)};
  std::printf("# %zu rounds of samples of at least %.0f ms of thread time\n", options.rounds, 1e3 * options.sample);
  bool good = true;
  for (const Work& work : all_work()) {
    if (wanted(options, work)) good = run(work, setting) && good;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) { return bench::main_of(count, arguments); }
