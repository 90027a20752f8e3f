#include <linnet/header.hpp>
#include <linnet/memory.hpp>
#include <linnet/parameters.hpp>

#include "activation/descriptor.hpp"
#include "finite.hpp"
#include "outlet.hpp"

namespace linnet {

namespace {

constexpr std::size_t kMostLetters = 63;

char hexadecimal(std::uint64_t digit) { return "0123456789abcdef"[digit & 15u]; }

// A finite float as C and C++ read it: -0x1.8p3f, 0x0.8p-126f.
void put_float(float x, const Put& put) {
  const std::uint32_t bits = bits_of(x);
  const auto exponent = static_cast<int>(bits >> 23u & 255u);
  put.text((bits >> 31u) != 0 ? "-0x" : "0x");
  put(exponent > 0 ? '1' : '0');
  std::uint32_t fraction = bits << 9u;
  for (bool first = true; fraction != 0; fraction <<= 4u, first = false) {
    if (first) {
      put('.');
    }
    put(hexadecimal(fraction >> 28u));
  }
  const int power = (bits << 1u) == 0 ? 0 : exponent > 0 ? exponent - 127 : -126;
  put.text(power < 0 ? "p-" : "p");
  put.number(static_cast<std::uint64_t>(power < 0 ? -power : power));
  put('f');
}

// Elements of an array, eight a line.
struct List {
  const Put& put;
  std::size_t count = 0;

  void add(float x) {
    put.text(count == 0 ? "\n    " : count % 8 == 0 ? ",\n    " : ", ");
    put_float(x, put);
    ++count;
  }
};

struct Written {
  const Network& network;
  const char* name;
  const Put& put;

  // Words around the name of the model.
  void named(const char* before, const char* behind) const {
    put.text(before);
    put.text(name);
    put.text(behind);
  }
  void begin() const;
  void cpp() const;
  void c99() const;
  void array(std::size_t l, bool biases) const;
};

void Written::begin() const {
  named("/* The model ", ", written by Linnet: ");
  print_topology(network.topology(), put);
  put.text("; hash ");
  const std::uint64_t sum = hash(network);
  for (int bit = 60; bit >= 0; bit -= 4) {
    put(hexadecimal(sum >> static_cast<unsigned>(bit)));
  }
  named(" */\n#ifndef LINNET_MODEL_", "\n");
  named("#define LINNET_MODEL_", "\n\n");
}

// The parameters as they lie: the frozen layers come first.
void Written::cpp() const {
  const TopologyView topology = network.topology();
  put.text("#include <linnet/memory.hpp>\n\nstatic_assert(linnet::kLayoutVersion == ");
  put.number(kLayoutVersion);
  named(", \"written for another layout\");\n\ninline constexpr auto ", "_topology = linnet::topology(");
  put.number(topology.inputs);
  put.text(", {");
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    const Layer& layer = topology.layers[l];
    put.text(l == 0 ? "{" : ", {");
    put.number(layer.units);
    put.text(", {&linnet::descriptor::");
    put.text(to_string(layer.activation.descriptor->id));
    put.text(", ");
    put_float(layer.activation.parameter, put);
    put.text(layer.bias ? "}, true}" : "}, false}");
  }
  named("});\n\nalignas(linnet::kAlignment) inline constexpr float ", "_parameters[] = {");
  List list{put};
  for (const float x : network.frozen()) {
    list.add(x);
  }
  for (const float x : network.trainable()) {
    list.add(x);
  }
  put.text("};\n");
}

void Written::array(std::size_t l, bool biases) const {
  const ConstMatrix weights = network.read_weights(l);
  named("\nstatic const float ", biases ? "_biases_" : "_weights_");
  put.number(l);
  put('[');
  put.number(weights.rows());
  if (!biases) {
    put.text("][");
    put.number(weights.columns());
  }
  put.text("] = {");
  List list{put};
  for (std::size_t o = 0; o < weights.rows(); ++o) {
    if (biases) {
      list.add(network.read_biases(l)[o]);
      continue;
    }
    put.text(o == 0 ? "\n  {" : ",\n  {");
    list.count = 0;
    for (std::size_t i = 0; i < weights.columns(); ++i) {
      list.add(weights(o, i));
    }
    put('}');
  }
  put.text("};\n");
}

void Written::c99() const {
  named("static const char ", "_topology[] = \"");
  print_topology(network.topology(), put);
  put.text("\";\n");
  for (std::size_t l = 0; l < network.topology().layer_count; ++l) {
    array(l, false);
    if (network.topology().layers[l].bias) {
      array(l, true);
    }
  }
}

bool is_identifier(const char* name) {
  std::size_t k = 0;
  for (; name[k] != '\0' && k <= kMostLetters; ++k) {
    const char c = name[k];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (k == 0 || c < '0' || c > '9')) {
      return false;
    }
  }
  return k > 0 && k <= kMostLetters;
}

}  // namespace

Status write_header(const Network& network, const Sink& sink, const char* name, Language language) noexcept {
  if (!network.bound()) {
    return Status::not_bound;
  }
  if (sink.write == nullptr || name == nullptr) {
    return Status::null_memory;
  }
  if (!is_identifier(name) || (language != Language::cpp && language != Language::c99)) {
    return Status::bad_setting;
  }
  if (!all_finite(network)) {
    return Status::bad_parameter;
  }
  Outlet out(&sink);
  const Put put = out.put();
  const Written written{network, name, put};
  written.begin();
  language == Language::cpp ? written.cpp() : written.c99();
  put.text("\n#endif\n");
  out.flush();
  return out.good ? Status::ok : Status::store_failed;
}

}  // namespace linnet
