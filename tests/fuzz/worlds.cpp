// Random worlds: the bytes are a plan (a topology, hyper-parameters, samples, and calls of every public function), which is
// carried out once on each kernel table and a second time with memory elsewhere. After each call:
//   a refused call has changed nothing that was lent, but for what its documentation says
//   nothing was written beside lent memory, and nothing that is read alone
//   after ok, parameters that were finite are finite
//   all worlds say and hold the same bits
// README.md says how a new room is added.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include <linnet/linnet.hpp>

#include "activations.hpp"
#include "lent.hpp"
#include "nets.hpp"
#include "source.hpp"
#include "tables.hpp"

namespace linnet_fuzz {

using linnet::Status;

namespace {
std::size_t kind_of_call = 0;  // the case of World::make()
}  // namespace

void found(const char* what) {
  std::fprintf(stderr, "\nFOUND: %s, in call %zu\n", what, kind_of_call);
  std::abort();
}

namespace {

std::uint64_t calls = 0;  // on each table
std::uint64_t calls_ok = 0;
std::uint64_t executions = 0;

constexpr std::size_t kMostRows = 24;

std::uint64_t hash_on(std::uint64_t hash, const void* data, std::size_t bytes) {
  const auto* byte = static_cast<const unsigned char*>(data);
  for (std::size_t k = 0; k < bytes; ++k) {
    hash = (hash ^ byte[k]) * 1099511628211u;
  }
  return hash;
}
template <class T>
std::uint64_t hash_of(linnet::Span<T> span, std::uint64_t hash = 14695981039346656037u) {
  return hash_on(hash, span.data(), span.size() * sizeof(T));
}
// A NaN of any bits is one NaN: its bits are the processor's.
std::uint64_t hash_number(float x, std::uint64_t hash) {
  const float same = std::isnan(x) ? std::numeric_limits<float>::quiet_NaN() : x;
  return hash_on(hash, &same, sizeof same);
}

// Field by field: between them lies padding.
std::uint64_t hash_layer(const linnet::LayerDiagnostics& layer, std::uint64_t hash) {
  for (const linnet::Moments& m :
       {layer.activations, layer.unit_gradients, layer.input_gradients, layer.weight_gradients}) {
    for (const float x : {m.mean, m.stddev, m.min, m.max}) hash = hash_number(x, hash);
  }
  for (const float x : {layer.update_ratio, layer.dead_in_batch, layer.dead_in_epoch, layer.saturated}) {
    hash = hash_number(x, hash);
  }
  hash = hash_on(hash, &layer.rows_in_epoch, sizeof layer.rows_in_epoch);
  hash = hash_on(hash, &layer.rows_without_gradient, sizeof layer.rows_without_gradient);
  for (const linnet::Histogram& bins : {layer.activation_bins, layer.input_gradient_bins, layer.weight_gradient_bins}) {
    hash = hash_on(hash, bins.counts, sizeof bins.counts);
  }
  return hash;
}

bool all_finite(linnet::Span<const float> x) {
  for (const float value : x) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

// ---- What all worlds share: drawn once, read alone.

struct Plan {
  std::vector<linnet::Layer> layers;
  linnet::TopologyView topology;
  std::size_t frozen;
  linnet::TrainerConfig config{};
  std::vector<float> class_weights, factors;
  std::size_t rows, columns, outputs;
  std::vector<float> x, t, weights;
  std::vector<std::uint16_t> labels;
  std::uint64_t seed;

  explicit Plan(Source& source) {
    const std::size_t depth = source.once_in(60) ? source.below(19) : 1 + source.below(4);
    for (std::size_t l = 0; l < depth; ++l) {
      layers.push_back({width(source), activation(source, l + 1 == depth), !source.once_in(6)});
    }
    topology = linnet::TopologyView(source.once_in(80) ? 0 : width(source), {layers.data(), layers.size()});
    frozen = source.once_in(4) ? source.below(depth + 2) : 0;
    columns = topology.inputs;
    outputs = depth > 0 ? layers.back().units : 1;
    rows = 1 + source.below(kMostRows);
    choose_loss(source);
    choose_optimizer(source);
    config.max_batch = source.once_in(40) ? source.below(3) : 1 + source.below(kMostRows);
    if (source.once_in(3)) config.gradients = linnet::Gradients::kept;
    if (source.once_in(5)) config.clip_norm = source.mostly(0.5f);
    if (source.once_in(5)) config.clip_value = source.mostly(0.1f);
    seed = source.word();
    const bool edges = source.once_in(8);
    linnet::Pcg32 random(seed);
    fill(x, rows * columns, random, source, edges);
    fill(t, rows * outputs, random, source, edges);
    fill(weights, rows, random, source, edges);
    for (float& weight : weights) weight = std::fabs(weight);
    for (float& target : t) target = std::fabs(target) <= 4.0f ? random.uniform() : target;
    for (std::size_t b = 0; b < rows; ++b) {
      labels.push_back(static_cast<std::uint16_t>(
          source.once_in(200) ? source.word()
                              : random.below(static_cast<std::uint32_t>(outputs == 1 ? 2 : outputs + 1))));
      if (outputs > 1 && labels.back() == outputs && !source.once_in(30)) labels.back() = 0;
    }
    for (std::size_t l = 0; l < depth; ++l) factors.push_back(source.mostly(random.uniform() * 2.0f));
  }

 private:
  static std::size_t width(Source& source) {
    static constexpr std::size_t kEdges[] = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 65};
    const std::size_t which = source.below(64);
    return which < 17 && (which > 0 || source.once_in(8)) ? kEdges[which] : 1 + which % 40;
  }
  static linnet::Activation activation(Source& source, bool last) {
    if (source.once_in(last ? 4 : 60)) return linnet::activation::softmax;
    if (source.once_in(last ? 3 : 50)) return linnet::activation::identity;
    const auto& all = linnet_test::hidden_activations();
    linnet::Activation chosen = all[source.below(all.size())].activation;
    if (source.once_in(20)) chosen.parameter = source.number();
    return chosen;
  }
  static void fill(std::vector<float>& to, std::size_t n, linnet::Pcg32& random, Source& source, bool edges) {
    for (std::size_t k = 0; k < n; ++k) {
      to.push_back(edges && random.below(40) == 0 ? source.number() : random.normal());
    }
  }
  void choose_loss(Source& source) {
    using namespace linnet::loss;
    const linnet::Loss all[] = {mean_squared_error,
                                mean_absolute_error,
                                huber,
                                smooth_l1,
                                binary_cross_entropy,
                                binary_cross_entropy,
                                softmax_cross_entropy,
                                softmax_cross_entropy,
                                softmax_cross_entropy,
                                own};
    const std::size_t which = source.below(10);
    config.loss = all[which];
    if (!layers.empty() && !source.once_in(12)) {  // mostly one that goes with it
      const bool is_softmax = layers.back().activation.descriptor == linnet::activation::softmax.descriptor;
      if (which >= 6 && which <= 8)
        layers.back().activation = linnet::activation::softmax;
      else if (is_softmax || which == 4 || which == 5)
        layers.back().activation = linnet::activation::identity;
      if (which >= 6 && which <= 8 && layers.back().units == 1) layers.back().units = 2;
    }
    outputs = layers.empty() ? 1 : layers.back().units;
    topology = linnet::TopologyView(topology.inputs, {layers.data(), layers.size()});
    for (std::size_t o = 0; o < outputs; ++o) class_weights.push_back(source.once_in(9) ? source.number() : 1.5f);
    const linnet::Span<const float> lent(class_weights.data(), class_weights.size());
    if (which == 5) config.loss = config.loss.with_positive_weights(lent);
    if (which == 7) config.loss = config.loss.with_class_weights(lent);
    if (which == 8) config.loss = config.loss.with_label_smoothing(source.mostly(0.1f));
    if (which >= 6 && which <= 8 && source.once_in(3)) config.loss = config.loss.with_ignored_labels();
    if (source.once_in(12)) config.loss.delta = source.number();
  }
  void choose_optimizer(Source& source) {
    const auto all = linnet_test::optimizers();
    linnet::Optimizer& rule = config.optimizer;
    rule = all[source.below(all.size())].optimizer;
    if (source.once_in(4)) rule.learning_rate = source.mostly(0.3f, 3);
    if (source.once_in(6)) rule.weight_decay = source.mostly(0.01f, 3);
    if (source.once_in(20)) rule.momentum = source.number();
    if (source.once_in(20)) rule.epsilon = source.number();
    if (source.once_in(20)) rule.beta2 = source.number();
    if (source.once_in(20)) rule.eta_plus = source.number();
    if (source.once_in(20)) rule.max_step = source.number();
  }
};

// ---- A world: the objects, and memory of its own.

// Sizes, or a float where there is no such size.
std::size_t floats(std::size_t n) { return n <= 1u << 22u ? n : 1; }

class World {
 public:
  World(const Plan& plan, const linnet::KernelTable& table, std::size_t offset, std::uint8_t junk)
      : plan_(plan),
        table_(table),
        frozen_(floats(linnet::frozen_floats(plan.topology, plan.frozen)), offset, 0),
        trainable_(floats(linnet::trainable_floats(plan.topology, plan.frozen)), offset + 3, 0),
        trainer_memory_(floats(linnet::trainer_floats(plan.topology, plan.config, plan.frozen)), offset + 1, junk),
        scratch_(floats(linnet::predictor_floats(plan.topology)), offset + 5, junk),
        outputs_(plan.rows * plan.outputs, offset + 2, 0),
        batch_(floats(linnet::batch_floats(plan.columns, plan.outputs, kMostRows)), offset + 7, junk),
        batch_weights_(kMostRows, offset, junk),
        labels_(kMostRows, 2 * offset, junk),
        order_(plan.rows, offset, 0),
        held_(plan.rows, offset + 1, 0),
        lsuv_(floats(linnet::unit_variance_floats(plan.topology, plan.rows)), offset, junk),
        seen_(plan.layers.size() + 1, 0, 0),
        seen_memory_(floats(linnet::diagnostics_floats(plan.topology, plan.frozen)), offset + 1, junk),
        saved_(floats(trainer_memory_.size()), offset, 0),
        best_(floats(linnet::keeper_floats(plan.topology, plan.frozen)), offset + 4, 0),
        x_(plan.x.size(), offset + 1, 0),
        t_(plan.t.size(), offset + 2, 0),
        weights_(plan.weights.size(), offset + 3, 0),
        random_(plan.seed, 3) {
    std::copy(plan.x.begin(), plan.x.end(), x_.data());
    std::copy(plan.t.begin(), plan.t.end(), t_.data());
    std::copy(plan.weights.begin(), plan.weights.end(), weights_.data());
    linnet::Pcg32 random(plan.seed, 9);
    for (float& w : frozen_.span()) w = random.normal() * 0.3f;
    for (float& w : trainable_.span()) w = random.normal() * 0.3f;
    for (std::size_t k = 0; k < plan.rows; ++k) order_.data()[k] = static_cast<std::uint32_t>(k);
    for (std::size_t k = 0; k < plan.rows; ++k) held_.data()[k] = static_cast<std::uint32_t>(plan.rows - 1 - k);
    read_ = hash_read();
  }

