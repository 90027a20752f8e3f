// Every update rule on zeros of both signs and other corners, in every table.
#include <doctest/doctest.h>

#include <string>

#include "kernels/tables.hpp"
#include "optimizer/descriptor.hpp"
#include "trainer.hpp"

#include "nets.hpp"

using namespace linnet_test;

namespace {

const float kCorners[] = {0.0f, -0.0f, 1.0f, -1.0f, 1e-20f, -1e-20f, 1e12f, 0.25f};

struct Case {
  std::vector<float> g, w, s0, s1;

  // All combinations; states that cannot be negative are not.
  explicit Case(const linnet::OptimizerDescriptor& descriptor) {
    for (const float gradient : kCorners) {
      for (const float weight : kCorners) {
        for (const float first : kCorners) {
          for (const float second : kCorners) {
            g.push_back(gradient);
            w.push_back(weight);
            s0.push_back(descriptor.state_signed[0] ? first : first < 0.0f ? -first : first + 0.0f);
            s1.push_back(descriptor.state_signed[1] ? second : second < 0.0f ? -second : second + 0.0f);
          }
        }
      }
    }
  }
};

}  // namespace

TEST_CASE("every update rule gives the same bits in every table, for zeros of both signs and other corners") {
  for (const NamedOptimizer& named : optimizers()) {
    const linnet::OptimizerDescriptor& descriptor = *named.optimizer.descriptor;
    linnet::Update update = linnet::basic_update({linnet::loss::huber, named.optimizer, 1});
    float corrections[2] = {};
    descriptor.prepare(named.optimizer, corrections, update);
    const Case start(descriptor);
    Case expected = start;
    descriptor.variants[0]->kept(expected.g.data(), expected.g.size(),
                                 {expected.w.data(), {expected.s0.data(), expected.s1.data()}}, update);
    for (const linnet::KernelTable* table : all_tables()) {
      Case result = start;
      descriptor.variants[table->index]->kept(result.g.data(), result.g.size(),
                                              {result.w.data(), {result.s0.data(), result.s1.data()}}, update);
      const std::string where = std::string(named.name) + " on " + linnet::name_of(*table);
      CHECK_MESSAGE(same_bits(expected.w, result.w), where);
      CHECK_MESSAGE(same_bits(expected.s0, result.s0), where);
      CHECK_MESSAGE(same_bits(expected.s1, result.s1), where);
    }
  }
}
