// Runs with a guide: validation, early stopping, the best parameters put back, a schedule.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "keep/medium.hpp"
#include "nets.hpp"

using namespace linnet_test;
using linnet::Batches;
using linnet::Fault;
using linnet::FitGuide;
using linnet::FitPlan;
using linnet::GuidedEpoch;
using linnet::Keeper;
using linnet::Sample;
using linnet::SampleReader;
using linnet::Samples;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kRows = 40, kTrain = 25, kBatch = 8;
constexpr auto kShape = linnet::topology(4, {{12, linnet::activation::tanh}, {3, linnet::activation::identity}});

// Targets are noise: a run soon learns the samples by heart, and the validation loss rises again.
struct Run {
  bool labelled;
  Data data{kRows, 4, 3, 2};
  std::vector<float> weights = random_floats(kRows, 6);
  Bench bench;
  std::vector<std::uint32_t> train, held;
  std::vector<float> rows, gathered = std::vector<float>(kBatch), memory;
  std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(kBatch);
  linnet::Pcg32 random{3};
  Keeper keeper;
  Fault fault{};
  std::vector<GuidedEpoch> epochs{};
  std::size_t stop_after = ~std::size_t{0};

  explicit Run(bool by_labels = false, std::uint32_t patience = 0)
      : labelled(by_labels),
        bench(kShape,
              {by_labels ? linnet::loss::softmax_cross_entropy : linnet::loss::mean_squared_error,
               linnet::optimizer::adam(0.05f), kBatch},
              1),
        rows(linnet::batch_floats(4, by_labels ? 0 : 3, kBatch)),
        memory(linnet::keeper_floats(kShape)),
        keeper{memory, patience} {
    REQUIRE(bench.status == Status::ok);
    for (float& w : weights) w = std::fabs(w);
    for (std::uint32_t k = 0; k < kRows; ++k) (k < kTrain ? train : held).push_back(k);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  [[nodiscard]] Samples samples() const {
    return labelled ? Samples(data.input_rows(), data.label_rows()) : Samples(data.input_rows(), data.target_rows());
  }
  Batches batches(const Samples& what) { return {what, train, rows, kBatch, labels, gathered}; }
  Batches batches() { return batches(samples()); }
  Batches held_batches(const Samples& what) { return {what, held, rows, kBatch, labels, gathered}; }
  FitPlan plan(std::size_t count) {
    FitPlan result{count};
    result.fault = &fault;
    return result;
  }
  static bool on_epoch(void* context, linnet::Trainer& trainer, const GuidedEpoch& epoch) {
    Run& run = *static_cast<Run*>(context);
    CHECK(&trainer == &run.bench.trainer);
    run.epochs.push_back(epoch);
    return epoch.number < run.stop_after;
  }
  FitGuide guide(const Samples& what) {
    FitGuide result = FitGuide().with_validation(what, held);
    result.on_epoch = on_epoch;
    result.epoch_context = this;
    return result;
  }
  FitGuide kept() { return guide(samples()).with_keeper(keeper); }
  Status fit(const FitGuide& how, std::size_t count) {
    return linnet::fit(bench.trainer, batches(), random, plan(count), how);
  }
};

// What the guide stands for, written by hand: passes of fit(), evaluate(), the best parameters. Returns the epochs.
struct ByHand {
  Run run;
  std::vector<float> train_losses{}, losses{}, best{};
  std::size_t best_epoch = 0;

  ByHand(bool labelled, bool weighted, std::uint32_t patience, std::size_t count) : run(labelled) {
    const Samples samples = weighted ? run.samples().with_weights(run.weights) : run.samples();
    for (std::size_t epoch = 1; epoch <= count; ++epoch) {
      FitPlan plan{1};
      plan.on_epoch = [](void* context, const linnet::Epoch& one) {
        static_cast<std::vector<float>*>(context)->push_back(one.loss);
        return true;
      };
      plan.epoch_context = &train_losses;
      REQUIRE(linnet::fit(run.bench.trainer, run.batches(samples), run.random, plan) == Status::ok);
      float loss = 0.0f;
      REQUIRE(linnet::evaluate(run.bench.trainer, run.held_batches(samples), loss) == Status::ok);
      losses.push_back(loss);
      if (best.empty() || loss < losses[best_epoch - 1]) {
        best = run.bench.parameters;
        best_epoch = epoch;
      }
      if (patience > 0 && epoch - best_epoch >= patience) break;
    }
  }
};

// As arrays have them.
bool write(void* context, std::uint32_t number, Sample& sample) {
  const Run& run = *static_cast<const Run*>(context);
  std::copy_n(&run.data.x[number * 4], 4, sample.inputs.data());
  std::copy_n(&run.data.t[number * 3], sample.targets.size(), sample.targets.data());
  sample.label = run.data.labels[number];
  sample.weight = run.weights[number];
  return true;
}

}  // namespace