  // The next call; `source` is at the same place in every world. Returns a hash of what it said and of all that counts.
  std::uint64_t call(Source& source) {
    const bool was_finite = all_finite(trainable_.span());
    const std::uint64_t before = hash_kept();
    may_change_ = false;
    said_ = 14695981039346656037u;
    const Status status = make(source);
    const std::uint64_t after = hash_kept();
    if (status != Status::ok && !may_change_ && after != before) found("a refused call changed something");
    if (status == Status::ok && was_finite && !all_finite(trainable_.span())) {
      found("a weight is not finite after ok");
    }
    if (hash_read() != read_) found("a call changed what it only reads");
    look_at_zones();
    last_ok_ = status == Status::ok;
    const auto number = static_cast<std::uint8_t>(status);
    return hash_on(hash_on(said_, &number, 1), &after, sizeof after);
  }
  [[nodiscard]] bool last_ok() const { return last_ok_; }

 private:
  // Everything that a program keeps.
  [[nodiscard]] std::uint64_t hash_kept() const {
    std::uint64_t hash = hash_of(trainable_.span());
    hash = hash_of(trainer_.optimizer_state(), hash);
    hash = hash_of(order_.span(), hash);
    const std::uint64_t steps = trainer_.steps();
    hash = hash_on(hash, &steps, sizeof steps);
    hash = hash_number(trainer_.learning_rate(), hash);
    hash = hash_number(trainer_.loss(), hash);
    linnet::Pcg32 random = random_;
    const std::uint32_t next = random.bits();
    hash = hash_on(hash, &next, sizeof next);
    hash = hash_on(hash_of(best_.span(), hash), &keeper_.state, sizeof keeper_.state);
    for (std::size_t l = 0; l < plan_.layers.size() && trainer_.bound(); ++l) {
      const linnet::ConstMatrix g = trainer_.gradients(l);
      for (std::size_t k = 0; k < g.size(); ++k) hash = hash_number(g(k / g.columns(), k % g.columns()), hash);
      hash = hash_of(trainer_.bias_gradients(l), hash);
    }
    for (const linnet::LayerDiagnostics& layer : diagnostics_.layers()) hash = hash_layer(layer, hash);
    return hash_number(diagnostics_.unexplained(), hash);
  }
  [[nodiscard]] std::uint64_t hash_read() const {
    return hash_of(frozen_.span(),
                   hash_of(x_.span(), hash_of(t_.span(), hash_of(weights_.span(), hash_of(held_.span())))));
  }
  void look_at_zones() const {
    for (const Lent<float>* lent : {&frozen_, &trainable_, &trainer_memory_, &scratch_, &outputs_, &batch_,
                                    &batch_weights_, &lsuv_, &seen_memory_, &saved_, &best_, &x_, &t_, &weights_}) {
      lent->look_at_zones();
    }
    labels_.look_at_zones();
    order_.look_at_zones();
    held_.look_at_zones();
    seen_.look_at_zones();
  }

