// What a program has around its steps: schedules, plateaus and reservoirs of any settings, in any state. What is refused has
// changed nothing, nothing beside lent memory is written, rates are no NaN and stay where they belong, samples come back.
#include <cmath>
#include <cstring>
#include <vector>

#include <linnet/linnet.hpp>

#include "fuzz/found.hpp"
#include "fuzz/lent.hpp"
#include "fuzz/source.hpp"

namespace linnet_fuzz {
void found(const char* what) { fail(what); }
}  // namespace linnet_fuzz

using linnet::Status;
using linnet_fuzz::expect;
using linnet_fuzz::Lent;
using linnet_fuzz::Source;

namespace {

std::uint64_t long_word(Source& source) { return static_cast<std::uint64_t>(source.word()) << 32u | source.word(); }

// Mostly small.
std::uint32_t count(Source& source) { return source.once_in(4) ? source.word() : source.byte(); }

void follow_schedule(Source& source) {
  namespace of = linnet::descriptor;
  const linnet::ScheduleDescriptor* const all[] = {
      &of::constant_rate, &of::step_rate,      &of::multi_step_rate,      &of::exponential_rate, &of::linear_rate,
      &of::cosine_rate,   &of::one_cycle_rate, &of::cosine_restarts_rate, &of::polynomial_rate};
  const std::uint32_t milestones[] = {count(source), count(source), count(source)};
  linnet::Schedule plan{all[source.below(9)], count(source), count(source)};
  plan.milestones = {milestones, source.below(4)};
  plan.log2_gamma = source.once_in(4) ? static_cast<std::int64_t>(long_word(source)) : -std::int64_t{source.word()};
  plan.first = source.mostly(0.5f, 4);
  plan.last = source.mostly(0.25f, 4);
  plan.lowest = source.mostly(1e-5f, 4);
  plan.shape = source.mostly(0.3f, 4);
  plan.warm_steps = source.once_in(2) ? count(source) : 0;
  plan.warm_first = source.mostly(0.01f, 4);
  const Status status = check(plan);
  for (int k = 0; k < 8; ++k) {
    const std::uint64_t step = source.once_in(3) ? long_word(source) : count(source);
    const float rate = plan(step, 0.125f);
    expect(std::isnan(rate) == (status != Status::ok), "a rate and check() do not agree");
    const float most = 0.125f < plan.lowest ? plan.lowest : 0.125f;
    expect(status != Status::ok || rate >= 0.0f, "a rate is negative");
    expect(status != Status::ok || plan.log2_gamma > 0 || rate <= most * (1.0f + 1e-6f), "a rate is too large");
  }
}

void wait_on_plateau(Source& source) {
  linnet::Plateau plateau;
  plateau.factor = source.mostly(0.5f, 6);
  plateau.patience = static_cast<std::uint32_t>(source.below(4));
  plateau.threshold = source.mostly(1e-4f, 6);
  plateau.relative = source.once_in(2);
  plateau.larger_is_better = source.once_in(2);
  plateau.cooldown = count(source);
  plateau.lowest = source.mostly(1e-5f, 6);
  linnet::PlateauState state{source.mostly(0.0f, 6), count(source), count(source), count(source)};
  float rate = source.mostly(0.125f, 6);
  for (int k = 0; k < 12; ++k) {
    const linnet::PlateauState before = state;
    const float rate_before = rate;
    const Status status = reduce_on_plateau(plateau, state, source.number(), rate);
    const bool stays = state.seen == before.seen && state.bad == before.bad && state.resting == before.resting;
    expect(status == Status::ok || (stays && !(rate != rate_before && rate == rate)), "a refused value counts");
    expect(status != Status::ok || (rate <= rate_before && rate >= 0.0f), "a rate is not reduced");
  }
}

// A reservoir in memory of its own, whose counts and labels may be anybody's.
class World {
 public:
  explicit World(Source& source)
      : capacity_(1 + source.below(6)),
        columns_(1 + source.below(3)),
        classes_(source.below(4)),
        floats_(capacity_ * columns_, 1, 0x33),
        words_(capacity_ * columns_, 1, 0x33),
        bytes_(capacity_ * columns_, 1, 0x33),
        targets_(capacity_, 1, 0x33),
        labels_(capacity_, 1, source.byte()),
        counts_(linnet::replay_counts(classes_), 1, source.byte()),
        labelled_(source.once_in(2)) {
    const linnet::ReplayInputs all[] = {
        linnet::replay::floats({floats_.data(), capacity_, columns_}),
        linnet::replay::int16({words_.data(), capacity_, columns_}, source.mostly(0.01f, 6), source.mostly(0.0f)),
        linnet::replay::bytes({bytes_.data(), capacity_, columns_}, source.mostly(0.01f, 6), source.mostly(-1.0f))};
    const linnet::ReplayInputs& inputs = all[source.below(3)];
    const linnet::ReplayChoice choice = classes_ > 0 ? linnet::replay::balanced(classes_) : linnet::replay::plain;
    const Status status = labelled_ ? replay_.bind(inputs, labels_.span(), counts_.span(), choice)
                                    : replay_.bind(inputs, {targets_.data(), capacity_, 1}, counts_.span());
    expect(replay_.bound() == (status == Status::ok), "a refused bind() binds");
    for (std::uint32_t& number : counts_.span()) {
      number = source.once_in(3) ? count(source) : number;
    }
  }