TEST_CASE("a guided run is the loop a program would write: epochs, evaluations, the best parameters") {
  for (const bool labelled : {false, true}) {
    for (const bool weighted : {false, true}) {
      for (const std::uint32_t patience : {0u, 1u, 5u}) {
        const ByHand by_hand(labelled, weighted, patience, 40);
        for (const bool told : {false, true}) {
          Run run(labelled, patience);
          const SampleReader reader{write, &run, kRows, 4, labelled ? 0u : 3u};
          Samples samples = told ? Samples(reader) : run.samples();
          if (weighted) samples = told ? samples.with_weights() : samples.with_weights(run.weights);
          REQUIRE(linnet::fit(run.bench.trainer, run.batches(samples), run.random, run.plan(40),
                              run.guide(samples).with_keeper(run.keeper)) == Status::ok);
          REQUIRE(run.epochs.size() == by_hand.losses.size());
          for (std::size_t k = 0; k < run.epochs.size(); ++k) {
            CHECK(run.epochs[k].number == k + 1);
            CHECK(run.epochs[k].loss == by_hand.train_losses[k]);
            CHECK(run.epochs[k].validation_loss == by_hand.losses[k]);
            CHECK(run.epochs[k].best ==
                  (k == 0 || by_hand.losses[k] < *std::min_element(by_hand.losses.begin(),
                                                                   by_hand.losses.begin() + static_cast<long>(k))));
          }
          CHECK(run.keeper.state.best_epoch == by_hand.best_epoch);
          CHECK(same_bits(run.bench.parameters, by_hand.best));
          CHECK(same_bits(run.bench.state(), by_hand.run.bench.state()));
          CHECK(run.train == by_hand.run.train);
          CHECK(run.random.state().state == by_hand.run.random.state().state);
        }
        CHECK(by_hand.best_epoch < by_hand.losses.size());  // else nothing was put back
      }
    }
  }
}

TEST_CASE("a guide without a keeper leaves the last parameters, and one without anything is fit alone") {
  ByHand by_hand(false, false, 0, 10);
  Run validated, plain;
  REQUIRE(validated.fit(validated.guide(validated.samples()), 10) == Status::ok);
  FitGuide guide{};
  guide.on_epoch = Run::on_epoch;
  guide.epoch_context = &plain;
  REQUIRE(plain.fit(guide, 10) == Status::ok);
  for (const Run* run : {&validated, &plain}) {
    CHECK(run->epochs.size() == 10);
    CHECK(same_bits(run->bench.parameters, by_hand.run.bench.parameters));
    for (const GuidedEpoch& epoch : run->epochs) CHECK_FALSE(epoch.best);
  }
  for (std::size_t k = 0; k < 10; ++k) {
    CHECK(validated.epochs[k].validation_loss == by_hand.losses[k]);
    CHECK(std::isnan(plain.epochs[k].validation_loss));
  }
  Run quiet;
  REQUIRE(quiet.fit({}, 10) == Status::ok);
  CHECK(same_bits(quiet.bench.parameters, by_hand.run.bench.parameters));
}

TEST_CASE("either callback ends a guided run, and the best parameters are put back") {
  for (const bool by_plan : {false, true}) {
    const ByHand by_hand(false, false, 0, 12);
    Run run;
    FitPlan plan = run.plan(40);
    if (by_plan) {
      plan.on_epoch = [](void*, const linnet::Epoch& epoch) { return epoch.number < 12; };
    } else {
      run.stop_after = 12;
    }
    REQUIRE(linnet::fit(run.bench.trainer, run.batches(), run.random, plan, run.kept()) == Status::ok);
    CHECK(run.epochs.size() == 12);
    CHECK(same_bits(run.bench.parameters, by_hand.best));
  }
}

