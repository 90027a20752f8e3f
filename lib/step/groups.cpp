// Parameter groups: the optimizer of a trainer gets a descriptor of its own, which hands each group to the rule with the
// numbers of that group. So a step, kept gradients and Diagnostics know nothing of groups, and who does not name them does
// not carry them.
#include <linnet/groups.hpp>

#include <cstring>
#include <type_traits>

#include <linnet/trainer.hpp>

#include "arithmetic/number.hpp"
#include "arithmetic/range.hpp"
#include "optimizer/descriptor.hpp"
#include "tables/tables.hpp"
#include "step/step.hpp"

namespace linnet {

// What lies in GroupsData::rule.
struct GroupRule : OptimizerDescriptor {
  const OptimizerDescriptor* inner;  // the one that the trainer had
  const OptimizerVariant* change;    // its, of the trainer's table
  GroupsData* groups;

  // A run of parameters with the same numbers.
  struct Group {
    float factor;
    bool biases;
    std::size_t floats;  // from a parameter on to its end
  };

  static const OptimizerDescriptor& inner_of(const OptimizerDescriptor& rule) {
    return rule.sound == GroupRule::is_sound ? *static_cast<const GroupRule&>(rule).inner : rule;
  }
  static const GroupRule& of(const Optimizer& optimizer) {
    return *static_cast<const GroupRule*>(optimizer.descriptor);
  }

  // ---- What bind() asks of the settings.

  // Whether the fastest layer has a rate in range, and the optimizer as it is.
  static bool sound_with(const Optimizer& optimizer, const OptimizerDescriptor& inner, float largest_factor) {
    Optimizer fastest = optimizer;
    fastest.learning_rate *= largest_factor;
    return inner.sound(optimizer) && in_range(fastest.learning_rate, 0.0f, 1e6f) && inner.sound(fastest);
  }

  static float largest_factor(const Network& network, const float* factors) {
    float largest = 0.0f;
    for (std::size_t l = network.frozen_layers(); l < network.topology().layer_count; ++l) {
      largest = factors[l] > largest ? factors[l] : largest;
    }
    return largest;
  }

  static bool sound_factors(const Optimizer& optimizer, const Network& network, Span<const float> factors) {
    if (factors.size() != network.topology().layer_count || optimizer.descriptor->id == OptimizerId::rprop) {
      return false;
    }
    for (const float factor : factors) {
      if (!in_range(factor, 0.0f, 1e6f)) {
        return false;
      }
    }
    const OptimizerDescriptor& inner = inner_of(*optimizer.descriptor);
    return sound_with(optimizer, inner, largest_factor(network, factors.data()));
  }

  // ---- What the trainer calls in the place of the rule's own.

  static bool is_sound(const Optimizer& optimizer) {
    const GroupRule& rule = of(optimizer);
    return sound_with(optimizer, *rule.inner, largest_factor(rule.groups->network, rule.groups->factors));
  }

  static void begin(const Optimizer& optimizer, float bias_corrections[2], Update& update) {
    const GroupRule& rule = of(optimizer);
    rule.groups->before[0] = bias_corrections[0];
    rule.groups->before[1] = bias_corrections[1];
    rule.inner->prepare(optimizer, bias_corrections, update);
  }

  [[nodiscard]] Group group_from(const float* w) const {
    const Network& network = groups->network;
    const TopologyView topology = network.topology();
    const float* end = network.trainable().data();
    for (std::size_t l = network.frozen_layers(); l < topology.layer_count; ++l) {
      const Layer& layer = topology.layers[l];
      end += topology.inputs_of(l) * layer.units;
      if (w < end) {
        return {groups->factors[l], false, static_cast<std::size_t>(end - w)};
      }
      end += layer.bias ? layer.units : 0;
      if (w < end) {
        return {groups->factors[l], true, static_cast<std::size_t>(end - w)};
      }
    }
    return {0.0f, true, kTooLarge};  // there is none
  }

