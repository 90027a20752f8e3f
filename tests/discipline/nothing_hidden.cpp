// A program with nothing beneath it: no C library, no C++ library, no start-up code. It calls every public function of
// Linnet; nothing_hidden.sh links it with -nostdlib and looks through its symbols for a function that is missing here.
// On x86-64 Linux and, with a start-up, on boards it also runs: the exit code counts the calls that did not give what they should.
#include <linnet/linnet.hpp>

using namespace linnet;

// ---- What a compiler may call whatever is written, and all the library may ask for.

extern "C" {
void* memcpy(void* to, const void* from, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    static_cast<volatile char*>(to)[k] = static_cast<const char*>(from)[k];
  }
  return to;
}
void* memset(void* to, int value, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    static_cast<volatile char*>(to)[k] = static_cast<char>(value);
  }
  return to;
}
void* memmove(void* to, const void* from, std::size_t n) {
  if (to <= from) {
    return memcpy(to, from, n);
  }
  for (std::size_t k = n; k > 0; --k) {
    static_cast<volatile char*>(to)[k - 1] = static_cast<const char*>(from)[k - 1];
  }
  return to;
}
int memcmp(const void* a, const void* b, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const int difference = static_cast<const unsigned char*>(a)[k] - static_cast<const unsigned char*>(b)[k];
    if (difference != 0) {
      return difference;
    }
  }
  return 0;
}
#if defined(__arm__) && defined(__linux__)
// What libgcc's integer division calls for a divisor of 0, by the ARM run-time ABI; its own would raise a signal.
int __aeabi_idiv0(int result) { return result; }
long long __aeabi_ldiv0(long long result) { return result; }
#endif
#ifdef STACK_PROTECTOR
[[noreturn]] void __stack_chk_fail() {
  for (;;) {
  }
}
#endif
}

