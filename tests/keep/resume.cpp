// resume MEDIUM RULE UNIT STEPS: learns so many steps from where the checkpoint on a medium left off, from the beginning
// where the file MEDIUM does not exist; keeps what it learned there and prints a hash of it. Built for a computer, for one
// of the other byte order and for a board. RULE is the number of an optimizer, UNIT the medium's unit of writing.
#include <cstring>

#include <linnet/linnet.hpp>

#include "../../examples/firmware/report.hpp"
#include "../../examples/stores/ram_store.hpp"
#include "keep/files.hpp"

namespace {

using linnet::Status;
namespace activation = linnet::activation;
namespace optimizer = linnet::optimizer;

// The eleven rules, and three with what may be around them.
constexpr linnet::Optimizer kRules[] = {
    optimizer::sgd(0.05f),
    optimizer::sgd(0.02f, 0.9f),
    optimizer::sgd_nesterov(0.02f, 0.8f).with_weight_decay(0.001f),
    optimizer::adam(0.01f),
    optimizer::adamw(0.01f),
    optimizer::rmsprop(0.003f),
    optimizer::rmsprop_momentum(0.003f, 0.5f),
    optimizer::adagrad(0.05f),
    optimizer::rprop(),
    optimizer::adam_amsgrad(0.01f),
    optimizer::adamw_amsgrad(0.01f),
    optimizer::adam(0.01f, 0.5, 0.9).with_weight_decay(0.01f),  // clipped by norm
    optimizer::adamw(0.01f, 0.1f),                              // in groups
    optimizer::adam(0.01f),                                     // above a frozen layer
};
constexpr std::uint32_t kRuleCount = sizeof kRules / sizeof kRules[0];
constexpr std::uint32_t kRprop = 8, kClipped = 11, kGrouped = 12, kFrozen = 13;

constexpr std::size_t kInputs = 5, kClasses = 3, kSamples = 30, kBatch = 4;  // the last batch of an epoch is smaller
constexpr auto kShape = linnet::topology(
    kInputs,
    {{9, activation::tanh}, {7, activation::leaky_relu.with_slope(0.02f), false}, {kClasses, activation::identity}});
constexpr linnet::TrainerConfig config(std::uint32_t rule) {
  linnet::TrainerConfig result{linnet::loss::softmax_cross_entropy, kRules[rule], kBatch};
  result.gradients = rule == kClipped ? linnet::Gradients::kept : linnet::Gradients::fused;
  result.clip_norm = rule == kClipped ? 0.5f : 0.0f;
  return result;
}
constexpr linnet::TrainerConfig kMost{linnet::loss::softmax_cross_entropy, optimizer::adam_amsgrad(), kBatch,
                                      linnet::Gradients::kept};
constexpr float kFactors[] = {0.25f, 1.0f, 2.0f};

float model[linnet::parameter_floats(kShape)];
float backbone[linnet::frozen_floats(kShape, 1)];
float memory[linnet::trainer_floats(kShape, kMost)];
float inputs[kSamples][kInputs];
std::uint16_t labels[kSamples];
unsigned char medium[8192], page[256];

bool erase(void* /*context*/, std::uint32_t at, std::uint32_t bytes) {
  std::memset(medium + at, 0xff, bytes);
  return true;
}
linnet::Store store_with(std::uint32_t unit) {
  linnet::Store store = stores::ram_store(medium);
  store.write_unit = unit;
  store.erase_unit = 1024;
  store.erase = unit > 1 ? erase : nullptr;
  store.buffer = page;
  return store;
}

struct Run {
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::ParameterGroups groups;
  // the program's own, in elements of every width
  linnet::Pcg32::State random{};
  std::uint32_t next = kSamples;  // of the order
  std::uint16_t order[kSamples] = {};
  std::uint8_t epochs = 0;
  const linnet::Piece pieces[4] = {{{'r', 'a', 'n', 'd', 'o', 'm'}, &random, 2, 8},
                                   {{'n', 'e', 'x', 't'}, &next, 1, 4},
                                   {{'o', 'r', 'd', 'e', 'r'}, order, kSamples, 2},
                                   {{'e', 'p', 'o', 'c', 'h', 's'}, &epochs, 1, 1}};

  [[nodiscard]] linnet::Checkpoint all() { return {&network, &trainer, pieces}; }