TEST_CASE("a validation loss that is not finite is a NaN that ends nothing and is never the best") {
  Run run(false, 4), plain;
  run.data.t[38 * 3] = 3e38f;  // held out: the square of its error is not finite
  REQUIRE(run.fit(run.kept(), 10) == Status::ok);
  CHECK(run.epochs.size() == 4);
  for (const GuidedEpoch& epoch : run.epochs) {
    CHECK(std::isnan(epoch.validation_loss));
    CHECK_FALSE(epoch.best);
  }
  CHECK(run.keeper.state.best_epoch == 0);
  CHECK(run.keeper.state.since_gain == 4);
  REQUIRE(linnet::fit(plain.bench.trainer, plain.batches(), plain.random, plain.plan(4)) == Status::ok);
  CHECK(same_bits(run.bench.parameters, plain.bench.parameters));
}

TEST_CASE("a keeper whose patience is used up makes no step, and its best is put back") {
  Run run(false, 2);
  const std::vector<float> start = run.bench.parameters;
  for (const float loss : {1.0f, 2.0f, 3.0f}) REQUIRE(run.keeper.observe(run.bench.network, loss) == Status::ok);
  std::fill(run.bench.parameters.begin(), run.bench.parameters.end(), 0.5f);
  REQUIRE(run.fit(run.kept(), 10) == Status::ok);
  CHECK(run.bench.trainer.steps() == 0);
  CHECK(run.epochs.empty());
  CHECK(same_bits(run.bench.parameters, start));
}

TEST_CASE("a run that diverges puts the best parameters back if an epoch was completed") {
  for (const std::size_t good : {0u, 3u}) {
    Run run, whole;
    std::vector<float> trained;
    struct Until {
      std::size_t steps;
      std::vector<float>& trained;
      Run& run;
    } until{good * 4 + 2, trained, run};
    FitPlan plan = run.plan(10);
    plan.take_step = [](void* context, linnet::Trainer& trainer, const Samples& batch) {
      Until& left = *static_cast<Until*>(context);
      if (trainer.steps() == left.steps) {
        left.trained = left.run.bench.parameters;
        return Status::diverged;
      }
      return trainer.step(batch.inputs, batch.targets);
    };
    plan.step_context = &until;
    if (good == 0) {  // of an earlier run
      REQUIRE(run.keeper.observe(run.bench.network, 7.0f) == Status::ok);
      run.bench.parameters[0] += 1.0f;
    }
    CHECK(linnet::fit(run.bench.trainer, run.batches(), run.random, plan, run.kept()) == Status::diverged);
    CHECK(run.epochs.size() == good);
    const ByHand by_hand(false, false, 0, 3);
    CHECK(same_bits(run.bench.parameters, good == 0 ? trained : by_hand.best));
  }
}

TEST_CASE("a guided run that a checkpoint carries ends with the bits of one that never stopped") {
  Run whole(false, 6);
  REQUIRE(whole.fit(whole.kept(), 40) == Status::ok);
  REQUIRE(whole.epochs.size() > 8);
  for (std::size_t stop = 1; stop <= whole.epochs.size(); stop += 3) {
    struct Carried {
      Run& run;
      linnet_keep::Medium medium{{4 * 4096, 4, 512, 2}};
      linnet::Pcg32::State place;
      std::size_t stop;
      Status checkpoint(bool save) {
        place = run.random.state();
        const linnet::Piece pieces[] = {
            {{'k', 'e', 'e', 'p', 'e', 'r'}, &run.keeper.state, 5, 4},
            {{'b', 'e', 's', 't'}, run.memory.data(), static_cast<std::uint32_t>(run.memory.size()), 4},
            {{'o', 'r', 'd', 'e', 'r'}, run.train.data(), kTrain, 4},
            {{'r', 'a', 'n', 'd', 'o', 'm'}, &place, 2, 8}};
        linnet::Kept kept;
        const linnet::Checkpoint what{&run.bench.network, &run.bench.trainer, pieces};
        const Status status = save ? linnet::save(medium.store(), what) : linnet::load(medium.store(), what, kept);
        run.random.restore(place);
        return status;
      }
    };
    Run first(false, 6), second(false, 6);
    Carried carried{first, linnet_keep::Medium({4 * 4096, 4, 512, 2}), {}, stop};
    FitGuide guide = first.kept();
    guide.on_epoch = [](void* context, linnet::Trainer&, const GuidedEpoch& epoch) {
      Carried& of = *static_cast<Carried*>(context);
      if (epoch.number == of.stop) CHECK(of.checkpoint(true) == Status::ok);
      return epoch.number < of.stop;
    };
    guide.epoch_context = &carried;
    REQUIRE(first.fit(guide, 40) == Status::ok);
    Carried again{second, carried.medium, {}, 0};
    REQUIRE(again.checkpoint(false) == Status::ok);
    REQUIRE(second.fit(second.kept(), 40 - stop) == Status::ok);
    CHECK(second.epochs.size() == whole.epochs.size() - stop);
    CHECK(same_bits(second.bench.parameters, whole.bench.parameters));
    CHECK(same_bits(second.bench.state(), whole.bench.state()));
    CHECK(second.keeper.state.best_epoch == whole.keeper.state.best_epoch);
  }
}