  void say(float x) { said_ = hash_number(x, said_); }
  void say(linnet::Span<const float> numbers) {
    for (const float x : numbers) say(x);
  }

  // Mostly where it belongs, now and then over what takes part: such a call is refused.
  float* room_for(const Lent<float>& memory, std::size_t n, const linnet::ConstRows& rows, const Lent<float>& workspace,
                  Source& source) {
    wrong_place_ = false;
    if (!source.once_in(30)) return memory.data();
    const linnet::Span<const float> wrong[] = {
        {rows.data(), rows.count() * rows.columns()}, trainable_.span(), frozen_.span(), workspace.span()};
    const linnet::Span<const float> chosen = wrong[source.below(4)];
    wrong_place_ = n > 0 && n <= chosen.size();
    return wrong_place_ ? const_cast<float*>(chosen.data()) : memory.data();  // the call trusts a count
  }
  // Mostly so many elements, now and then fewer.
  template <class T>
  linnet::Span<T> lent(const Lent<T>& memory, Source& source) {
    return source.once_in(40) ? memory.part(source.below(8)) : memory.span();
  }
  // Rows from one on.
  struct Chosen {
    std::size_t first, count;
  };
  Chosen choose(Source& source) {
    const std::size_t most = plan_.config.max_batch < plan_.rows ? plan_.config.max_batch : plan_.rows;
    const std::size_t wanted = source.once_in(30) ? source.below(plan_.rows + 1)
                               : most == 0        ? 0
                                                  : 1 + source.below(most);
    return {wanted < plan_.rows ? source.below(plan_.rows - wanted + 1) : 0, wanted};
  }
  linnet::ConstRows inputs(Chosen rows) const {
    return {x_.data() + rows.first * plan_.columns, rows.count, plan_.columns};
  }
  linnet::ConstRows targets(Chosen rows) const {
    return {t_.data() + rows.first * plan_.outputs, rows.count, plan_.outputs};
  }
  linnet::Labels labels(Chosen rows) const { return {plan_.labels.data() + rows.first, rows.count}; }
  linnet::RowWeights weights(Chosen rows) const { return {weights_.data() + rows.first, rows.count}; }