  void call(Source& source) {
    const std::vector<unsigned char> before = kept();
    const bool adds = source.once_in(2);
    const Status status = adds ? add(source) : draw(source);
    expect((adds && status == Status::ok) || kept() == before, "what is kept has changed");
    expect(replay_.size() <= replay_.capacity(), "more samples than there are places");
    const auto look = [](const auto&... lents) { (lents.look_at_zones(), ...); };
    look(floats_, words_, bytes_, targets_, labels_, counts_);
  }

 private:
  Status add(Source& source) {
    std::vector<float> x(columns_);
    for (float& each : x) each = source.number();
    const float t[1] = {source.number()};
    return labelled_ ? replay_.add(x, static_cast<std::uint16_t>(source.below(5)), random_)
                     : replay_.add(x, t, random_);
  }
  Status draw(Source& source) {
    const std::size_t batch = source.below(5);
    const Lent<float> x(batch * columns_, 1, 0x44), t(batch, 1, 0x44);
    const Lent<std::uint16_t> l(batch, 1, 0x44);
    const linnet::Rows rows{x.data(), batch, columns_};
    const Status status =
        labelled_ ? replay_.draw(rows, l.span(), random_) : replay_.draw(rows, {t.data(), batch, 1}, random_);
    x.look_at_zones(), t.look_at_zones(), l.look_at_zones();
    return status;
  }
  [[nodiscard]] std::vector<unsigned char> kept() const {
    std::vector<unsigned char> result;
    const auto add = [&result](const auto& lent) {
      const auto* const byte = reinterpret_cast<const unsigned char*>(lent.data());
      result.insert(result.end(), byte, byte + lent.size() * sizeof *lent.data());
    };
    add(floats_), add(words_), add(bytes_), add(targets_), add(labels_), add(counts_);
    return result;
  }

  std::size_t capacity_, columns_, classes_;
  Lent<float> floats_;
  Lent<std::int16_t> words_;
  Lent<std::uint8_t> bytes_;
  Lent<float> targets_;
  Lent<std::uint16_t> labels_;
  Lent<std::uint32_t> counts_;
  bool labelled_;
  linnet::Replay replay_;
  linnet::Pcg32 random_{1};
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Source source(data, size);
  follow_schedule(source);
  wait_on_plateau(source);
  World world(source);
  while (!source.empty()) {
    world.call(source);
  }
  return 0;
}
