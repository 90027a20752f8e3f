// Prints README's table of memory from the layout itself; tests/discipline/readme_tables.sh compares the two.
#include <cstdio>

#include <linnet/linnet.hpp>

namespace ln = linnet;

namespace {

constexpr auto kSensor =
    ln::topology(4, {{16, ln::activation::tanh}, {16, ln::activation::tanh}, {3, ln::activation::identity}});
constexpr auto kDigits = ln::topology(64, {{32, ln::activation::relu}, {10, ln::activation::identity}});
constexpr auto kImages =
    ln::topology(784, {{128, ln::activation::relu}, {64, ln::activation::relu}, {10, ln::activation::identity}});

void row(const char* shape, const ln::Topology& topology, const ln::Optimizer& optimizer, const char* name,
         std::size_t batch) {
  const ln::TrainerConfig config{ln::loss::softmax_cross_entropy, optimizer, batch};
  const auto bytes = [](std::size_t floats) { return floats * sizeof(float); };
  const std::size_t floats = ln::state_floats(topology, config) + ln::workspace_floats(topology, config);
  // As pointers, which a computer and a board count alike; where they are longer than floats one float may be skipped.
  const std::size_t pointers = bytes(ln::trainer_floats(topology, config) - floats) / sizeof(void*);
  std::printf("| %s | %s, batch %zu | %zu | %zu | %zu | %zu | %zu |\n", shape, name, batch,
              bytes(ln::parameter_floats(topology)), bytes(ln::predictor_floats(topology)),
              bytes(ln::state_floats(topology, config)), bytes(ln::workspace_floats(topology, config)), pointers);
}

}  // namespace

int main() {
  std::printf("| network | training | weights | to predict | optimizer state | workspace | pointers |\n");
  std::printf("|---|---|--:|--:|--:|--:|--:|\n");
  row("4-16-16-3", kSensor, ln::optimizer::sgd(0.1f), "SGD", 1);
  row("64-32-10", kDigits, ln::optimizer::adam(), "Adam", 16);
  row("784-128-64-10", kImages, ln::optimizer::sgd(0.1f, 0.9f), "SGD with momentum", 64);
}
