// written_models DIRECTORY: writes random networks as safetensors, for another reader, and prints a line for each: its
// file, its hash, the names of its tensors separated by commas, its topology. Ends with 1 if one was refused.
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "nets.hpp"

using namespace linnet_test;

namespace {

bool write(void* context, const void* from, std::size_t bytes) {
  return std::fwrite(from, 1, bytes, static_cast<std::FILE*>(context)) == bytes;
}

std::string named(const char* pattern, std::size_t number) {
  const std::string text = pattern;
  const std::size_t at = text.find("{}");
  return text.substr(0, at) + std::to_string(number) + text.substr(at + 2);
}

bool write_one(const std::string& path, const std::string& file, linnet::Pcg32& random, bool counted) {
  std::vector<linnet::Layer> layers;
  for (std::size_t l = 0; l < 1 + random.below(6); ++l) {
    layers.push_back({1 + random.below(24), hidden_activations()[random.below(17)].activation, random.below(3) > 0});
  }
  const auto shape = linnet::topology(1 + random.below(24), linnet::Span<const linnet::Layer>(layers));
  std::vector<float> parameters = random_floats(linnet::parameter_floats(shape), random.bits());
  linnet::Network network;
  linnet::TensorNames names;
  if (!counted) names = {"layers.{}.w", "fc{}.b", 3, 1};
  std::string all;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    all += "," + named(names.weight, names.first + l * names.step);
    if (layers[l].bias) all += "," + named(names.bias, names.first + l * names.step);
  }
  char text[linnet::kTopologyText];
  std::size_t length = 0;
  std::FILE* out = std::fopen(path.c_str(), "wb");
  bool good = out != nullptr && network.bind(shape, parameters) == Status::ok &&
              linnet::print(shape, text, length) == Status::ok &&
              linnet::write_safetensors(network, {write, out}, names) == Status::ok;
  good = out != nullptr && std::fclose(out) == 0 && good;
  if (good) std::printf("%s\t%016" PRIx64 "\t%s\t%s\n", file.c_str(), linnet::hash(network), all.c_str() + 1, text);
  return good;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: written_models DIRECTORY\n");
    return 2;
  }
  linnet::Pcg32 random(1804);
  bool good = true;
  for (int k = 0; k < 20; ++k) {
    const std::string file = std::to_string(k) + ".safetensors";
    good = write_one(std::string(words[1]) + "/" + file, file, random, k % 2 == 0) && good;
  }
  return good ? 0 : 1;
}