  linnet::Samples samples(Source& source) {
    const Chosen all{0, plan_.rows};
    const bool labelled = source.once_in(2);
    const bool weighted = source.once_in(4);
    if (source.once_in(3)) {
      reader_ = {tell, this, plan_.rows, plan_.columns, labelled ? 0 : plan_.outputs};
      return weighted ? linnet::Samples(reader_).with_weights() : linnet::Samples(reader_);
    }
    const linnet::Samples result =
        labelled ? linnet::Samples(inputs(all), labels(all)) : linnet::Samples(inputs(all), targets(all));
    return weighted ? result.with_weights(weights_view_ = weights(all)) : result;
  }
  // What the reader's callback writes; now and then it fails, or writes NaN, from some call on.
  static bool tell(void* context, std::uint32_t number, linnet::Sample& sample) {
    World& world = *static_cast<World*>(context);
    const Plan& plan = world.plan_;
    if (sample.inputs.size() != plan.columns || number >= plan.rows) found("a sample of another width, or none");
    if (world.tellings_++ >= world.most_tellings_) {
      if (world.fails_) return false;
      sample.weight = -1.0f;
      return true;  // inputs are as they are found
    }
    std::copy_n(world.x_.data() + number * plan.columns, plan.columns, sample.inputs.data());
    std::copy_n(world.t_.data() + number * plan.outputs, sample.targets.size(), sample.targets.data());
    sample.label = plan.labels[number];
    sample.weight = world.weights_.data()[number];
    return true;
  }
  void begin_telling(Source& source) {
    tellings_ = 0;
    fails_ = source.once_in(2);
    most_tellings_ = source.once_in(4) ? source.below(3 * kMostRows) : 1000000;
  }
  linnet::Batches batches(Source& source) {
    linnet::Batches result{samples(source),      order_.part(1 + source.below(plan_.rows)),
                           lent(batch_, source), 1 + source.below(kMostRows),
                           labels_.span(),       batch_weights_.span()};
    const bool told = result.samples.reader != nullptr;  // nobody knows where its numbers lie
    float* place = room_for(batch_, result.memory.size(), told ? linnet::ConstRows() : inputs({0, plan_.rows}),
                            trainer_memory_, source);
    begin_telling(source);
    result.memory = {place, result.memory.size()};
    return result;
  }