namespace {

int mistakes = 0;

void expect(bool good) { mistakes += good ? 0 : 1; }
void ok(Status status) { expect(status == Status::ok); }

// ---- The descriptors, all of them.

constexpr Activation kActivations[] = {activation::identity,     activation::relu,       activation::leaky_relu,
                                       activation::relu6,        activation::elu,        activation::selu,
                                       activation::gelu,         activation::gelu_tanh,  activation::silu,
                                       activation::mish,         activation::sigmoid,    activation::tanh,
                                       activation::softplus,     activation::softsign,   activation::hard_tanh,
                                       activation::hard_sigmoid, activation::hard_swish, activation::softmax};

constexpr Loss kLosses[] = {loss::mean_squared_error,
                            loss::mean_absolute_error,
                            loss::huber,
                            loss::binary_cross_entropy,
                            loss::softmax_cross_entropy,
                            loss::own,
                            loss::smooth_l1};

// ---- Memory.

constexpr Topology kShape = topology(2, {{8, activation::tanh}, {2, activation::softmax}});
constexpr TrainerConfig kLargest{loss::softmax_cross_entropy, optimizer::adam(), 4, Gradients::kept};
float model[parameter_floats(kShape)];
float other_model[parameter_floats(kShape)];
float borrowed[trainer_floats(kShape, kLargest)];
float saved[state_floats(kShape, kLargest)];
float scratch[predictor_floats(kShape)];

const float kInputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const float kTargets[4][2] = {{1, 0}, {0, 1}, {0, 1}, {1, 0}};
const std::uint16_t kLabels[4] = {0, 1, 1, 0};

// ---- Shapes and the layout.

void views() {
  float numbers[6] = {0, 1, 2, 3, 4, 5};
  float table[2][3] = {{0, 1, 2}, {3, 4, 5}};
  const Span<float> span(numbers);
  const Span<const float> part(span.data(), 3);
  expect(span.size() == 6 && !part.empty() && span[2] == 2.0f && span.end() - span.begin() == 6);
  const Rows rows(table);
  const ConstRows row(numbers);
  const ConstRows pairs(numbers, 3, 2);
  expect(rows.count() == 2 && row.columns() == 6 && pairs.rows(1, 2).data() == numbers + 2);
  const Matrix matrix(numbers, 2, 3, 3, 1);
  const ConstMatrix read = matrix;
  expect(read(1, 2) == 5.0f && read.rows() == 2 && read.columns() == 3 && read.size() == 6 && read.data() == numbers);
  expect(read.row_stride() == 3 && read.column_stride() == 1);
}

void shapes(const Topology& t, const TrainerConfig& plan, std::size_t batch) {
  const Layer layers[2] = {{8, activation::tanh}, {2, activation::leaky_relu.with_slope(static_cast<float>(batch))}};
  const Topology run_time = topology(batch, Span<const Layer>(layers));
  ok(check(run_time));
  expect(check(topology(batch, layers)) == Status::ok && run_time.outputs() == t.outputs() && t.inputs_of(1) == 8);
  expect(layout::sum(batch, 1) == 5 && layout::product(batch, 2) == 8);
  expect(layout::stored_by_unit(t.inputs_of(1), t.outputs()));
  expect(layout::layer_floats(2, t.layers[0]) == 24 && layout::parameters(t, 0, 1) == 24);
  expect(layout::units(t, 1, 2) == 2 && layout::widest(t, 0, 2) == 8 && layout::exists(t, 2));
  expect(layout::layer_end(1, 2, t.layers[0]) == 25 && layout::beyond(1, 2, 3) == 7);
  expect(layout::trainer_layout(t, plan, 0).kept_gradients == 2 * 40);
  const TopologyView view(2, layers);
  expect(view.outputs() == 2 && view.inputs_of(1) == 8 && TopologyView().layers == nullptr);
  expect(parameter_floats(t) == 42 && frozen_floats(t, 1) == 24 && trainable_floats(t, 1) == 18);
  expect(state_floats(t, plan) == 84 && workspace_floats(t, plan) == 122 &&
         trainer_floats(t, plan) == 206 + layout::stage_floats(2));
  expect(predictor_floats(t) == 16 && plan.gradients.keeps);
  expect(batch_floats(2, 2, batch) == 16 && diagnostics_floats(t, 1) == 22 && unit_variance_floats(t, batch) == 64);
}

void names() {
  Activation found{};
  for (const Activation& a : kActivations) {
    ok(activation_of(id_of(a), found));
    expect(found.descriptor == a.descriptor);
  }
  expect(activation_of(static_cast<ActivationId>(200), found) == Status::bad_activation);
  std::uint8_t id = 0;
  for (const Loss& l : kLosses) {
    expect(static_cast<std::uint8_t>(id_of(l)) == ++id);
  }
  expect(to_string(Status::diverged)[0] != '\0');
  const KernelTable* room[kMaxKernelTables];
  const Span<const KernelTable* const> tables = runnable_kernels(room);
  expect(!tables.empty() && tables[0] == &best_kernels() && tables[tables.size() - 1] == &scalar_kernels());
  expect(to_string(scalar_kernels())[0] == 's');
  expect(to_string(ActivationId::tanh)[0] == 't' && to_string(LossId::own)[0] == 'o' &&
         to_string(OptimizerId::sgd)[0] == 's');
  expect(contract() == Contract::fused || contract() == Contract::separate);
  expect(version()[0] != '\0' && to_string(contract())[0] != '\0');
  expect(self_check() == Status::ok);
}

// ---- Random numbers and initializers.

void draws() {
  Pcg32 random(42, 54);
  const Pcg32::State start = random.state();
  expect(random.bits() == 0xa15c02b7u);  // the first number of the PCG demo program
  expect(random.below(6) < 6 && random.uniform() < 1.0f && random.uniform(1.0f, 2.0f) >= 1.0f);
  expect(random.normal() != 0.0f && random.normal(100.0f, 1.0f) > 90.0f);
  std::uint16_t order[4] = {0, 1, 2, 3};
  random.shuffle(order);
  random.shuffle(Span<std::uint16_t>(order));
  random.advance(7);
  random.restore(start);
  expect(random.bits() == 0xa15c02b7u);
  expect(Pcg32(42, Identity{7}).bits() != Pcg32(42).bits());
}

void initializers(Network& n, Pcg32& r) {
  namespace of = initializer;
  expect(gain(activation::relu) > 1.4f && gain(activation::tanh) > 1.6f);
  const Initializer all[] = {of::uniform.with_bounds(-1.0f, 1.0f),
                             of::normal.with_mean(0.5f).with_stddev(0.1f),
                             of::truncated_normal,
                             of::constant(0.5f),
                             of::zeros,
                             of::ones,
                             of::identity,
                             of::xavier_uniform,
                             of::xavier_normal.with_gain(2.0f),
                             of::kaiming_uniform,
                             of::kaiming_normal.with_mode(Mode::fan_out),
                             of::orthogonal,
                             of::sparse(0.5f),
                             of::linear_default,
                             of::before(activation::relu)};
  for (const Initializer& one : all) {
    ok(initialize(n.weights(0), r, one)), ok(initialize(n, 1, r, one)), ok(initialize(n, r, one));
  }
  ok(initialize(n, r)), ok(initialize(n, r, of::automatic));
}

// What the library keeps, for those who look into it, and setters with values that no compiler knows.
void insides(Network& n, float one) {
  const Initializer told = initializer::normal.with_mean(one).with_stddev(one);
  const Initializer gained =
      initializer::kaiming_normal.with_gain(one).with_mode(static_cast<Mode>(static_cast<int>(one)));
  expect(told.stddev == one && gained.gain == one && initializer::uniform.with_bounds(0.0f, one).high == one);
  expect(initializer::constant(one).mean == one && initializer::sparse(one).sparsity == one);
  expect(activation::elu.with_alpha(one).parameter == one && activation::leaky_relu.with_slope(one).parameter == one);
  Trainer trainer;
  Predictor predictor;
  Diagnostics diagnostics;
  ParameterGroups groups;
  expect(!trainer.bound() && !predictor.bound() && predictor.scratch().empty() && !diagnostics.inside().bound());
  ok(trainer.bind(n, kLargest, borrowed)), ok(predictor.bind(n, scratch));
  LayerDiagnostics layers[2];
  float memory[diagnostics_floats(kShape)];
  ok(diagnostics.bind(trainer, layers, memory));
  const DiagnosticsData& seen = diagnostics.inside();
  expect(seen.bound() && seen.peaks().size() == 10 && seen.row().size() > 0 && seen.columns() != seen.goals());
  expect(!seen.epoch_is_whole() && seen.this_epoch().unexplained == 0.0f && seen.losses.unexplained() == 0.0f);
  expect(trainer.network().inside().outputs() == 2 && trainer.config().max_batch == 4 && trainer.inside().steps == 0);
  expect(predictor.network().bound() && groups.inside().memory == nullptr && n.inside().layer_count == 2);
}

void starts(Network& n, Pcg32& r) {
  float memory[unit_variance_floats(kShape, 4)];
  ok(initialize(n, r, initializer::kaiming_normal));
  expect(objection(initializer::kaiming_normal, n) != nullptr &&
         objection(initializer::xavier_uniform, activation::tanh) == nullptr);
  ok(scale_to_unit_variance(n, kInputs, memory));
}

// ---- Networks.

void networks(Network& network) {
  ok(network.bind(kShape, model));
  expect(network.bound() && network.topology().layer_count == 2 && network.trainable().size() == 42 &&
         network.frozen().empty());
  expect(network.weights(0).size() == 16 && network.biases(1).size() == 2);
  Network head;
  ok(head.bind(kShape, model, other_model, 1));
  expect(head.frozen_layers() == 1 && head.weights(0).size() == 0 && head.read_weights(0).size() == 16);
  expect(head.read_biases(0).size() == 8);
}

void predict(const Network& network) {
  Predictor predictor;
  float outputs[4][2] = {};
  ok(predictor.bind(network, scratch));
  Predictor moved = static_cast<Predictor&&>(predictor);
  predictor = static_cast<Predictor&&>(moved);
  ok(predictor.bind(kShape, model, scratch));
  ok(predictor.predict(kInputs, outputs));
  for (int b = 0; b < 4; ++b) {
    expect(outputs[b][kLabels[b]] > 0.9f);
  }
}

// Every activation in a hidden layer and every loss behind a last layer that goes with it: one step each.
void combinations(float rate) {
  for (const Activation& hidden : kActivations) {
    for (const Loss& l : kLosses) {
      const bool labels = id_of(l) == LossId::softmax_cross_entropy;
      const bool last_only = id_of(hidden) == ActivationId::softmax;
      const Topology t = topology(
          2, {{8, last_only ? activation::tanh : hidden}, {2, last_only && labels ? hidden : activation::identity}});
      Network network;
      Trainer trainer;
      Pcg32 random(1);
      ok(network.bind(t, model));
      ok(initialize(network, random));
      ok(trainer.bind(network, TrainerConfig{l, optimizer::sgd(rate), 4}, borrowed));
      if (id_of(l) == LossId::own) {
        float y[4][2];
        ok(trainer.forward(kInputs, y));
        ok(trainer.step_from(kInputs, kTargets, 0.25f));
        continue;
      }
      ok(labels ? trainer.step(kInputs, kLabels) : trainer.step(kInputs, kTargets));
    }
  }
}

void optimizers(float rate) {
  const Optimizer all[] = {optimizer::sgd(rate),
                           optimizer::sgd(rate, 0.9f),
                           optimizer::sgd_nesterov(rate, 0.9f),
                           optimizer::adam(rate),
                           optimizer::adamw(rate),
                           optimizer::rmsprop(rate),
                           optimizer::rmsprop_momentum(rate, 0.9f),
                           optimizer::adagrad(rate),
                           optimizer::rprop(rate),
                           optimizer::adam_amsgrad(rate),
                           optimizer::adamw_amsgrad(rate)};
  std::uint8_t id = 0;
  for (const Optimizer& o : all) {
    Network network;
    Trainer trainer;
    Pcg32 random(1);
    expect(static_cast<std::uint8_t>(id_of(o)) == ++id);
    ok(network.bind(kShape, model));
    ok(initialize(network, random));
    ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, o.with_weight_decay(rate * 0.01f), 4},
                    borrowed));
    ok(trainer.step(kInputs, kLabels));
  }
}

