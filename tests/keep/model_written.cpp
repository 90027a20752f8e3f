// model_written DIRECTORY: writes a model as model.hpp and model.h there, and prints what it predicts as bits.
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "keep/model_rows.h"

using linnet::Status;

namespace {

bool write(void* context, const void* from, std::size_t bytes) {
  return std::fwrite(from, 1, bytes, static_cast<std::FILE*>(context)) == bytes;
}

bool write_model(const linnet::Network& network, const std::string& path, linnet::Language language) {
  std::FILE* out = std::fopen(path.c_str(), "wb");
  const bool good = out != nullptr && linnet::write_header(network, {write, out}, "model", language) == Status::ok;
  return out != nullptr && std::fclose(out) == 0 && good;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: model_written DIRECTORY\n");
    return 2;
  }
  namespace a = linnet::activation;
  const auto shape =
      linnet::topology(INPUTS, {{17, a::relu}, {4, a::leaky_relu.with_slope(0.2f), false}, {OUTPUTS, a::identity}});
  std::vector<float> parameters(linnet::parameter_floats(shape)), scratch(linnet::predictor_floats(shape));
  linnet::Network network;
  linnet::Predictor predictor;
  linnet::Pcg32 random(1805);
  bool good = network.bind(shape, parameters) == Status::ok && linnet::initialize(network, random) == Status::ok &&
              predictor.bind(network, scratch) == Status::ok;
  const std::string place = words[1];
  good = good && write_model(network, place + "/model.hpp", linnet::Language::cpp) &&
         write_model(network, place + "/model.h", linnet::Language::c99);
  for (const auto& row : kRows) {
    float outputs[OUTPUTS] = {};
    good = good && predictor.predict(row, outputs) == Status::ok;
    for (const float y : outputs) {
      std::uint32_t bits;
      std::memcpy(&bits, &y, sizeof bits);
      std::printf("%08" PRIx32 "\n", bits);
    }
  }
  return good ? 0 : 1;
}