  Status make(Source& source) {
    kind_of_call = source.below(32);
    switch (kind_of_call) {
      case 0:
        return bind_network(source);
      case 1:
      case 2:
        return bind_trainer(source);
      case 3:
        return predictor_.bind(network_, lent(scratch_, source), table_);
      case 4:
        return diagnostics_.bind(trainer_, lent(seen_, source), lent(seen_memory_, source));
      case 5: {
        linnet::GroupSettings settings;
        settings.rate_factors = {plan_.factors.data(),
                                 source.once_in(6) ? source.below(plan_.factors.size() + 1) : plan_.factors.size()};
        settings.decay_biases = !source.once_in(3);
        settings.ascend = source.once_in(6);
        return groups_.bind(trainer_, settings);
      }
      case 6: {
        float rate = source.mostly(0.01f, 4);
        return trainer_.set_learning_rate(rate);
      }
      case 7:
        return save_or_restore(source);
      case 8:
        return trainer_.check_state();
      case 9:
        return initialize(source);
      case 10:
        return scale();
      case 11:
        return trainer_.discard();
      case 12:
        return trainer_.apply(source.mostly(1.0f, 4));
      case 13:
      case 14:
        return predict(source);
      case 15:
      case 16:
        return fit(source);
      case 17:
        return evaluate_samples(source);
      case 18:
        return score(source);
      case 19:
        return report();
      case 20:
        return quantiles(source);
      case 21:
        return find_fault(source);
      case 22:
      case 23:
        return own_loss(source);
      case 24:
        diagnostics_.begin_epoch();
        return Status::ok;
      case 25:
      case 26:
        return look(source);
      case 27:
        return accumulate(source);
      case 28:
        return evaluate(source);
      case 29:
        return keep(source);
      default:
        return step(source);
    }
  }