void train(Network& network, float one) {
  const float weights[2] = {1.0f, one};
  const Loss plain = loss::softmax_cross_entropy.with_label_smoothing(0.0f * one).with_class_weights(weights);
  const TrainerConfig plan{plain, optimizer::adam(0.05f * one), 4, Gradients::kept};
  expect(loss::huber.with_delta(one).delta == one && loss::smooth_l1.with_beta(one).delta == one);
  Pcg32 random(3);
  Trainer trainer;
  ok(initialize(network, random));
  ok(trainer.bind(network, plan, borrowed));
  for (int step = 0; step < 200; ++step) {
    ok(trainer.step(kInputs, kLabels));
  }
  float value = 1.0f;
  ok(trainer.evaluate(kInputs, kLabels, value));
  ok(trainer.evaluate(kInputs, kTargets, value));
  expect(value < 0.1f && trainer.loss() < 0.1f && trainer.steps() == 200);

  Trainer moved = static_cast<Trainer&&>(trainer);
  trainer = static_cast<Trainer&&>(moved);
  ok(trainer.accumulate(kInputs, kTargets));
  ok(trainer.discard());
  ok(trainer.accumulate(kInputs, kLabels));
  expect(trainer.gradients(0).size() == 16 && trainer.bias_gradients(1).size() == 2);
  ok(trainer.apply());
  ok(trainer.set_learning_rate(0.01f));
  expect(trainer.learning_rate() == 0.01f);
  ok(trainer.step(kInputs, kTargets));

  TrainerProgress state;
  ok(trainer.check_state());
  ok(trainer.save(state));
  const Span<const float> floats = trainer.optimizer_state();
  for (std::size_t k = 0; k < floats.size(); ++k) {
    saved[k] = floats[k];
  }
  ok(trainer.restore(state, Span<const float>(saved, floats.size())));
  expect(trainer.steps() == 202);
}