  // The constants of the step as an optimizer with the group's rate and decay has them.
  [[nodiscard]] Update update_of(const Group& group, const Update& whole) const {
    Optimizer optimizer = whole.optimizer;
    optimizer.learning_rate *= group.factor;
    if (group.biases && !groups->decay_biases) {
      optimizer.weight_decay = 0.0f;
    }
    Update update = whole;
    update.rate = optimizer.learning_rate;
    update.decay = optimizer.weight_decay;
    if (inner->prepare != nullptr) {
      float bias_corrections[2] = {groups->before[0], groups->before[1]};
      inner->prepare(optimizer, bias_corrections, update);
    }
    return update;
  }

  // A matrix of weights or a row of it, biases, or a row of gradients of all groups. first: the first slots of w
  void run(const OuterSum& sum, float* w, float* first, const Update& update) const {
    OuterSum part = sum;
    part.biases = nullptr;
    part.share = groups->ascend ? -sum.share : sum.share;
    for (std::size_t left = sum.rows * sum.columns; left > 0;) {
      const Group group = group_from(w);
      const std::size_t n = left < group.floats ? left : group.floats;
      if (sum.rows == 1) {
        part.columns = n;
      }
      change->fused(part, w, first, update_of(group, update));
      w += n;
      first += slots > 0 ? n : 0;
      part.q += n;
      left -= n;
    }
  }

  static void fused(const OuterSum& sum, float* w, float* first, const Update& update) {
    const GroupRule& rule = of(update.optimizer);
    rule.run(sum, w, first, update);
    if (sum.biases != nullptr) {
      const std::size_t weights = sum.rows * sum.columns;
      rule.run(sum.of_biases(&kOne), w + weights, rule.slots > 0 ? first + weights : first, update);
    }
  }

  static void layer(const float* x, const float* d, std::size_t inputs, const Layer& layer, float* w, float* first,
                    const Update& update) {
    const std::size_t units = layer.units;
    OuterSum sum = layout::stored_by_unit(inputs, units) ? OuterSum{d, x, units, 1, inputs, units, 1.0f}
                                                         : OuterSum{x, d, inputs, 1, units, inputs, 1.0f};
    sum.biases = layer.bias ? d : nullptr;
    fused(sum, w, first, update);
  }
};

Status ParameterGroups::bind(Trainer& trainer, const GroupSettings& settings) noexcept {
  static constexpr OptimizerVariant kVariant = {GroupRule::fused, GroupRule::fused, GroupRule::layer};
  static_assert(std::is_trivially_copyable_v<GroupRule>, "it is copied as bytes");
  static_assert(sizeof(GroupRule) <= sizeof data_.rule && alignof(GroupRule) <= alignof(const void*), "no room for it");
  if (!trainer.bound()) {
    return Status::not_bound;
  }
  const Span<const float> factors = settings.rate_factors;
  if (factors.data() == nullptr && !factors.empty()) {
    return Status::null_memory;
  }
  if (data_.memory != nullptr && data_.memory != trainer.inside().memory) {
    return Status::bad_config;
  }
  const Optimizer& optimizer = trainer.config().optimizer;
  if ((!factors.empty() && !GroupRule::sound_factors(optimizer, trainer.network(), factors)) ||
      (!settings.decay_biases && !(optimizer.weight_decay > 0.0f))) {
    return Status::bad_hyperparameter;
  }
  data_.memory = trainer.inside().memory;
  data_.network = trainer.network();
  for (std::size_t l = 0; l < kMaxLayers; ++l) {
    data_.factors[l] = l < factors.size() ? factors[l] + 0.0f : 1.0f;  // -0 is 0
  }
  data_.decay_biases = settings.decay_biases;
  data_.ascend = settings.ascend;
  const OptimizerDescriptor& inner = GroupRule::inner_of(*optimizer.descriptor);
  GroupRule rule{inner, &inner, inner.variants[index_of(*trainer.inside().kernels)], &data_};
  rule.sound = GroupRule::is_sound;
  rule.prepare = GroupRule::begin;
  for (const OptimizerVariant*& variant : rule.variants) {
    variant = &kVariant;
  }
  std::memcpy(data_.rule, &rule, sizeof rule);
  trainer.inside().config.optimizer.descriptor = reinterpret_cast<const GroupRule*>(data_.rule);
  return Status::ok;
}

}  // namespace linnet