TEST_CASE("a checkpoint slot takes the place of the keeper's memory") {
  const ByHand by_hand(false, false, 5, 40);
  Run run(false, 5);
  run.keeper.memory = {};
  struct Saved {
    linnet_keep::Medium medium{{4 * 2048, 4, 512, 2}};
    linnet::Checkpoint what;
  } saved{linnet_keep::Medium({4 * 2048, 4, 512, 2}), {&run.bench.network}};
  FitGuide guide = run.kept();
  guide.on_epoch = [](void* context, linnet::Trainer&, const GuidedEpoch& epoch) {
    Saved& best = *static_cast<Saved*>(context);
    return !epoch.best || linnet::save(best.medium.store(), best.what) == Status::ok;
  };
  guide.epoch_context = &saved;
  REQUIRE(run.fit(guide, 40) == Status::ok);
  CHECK(same_bits(run.bench.parameters, by_hand.run.bench.parameters));
  linnet::Kept kept;
  REQUIRE(linnet::load(saved.medium.store(), saved.what, kept) == Status::ok);
  CHECK(same_bits(run.bench.parameters, by_hand.best));
}

TEST_CASE("a guided run makes every step at the rate that its schedule gives for the number of the step") {
  const linnet::Schedule rates = linnet::schedule::warm_up(5, linnet::schedule::cosine(20, 0.001f));
  for (const bool labelled : {false, true}) {
    // by hand, in the place of the step
    Run by_hand(labelled), run(labelled), split(labelled);
    FitPlan plan = by_hand.plan(6);
    struct AtRate {
      const linnet::Schedule& rates;
      std::vector<float> seen;
    } at_rate{rates, {}};
    plan.take_step = [](void* context, linnet::Trainer& trainer, const Samples& batch) {
      AtRate& at = *static_cast<AtRate*>(context);
      at.seen.push_back(at.rates(at.seen.size(), 0.04f));
      REQUIRE(trainer.set_learning_rate(at.seen.back()) == Status::ok);
      return batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
    };
    plan.step_context = &at_rate;
    REQUIRE(linnet::fit(by_hand.bench.trainer, by_hand.batches(), by_hand.random, plan) == Status::ok);
    CHECK(at_rate.seen.size() == 24);
    CHECK(at_rate.seen[4] != at_rate.seen[5]);
    REQUIRE(run.fit(run.guide(run.samples()).with_schedule(rates, 0.04f), 6) == Status::ok);
    CHECK(same_bits(run.bench.parameters, by_hand.bench.parameters));
    CHECK(same_bits(run.bench.state(), by_hand.bench.state()));
    CHECK(run.bench.trainer.learning_rate() == at_rate.seen.back());
    // in two parts, the second where the callback of the plan makes the steps and looks at the rates
    REQUIRE(split.fit(FitGuide().with_schedule(rates, 0.04f), 2) == Status::ok);
    struct Looking {
      const std::vector<float>& expected;
      std::size_t steps;
    } looking{at_rate.seen, 8};
    FitPlan second = split.plan(4);
    second.take_step = [](void* context, linnet::Trainer& trainer, const Samples& batch) {
      Looking& at = *static_cast<Looking*>(context);
      CHECK(trainer.learning_rate() == at.expected[at.steps++]);
      return batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
    };
    second.step_context = &looking;
    REQUIRE(linnet::fit(split.bench.trainer, split.batches(), split.random, second,
                        FitGuide().with_schedule(rates, 0.04f)) == Status::ok);
    CHECK(looking.steps == 24);
    CHECK(same_bits(split.bench.parameters, by_hand.bench.parameters));
  }
}

