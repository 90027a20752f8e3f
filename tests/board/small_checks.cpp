// The checks that fit a micro:bit: 256 KB of flash, 16 KB of RAM with the stack, no standard library beneath. The bits
// they expect are stored below and are the same on every target; the host runs this program too, on every kernel
// table. A line per check, and the count of failures as the exit code.
#include <cstring>

#include <linnet/linnet.hpp>

#include "board.hpp"
#include "elementary_table.hpp"
#include "kernels/kernels.hpp"
#include "text.hpp"

namespace {

using linnet::Status;

const linnet::KernelTable* kernels;

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

class Hash {  // FNV-1a, 64 bits, low byte first; every NaN counts as one
 public:
  void add(std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      value_ = (value_ ^ ((word >> shift) & 0xffu)) * 0x100000001b3u;
    }
  }
  void add(float x) { add(x != x ? 0x7fc00000u : bits_of(x)); }
  void add(linnet::Span<const float> floats) {
    for (const float x : floats) {
      add(x);
    }
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

// ---- Random numbers: the published output of pcg32-demo, seed 42, stream 54, and what is made of it.

std::uint64_t published_numbers() {
  const std::uint32_t numbers[6] = {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu};
  std::uint64_t wrong = 0;
  linnet::Pcg32 random(42, 54);
  for (int again = 0; again < 2; ++again) {
    for (const std::uint32_t number : numbers) {
      wrong += random.bits() == number ? 0u : 1u;
    }
    random.advance(0 - std::uint64_t{6});
  }
  return wrong;
}

std::uint64_t draws() {
  linnet::Pcg32 random(7);
  Hash hash;
  for (int k = 0; k < 2000; ++k) {
    hash.add(random.uniform());
    hash.add(random.normal());
    hash.add(random.below(1000u));
  }
  return hash.value();
}

// ---- Elementary functions: 4,099 floats of every kind.

template <linnet_test::Evaluate linnet_test::ElementaryTable::*function>
std::uint64_t over_all_floats() {
  Hash hash;
  for (std::uint64_t bits = 0; bits < 0x100000000u; bits += 1047817u) {
    const float x = float_of(static_cast<std::uint32_t>(bits));
    float y = 0.0f;
    (linnet_test::elementary_scalar.*function)(&x, &y, 1);
    hash.add(y);
  }
  return hash.value();
}

// ---- Kernels: small whole numbers, whose products and sums are exact in any order; one rounding, or two.

constexpr std::size_t kTerms = 40;
constexpr std::size_t kRows = 3;
constexpr std::size_t kOutputs = 19;
float a[kRows * kTerms], b[kTerms * kOutputs], bias[kOutputs], c[kRows * kOutputs];

std::uint64_t whole_numbers(bool by_unit, std::size_t terms) {
  for (std::size_t k = 0; k < kRows * terms; ++k) {
    a[k] = static_cast<float>(static_cast<int>(k * 7 % 23) - 11);
  }
  for (std::size_t k = 0; k < terms * kOutputs; ++k) {
    b[k] = static_cast<float>(static_cast<int>(k * 5 % 17) - 8);
  }
  for (std::size_t o = 0; o < kOutputs; ++o) {
    bias[o] = static_cast<float>(o);
  }
  kernels->multiply({a, b, bias, c, kRows, terms, kOutputs}, by_unit);
  std::uint64_t wrong = 0;
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t o = 0; o < kOutputs; ++o) {
      int sum = static_cast<int>(o);
      for (std::size_t k = 0; k < terms; ++k) {
        sum += static_cast<int>(a[r * terms + k]) * static_cast<int>(b[by_unit ? o * terms + k : k * kOutputs + o]);
      }
      wrong += c[r * kOutputs + o] == static_cast<float>(sum) ? 0u : 1u;
    }
  }
  return wrong;
}

std::uint64_t products() {
  std::uint64_t wrong = 0;
  for (std::size_t terms = 1; terms <= kTerms; ++terms) {
    wrong += whole_numbers(false, terms);
    wrong += whole_numbers(true, terms);
  }
  return wrong;
}

// -(1 + 2u) * 1 + (1 + u)(1 + u) is u^2 if the sum is rounded once, and 0 if the product was rounded before.
std::uint64_t roundings() {
  const float u = 0x1p-23f;
  const float left[2] = {-(1.0f + 2.0f * u), 1.0f + u};
  const float right[2] = {1.0f, 1.0f + u};
  float sum = -1.0f;
  kernels->multiply({left, right, nullptr, &sum, 1, 2, 1}, false);
  return sum == u * u ? 1u : sum == 0.0f ? 2u : 0u;
}

