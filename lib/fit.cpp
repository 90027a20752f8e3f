#include <linnet/fit.hpp>

#include "arithmetic/contract.hpp"
#include "overlap.hpp"

namespace linnet {

namespace {

// A sum of many floats that keeps what rounding takes from each (Kahan & Babuska, Neumaier 1974).
class Sum {
 public:
  void add(float x) {
    const float next = sum_ + x;
    const bool larger = (sum_ < 0.0f ? -sum_ : sum_) >= (x < 0.0f ? -x : x);
    rest_ += larger ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] float value() const { return sum_ + rest_; }

 private:
  float sum_ = 0.0f;
  float rest_ = 0.0f;
};

template <class A, class B>
bool touch(Span<A> a, Span<B> b) {
  const auto first = [](const auto& s) { return reinterpret_cast<std::uintptr_t>(s.data()); };
  return first(a) < first(b) + b.size() * sizeof(B) && first(b) < first(a) + a.size() * sizeof(A);
}

Span<const float> floats_of(Rows rows) { return {rows.data(), rows.count() * rows.columns()}; }

bool sound(Rows rows) {
  return rows.count() <= kMostFloats && rows.columns() <= kMostFloats &&
         layout::product(rows.count(), rows.columns()) != kTooLarge;
}

// The samples, and the numbers of those that take part.
Status check_samples(const Samples& samples, Span<const std::uint32_t> order) {
  const void* targets = samples.labelled ? static_cast<const void*>(samples.labels.data())
                                         : static_cast<const void*>(samples.targets.data());
  if (samples.inputs.data() == nullptr || targets == nullptr || order.data() == nullptr) {
    return Status::null_memory;
  }
  const std::size_t count = samples.inputs.count();
  if (order.empty() || count != (samples.labelled ? samples.labels.size() : samples.targets.count()) ||
      !sound(samples.inputs) || !sound(samples.targets)) {
    return Status::bad_batch;
  }
  for (const std::uint32_t number : order) {
    if (number >= count) {
      return Status::bad_argument;
    }
  }
  return Status::ok;
}

// Puts batches together in lent memory.
struct Gather {
  const Samples& samples;
  BatchMemory memory;
  std::size_t batch;

  Status check(Span<const std::uint32_t> order) const {
    if (const Status status = check_samples(samples, order); status != Status::ok) {
      return status;
    }
    if (batch == 0) {
      return Status::bad_batch;
    }
    const std::size_t needed = floats();
    if (memory.rows.data() == nullptr || (samples.labelled && memory.labels.data() == nullptr)) {
      return Status::null_memory;
    }
    if (memory.rows.size() < needed || (samples.labelled && memory.labels.size() < batch)) {
      return Status::too_little_memory;
    }
    const Span<float> rows(memory.rows.data(), needed);
    const Span<std::uint16_t> labels(memory.labels.data(), samples.labelled ? batch : 0);
    return writes_over(rows, order) || writes_over(labels, order) || touch(rows, labels) ? Status::overlapping_memory
                                                                                         : Status::ok;
  }

  [[nodiscard]] std::size_t floats() const {
    return batch_floats(samples.inputs.columns(), samples.labelled ? 0 : samples.targets.columns(), batch);
  }

  template <class T>
  [[nodiscard]] bool writes_over(Span<T> written, Span<const std::uint32_t> order) const {
    return touch(written, order) || touch(written, floats_of(samples.inputs)) ||
           touch(written, floats_of(samples.targets)) || touch(written, samples.labels);
  }

  // The samples numbers[0], numbers[1], ... as rows of a batch.
  Samples operator()(Span<const std::uint32_t> numbers) const {
    const std::size_t inputs = samples.inputs.columns();
    const std::size_t outputs = samples.targets.columns();
    float* x = memory.rows.data();  // (batch, inputs)
    float* t = x + batch * inputs;  // (batch, outputs)
    for (std::size_t b = 0; b < numbers.size(); ++b) {
      copy(samples.inputs.data() + numbers[b] * inputs, inputs, x + b * inputs);
      if (samples.labelled) {
        memory.labels[b] = samples.labels[numbers[b]];
      } else {
        copy(samples.targets.data() + numbers[b] * outputs, outputs, t + b * outputs);
      }
    }
    const Rows rows(x, numbers.size(), inputs);
    return samples.labelled ? Samples(rows, Labels(memory.labels.data(), numbers.size()))
                            : Samples(rows, Rows(t, numbers.size(), outputs));
  }

  static void copy(const float* from, std::size_t n, float* to) {
    for (std::size_t k = 0; k < n; ++k) {
      to[k] = from[k];
    }
  }