TEST_CASE("a schedule that is none or has no base rate is refused, and a rate that is none ends the run") {
  Run run;
  const std::vector<float> before = run.bench.parameters;
  const float rate = run.bench.trainer.learning_rate();
  const linnet::Schedule none = linnet::schedule::step(0), usual = linnet::schedule::constant();
  CHECK(run.fit(FitGuide().with_schedule(none, 0.1f), 1) == Status::bad_setting);
  linnet::Schedule lent = linnet::schedule::multi_step({});
  lent.milestones = {nullptr, 2};
  CHECK(run.fit(FitGuide().with_schedule(lent, 0.1f), 1) == Status::null_memory);
  for (const float base : {-0.1f, 2e6f, kNaN}) {
    CHECK(run.fit(FitGuide().with_schedule(usual, base), 1) == Status::bad_hyperparameter);
  }
  CHECK(same_bits(run.bench.parameters, before));
  CHECK(run.bench.trainer.learning_rate() == rate);
  CHECK(run.random.state().state == linnet::Pcg32(3).state().state);
  // 1e5, 2e5, 4e5, 8e5, and then more than any rate
  const linnet::Schedule growing = linnet::schedule::exponential(2.0);
  CHECK(run.fit(FitGuide().with_schedule(growing, 1e5f), 3) == Status::bad_hyperparameter);
  CHECK(run.bench.trainer.steps() == 4);
  CHECK(run.bench.trainer.learning_rate() == 8e5f);
}

namespace {

struct Failing {
  Run& run;
  std::size_t reads = 0, most;
  static bool write_some(void* context, std::uint32_t number, Sample& sample) {
    Failing& self = *static_cast<Failing*>(context);
    return self.reads++ < self.most && write(&self.run, number, sample);
  }
};

}  // namespace

TEST_CASE("validation samples that cannot be read any more end the run, by their number") {
  constexpr std::size_t kHeld = kRows - kTrain;
  for (std::size_t later = 0; later < 3 * kHeld; later += 7) {
    Run run;
    Failing failing{run, 0, kHeld + later};  // they are looked at once before
    const SampleReader reader{Failing::write_some, &failing, kRows, 4, 3};
    CHECK(run.fit(run.guide(Samples(reader)).with_keeper(run.keeper), 10) == Status::store_failed);
    CHECK(run.fault.sample == run.held[later % kHeld]);
    CHECK(run.epochs.size() == later / kHeld);
    CHECK(run.bench.trainer.steps() == 4 * (later / kHeld + 1));
    if (later < kHeld) continue;  // nothing was kept
    const ByHand by_hand(false, false, 0, later / kHeld);
    CHECK(same_bits(run.bench.parameters, by_hand.best));
  }
}