// ---- Whole runs, and a look inside.

std::uint32_t numbers[4];
float rows[batch_floats(2, 2, 4)];
std::uint16_t gathered[4];
LayerDiagnostics seen[2];
float room[diagnostics_floats(kShape)];
float gathered_weights[4];

bool go_on(void* epochs, const Epoch& epoch) {
  *static_cast<std::size_t*>(epochs) = epoch.number;
  return epoch.number < 2;
}

void runs(Network& network, float one) {
  const Samples labelled(kInputs, kLabels);
  const Samples rowed(kInputs, kTargets);
  Split parts{};
  Pcg32 random(5);
  Trainer trainer;
  Diagnostics diagnostics;
  std::size_t epochs = 0;
  ok(split(numbers, 3, random, parts));
  expect(parts.test.size() == 1 && Samples().inputs.count() == 0);
  ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, optimizer::sgd(0.0f * one), 4, Gradients::kept},
                  borrowed));
  ok(diagnostics.bind(trainer, seen, room));
  ok(fit(trainer, {labelled, parts.train, rows, 2, gathered}, random,
         {3, true, go_on, &epochs, Diagnostics::take_step, &diagnostics}));
  expect(epochs == 2 && trainer.steps() == 4);
  Fault fault{};
  ok(find_fault(trainer, kInputs, kLabels, fault)), ok(find_fault(trainer, kInputs, kTargets, fault));
  ok(find_fault(trainer, labelled, fault));
  expect(fault.sample == kNowhere);
  diagnostics.begin_epoch();
  ok(diagnostics.step(kInputs, kLabels));
  ok(diagnostics.step(kInputs, kTargets));
  expect(diagnostics.layers()[0].activations.max > 0.0f && diagnostics.layers()[1].update_ratio == 0.0f);
  LayerReport report[2];
  ok(diagnostics.report(report));
  expect(report[1].reach == 1.0f && to_string(report[0].verdict)[0] != '\0');
  expect(remedy(Verdict::dead)[0] != '\0' && diagnostics.input_column(0).stddev >= 0.0f &&
         diagnostics.target_column(0).stddev >= 0.0f && diagnostics.unexplained() >= 0.0f);

  const float middle[1] = {0.5f};
  float sorted[16];
  float median[1];
  ok(quantiles(trainer.gradients(0), middle, sorted, median));
  float value = 7.0f;
  Predictor predictor;
  Score result{};
  ok(evaluate(trainer, {rowed, numbers, rows, 4}, value));
  ok(predictor.bind(network, scratch));
  ok(score(predictor, labelled, numbers, Span<float>(sorted, 2), result));
  expect(value < 1.0f && result.accuracy >= 0.0f);
}

