#include "batch_norm.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "refused.hpp"
#include "tensors.hpp"

namespace desk {

namespace {

constexpr const char* kOfNorms[] = {"running_mean", "running_var", "num_batches_tracked"};

using Parts = std::map<std::string, const Tensor*>;  // weight, bias, running_mean, ...

// y = scale x + shift, element by element.
struct Affine {
  std::vector<double> scale, shift;
};

struct Linear {
  std::size_t units = 0, inputs = 0;
  std::vector<double> weights;  // (units, inputs)
  std::vector<double> biases;   // (units), or empty
};

class Sequential {
 public:
  Sequential(const std::string& path, const Bytes& file, double epsilon)
      : path_(path), file_(file), epsilon_(epsilon) {}

  void read(const Tensors& tensors);
  void fold();
  [[nodiscard]] Folded written(const std::string& metadata) const;

 private:
  [[noreturn]] void refuse(const std::string& tensor, const std::string& why) const {
    throw Refused(path_ + ": tensor '" + printable(tensor) + "': " + why);
  }
  [[nodiscard]] std::vector<double> elements(const Tensor& tensor) const;
  [[nodiscard]] Linear linear(unsigned number, const Parts& parts) const;
  [[nodiscard]] Affine affine(unsigned number, const Parts& parts) const;
  void expect_parts(unsigned number, const Parts& parts) const;

  const std::string& path_;
  const Bytes& file_;
  double epsilon_;
  std::map<unsigned, Linear> linears_;  // by their number in the Sequential
  std::map<unsigned, Affine> norms_;
};

bool is_of_norm(const std::string& part) {
  return std::find(std::begin(kOfNorms), std::end(kOfNorms), part) != std::end(kOfNorms);
}

std::string part_of(const std::string& name) { return name.substr(name.rfind('.') + 1); }

// The number before .weight and its like, as Python prints it; nothing for other names.
std::optional<unsigned> number_of(const std::string& name) {
  const std::string digits = name.substr(0, name.rfind('.'));
  const bool number =
      !digits.empty() && digits.size() < 10 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || (digits.size() > 1 && digits.front() == '0')) return {};
  return static_cast<unsigned>(std::stoul(digits));
}

std::string name_of(unsigned number, const std::string& part) { return std::to_string(number) + "." + part; }

std::vector<double> Sequential::elements(const Tensor& tensor) const {
  const std::optional<std::vector<double>> found = elements_of(file_, tensor);
  if (!found) refuse(tensor.name, "its type is not F32, F16, BF16 or F64, or its bytes are not those of its shape");
  for (const double& x : *found) {
    if (!std::isfinite(x)) refuse(tensor.name, "an element is NaN or infinite");
  }
  return *found;
}

Linear Sequential::linear(unsigned number, const Parts& parts) const {
  const auto weight = parts.find("weight");
  const auto bias = parts.find("bias");
  if (weight == parts.end()) refuse(name_of(number, "weight"), "it is missing");
  const Tensor& matrix = *weight->second;
  if (matrix.shape.size() == 1) {
    refuse(name_of(number, "running_mean"),
           "it is missing, for " + matrix.name + " has one dimension, as that of a BatchNorm1d");
  }
  if (matrix.shape.size() != 2) refuse(matrix.name, "the weights of a Linear layer have two dimensions");
  Linear linear;
  linear.weights = elements(matrix);
  linear.units = static_cast<std::size_t>(matrix.shape[0]);
  linear.inputs = static_cast<std::size_t>(matrix.shape[1]);
  if (bias != parts.end()) {
    if (bias->second->shape != std::vector<std::uint64_t>{linear.units}) {
      refuse(bias->second->name, "its shape is not [" + std::to_string(linear.units) + "]");
    }
    linear.biases = elements(*bias->second);
  }
  return linear;
}

// All that a BatchNorm1d has, and in one length.
void Sequential::expect_parts(unsigned number, const Parts& parts) const {
  for (const char* part : kOfNorms) {
    if (parts.count(part) == 0) refuse(name_of(number, part), "it is missing");
  }
  if (parts.count("weight") != parts.count("bias")) {
    refuse(name_of(number, parts.count("weight") == 0 ? "weight" : "bias"), "it is missing");
  }
  const std::vector<std::uint64_t>& shape = parts.at("running_mean")->shape;
  if (shape.size() != 1) refuse(name_of(number, "running_mean"), "that of a BatchNorm1d has one dimension");
  for (const auto& [part, tensor] : parts) {
    if (part != "num_batches_tracked" && tensor->shape != shape) {
      refuse(tensor->name, "its shape is not that of " + name_of(number, "running_mean"));
    }
  }
  const Tensor& batches = *parts.at("num_batches_tracked");
  if (batches.type != "I64" || !batches.shape.empty() || batches.end - batches.begin != 8) {
    refuse(batches.name, "it is not one I64 of shape []");
  }
}

Affine Sequential::affine(unsigned number, const Parts& parts) const {
  expect_parts(number, parts);
  const std::vector<double> mean = elements(*parts.at("running_mean"));
  const std::vector<double> variance = elements(*parts.at("running_var"));
  Affine affine{std::vector<double>(mean.size(), 1.0), std::vector<double>(mean.size(), 0.0)};
  if (parts.count("weight") > 0) {
    affine.scale = elements(*parts.at("weight"));
    affine.shift = elements(*parts.at("bias"));
  }
  for (std::size_t k = 0; k < mean.size(); ++k) {
    if (variance[k] < 0.0) refuse(name_of(number, "running_var"), "a variance is negative");
    if (!(variance[k] + epsilon_ > 0.0)) refuse(name_of(number, "running_var"), "a variance is 0, and so is --eps");
    affine.scale[k] /= std::sqrt(variance[k] + epsilon_);
    affine.shift[k] -= mean[k] * affine.scale[k];
  }
  return affine;
}

void Sequential::read(const Tensors& tensors) {
  std::map<unsigned, Parts> modules;
  for (const Tensor& tensor : tensors.all) {
    const std::optional<unsigned> number = number_of(tensor.name);
    const std::string part = part_of(tensor.name);
    if (!number || !(part == "weight" || part == "bias" || is_of_norm(part))) {
      refuse(tensor.name, "BatchNorm is folded where all are of Linear and BatchNorm1d in one torch.nn.Sequential");
    }
    modules[*number][part] = &tensor;
  }
  for (const auto& [number, parts] : modules) {
    if (std::any_of(parts.begin(), parts.end(), [](const auto& part) { return is_of_norm(part.first); })) {
      norms_[number] = affine(number, parts);
    } else {
      linears_[number] = linear(number, parts);
    }
  }
}

// Of a layer: W (s x + t) + b = (W s) x + (W t + b).
void fold_before(const Affine& norm, Linear& layer) {
  layer.biases.resize(layer.units, 0.0);
  for (std::size_t o = 0; o < layer.units; ++o) {
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      double& weight = layer.weights[o * layer.inputs + i];
      layer.biases[o] += weight * norm.shift[i];
      weight *= norm.scale[i];
    }
  }
}