// ---- Training: 4-9-3 in memory for the largest of the trainings below.

constexpr auto kShape = linnet::topology(4, {{9, linnet::activation::tanh}, {3, linnet::activation::identity}});
constexpr linnet::TrainerConfig kLargest{linnet::loss::softmax_cross_entropy, linnet::optimizer::adam(), 5,
                                         linnet::Gradients::kept};
float model[linnet::parameter_floats(kShape)];
float memory[linnet::trainer_floats(kShape, kLargest)];
constexpr std::size_t kFloats = linnet::parameter_floats(kShape) + linnet::state_floats(kShape, kLargest);
float kept[kFloats];
float inputs[5 * 4], targets[5 * 3];
std::uint16_t labels[5];

void draw_batch(linnet::Pcg32& random) {
  for (float& x : inputs) {
    x = random.normal();
  }
  for (float& t : targets) {
    t = random.uniform();
  }
  for (std::uint16_t& label : labels) {
    label = static_cast<std::uint16_t>(random.below(3));
  }
}

// `steps` steps from seed `k`: weights, state, losses and what they predict.
Status train(Hash& hash, const linnet::Topology& shape, const linnet::TrainerConfig& config, std::uint32_t k,
             int steps) {
  linnet::Network network;
  linnet::Trainer trainer;
  linnet::Predictor predictor;
  linnet::Pcg32 random(k, 3);
  Status status = network.bind(shape, model);
  status = status == Status::ok ? linnet::initialize(network, random) : status;
  status = status == Status::ok ? trainer.bind(network, config, memory, *kernels) : status;
  for (int step = 0; step < steps && status == Status::ok; ++step) {
    draw_batch(random);
    const std::size_t rows = 1 + random.below(5);
    const linnet::ConstRows x(inputs, rows, 4);
    const bool by_labels = id_of(config.loss) == linnet::LossId::softmax_cross_entropy && step % 2 == 0;
    if (!by_labels && id_of(config.loss) == linnet::LossId::softmax_cross_entropy) {
      for (float& t : targets) {
        t = 1.0f / 3.0f;
      }
    }
    status = by_labels ? trainer.step(x, {labels, rows}) : trainer.step(x, linnet::ConstRows(targets, rows, 3));
    hash.add(trainer.loss());
  }
  hash.add(network.trainable());
  hash.add(trainer.optimizer_state());
  float outputs[3] = {};
  float scratch[linnet::predictor_floats(kShape)];
  status = status == Status::ok ? predictor.bind(network, scratch, *kernels) : status;
  status = status == Status::ok ? predictor.predict({inputs, 1, 4}, {outputs, 1, 3}) : status;
  hash.add(outputs);
  return status;
}

std::uint64_t long_run() {
  Hash hash;
  const Status status =
      train(hash, kShape, {linnet::loss::softmax_cross_entropy, linnet::optimizer::sgd(0.05f), 5}, 1, 1000);
  return status == Status::ok ? hash.value() : 0u;
}

std::uint64_t every_activation() {
  Hash hash;
  bool good = true;
  for (unsigned id = 1; id <= 17; ++id) {
    linnet::Activation hidden = linnet::activation::tanh;
    good = good && activation_of(static_cast<linnet::ActivationId>(id), hidden) == Status::ok;
    const auto shape = linnet::topology(4, {{9, hidden}, {3, linnet::activation::identity}});
    good = good && train(hash, shape, {linnet::loss::huber, linnet::optimizer::sgd(0.02f), 5}, id, 20) == Status::ok;
  }
  return good ? hash.value() : 0u;
}

std::uint64_t every_loss() {
  const linnet::Loss losses[] = {linnet::loss::mean_squared_error, linnet::loss::mean_absolute_error,
                                 linnet::loss::huber, linnet::loss::binary_cross_entropy,
                                 linnet::loss::softmax_cross_entropy};
  Hash hash;
  bool good = true;
  for (const linnet::Loss& loss : losses) {
    good = good && train(hash, kShape, {loss, linnet::optimizer::sgd(0.05f), 5}, 2, 40) == Status::ok;
  }
  return good ? hash.value() : 0u;
}