// Parameter groups: the first layer stays, the other climbs.
void groups(Network& network, float one) {
  const float factors[2] = {0.0f, one};
  ParameterGroups special;
  Trainer trainer;
  ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, optimizer::adamw(0.01f), 4}, borrowed));
  ok(special.bind(trainer, GroupSettings{factors, false, true}));
  const float first = model[0], last = model[41];
  ok(trainer.step(kInputs, kLabels));
  expect(model[0] == first && model[41] != last);
}

// With a loss of the program's own: what is accumulated, and what Diagnostics take. Then positive weights and ignored labels.
// Every schedule, and the arithmetic that a program does where its schedule is no constant.
void schedules(std::uint32_t four, float one) {
  namespace of = schedule;
  const std::uint32_t milestones[] = {four, 2 * four};
  const double half = 0.5 * static_cast<double>(one);
  const Schedule all[] = {of::constant(),
                          of::constant(four, one),
                          of::step(four, half),
                          of::multi_step(milestones, half),
                          of::exponential(half),
                          of::linear(four),
                          of::cosine(four),
                          of::cosine_restarts(four, four),
                          of::one_cycle(four),
                          of::polynomial(four, 2.0f * one),
                          of::warm_up(four, of::cosine(four))};
  for (const Schedule& plan : all) {
    ok(check(plan));
    expect(plan(four, one) >= 0.0f && plan(1, one) <= 1.0f);
  }
  PlateauState state;
  float rate = one;
  ok(reduce_on_plateau(Plateau(), state, one, rate));
  expect(state.seen == 1 && rate == one);
  expect(of::square_high(std::uint64_t{four} << 60u) == std::uint64_t{four} << 58u &&
         of::log2_of_mantissa(std::uint64_t{1} << 63u) == 0 &&
         of::log2_in_fixed_point(half) == -(std::int64_t{1} << 56u));
}

// A reservoir of each kind.
void replays(float one) {
  float floats[2][2], targets[2][1], t[3][1];
  std::int16_t words[2][2];
  std::uint8_t bytes[2][2];
  std::uint16_t labels[2], l[4];
  std::uint32_t counts[replay_counts(2)];
  const float x[2] = {one, 0.0f};
  float drawn[3][2], four_drawn[4][2];
  Pcg32 random(1);
  Replay replay;
  expect(replay_counts(static_cast<std::size_t>(one)) == 4);
  ok(replay.bind(replay::floats(floats), targets, counts));
  ok(replay.add(x, Span<const float>(x, 1), random));
  ok(replay.draw(drawn, t, random));
  expect(replay.bound() && replay.size() == 1 && replay.capacity() == 2 && replay.seen() == 1 && t[2][0] == one);
  ok(replay.bind(replay::int16(words, 0.5f * one), labels, counts, replay::balanced(2)));
  for (int k = 0; k < 8; ++k) {
    ok(replay.add(x, static_cast<std::uint16_t>(k % 2), random));
  }
  ok(replay.draw(four_drawn, l, random));
  expect(four_drawn[3][0] == one && l[3] < 2 && replay.inside().choice.classes == 2);
  ok(replay.bind(replay::bytes(bytes, one), labels, counts));
  replay.clear();
  expect(replay.size() == 0);
}