  Status bind_network(Source& source) {
    return network_.bind(plan_.topology, frozen_.span(), lent(trainable_, source), plan_.frozen);
  }
  Status bind_trainer(Source& source) {
    linnet::TrainerConfig config = plan_.config;
    if (source.once_in(10)) config.max_batch = config.max_batch > 1 ? config.max_batch - 1 : config.max_batch;
    return trainer_.bind(network_, config, lent(trainer_memory_, source), table_);
  }
  // call(inputs, labels or targets) or call(inputs, labels or targets, weights)
  template <class Call>
  Status on_batch(Source& source, Call call) {
    const Chosen rows = choose(source);
    switch (source.below(4)) {
      case 0:
        return call(inputs(rows), labels(rows));
      case 1:
        return call(inputs(rows), labels(rows), weights(rows));
      case 2:
        return call(inputs(rows), targets(rows), weights(rows));
      default:
        return call(inputs(rows), targets(rows));
    }
  }
  Status step(Source& source) {
    return on_batch(source, [this](const auto&... batch) { return trainer_.step(batch...); });
  }
  Status accumulate(Source& source) {
    return on_batch(source, [this](const auto&... batch) { return trainer_.accumulate(batch...); });
  }
  Status look(Source& source) {
    return on_batch(source, [this](const auto&... batch) { return diagnostics_.step(batch...); });
  }
  Status evaluate(Source& source) {
    float loss = -1.0f;
    const Status status =
        on_batch(source, [this, &loss](const auto&... batch) { return trainer_.evaluate(batch..., loss); });
    return answered(status, loss);
  }
  // A number is written only with ok, and is finite then.
  Status answered(Status status, float number) {
    if (status == Status::ok ? !std::isfinite(number) : number != -1.0f) found("a loss that is none");
    say(number);
    return status;
  }
  Status own_loss(Source& source) {
    const Chosen rows = choose(source);
    const linnet::Rows out(room_for(outputs_, rows.count * plan_.outputs, inputs(rows), trainer_memory_, source),
                           rows.count, plan_.outputs);
    const Status status = trainer_.forward(inputs(rows), out);
    if (status != Status::ok) return status;
    if (wrong_place_) found("outputs over what takes part were taken");
    say(outputs_.part(rows.count * plan_.outputs));
    const linnet::ConstRows d(outputs_.data(), rows.count, plan_.outputs);
    const float share = source.mostly(0.1f, 8);
    switch (source.below(3)) {
      case 0:
        return trainer_.accumulate_from(inputs(rows), d, share);
      case 1:
        return diagnostics_.step_from(inputs(rows), d, share);
      default:
        return trainer_.step_from(inputs(rows), d, share);
    }
  }
  Status predict(Source& source) {
    const std::size_t count = 1 + source.below(plan_.rows);
    const Status status = predictor_.predict(
        inputs({0, count}),
        {room_for(outputs_, count * plan_.outputs, inputs({0, count}), scratch_, source), count, plan_.outputs});
    if (status == Status::ok) {
      if (wrong_place_) found("outputs over what takes part were taken");
      const linnet::Span<const float> all = outputs_.part(count * plan_.outputs);
      if (!all_finite(all)) found("an output that is not finite");
      say(all);
    }
    return status;
  }
  Status fit(Source& source) {
    may_change_ = true;  // a run that began can end early; a refused one is looked at below
    linnet::FitPlan plan{source.below(3)};
    plan.shuffle = !source.once_in(3);
    steps_taken_ = 0;
    if (source.once_in(4)) {
      plan.take_step = [](void* world, linnet::Trainer& trainer, const linnet::Samples& batch) {
        auto* self = static_cast<World*>(world);
        ++self->steps_taken_;
        return linnet::Diagnostics::take_step(&self->diagnostics_, trainer, batch);
      };
      plan.step_context = this;
    }
    linnet::Fault fault;
    plan.fault = &fault;
    if (source.once_in(2)) plan.find_fault = linnet::find_fault;
    const linnet::Batches all = batches(source);
    const bool guided = source.once_in(3);
    if (guided) set_keeper(source);
    const std::uint64_t before = hash_kept();
    const std::uint64_t steps = trainer_.steps();
    const Status status = guided ? guided_fit(all, plan, source) : linnet::fit(trainer_, all, random_, plan);
    // a reader that fails after every sample was looked at ends a run that began
    const bool began = status == Status::ok || status == Status::diverged || steps_taken_ > 0 ||
                       trainer_.steps() != steps || tellings_ > all.order.size();
    if (!began && hash_kept() != before) found("a refused fit() changed something");
    if (status == Status::ok && wrong_place_) found("batches over what takes part were taken");
    said_ = hash_on(said_, &fault, sizeof fault);
    return status;
  }
  Status guided_fit(const linnet::Batches& all, const linnet::FitPlan& plan, Source& source) {
    linnet::FitGuide guide;
    if (!source.once_in(8)) {
      linnet::Samples held = all.samples;
      if (source.once_in(3)) held = samples(source);
      guide = guide.with_validation(held, held_.part(1 + source.below(plan_.rows)));
    }
    if (!source.once_in(4)) guide = guide.with_keeper(keeper_);
    const linnet::Schedule rates = schedule(source);
    if (source.once_in(3)) guide = guide.with_schedule(rates, source.mostly(0.02f));
    guide.on_epoch = [](void* world, linnet::Trainer&, const linnet::GuidedEpoch& epoch) {
      static_cast<World*>(world)->say(epoch.loss);
      static_cast<World*>(world)->say(epoch.validation_loss);
      return true;
    };
    guide.epoch_context = this;
    return linnet::fit(trainer_, all, random_, plan, guide);
  }
  static linnet::Schedule schedule(Source& source) {
    namespace of = linnet::schedule;
    const auto steps = static_cast<std::uint32_t>(source.below(12));
    const linnet::Schedule all[] = {
        of::constant(),       of::step(steps),      of::exponential(static_cast<double>(source.mostly(0.9f))),
        of::linear(steps),    of::cosine(steps),    of::cosine_restarts(steps, 2),
        of::one_cycle(steps), of::polynomial(steps)};
    const linnet::Schedule chosen = all[source.below(8)];
    return source.once_in(3) ? of::warm_up(steps, chosen, source.mostly(0.1f)) : chosen;
  }
  void set_keeper(Source& source) {
    if (source.once_in(5)) keeper_.state = {};
    keeper_.memory = source.once_in(8) ? linnet::Span<float>() : lent(best_, source);
    keeper_.patience = static_cast<std::uint32_t>(source.below(4));
    keeper_.least_gain = source.once_in(3) ? source.number() : 0.0f;
    if (!source.once_in(30)) return;
    keeper_.memory = source.once_in(2) ? trainable_.span() : batch_.span();
    keeper_.state = {};  // nothing of it lies there
  }
  Status keep(Source& source) {
    may_change_ = true;  // that is the keeper's; a refused call is looked at below
    set_keeper(source);
    const std::uint64_t before = hash_kept();
    const Status status =
        source.once_in(3) ? keeper_.put_back(network_) : keeper_.observe(network_, source.mostly(1.0f, 2));
    if (status != Status::ok && hash_kept() != before) found("a keeper that refused changed something");
    return status;
  }
  Status evaluate_samples(Source& source) {
    float loss = -1.0f;
    const Status status = linnet::evaluate(trainer_, batches(source), loss);
    if (status == Status::ok && wrong_place_) found("batches over what takes part were taken");
    return answered(status, loss);
  }
  Status score(Source& source) {
    linnet::Score score{-1.0f, -1.0f};
    const linnet::Batches all = batches(source);
    const Status status =
        linnet::score(predictor_, all.samples, all.order, outputs_.part(plan_.outputs), score, source.mostly(0.5f));
    say(score.accuracy);
    return answered(status, score.mean_squared_error);
  }
  Status report() {
    std::vector<linnet::LayerReport> report(plan_.layers.size());
    const Status status = diagnostics_.report({report.data(), report.size()});
    for (const linnet::LayerReport& layer : report) {
      if (status == Status::ok) {
        say(layer.reach);
        say(static_cast<float>(layer.verdict));
      }
    }
    return status;
  }
  Status quantiles(Source& source) {
    const std::size_t l = source.below(plan_.layers.size() + 1);
    const float shares[] = {0.0f, source.mostly(0.5f), 1.0f};
    float results[3] = {};
    const Status status = linnet::quantiles(network_.read_weights(l), shares, lsuv_.span(), results);
    say(results);
    return status;
  }
  Status find_fault(Source& source) {
    const Chosen rows = choose(source);
    linnet::Fault fault;
    const Status status = source.once_in(2) ? linnet::find_fault(trainer_, inputs(rows), labels(rows), fault)
                                            : linnet::find_fault(trainer_, inputs(rows), targets(rows), fault);
    said_ = hash_on(said_, &fault, sizeof fault);
    return status;
  }
  Status save_or_restore(Source& source) {
    if (source.once_in(2)) {
      const Status status = trainer_.save(progress_);
      if (status == Status::ok)
        std::copy(trainer_.optimizer_state().begin(), trainer_.optimizer_state().end(), saved_.data());
      return status;
    }
    linnet::TrainerProgress progress = progress_;
    if (source.once_in(10)) progress.steps = source.word();
    if (source.once_in(10)) progress.learning_rate = source.number();
    if (source.once_in(10)) progress.bias_corrections[source.below(2)] = source.number();
    if (source.once_in(20)) progress.floats += 1;
    std::size_t place = source.below(4) * source.below(200);
    const float usual = place < saved_.size() ? saved_.data()[place] : 0.0f;
    if (place < saved_.size() && source.once_in(4)) saved_.data()[place] = source.number();
    const Status status = trainer_.restore(progress, saved_.part(progress_.floats));
    if (place < saved_.size()) saved_.data()[place] = usual;
    return status;
  }
  Status initialize(Source& source) {
    using namespace linnet::initializer;
    const linnet::Initializer all[] = {automatic,       linear_default, uniform,   normal,         truncated_normal,
                                       zeros,           ones,           identity,  xavier_uniform, xavier_normal,
                                       kaiming_uniform, kaiming_normal, orthogonal};
    linnet::Initializer chosen = all[source.below(13)];
    if (source.once_in(8)) chosen.stddev = source.number();
    if (source.once_in(8)) chosen.gain = source.number();
    if (source.once_in(8)) chosen.low = source.number();
    if (source.once_in(8)) chosen.high = source.number();
    return source.once_in(3) ? linnet::initialize(network_, source.below(plan_.layers.size() + 1), random_, chosen)
                             : linnet::initialize(network_, random_, chosen);
  }
  Status scale() { return linnet::scale_to_unit_variance(network_, inputs({0, plan_.rows}), lsuv_.span(), table_); }