// s (W x + b) + t = (s W) x + (s b + t).
void fold_behind(const Affine& norm, Linear& layer) {
  layer.biases.resize(layer.units, 0.0);
  for (std::size_t o = 0; o < layer.units; ++o) {
    for (std::size_t i = 0; i < layer.inputs; ++i) layer.weights[o * layer.inputs + i] *= norm.scale[o];
    layer.biases[o] = norm.scale[o] * layer.biases[o] + norm.shift[o];
  }
}

void Sequential::fold() {
  for (const auto& [number, norm] : norms_) {
    const std::string name = name_of(number, "running_mean");
    const auto layer = number > 0 ? linears_.find(number - 1) : linears_.end();
    const auto next = linears_.upper_bound(number);
    const bool behind = layer != linears_.end();
    if (!behind && next == linears_.end()) refuse(name, "a BatchNorm behind the last activation cannot be folded");
    if (!behind && next->first != number + 1) {
      refuse(name, "the place of this BatchNorm is not clear: it is not directly behind or before a Linear layer");
    }
    Linear& into = behind ? layer->second : next->second;
    const std::size_t width = behind ? into.units : into.inputs;
    if (norm.scale.size() != width) {
      refuse(name, "its length is not " + std::to_string(width) + ", the " + (behind ? "units" : "inputs") +
                       " of the Linear layer " + std::to_string(behind ? layer->first : next->first));
    }
    behind ? fold_behind(norm, into) : fold_before(norm, into);
  }
}

Folded Sequential::written(const std::string& metadata) const {
  Folded folded;
  std::vector<Doubles> all;
  for (const auto& [number, layer] : linears_) {
    folded.layers.push_back(std::to_string(number));
    all.push_back({name_of(number, "weight"), {layer.units, layer.inputs}, layer.weights});
    if (!layer.biases.empty()) all.push_back({name_of(number, "bias"), {layer.units}, layer.biases});
  }
  folded.file = write_tensors(metadata, all);
  return folded;
}

}  // namespace

std::optional<Folded> fold_batch_norm(const std::string& path, const Bytes& file, double epsilon) {
  const std::optional<Tensors> tensors = read_tensors(file);
  const auto of_norm = [](const Tensor& tensor) { return is_of_norm(part_of(tensor.name)); };
  if (!tensors || std::none_of(tensors->all.begin(), tensors->all.end(), of_norm)) return {};
  Sequential sequential(path, file, epsilon);
  sequential.read(*tensors);
  sequential.fold();
  return sequential.written(tensors->metadata);
}

}  // namespace desk