void own_loss(float one) {
  float y[4][2];
  Network network;
  Trainer trainer;
  Diagnostics diagnostics;
  const Topology t = topology(2, {{8, activation::tanh}, {2, activation::identity}});
  ok(network.bind(t, model));
  ok(trainer.bind(network, TrainerConfig{loss::own, optimizer::sgd(0.1f * one), 4, Gradients::kept}, borrowed));
  ok(trainer.forward(kInputs, y));
  ok(trainer.accumulate_from(kInputs, kTargets));
  expect(trainer.accumulate_from(kInputs, kTargets) == Status::nothing_forwarded);
  ok(trainer.apply());
  ok(diagnostics.bind(trainer, seen, room));
  ok(trainer.forward(kInputs, y));
  ok(diagnostics.step_from(kInputs, kTargets, one));
  expect(trainer.steps() == 2 && trainer.loss() == 0.0f);
  const float positive[2] = {one, 2.0f * one};
  ok(trainer.bind(network,
                  TrainerConfig{loss::binary_cross_entropy.with_positive_weights(positive), optimizer::sgd(one), 4},
                  borrowed));
  ok(trainer.step(kInputs, kTargets));
  const Loss smoothed = loss::softmax_cross_entropy.with_label_smoothing(0.1f * one);
  const std::uint16_t none[4] = {kIgnored, kIgnored, kIgnored, kIgnored};
  ok(trainer.bind(network, TrainerConfig{smoothed.with_ignored_labels(), optimizer::sgd(one), 4}, borrowed));
  ok(trainer.step(kInputs, none));
  expect(trainer.loss() == 0.0f);
}

// Rows and samples that have weights.
void weights(Network& network, float one) {
  const float each[4] = {one, 0.5f * one, 0.0f, one};
  const Samples labelled = Samples(kInputs, kLabels).with_weights(each);
  Trainer trainer;
  Diagnostics diagnostics;
  float value = 7.0f;
  ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, optimizer::sgd(0.0f * one), 4, Gradients::kept},
                  borrowed));
  ok(trainer.step(kInputs, kLabels, each)), ok(trainer.step(kInputs, kTargets, each));
  ok(trainer.evaluate(kInputs, kLabels, each, value)), ok(trainer.evaluate(kInputs, kTargets, each, value));
  ok(trainer.accumulate(kInputs, kLabels, each)), ok(trainer.accumulate(kInputs, kTargets, each));
  ok(trainer.apply());
  ok(diagnostics.bind(trainer, seen, room));
  ok(diagnostics.step(kInputs, kLabels, each)), ok(diagnostics.step(kInputs, kTargets, each));
  Pcg32 random(5);
  Fault fault{};
  ok(fit(trainer, {labelled, numbers, rows, 4, gathered, gathered_weights}, random, {1}));
  ok(evaluate(trainer, {labelled, numbers, rows, 4, gathered, gathered_weights}, value));
  ok(find_fault(trainer, labelled, fault));
  expect(value < 1.0f && labelled.weighting == &descriptor::sample_weights);
}

