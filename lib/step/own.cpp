// Steps with a loss of the program's own: the outputs go out, the gradients by them come in. Naming them is what links
// this.
#include "overlap.hpp"
#include "step/whole.hpp"

namespace linnet {

[[gnu::flatten]] Status Trainer::forward(const ConstRows& inputs, const Rows& outputs) noexcept {
  if (data_.kernels == nullptr) {
    return Status::not_bound;
  }
  Step step(data_, inputs.data(), inputs.count());
  const ConstRows written = outputs;
  if (const Status status = step.check({inputs, written, {}, Goals::outputs}); status != Status::ok) {
    return status;
  }
  const std::size_t n = outputs.count() * outputs.columns();
  // the stages lie last
  const Span<const float> lent(data_.memory,
                               static_cast<std::size_t>(reinterpret_cast<const float*>(step.last + 1) - data_.memory));
  if (overlap({outputs.data(), n}, {inputs.data(), inputs.count() * inputs.columns()}) ||
      overlap({outputs.data(), n}, lent) || shares_memory(outputs.data(), n, data_.network)) {
    return Status::overlapping_memory;
  }
  data_.forwarded = nullptr;
  if (const Status status = step.forward(); status != Status::ok) {
    return status;
  }
  for (std::size_t k = 0; k < n; ++k) {
    outputs.data()[k] = step.last->activations[k];
  }
  data_.forwarded = inputs.data();
  data_.forwarded_rows = inputs.count();
  return Status::ok;
}

[[gnu::flatten]] Status Trainer::step_from(const ConstRows& inputs, const ConstRows& d_outputs, float share) noexcept {
  return learn(data_, {inputs, d_outputs, {}, Goals::d_outputs, share});
}

}  // namespace linnet
