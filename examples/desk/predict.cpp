#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include <linnet/predictor.hpp>

#include "commands.hpp"
#include "npy.hpp"
#include "refused.hpp"

namespace desk {

namespace ln = linnet;

namespace {

npy::Array read_array(const std::string& path, const Bytes& file) {
  npy::Array array;
  if (const char* wrong = npy::read(file, array)) throw Refused(path + ": " + wrong);
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (!std::isfinite(array.values[k])) {
      throw Refused(path + ": row " + std::to_string(k / array.columns) + ", column " +
                    std::to_string(k % array.columns) + " (counted from 0) is NaN or infinite");
    }
  }
  return array;
}

// The columns that the model knows by name, where there are names; else all of them.
npy::Array read_table(const std::string& path, const Model& model, const Writing& writing) {
  Table table(path, writing);
  std::vector<std::size_t> columns;
  if (writing.header && !model.names.inputs.empty()) {
    for (const std::string& name : model.names.inputs) columns.push_back(table.find(name));
  } else {
    for (std::size_t column = 0; column < table.names().size(); ++column) columns.push_back(column);
  }
  npy::Array array;
  array.columns = columns.size();
  for (; array.columns == model.topology.inputs && table.next(); ++array.rows) {
    for (const std::size_t column : columns) array.values.push_back(static_cast<float>(table.number(column)));
  }
  return array;
}

npy::Array read_rows(const std::string& path, const Model& model, const Writing& writing) {
  const Bytes file = read_file(path);
  const bool is_array = kind_of(path, file) == Kind::npy || ends_in(path, ".npy");
  npy::Array array = is_array ? read_array(path, file) : read_table(path, model, writing);
  if (array.columns != model.topology.inputs) {
    throw Refused(path + ": its rows have " + std::to_string(array.columns) + " numbers, the model reads " +
                  std::to_string(model.topology.inputs));
  }
  return array;
}

std::vector<std::string> header_of(const Names& names, std::size_t outputs) {
  std::vector<std::string> cells = names.classes;
  if (!cells.empty()) {
    cells.insert(cells.begin(), names.target.empty() ? "class" : names.target);
  } else if (outputs == 1 && !names.target.empty()) {
    cells = {names.target};
  } else {
    for (std::size_t o = 0; o < outputs; ++o) cells.push_back("output " + std::to_string(o + 1));
  }
  return cells;
}

// The fewest digits that read back as the same float.
std::string digits_of(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// The name of the largest output first, where classes have names, then all outputs.
Bytes table_of(const npy::Array& outputs, const Names& names) {
  std::string text = csv::row_of(header_of(names, outputs.columns));
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    const float* values = outputs.values.data() + row * outputs.columns;
    std::vector<std::string> cells;
    if (!names.classes.empty()) {
      cells.push_back(
          names.classes[static_cast<std::size_t>(std::max_element(values, values + outputs.columns) - values)]);
    }
    for (std::size_t o = 0; o < outputs.columns; ++o) cells.push_back(digits_of(values[o]));
    text += csv::row_of(cells);
  }
  return {text.begin(), text.end()};
}

}  // namespace

void predict(const std::string& path, const std::string& in, const std::string& out, const Said& said,
             const Writing& writing) {
  Model model;
  read_model(path, read_file(path), said, model);
  expect_activations(path, model);
  const npy::Array inputs = read_rows(in, model, writing);
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
  write_file(out, ends_in(out, ".csv") ? table_of(outputs, model.names) : npy::write(outputs));
  std::printf("%s: %zu rows of %zu\n", out.c_str(), outputs.rows, outputs.columns);
}

}  // namespace desk