  const Plan& plan_;
  const linnet::KernelTable& table_;
  Lent<float> frozen_, trainable_, trainer_memory_, scratch_, outputs_, batch_, batch_weights_;
  Lent<std::uint16_t> labels_;
  Lent<std::uint32_t> order_, held_;
  Lent<float> lsuv_;
  Lent<linnet::LayerDiagnostics> seen_;
  Lent<float> seen_memory_, saved_, best_, x_, t_, weights_;
  linnet::Network network_;
  linnet::Trainer trainer_;
  linnet::Predictor predictor_;
  linnet::Diagnostics diagnostics_;
  linnet::ParameterGroups groups_;
  linnet::TrainerProgress progress_{};
  linnet::RowWeights weights_view_;
  linnet::SampleReader reader_{};
  linnet::Keeper keeper_{};
  linnet::Pcg32 random_;
  std::uint64_t read_ = 0, said_ = 0;
  bool may_change_ = false, wrong_place_ = false, last_ok_ = false;
  std::size_t steps_taken_ = 0;                   // by the callback of fit()
  std::size_t tellings_ = 0, most_tellings_ = 0;  // by that of the reader
  bool fails_ = false;
};

struct AtTheEnd {
  ~AtTheEnd() {
    std::fprintf(stderr, "%llu worlds, %llu calls on each of %zu kernel tables and once more, %llu of them ok\n",
                 static_cast<unsigned long long>(executions), static_cast<unsigned long long>(calls),
                 linnet_test::all_tables().size(), static_cast<unsigned long long>(calls_ok));
  }
} at_the_end;

}  // namespace
}  // namespace linnet_fuzz

