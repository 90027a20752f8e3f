// Reads the files of tests/data/reference: https://huggingface.co/docs/safetensors
// 8 bytes little-endian header length, a JSON header, then the tensors' bytes, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace linnet_test {

struct Tensor {
  std::string type;
  std::vector<std::size_t> shape;
  std::vector<double> values;  // F32, F64 and I32 are all exact in double

  [[nodiscard]] std::vector<float> floats() const { return {values.begin(), values.end()}; }
};

class Safetensors {
 public:
  // Throws std::runtime_error, or a nlohmann::json exception, that says what is wrong with the file.
  explicit Safetensors(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      throw std::runtime_error("cannot be opened");
    }
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) {
      throw std::runtime_error("too short for a header");
    }
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > bytes.size() - sizeof length) {
      throw std::runtime_error("the header is longer than the file");
    }
    const std::size_t start = sizeof length + static_cast<std::size_t>(length);
    const auto header = nlohmann::json::parse(bytes.substr(sizeof length, static_cast<std::size_t>(length)));
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        metadata_ = entry.get<std::map<std::string, std::string>>();
      } else {
        tensors_[name] = read(bytes, start, name, entry);
      }
    }
  }

  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  [[nodiscard]] bool has(const std::string& name) const { return tensors_.count(name) != 0; }
  [[nodiscard]] const std::map<std::string, Tensor>& tensors() const { return tensors_; }

  // The tensor, which must have this shape.
  [[nodiscard]] const Tensor& tensor(const std::string& name, const std::vector<std::size_t>& shape) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
      throw std::runtime_error("has no tensor " + name);
    }
    if (found->second.shape != shape) {
      throw std::runtime_error("tensor " + name + " has another shape than the metadata says");
    }
    return found->second;
  }

 private:
  template <class T>
  static void convert(const std::string& bytes, std::size_t at, std::vector<double>& values) {
    for (double& value : values) {
      T element;
      std::memcpy(&element, bytes.data() + at, sizeof element);
      value = static_cast<double>(element);
      at += sizeof element;
    }
  }

  static Tensor read(const std::string& bytes, std::size_t start, const std::string& name,
                     const nlohmann::json& entry) {
    Tensor tensor;
    tensor.type = entry.at("dtype").get<std::string>();
    tensor.shape = entry.at("shape").get<std::vector<std::size_t>>();
    const auto range = entry.at("data_offsets").get<std::vector<std::size_t>>();
    const std::size_t width = tensor.type == "F64" ? 8 : tensor.type == "F32" || tensor.type == "I32" ? 4 : 0;
    const std::size_t room = bytes.size() - start;
    std::size_t count = 1;
    for (const std::size_t extent : tensor.shape) {
      count = extent != 0 && count > room / extent ? room + 1 : count * extent;
    }
    if (width == 0) {
      throw std::runtime_error("tensor " + name + " has type " + tensor.type + ", which is not understood");
    }
    if (range.size() != 2 || range[0] > range[1] || range[1] > room || count > room ||
        range[1] - range[0] != count * width) {
      throw std::runtime_error("tensor " + name + " does not lie in the file as its shape says");
    }
    tensor.values.resize(count);
    const std::size_t at = start + range[0];
    if (tensor.type == "F64") {
      convert<double>(bytes, at, tensor.values);
    } else if (tensor.type == "F32") {
      convert<float>(bytes, at, tensor.values);
    } else {
      convert<std::int32_t>(bytes, at, tensor.values);
    }
    return tensor;
  }

  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace linnet_test
