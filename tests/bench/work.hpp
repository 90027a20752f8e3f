// The workloads and their data.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "contestant.hpp"
#include "memory.hpp"

namespace bench {

const std::vector<Work>& all_work();

// Of a step, or an inference: multiplications and additions of its matrix products, without the input gradient of the
// first layer, which nobody needs.
double matrix_operations(const Work& work);

// Initial parameters and batches of a workload, the same in every run.
class Supply {
 public:
  explicit Supply(const Work& work);
  [[nodiscard]] Data data() const {
    return {batches_, parameters_->data(), inputs_->data(), targets_->data(), labels_.data()};
  }

 private:
  std::size_t batches_;
  std::unique_ptr<Floats> parameters_;
  std::unique_ptr<Floats> inputs_;
  std::unique_ptr<Floats> targets_;
  std::vector<std::uint16_t> labels_;
};

}  // namespace bench