std::uint64_t every_optimizer() {
  const linnet::Optimizer optimizers[] = {linnet::optimizer::sgd(0.05f),
                                          linnet::optimizer::sgd(0.02f, 0.9f),
                                          linnet::optimizer::sgd_nesterov(0.02f, 0.9f),
                                          linnet::optimizer::adam(0.01f),
                                          linnet::optimizer::adamw(0.01f, 0.05f),
                                          linnet::optimizer::rmsprop(0.005f),
                                          linnet::optimizer::rmsprop_momentum(0.002f, 0.8f),
                                          linnet::optimizer::adagrad(0.05f),
                                          linnet::optimizer::rprop(0.01f)};
  Hash hash;
  bool good = true;
  for (const linnet::Optimizer& optimizer : optimizers) {
    good = good && train(hash, kShape, {linnet::loss::softmax_cross_entropy, optimizer, 5}, 3, 40) == Status::ok;
  }
  return good ? hash.value() : 0u;
}

std::uint64_t every_initializer() {
  linnet::Network network;
  linnet::Pcg32 random(9);
  Hash hash;
  bool good = network.bind(kShape, model) == Status::ok;
  const auto filled = [&](Status status) {
    good = good && status == Status::ok;
    hash.add(network.trainable());
  };
  filled(linnet::initialize(network, random, linnet::initializer::uniform));
  filled(linnet::initialize(network, random, linnet::initializer::normal));
  filled(linnet::initialize(network, random, linnet::initializer::truncated_normal));
  filled(linnet::initialize(network, random, linnet::initializer::xavier_uniform));
  filled(linnet::initialize(network, random, linnet::initializer::xavier_normal));
  filled(linnet::initialize(network, random, linnet::initializer::kaiming_uniform));
  filled(linnet::initialize(network, random, linnet::initializer::kaiming_normal));
  filled(linnet::initialize(network, random, linnet::initializer::orthogonal));
  filled(linnet::initialize(network, random, linnet::initializer::sparse(0.25f)));
  filled(linnet::initialize(network, random, linnet::initializer::linear_default));
  filled(linnet::initialize(network, random, linnet::initializer::identity));
  filled(linnet::initialize(network, random, linnet::initializer::automatic));
  return good ? hash.value() : 0u;
}

// ---- Refusals: too little memory, and faults in every float.

std::uint64_t memory_counts() {
  std::uint64_t wrong = 0;
  for (std::size_t count = 0; count <= linnet::parameter_floats(kShape); ++count) {
    linnet::Network network;
    const Status expected = count < linnet::parameter_floats(kShape) ? Status::too_little_memory : Status::ok;
    wrong += network.bind(kShape, {model, count}) == expected ? 0u : 1u;
  }
  linnet::Network network;
  linnet::Trainer trainer;
  wrong += network.bind(kShape, model) == Status::ok ? 0u : 1u;
  for (std::size_t count = 0; count <= linnet::trainer_floats(kShape, kLargest); ++count) {
    const Status expected = count < linnet::trainer_floats(kShape, kLargest) ? Status::too_little_memory : Status::ok;
    wrong += trainer.bind(network, kLargest, {memory, count}, *kernels) == expected ? 0u : 1u;
  }
  return wrong;
}

bool finite(float x) { return (bits_of(x) & 0x7f800000u) != 0x7f800000u; }

float& parameter_or_state(std::size_t k) {
  constexpr std::size_t kParameters = linnet::parameter_floats(kShape);
  return k < kParameters ? model[k] : memory[linnet::workspace_floats(kShape, kLargest) + k - kParameters];
}

// One step with a fault at `spoilt`: refused with not a bit moved, or everything finite; not finite is always refused.
bool harmless(linnet::Trainer& trainer, float& spoilt, std::uint32_t fault) {
  spoilt = float_of(fault);
  for (std::size_t k = 0; k < kFloats; ++k) {
    kept[k] = parameter_or_state(k);
  }
  const std::uint64_t steps = trainer.steps();
  const bool taken = trainer.step(linnet::ConstRows(inputs, 5, 4), linnet::Labels(labels)) == Status::ok;
  bool good = trainer.steps() == steps + (taken ? 1u : 0u) && !(taken && !finite(float_of(fault)));
  for (std::size_t k = 0; k < kFloats; ++k) {
    good = good && (taken ? finite(parameter_or_state(k)) : bits_of(parameter_or_state(k)) == bits_of(kept[k]));
  }
  return good;
}

