// Times a training step while width, depth or batch grows: growth.sh draws what this prints.
#include "growth.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "core.hpp"
#include "memory.hpp"
#include "quiet.hpp"
#include "roof.hpp"

namespace bench {
namespace {

constexpr int kRounds = 11;
constexpr std::size_t kMostGivenUp = 20;
constexpr double kSample = 0.02;  // seconds, at least

void must(linnet::Status status) {
  if (status == linnet::Status::ok) return;
  std::fprintf(stderr, "linnet: %s\n", linnet::to_string(status));
  std::exit(1);
}

// A trainer in exactly the memory that the formulas give.
class Trained {
 public:
  explicit Trained(const Point& point)
      : point_(point),
        topology_(point.topology()),
        parameters_(point.parameters()),
        memory_(point.trainer()),
        rows_(2 * point.batch * point.width) {
    linnet::Pcg32 random(43);
    for (std::size_t k = 0; k < 2 * point.batch * point.width; ++k) rows_[k] = random.uniform() - 0.5f;
    must(network_.bind(topology_, {parameters_.data(), point.parameters()}));
    linnet::Pcg32 weights(42);
    must(linnet::initialize(network_, weights));
    must(trainer_.bind(network_, point_.config(), {memory_.data(), point_.trainer()}));
  }
  Timed run(std::size_t steps) {
    const linnet::ConstRows inputs{rows_.data(), point_.batch, point_.width};
    const linnet::ConstRows targets{rows_.data() + point_.batch * point_.width, point_.batch, point_.width};
    return timed([&] {
      for (std::size_t s = 0; s < steps; ++s) must(trainer_.step(inputs, targets));
    });
  }

 private:
  Point point_;
  linnet::Topology topology_;
  Floats parameters_;
  Floats memory_;
  Floats rows_;
  linnet::Network network_;
  linnet::Trainer trainer_;
};

void check_memory(const Point& point) {
  const linnet::Topology topology = point.topology();
  if (linnet::parameter_floats(topology) == point.parameters() &&
      linnet::trainer_floats(topology, point.config()) == point.trainer() &&
      linnet::predictor_floats(topology) == point.predictor()) {
    return;
  }
  std::fprintf(stderr, "memory of width %zu, depth %zu, batch %zu is not what the formula says\n", point.width,
               point.depth, point.batch);
  std::exit(1);
}

// The samples of one point: seconds per step.
struct Times {
  std::vector<double> quiet;
  std::vector<double> busy;
  [[nodiscard]] const std::vector<double>& best() const { return quiet.empty() ? busy : quiet; }
};

// One sample of one point, in pages of its own, over enough steps.
void sample(const Point& point, Core& core, Quiet& quiet, Times& times) {
  Trained trained(point);
  trained.run(2);
  std::size_t steps = 1;
  while (trained.run(steps).seconds * 2.0 < kSample) steps *= 2;
  steps *= 2;
  Timed result{};
  const bool good = quiet.take(core, [&] {
    trained.run(1);
    result = trained.run(steps);
    return result.alone;
  });
  (good ? times.quiet : times.busy).push_back(result.seconds / static_cast<double>(steps));
}

// As the kernel tells it. Where it tells nothing sysconf() does, but for L3: in a virtual machine it gives that of all
// cores of an EPYC, ten times what one has. 0: not known.
void print_caches() {
  struct Cache {
    const char* name;
    const char* index;
    long otherwise;
  };
  const Cache caches[] = {
      {"L1", "0", sysconf(_SC_LEVEL1_DCACHE_SIZE)}, {"L2", "2", sysconf(_SC_LEVEL2_CACHE_SIZE)}, {"L3", "3", 0}};
  for (const Cache& cache : caches) {
    std::ifstream file(std::string("/sys/devices/system/cpu/cpu0/cache/index") + cache.index + "/size");
    long kib = 0;
    std::printf("cache %s %ld\n", cache.name, file >> kib ? 1024 * kib : cache.otherwise);
  }
}

void print_bandwidths(const Roof& roof) {
  const Floats buffer(std::size_t{1} << 26);
  for (const std::size_t kib : {16U, 32U, 64U, 128U, 256U, 512U, 1024U, 4096U, 16384U, 65536U, 262144U}) {
    double rates[kRounds];
    for (double& rate : rates) {
      rate = rate_of([&](std::size_t times) { return roof.read(buffer.data(), kib * 256, times); });
    }
    std::printf("read %zu %.4g\n", kib, median({rates, rates + kRounds}));
  }
}

void print_step(const Point& point, const std::vector<double>& times) {
  std::printf("step %s %zu %zu %zu %s %.4g %.4g %.4g %.4g %zu %zu\n", point.axis, point.width, point.depth, point.batch,
              point.adam ? "adam" : "sgd", median(times), quantile(times, 0.25), quantile(times, 0.75),
              point.operations(), point.parameters(), point.trainer());
}

// How quiet it was: additions a cycle, the share of samples that were repeated, the least quiet samples of a point.
void print_quiet(double level, const Quiet& quiet, const std::vector<Times>& times) {
  std::size_t least = kRounds;
  for (const Times& of_point : times) least = std::min(least, of_point.quiet.size());
  std::printf("quiet %.4g %.3f %zu\n", level, quiet.repeated_share(), least);
}

int main_of(const std::string& modules, double known_level) {
  MakeRoof* const make_roof = find<MakeRoof>(modules, "roof", "bench_roof");
  if (make_roof == nullptr) return 2;
  const Roof roof = make_roof();
  const std::vector<Point> points = growth();
  for (const Point& point : points) check_memory(point);
  std::vector<Times> times(points.size());
  std::vector<double> peaks;
  std::vector<double> divisions;
  Core core;
  const double level = std::max(known_level, core.quiet_level());
  Quiet quiet(level, kMostGivenUp);
  for (int r = 0; r < kRounds; ++r) {
    peaks.push_back(rate_of([&](std::size_t n) { return roof.fma(64 * n); }));
    divisions.push_back(rate_of([&](std::size_t n) { return roof.divide(64 * n); }));
    for (std::size_t p = 0; p < points.size(); ++p) sample(points[p], core, quiet, times[p]);
  }
  std::printf("peak %.4g\ndivide %.4g\n", median(peaks), median(divisions));
  print_quiet(level, quiet, times);
  print_caches();
  print_bandwidths(roof);
  for (std::size_t p = 0; p < points.size(); ++p) print_step(points[p], times[p].best());
  return 0;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: growth MODULES ADDITIONS_A_CYCLE_OF_THIS_CORE_WHEN_QUIET_OR_0\n", stderr);
    return 2;
  }
  return bench::main_of(arguments[1], std::atof(arguments[2]));
}