// Samples that a callback writes, and a run that stops early.
bool tell(void* one, std::uint32_t number, Sample& sample) {
  sample.inputs[0] = kInputs[number][0] * *static_cast<float*>(one);
  sample.inputs[1] = kInputs[number][1];
  sample.label = kLabels[number];
  return true;
}
bool count_guided(void* epochs, Trainer& trainer, const GuidedEpoch& epoch) {
  *static_cast<std::size_t*>(epochs) += trainer.bound() && epoch.best ? 1 : 0;
  return true;
}
void guided(Network& network, float one) {
  const SampleReader reader{tell, &one, 4, 2, 0};
  const Samples told = Samples(reader).with_weights();
  Trainer trainer;
  Pcg32 random(5);
  float value = 7.0f;
  std::size_t best = 0;
  ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, optimizer::sgd(0.0f * one), 4}, borrowed));
  Keeper keeper{other_model, 2, 0.5f * one};
  expect(keeper_floats(network.topology()) == 42);
  const Schedule rates = schedule::constant();
  FitGuide guide = FitGuide().with_validation(told, {numbers + 3, 1}).with_keeper(keeper).with_schedule(rates, 0.0f);
  guide.on_epoch = count_guided;
  guide.epoch_context = &best;
  ok(fit(trainer, {told, {numbers, 3}, rows, 4, gathered, gathered_weights}, random, {9}, guide));
  expect(best == 1 && keeper.ended() && keeper.state.epochs == 3);
  ok(evaluate(trainer, {told, numbers, rows, 4, gathered, gathered_weights}, value));
  ok(keeper.observe(network, value)), ok(keeper.put_back(network));
}

// What a sink got.
struct Sunk {
  unsigned char bytes[3000];
  std::size_t size;
};
Sunk sunk;

bool sink_write(void* context, const void* from, std::size_t bytes) {
  Sunk& to = *static_cast<Sunk*>(context);
  const bool fits = bytes <= sizeof to.bytes - to.size;
  for (std::size_t k = 0; fits && k < bytes; ++k) {
    to.bytes[to.size++] = static_cast<const unsigned char*>(from)[k];
  }
  return fits;
}

// Models out and in again.
void models(Network& network) {
  const std::uint64_t before = hash(network);
  float layer_weights[16], layer_biases[8];
  ok(copy(network, 0, layer_weights, layer_biases, Order::inputs_units));
  ok(take(network, 0, layer_weights, layer_biases, Order::inputs_units));
  char text[kTopologyText];
  std::size_t length = 0, position = 0;
  Topology parsed{};
  TensorReport report;
  ok(print(network.topology(), text, length));
  ok(parse(text, parsed, position));
  expect(parsed.layer_count == 2 && length == 18);
  ok(write_safetensors(network, {sink_write, &sunk}));
  expect(safetensors_bytes(network) == sunk.size);
  const Span<const unsigned char> file(sunk.bytes, sunk.size);
  network.biases(0)[0] += 1.0f;
  ok(read_safetensors(network, source_of(file), {}, report));
  ok(read_topology(source_of(file), text, length, report));
  ok(read_shape(source_of(file), {}, parsed, report));
  expect(hash(network) == before && length == 18 && parsed.outputs() == network.topology().outputs());
  sunk.size = 0;
  ok(write_header(network, {sink_write, &sunk}, "model", Language::cpp));
  expect(sunk.size > 0);
}

// A medium of three slots that is written over.
unsigned char medium[3 * 1024];

Store medium_store() {
  Store store{};
  store.read = [](void*, std::uint32_t at, void* to, std::size_t n) { return memcpy(to, medium + at, n) == to; };
  store.write = [](void*, std::uint32_t at, const void* from, std::size_t n) {
    return memcpy(medium + at, from, n) == medium + at;
  };
  store.size = sizeof medium;
  store.slots = 3;
  return store;
}

void keeps(Network& network, float one) {
  Trainer trainer;
  ok(trainer.bind(network, TrainerConfig{loss::softmax_cross_entropy, optimizer::sgd(0.01f * one), 4}, borrowed));
  const Checkpoint all{&network, &trainer};
  const Store store = medium_store();
  Kept kept;
  expect(checkpoint_bytes(store, all) <= 1024);
  ok(save(store, all));
  ok(save(store, all, true));
  ok(confirm(store));
  ok(save(store, all, true));
  ok(revert(store));
  ok(peek(store, all, kept));
  expect(!kept.on_trial && kept.sequence == 2);
  ok(load(store, all, kept));
}