  // take(batch, its loss) for all samples in order; the mean of the losses, weighed by rows.
  template <class Take>
  Status over(Span<const std::uint32_t> order, Take take, float& mean) const {
    Sum sum;
    for (std::size_t first = 0; first < order.size(); first += batch) {
      const std::size_t rows = order.size() - first < batch ? order.size() - first : batch;
      float loss = 0.0f;
      if (const Status status = take((*this)({order.data() + first, rows}), loss); status != Status::ok) {
        return status;
      }
      sum.add(loss * static_cast<float>(rows));
    }
    mean = sum.value() / static_cast<float>(order.size());
    return Status::ok;
  }
};

Status take_step(Trainer& trainer, const Samples& batch) {
  return batch.labelled ? trainer.step(batch.inputs, batch.labels) : trainer.step(batch.inputs, batch.targets);
}

std::size_t place_of_largest(const float* x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < n; ++k) {
    best = x[k] > x[best] ? k : best;
  }
  return best;
}

// One sample's outputs against its targets, `t` or a label.
struct Marks {
  std::size_t outputs;
  float threshold;
  std::size_t right = 0;
  Sum squares{};

  void add(const float* y, const float* t, std::size_t label) {
    for (std::size_t o = 0; o < outputs; ++o) {
      const float error = y[o] - (t != nullptr ? t[o] : one(o, label));
      squares.add(error * error);
    }
    if (outputs == 1) {
      const bool wanted = t != nullptr ? t[0] > threshold : label == 1;
      right += (y[0] > threshold) == wanted ? 1 : 0;
    } else {
      right += place_of_largest(y, outputs) == (t != nullptr ? place_of_largest(t, outputs) : label) ? 1 : 0;
    }
  }
  // With one output a label is the target itself.
  [[nodiscard]] float one(std::size_t o, std::size_t label) const {
    return (outputs == 1 ? label == 1 : o == label) ? 1.0f : 0.0f;
  }
};

}  // namespace

Status split(Span<std::uint32_t> order, std::size_t train, Pcg32& random, Split& parts) noexcept {
  if (order.data() == nullptr) {
    return Status::null_memory;
  }
  if (train == 0 || train > order.size() || order.size() > kMostFloats) {
    return Status::bad_argument;
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    order[k] = static_cast<std::uint32_t>(k);
  }
  random.shuffle(order);
  parts = {{order.data(), train}, {order.data() + train, order.size() - train}};
  return Status::ok;
}

Status fit(Trainer& trainer, const Samples& samples, Span<std::uint32_t> order, Pcg32& random, BatchMemory memory,
           const FitPlan& plan) noexcept {
  const Gather gather{samples, memory, plan.batch};
  if (const Status status = gather.check(order); status != Status::ok) {
    return status;
  }
  const auto step = [&trainer, &plan](const Samples& batch, float& loss) {
    const Status status =
        plan.take_step != nullptr ? plan.take_step(plan.step_context, trainer, batch) : take_step(trainer, batch);
    loss = trainer.loss();
    return status;
  };
  for (Pass pass{1, 0.0f}; pass.number <= plan.passes; ++pass.number) {
    if (plan.shuffle) {
      random.shuffle(order);
    }
    if (const Status status = gather.over(order, step, pass.loss); status != Status::ok) {
      return status;
    }
    if (plan.on_pass != nullptr && !plan.on_pass(plan.pass_context, pass)) {
      break;
    }
  }
  return Status::ok;
}

Status evaluate(Trainer& trainer, const Samples& samples, Span<const std::uint32_t> order, BatchMemory memory,
                std::size_t batch, float& loss) noexcept {
  const Gather gather{samples, memory, batch};
  if (const Status status = gather.check(order); status != Status::ok) {
    return status;
  }
  return gather.over(
      order,
      [&trainer](const Samples& part, float& value) {
        return part.labelled ? trainer.evaluate(part.inputs, part.labels, value)
                             : trainer.evaluate(part.inputs, part.targets, value);
      },
      loss);
}

Status score(Predictor& predictor, const Samples& samples, Span<const std::uint32_t> order, Span<float> outputs,
             Score& score, float threshold) noexcept {
  if (const Status status = check_samples(samples, order); status != Status::ok) {
    return status;
  }
  if (outputs.data() == nullptr) {
    return Status::null_memory;
  }
  if (outputs.empty() || (!samples.labelled && outputs.size() < samples.targets.columns())) {
    return Status::too_little_memory;
  }
  Marks marks{samples.labelled ? outputs.size() : samples.targets.columns(), threshold};
  const std::size_t inputs = samples.inputs.columns();
  for (const std::uint32_t number : order) {
    const std::size_t label = samples.labelled ? samples.labels[number] : 0;
    if (samples.labelled && label >= (marks.outputs == 1 ? 2 : marks.outputs)) {
      return Status::bad_label;
    }
    const Rows x(samples.inputs.data() + number * inputs, 1, inputs);
    if (const Status status = predictor.predict(x, {outputs.data(), 1, marks.outputs}); status != Status::ok) {
      return status;
    }
    marks.add(outputs.data(), samples.labelled ? nullptr : samples.targets.data() + number * marks.outputs, label);
  }
  const float count = static_cast<float>(order.size());
  score = {static_cast<float>(marks.right) / count,
           marks.squares.value() / (count * static_cast<float>(marks.outputs))};
  return Status::ok;
}

}  // namespace linnet