  Status begin(std::uint32_t rule) {
    linnet::Pcg32 generator(7);
    for (std::size_t s = 0; s < kSamples; ++s) {
      order[s] = static_cast<std::uint16_t>(s);
      labels[s] = static_cast<std::uint16_t>(generator.below(kClasses));
      for (float& x : inputs[s]) x = generator.uniform(-1.0f, 1.0f);
    }
    for (float& w : backbone) w = generator.uniform(-0.8f, 0.8f);
    if (auto s = rule == kFrozen ? network.bind(kShape, backbone, model, 1) : network.bind(kShape, model);
        s != Status::ok) {
      return s;
    }
    if (auto s = linnet::initialize(network, generator); s != Status::ok) return s;
    random = generator.state();
    if (auto s = trainer.bind(network, config(rule), memory); s != Status::ok) return s;
    return rule == kGrouped ? groups.bind(trainer, {kFactors, false, false}) : Status::ok;
  }

  Status begin_epoch(bool rate_falls) {
    linnet::Pcg32 generator(0);
    generator.restore(random);
    generator.shuffle(order);
    random = generator.state();
    next = 0;
    ++epochs;
    return rate_falls ? trainer.set_learning_rate(0.97f * trainer.learning_rate()) : Status::ok;
  }
  Status step(bool rate_falls) {
    if (next == kSamples) {
      if (auto s = begin_epoch(rate_falls); s != Status::ok) return s;
    }
    float rows[kBatch][kInputs];
    std::uint16_t targets[kBatch];
    std::size_t count = 0;
    for (; count < kBatch && next < kSamples; ++count, ++next) {
      std::memcpy(rows[count], inputs[order[next]], sizeof rows[count]);
      targets[count] = labels[order[next]];
    }
    return trainer.step({rows[0], count, kInputs}, {targets, count});
  }

  // Of all that is kept, as numbers: the same in either byte order.
  [[nodiscard]] std::uint64_t hash() const {
    std::uint64_t result = linnet::hash(network);
    const auto add = [&result](std::uint64_t number) { result = (result ^ number) * 0x100000001b3u; };
    const auto add_float = [&add](float number) {
      std::uint32_t bits;
      std::memcpy(&bits, &number, sizeof bits);
      add(bits);
    };
    for (const float number : trainer.optimizer_state()) add_float(number);
    add_float(trainer.learning_rate());
    add(trainer.steps());
    add(random.state);
    add(random.increment);
    add(next);
    add(epochs);
    for (const std::uint16_t sample : order) add(sample);
    return result;
  }
};

Status go_on(Run& run, const char* path, std::uint32_t rule, std::uint32_t unit, std::uint32_t steps) {
  const linnet::Store store = store_with(unit);
  linnet::Kept kept;
  if (auto s = run.begin(rule); s != Status::ok) return s;
  if (files::read(path, medium, sizeof medium)) {
    if (auto s = linnet::load(store, run.all(), kept); s != Status::ok) return s;
  } else {
    std::memset(medium, 0xff, sizeof medium);
  }
  for (; steps > 0; --steps) {
    if (auto s = run.step(rule != kRprop); s != Status::ok) return s;
  }
  if (auto s = linnet::save(store, run.all()); s != Status::ok) return s;
  return files::write(path, medium, sizeof medium) ? Status::ok : Status::store_failed;
}

// The next number of the command line.
std::uint32_t number(char*& at) {
  std::uint32_t result = 0;
  while (*at == ' ') ++at;
  for (; *at >= '0' && *at <= '9'; ++at) result = 10 * result + static_cast<std::uint32_t>(*at - '0');
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  static char line[256];
  static Run run;
  files::words(argc, argv, line, sizeof line);
  char* at = std::strchr(line, ' ');
  if (at == nullptr) {
    board::write("usage: resume MEDIUM RULE UNIT STEPS\n");
    return 2;
  }
  *at++ = '\0';
  const std::uint32_t rule = number(at);
  const std::uint32_t unit = number(at);
  const std::uint32_t steps = number(at);
  if (rule >= kRuleCount || unit == 0) return 2;
  if (auto s = go_on(run, line, rule, unit, steps); s != Status::ok) return report::refused(s);
  board::write("steps ");
  text::number(static_cast<std::size_t>(run.trainer.steps()));
  board::write(" hash ");
  text::hexadecimal(run.hash());
  board::write("\n");
  return 0;
}
