// Times a training step while width, depth or batch grows: growth.sh draws what this prints.
#include "growth.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "memory.hpp"
#include "roof.hpp"

namespace bench {
namespace {

constexpr int kRounds = 7;
constexpr double kSample = 0.02;  // seconds, at least

void must(linnet::Status status) {
  if (status == linnet::Status::ok) return;
  std::fprintf(stderr, "linnet: %s\n", linnet::describe(status));
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
    linnet::Pcg32 random(42);
    must(network_.bind(topology_, {parameters_.data(), point.parameters()}));
    must(linnet::initialize(network_, random));
    must(trainer_.bind(network_, point.training(), {memory_.data(), point.trainer()}));
    for (std::size_t k = 0; k < 2 * point.batch * point.width; ++k) rows_[k] = random.uniform() - 0.5f;
  }
  double seconds(std::size_t steps) {
    const linnet::Rows inputs{rows_.data(), point_.batch, point_.width};
    const linnet::Rows targets{rows_.data() + point_.batch * point_.width, point_.batch, point_.width};
    return seconds_of([&] {
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
      linnet::trainer_floats(topology, point.training()) == point.trainer() &&
      linnet::predictor_floats(topology) == point.predictor()) {
    return;
  }
  std::fprintf(stderr, "memory of width %zu, depth %zu, batch %zu is not what the formula says\n", point.width,
               point.depth, point.batch);
  std::exit(1);
}

// One point: the median of samples of enough steps, seconds per step.
double time_of(const Point& point) {
  Trained trained(point);
  std::size_t steps = 1;
  trained.seconds(2);
  for (double spent = trained.seconds(1); spent < kSample; spent = trained.seconds(steps)) {
    steps = spent * 8.0 < kSample
                ? steps * 4
                : steps + static_cast<std::size_t>(std::ceil(static_cast<double>(steps) * kSample / spent));
  }
  return trained.seconds(steps) / static_cast<double>(steps);
}

// As the kernel tells it; sysconf() gives ten times the L3 of an EPYC in a virtual machine.
void print_caches() {
  const std::pair<const char*, const char*> caches[] = {{"L1", "0"}, {"L2", "2"}, {"L3", "3"}};
  for (const auto& [name, index] : caches) {
    std::ifstream file(std::string("/sys/devices/system/cpu/cpu0/cache/index") + index + "/size");
    long kib = 0;
    file >> kib;
    std::printf("cache %s %ld\n", name, 1024 * kib);
  }
}

int main_of(const std::string& modules) {
  MakeRoof* const make_roof = find<MakeRoof>(modules, "roof", "bench_roof");
  if (make_roof == nullptr) return 2;
  const Roof roof = make_roof();
  const std::vector<Point> points = growth();
  std::vector<std::vector<double>> times(points.size());
  std::vector<double> peaks;
  for (const Point& point : points) check_memory(point);
  for (int r = 0; r < kRounds; ++r) {
    peaks.push_back(rate_of([&](std::size_t times_of) { return roof.fma(64 * times_of); }));
    for (std::size_t p = 0; p < points.size(); ++p) times[p].push_back(time_of(points[p]));
  }
  std::printf("peak %.4g\n", median(peaks));
  std::printf("divide %.4g\n", rate_of([&](std::size_t n) { return roof.divide(n); }));
  print_caches();
  const Floats buffer(std::size_t{1} << 26);
  for (const std::size_t kib : {16, 32, 64, 128, 256, 512, 1024, 4096, 16384, 65536, 262144}) {
    std::vector<double> rates;
    for (int r = 0; r < kRounds; ++r) {
      rates.push_back(rate_of([&](std::size_t n) { return roof.read(buffer.data(), kib * 256, n); }));
    }
    std::printf("read %zu %.4g\n", kib, median(rates));
  }
  for (std::size_t p = 0; p < points.size(); ++p) {
    const Point& point = points[p];
    std::printf("step %s %zu %zu %zu %s %.4g %.4g %.4g %.4g %zu %zu\n", point.axis, point.width, point.depth,
                point.batch, point.adam ? "adam" : "sgd", median(times[p]), quantile(times[p], 0.25),
                quantile(times[p], 0.75), point.operations(), point.parameters(), point.trainer());
  }
  return 0;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: growth MODULES\n", stderr);
    return 2;
  }
  return bench::main_of(arguments[1]);
}