// the name that libFuzzer calls: NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linnet_fuzz;
  Source source(data, size);
  const Plan plan(source);
  std::vector<std::unique_ptr<World>> worlds;
  std::size_t offset = source.below(16);
  for (const linnet::KernelTable* table : linnet_test::all_tables()) {
    worlds.push_back(std::make_unique<World>(plan, *table, offset, 0xff));  // junk that is NaN
    offset = (offset + 5) % 16;
  }
  worlds.push_back(std::make_unique<World>(plan, linnet::best_kernels(), (offset + 1) % 16, 0x3e));
  // bound first: most calls before that say not_bound
  static constexpr std::uint8_t kBegin[] = {0, 0, 1, 0, 0, 3, 0, 4, 0, 0};
  Source begin(kBegin, sizeof kBegin);
  for (bool more = true; more;) {
    Source& from = begin.empty() ? source : begin;
    more = !begin.empty() || !source.empty();
    std::uint64_t said = 0;
    Source after = from;
    for (std::size_t w = 0; w < worlds.size(); ++w) {
      Source here = from;
      const std::uint64_t says = worlds[w]->call(here);
      if (w > 0 && says != said) found("two worlds differ");
      said = says;
      after = here;
    }
    from = after;
    ++calls;
    calls_ok += worlds[0]->last_ok() ? 1 : 0;
  }
  ++executions;
  return 0;
}