// A trainer that has made a step; false when it could not.
bool trained(linnet::Network& network, linnet::Trainer& trainer) {
  linnet::Pcg32 random(5);
  draw_batch(random);
  const bool good = network.bind(kShape, model) == Status::ok && linnet::initialize(network, random) == Status::ok &&
                    trainer.bind(network, kLargest, memory, *kernels) == Status::ok;
  return good && trainer.step(linnet::ConstRows(inputs, 5, 4), linnet::Labels(labels)) == Status::ok;
}

// Faults in weights are harmless; those in the optimizer's state, behind them, are named by check_state().
std::uint64_t faults() {
  const std::uint32_t kinds[] = {0x7fc00000u, 0x7f800000u, 0xff800000u, 0x7f7fffffu, 0xff7fffffu, 0x60ad78ecu, 1u};
  std::uint64_t wrong = 0;
  for (std::size_t k = 0; k < kFloats; ++k) {
    for (const std::uint32_t kind : kinds) {
      linnet::Network network;
      linnet::Trainer trainer;
      bool good = trained(network, trainer);
      if (k < linnet::parameter_floats(kShape)) {
        good = good && harmless(trainer, parameter_or_state(k), kind);
      } else {
        good = good && trainer.check_state() == Status::ok;
        parameter_or_state(k) = float_of(kind);
        good = good && (trainer.check_state() == Status::bad_state || finite(float_of(kind)));
      }
      wrong += good ? 0u : 1u;
    }
  }
  return wrong;
}

// ---- The table: what a check returns, in the contract of one rounding and of two.

struct Check {
  const char* name;
  std::uint64_t (*run)();
  std::uint64_t fused, separate;
};

using Functions = linnet_test::ElementaryTable;

const Check kChecks[] = {
    {"PCG32 gives its published numbers, again after going back", published_numbers, 0, 0},
    {"uniform, normal and bounded draws have the stored bits", draws, 0x7e93fd663e78fceau, 0x7e93fd663e78fceau},
    {"exp has the stored bits", over_all_floats<&Functions::exponential>, 0x591a82697efaa594u, 0x831095b70cb7e3d9u},
    {"log has the stored bits", over_all_floats<&Functions::logarithm>, 0x1cffed9e239d9a57u, 0x183d2218741432e6u},
    {"tanh has the stored bits", over_all_floats<&Functions::hyperbolic_tangent>, 0x37cc7cb1ae2a6b04u,
     0xe46fe7d42e9ca569u},
    {"the logistic function has the stored bits", over_all_floats<&Functions::logistic>, 0x0aeae57b555c3c79u,
     0x0aeae57b555c3c79u},
    {"the normal distribution has the stored bits", over_all_floats<&Functions::normal_cdf>, 0x008783c95d57ad40u,
     0xc813ebf229fbe810u},
    {"products of whole numbers are exact", products, 0, 0},
    {"a sum is rounded as often as the contract says", roundings, 1, 2},
    {"every initializer leaves the stored bits", every_initializer, 0x8df736dfb1224459u, 0x8df736dfb1224459u},
    {"every activation leaves the stored bits", every_activation, 0xe87449cfcdf84787u, 0x257c06009ccf7b2au},
    {"every loss leaves the stored bits", every_loss, 0x7bb3c02e5653bfcau, 0xc9fc389fd6fdee93u},
    {"every optimizer leaves the stored bits", every_optimizer, 0xcbc6fbebd78fe5c7u, 0x8cbdd88f826ebaa4u},
    {"1,000 steps leave the stored bits", long_run, 0x2b63768718562afeu, 0xeea4df75d8c8b79eu},
    {"too little memory is refused, enough is taken", memory_counts, 0, 0},
    {"a fault in a weight moves nothing, or does no harm, and one in the state is named", faults, 0, 0},
};

}  // namespace

int main() {
  const linnet::KernelTable* room[linnet::kMaxKernelTables];
  int failed = 0;
  for (const linnet::KernelTable* table : linnet::runnable_kernels(room)) {
    kernels = table;
    for (const Check& check : kChecks) {
      const std::uint64_t expected = linnet::contract() == linnet::Contract::fused ? check.fused : check.separate;
      const std::uint64_t found = check.run();
      failed += found == expected ? 0 : 1;
      board::write(found == expected ? "ok      " : "FAILED  ");
      board::write(linnet::to_string(*table));
      board::write(": ");
      board::write(check.name);
      if (found != expected) {
        board::write(", found 0x");
        text::hexadecimal(found);
      }
      board::write("\n");
    }
  }
  text::number(static_cast<std::size_t>(failed));
  board::write(" failed\n");
  return failed;
}
