// What an emulator counts: steps and inferences on many inputs, each call between two labels; and the stack they take,
// by painting it beforehand.
#include "board.hpp"
#include "labelled.hpp"

using linnet::Status;

namespace {

// The call before this one did not do its job: it is not counted.
[[gnu::noinline, gnu::noclone]] void refused() { __asm__ volatile("figures_refused: nop" ::: "memory"); }

// ---- Inputs and weights of every kind, the usual kind first.

// Of each number the size; subnormal most of the time at 1e-38, at 1e36 sometimes too large to train on. Then two kinds
// that know no size: zeros of either sign, and ones.
constexpr float kSizes[] = {1.0f, 1e-3f, 10.0f, 1e4f, 1e12f, 1e-20f, 1e-38f, 1e36f};
constexpr int kZeros = 8;
constexpr int kOnes = 9;
constexpr int kKinds = 10;

float number(int kind, linnet::Pcg32& random) {
  const float u = random.uniform(-1.0f, 1.0f);
  if (kind == kZeros) {
    return u < 0.0f ? -0.0f : 0.0f;
  }
  return kind == kOnes ? (u < 0.0f ? -1.0f : 1.0f) : u * (kSizes[kind] < kMostSize ? kSizes[kind] : kMostSize);
}

void set(std::uint16_t& label, int pass, linnet::Pcg32& /*random*/) {
  label = static_cast<std::uint16_t>(pass / kKinds % 3);
}
void set(float (&targets)[3], int pass, linnet::Pcg32& random) {
  for (float& target : targets) {
    target = number(pass / kKinds % kKinds, random);
  }
}

// 100 steps with the same sort of weights at the start, each on another sort of input.
void prepare(int pass, linnet::Pcg32& random) {
  if (pass % 100 == 0) {
    for (float& w : model) {
      w = 0.5f * number(pass / 100 % kKinds, random);
    }
  }
  const int kind = pass % kKinds;
  for (float& x : inputs[0]) {
    x = number(kind, random);
  }
  set(goals[0], pass, random);
}

// What fades of an optimizer's state depends on the number of the step, by a hundred instructions: every counted step is
// the 65th, on the state that the steps before it left.
constexpr int kStepsBefore = 64;
linnet::TrainerProgress after_64;

bool take_64() {
  for (int k = 0; k < kStepsBefore; ++k) {
    if (trainer.step(inputs, goals) != Status::ok) {
      return false;
    }
  }
  return trainer.save(after_64) == Status::ok;
}
bool turn_back() { return trainer.restore(after_64, trainer.optimizer_state()) == Status::ok; }

// ---- Stack.

constexpr std::uintptr_t kPainted = 2048;
constexpr std::uint32_t kPaint = 0xa5c3a5c3u;

std::uintptr_t stack_pointer() {
  std::uintptr_t here = 0;
  __asm__ volatile("mov %0, sp" : "=r"(here)::"memory");
  return here;
}

[[gnu::noinline]] void paint(std::uintptr_t top) {
  const std::uintptr_t mine = stack_pointer() - 64;  // what this function saves, it may save after asking
  for (std::uintptr_t at = top - kPainted; at < mine; at += 4) {
    *reinterpret_cast<volatile std::uint32_t*>(at) = kPaint;
  }
}

[[gnu::noinline]] std::uint32_t painted_over(std::uintptr_t top) {
  std::uintptr_t at = top - kPainted;
  while (*reinterpret_cast<volatile std::uint32_t*>(at) == kPaint) {
    at += 4;
  }
  return static_cast<std::uint32_t>(top - at);
}

void write_number(const char* name, std::uint32_t value) {
  char text[12];
  char* at = text + sizeof text;
  *--at = '\0';
  *--at = '\n';
  do {
    *--at = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  board::write(name);
  board::write(at);
}

// Below the caller's own frame, which is the same for the three calls.
#define DEEPEST(most, call)                        \
  do {                                             \
    const std::uintptr_t top = stack_pointer();    \
    paint(top);                                    \
    if ((call) != Status::ok) board::stop(10);     \
    const std::uint32_t bytes = painted_over(top); \
    (most) = bytes > (most) ? bytes : (most);      \
  } while (false)

[[gnu::noinline]] void stacks() {
  std::uint32_t of_step = 0;
  std::uint32_t of_predict = 0;
  std::uint32_t of_bind = 0;
  DEEPEST(of_bind, trainer.bind(network, kConfig, memory));
  DEEPEST(of_predict, predictor.predict(inputs, outputs));
  DEEPEST(of_step, trainer.step(inputs, goals));
  write_number("stack.bind.painted ", of_bind);
  write_number("stack.predict.painted ", of_predict);
  write_number("stack.step.painted ", of_step);
}

}  // namespace

int main() {
  linnet::Pcg32 random(42);
  if (network.bind(kShape, model) != Status::ok) return 1;
  if (trainer.bind(network, kConfig, memory) != Status::ok) return 2;
  if (predictor.bind(network, scratch) != Status::ok) return 3;
  if (!take_64()) return 6;
  for (int pass = 0; pass < FIGURES_INPUTS; ++pass) {
    prepare(pass, random);
    if (!turn_back()) return 5;
    if (predict() != Status::ok) refused();
    if (step() != Status::ok) refused();
    if (pass == 0) {
      if (trainer.steps() != kStepsBefore + 1) return 4;
      stacks();
    }
  }
  return 0;
}
