#include <cinttypes>
#include <cmath>
#include <cstdio>

#include <linnet/predictor.hpp>

#include "commands.hpp"
#include "npy.hpp"
#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

npy::Array read_rows(const std::string& path, std::size_t columns) {
  npy::Array array;
  const Bytes file = read_file(path);
  if (const char* wrong = npy::read(file, array)) throw Refused(path + ": " + wrong);
  if (array.columns != columns) {
    throw Refused(path + ": its rows have " + std::to_string(array.columns) + " numbers, the model reads " +
                  std::to_string(columns));
  }
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (!std::isfinite(array.values[k])) {
      throw Refused(path + ": row " + std::to_string(k / columns) + ", column " + std::to_string(k % columns) +
                    " (counted from 0) is NaN or infinite");
    }
  }
  return array;
}

}  // namespace

void predict(const std::string& path, const std::string& in, const std::string& out, const Said& said) {
  Model model;
  read_model(path, read_file(path), said, model);
  expect_activations(path, model);
  const npy::Array inputs = read_rows(in, model.topology.inputs);
  npy::Array outputs{inputs.rows, model.topology.outputs(), {}};
  outputs.values.resize(outputs.rows * outputs.columns);
  std::vector<float> scratch(ln::predictor_floats(model.topology));
  ln::Predictor predictor;
  expect_ok(predictor.bind(model.network, scratch), path);
  if (inputs.rows > 0) {
    expect_ok(predictor.predict(ln::ConstRows(inputs.values.data(), inputs.rows, inputs.columns),
                                ln::Rows(outputs.values.data(), outputs.rows, outputs.columns)),
              in);
  }
  write_file(out, npy::write(outputs));
  std::printf("%s: %zu rows of %zu\n", out.c_str(), outputs.rows, outputs.columns);
}

}  // namespace desk