TEST_CASE("a guide is refused before anything has changed") {
  Run run(false, 3);
  std::fill(run.memory.begin(), run.memory.end(), 0.5f);
  const std::vector<float> parameters = run.bench.parameters, state = run.bench.state(), memory = run.memory;
  const std::vector<std::uint32_t> train = run.train, held = run.held;
  const auto check = [&](const FitGuide& guide, Status expected, std::size_t sample = linnet::kNowhere) {
    CHECK(run.fit(guide, 3) == expected);
    CHECK(run.fault.sample == sample);
    CHECK(run.epochs.empty());
    CHECK(run.keeper.state.epochs == 0);
    CHECK(same_bits(run.bench.parameters, parameters));
    CHECK(same_bits(run.bench.state(), state));
    CHECK(same_bits(run.memory, memory));
    CHECK(run.train == train);
    CHECK(run.held == held);
    CHECK(run.random.state().state == linnet::Pcg32(3).state().state);
    CHECK(run.bench.trainer.steps() == 0);
  };
  const Samples all = run.samples();
  check(FitGuide().with_keeper(run.keeper), Status::bad_setting);
  check(run.guide({}), Status::null_memory);
  check(FitGuide().with_validation(all, {}), Status::null_memory);
  check(FitGuide().with_validation(all, {run.held.data(), 0}), Status::bad_batch);
  check(run.guide(Samples(linnet::ConstRows(run.data.x.data(), kRows, 3), run.data.target_rows())),
        Status::bad_columns);
  run.data.x[38 * 4] = kNaN;
  check(run.kept(), Status::bad_input, 38);
  Failing failing{run, 0, 2};
  const SampleReader reader{Failing::write_some, &failing, kRows, 4, 3};
  check(run.guide(Samples(reader)), Status::store_failed, run.held[2]);
  run.data.x[38 * 4] = 0.5f;
  run.data.x[4 * 4] = kNaN;  // trained on
  check(run.kept(), Status::bad_input, 4);
  run.data.x[4 * 4] = 0.5f;
  const auto kept_in = [&](linnet::Span<float> floats, Status expected) {
    run.keeper.memory = floats;
    check(run.kept(), expected);
    run.keeper.memory = run.memory;
  };
  kept_in({nullptr, 3}, Status::null_memory);
  kept_in({run.memory.data(), 98}, Status::too_little_memory);
  kept_in(run.bench.parameters, Status::overlapping_memory);
  kept_in(run.bench.memory, Status::overlapping_memory);
  kept_in({run.data.x.data() + 100, 99}, Status::overlapping_memory);
  kept_in({run.data.t.data() + 21, 99}, Status::overlapping_memory);
  run.keeper.least_gain = kNaN;
  check(run.kept(), Status::bad_setting);
  run.keeper.least_gain = 0.0f;
  FitGuide same = run.kept();
  same.validation_order = run.train;  // which is shuffled
  check(same, Status::overlapping_memory);

  linnet::Trainer unbound;
  CHECK(linnet::fit(unbound, run.batches(), run.random, run.plan(1), run.kept()) == Status::not_bound);
  const linnet::TrainerConfig own{linnet::loss::own, linnet::optimizer::sgd(0.1f), kBatch};
  Bench of_own(kShape, own, 1);
  FitPlan plan = run.plan(1);
  CHECK(linnet::fit(of_own.trainer, run.batches(), run.random, plan, {}) == Status::bad_config);
  const linnet::Schedule rates = linnet::schedule::constant();
  const FitGuide scheduled = FitGuide().with_schedule(rates, 0.1f);
  CHECK(linnet::fit(of_own.trainer, run.batches(), run.random, plan, scheduled) == Status::bad_config);
  CHECK(run.random.state().state == linnet::Pcg32(3).state().state);
  plan.take_step = [](void*, linnet::Trainer&, const Samples&) { return Status::ok; };
  CHECK(linnet::fit(of_own.trainer, run.batches(), run.random, plan, {}) == Status::ok);
  CHECK(linnet::fit(of_own.trainer, run.batches(), run.random, plan, run.guide(all)) == Status::bad_config);
}

TEST_CASE("what is kept shares no float with anything that a guided run is lent") {
  // one room: memory of the keeper moved over each piece in turn
  Run run;
  Keeper& keeper = run.keeper;
  const std::size_t needed = linnet::keeper_floats(kShape);
  std::vector<float> room(4 * needed);
  const auto place = [&](std::size_t first, std::size_t size) {
    return linnet::Span<float>(room.data() + first, size);
  };
  const auto status = [&](const Batches& data, const FitGuide& guide) {
    return linnet::fit(run.bench.trainer, data, run.random, FitPlan{0}, guide);
  };
  const auto check = [&](const Batches& data, const FitGuide& guide, std::size_t first, std::size_t size) {
    const std::size_t behind = first + size;
    for (const std::size_t at : {first - needed + 1, behind - 1}) {
      keeper.memory = place(at, needed);
      CHECK(status(data, guide.with_keeper(keeper)) == Status::overlapping_memory);
    }
    for (const std::size_t at : {first - needed, behind}) {
      keeper.memory = place(at, needed);
      CHECK(status(data, guide.with_keeper(keeper)) == Status::ok);
    }
  };
  Batches data = run.batches();
  const FitGuide guide = run.guide(run.samples());
  data.memory = place(needed, run.rows.size());
  check(data, guide, needed, run.rows.size());
  data = run.batches();
  data.order = {reinterpret_cast<std::uint32_t*>(room.data() + needed), 3};
  for (std::uint32_t k = 0; k < 3; ++k) data.order[k] = k;
  check(data, guide, needed, 3);
  data = run.batches();
  FitGuide held = guide;
  held.validation_order = {reinterpret_cast<std::uint32_t*>(room.data() + needed), 3};
  for (std::uint32_t k = 0; k < 3; ++k) held.validation_order[k] = k;
  check(data, held, needed, 3);
  std::fill(room.begin(), room.end(), 0.5f);
  held = guide;
  held.validation_order = {run.held.data(), 1};
  run.held[0] = 0;
  held.validation = Samples(linnet::ConstRows(room.data() + needed, 1, 4), linnet::ConstRows(run.data.t.data(), 1, 3));
  check(data, held, needed, 4);
  held.validation = Samples(linnet::ConstRows(run.data.x.data(), 1, 4), linnet::ConstRows(room.data() + needed, 1, 3));
  check(data, held, needed, 3);
}