// Columns on one scale, there, back, elsewhere, and in the weights.
void scales(Network& network, float one) {
  float first[normalizer_floats(2)], second[normalizer_floats(2)], scaled[4][2];
  double state[normalizer_state(2)];
  Normalizer scale, other;
  ok(scale.bind(2, first)), ok(other.bind(2, second, Scaling::standard));
  ok(scale.observe(kInputs)), ok(other.observe(kInputs));
  ok(scale.merge(other));
  scale.freeze();
  expect(scale.bound() && scale.frozen() && scale.count() == 8 && scale.columns() == 2);
  scale.thaw();
  ok(scale.apply(kInputs, scaled)), ok(scale.undo(scaled)), ok(scale.apply(scaled)), ok(scale.undo(scaled, scaled));
  expect(scaled[1][0] == kInputs[1][0] && scale.centre(0) == 0.5f * one && scale.deviation(1) == 0.5f);
  ok(scale.save(state)), ok(other.restore(state));
  expect(other.count() == 8 && scale.inside().centres() == first && scale.inside().rests() == first + 2);
  expect(scale.inside().deviations() == first + 4 && scale.inside().first(0) == first + 6 &&
         scale.inside().second(1) == first + 12);
  ok(fold(scale, network, kFoldTolerance * one));
  expect(fold_targets(scale, network) == Status::bad_activation);
}

// How good predictions are.
void metrics(const Network& network, float one) {
  std::uint32_t matrix[confusion_counts(2)], counts[label_counts(2)];
  float errors[regression_floats(2)];
  Confusion confusion;
  MultiLabel labels;
  Regression regression;
  TopK top(static_cast<std::size_t>(one));
  ok(confusion.bind(2, matrix)), ok(labels.bind(2, counts)), ok(regression.bind(2, errors));
  ok(confusion.add(kTargets, kLabels)), ok(confusion.add({kInputs[0], 4, 1}, kLabels, 0.5f * one));
  ok(top.add(kTargets, kLabels)), ok(labels.add(kTargets, kTargets, 0.5f * one)),
      ok(regression.add(kTargets, kTargets));
  expect(confusion.bound() && labels.bound() && regression.bound() && confusion.total() == 8 && top.total() == 4 &&
         labels.total() == 4 && regression.total() == 4);
  expect(confusion.count(0, 0) >= 2 && confusion.of(0).rates().recall > 0.4f && confusion.accuracy() > 0.4f &&
         confusion.macro().f1 > 0.4f);
  expect(top.accuracy() == 1.0f && labels.of(1).true_positives == 2 && labels.accuracy() == 1.0f &&
         labels.accuracy(1) == 1.0f && labels.exact() == 1.0f && labels.macro().precision == 1.0f);
  expect(regression.r2() == 1.0f && regression.r2(0) == 1.0f && regression.mean_squared_error() == 0.0f &&
         regression.mean_squared_error(0) == 0.0f && regression.mean_absolute_error() == 0.0f &&
         regression.mean_absolute_error(1) == 0.0f);
  expect(decision_boundary(network) == 0.5f);
}

FixedNetwork<kShape> fixed_network;
FixedTrainer<kShape, kLargest> fixed_trainer;

void fixed() {
  ok(fixed_network.bind());
  ok(fixed_trainer.bind(fixed_network));
  expect(fixed_network.network().bound() && fixed_trainer->steps() == 0 &&
         fixed_trainer.trainer().learning_rate() > 0.0f);
}

}  // namespace

// The arguments are not constants where the program starts, so that no compiler works the calls out beforehand.
extern "C" int run(std::size_t four, float one) {
  Network network;
  views();
  shapes(kShape, kLargest, four);
  names();
  draws();
  networks(network);
  Pcg32 random(42);
  initializers(network, random);
  starts(network, random);
  optimizers(0.1f * one);
  combinations(0.1f * one);
  train(network, one);
  predict(network);
  runs(network, one);
  weights(network, one);
  guided(network, one);
  insides(network, one);
  models(network);
  keeps(network, one);
  scales(network, one);
  metrics(network, one);
  groups(network, one);
  own_loss(one);
  schedules(static_cast<std::uint32_t>(four), one);
  replays(one);
  fixed();
  return mistakes;
}

#if defined(__x86_64__) && defined(__linux__) && !defined(__ILP32__)
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  and $-16, %rsp\n"
    "  mov $1, %eax\n"
    "  cvtsi2ss %eax, %xmm0\n"
    "  mov $4, %edi\n"
    "  call run\n"
    "  mov %eax, %edi\n"
    "  mov $60, %eax\n"  // exit
    "  syscall\n");
#elif defined(LINNET_BOARD)
int main() {
  volatile std::size_t four = 4;
  volatile float one = 1.0f;
  return run(four, one);
}
#else
extern "C" void _start() {
  volatile std::size_t four = 4;
  volatile float one = 1.0f;
  for (;;) {
    run(four, one);
  }
}
#endif
