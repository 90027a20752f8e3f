#include "model.hpp"

#include <algorithm>
#include <cstring>

#include <linnet/checkpoint.hpp>
#include <linnet/memory.hpp>
#include <linnet/safetensors.hpp>
#include <linnet/topology_text.hpp>

#include "batch_norm.hpp"
#include "numbers.hpp"
#include "refused.hpp"
#include "slots.hpp"

namespace desk {

namespace ln = linnet;

namespace {

void parse(const std::string& text, const std::string& about, ln::Topology& topology) {
  std::size_t position = 0;
  expect_ok(ln::parse(text, topology, position), about + ": '" + text + "'");
}

// The topology with the activations that are said.
ln::Topology with_activations(const std::string& path, const ln::Topology& shape,
                              const std::vector<std::string>& said) {
  if (said.size() != shape.layer_count) {
    throw Refused(path + ": it has " + std::to_string(shape.layer_count) + " layers (" + widths_of(shape) + "), but " +
                  std::to_string(said.size()) + " activations are said");
  }
  std::string text = std::to_string(shape.inputs);
  for (std::size_t l = 0; l < said.size(); ++l) {
    text += " " + std::to_string(shape.layers[l].units) + ":" + said[l] + (shape.layers[l].bias ? "" : ",nobias");
  }
  ln::Topology topology{};
  parse(text, path, topology);
  return topology;
}

std::string refusal_of(const std::string& path, ln::Status status, const ln::TensorReport& report) {
  const std::string tensor = report.tensor[0] != '\0' ? ": tensor '" + printable(report.tensor) + "'" : "";
  return path + tensor + ": " + ln::to_string(status);
}

// What the file says, and the command line, which must agree.
ln::Topology agreed(const std::string& path, const ln::Topology& file, const Said& said) {
  if (said.topology) {
    if (text_of(*said.topology) != text_of(file)) {
      throw Refused(path + ": it says '" + text_of(file) + "', not '" + text_of(*said.topology) + "'");
    }
  } else if (!said.activations.empty()) {
    const ln::Topology other = with_activations(path, file, said.activations);
    if (text_of(other) != text_of(file)) {
      throw Refused(path + ": it says '" + text_of(file) + "', not '" + text_of(other) + "'");
    }
  }
  return file;
}

// Memory for the parameters is taken where the file is large enough for them alone.
void bind(const std::string& path, const ln::Topology& topology, std::size_t most_floats, Model& model) {
  model.topology = topology;
  const std::size_t floats = ln::parameter_floats(model.topology);
  if (floats > most_floats) {
    throw Refused(path + ": it is too short for '" + text_of(topology) + "'");
  }
  model.parameters.resize(floats);
  expect_ok(model.network.bind(model.topology, model.parameters), path + ": '" + text_of(topology) + "'");
}

// Names that files use, and the shapes where they use others.
struct Naming {
  std::string what;
  ln::TensorNames names;
};

class Namings {
 public:
  explicit Namings(const std::vector<std::string>& layers) {
    for (const std::string& layer : layers) {
      texts_.push_back(layer + ".weight");
      texts_.push_back(layer + ".bias");
    }
    for (const std::string& text : texts_) given_.push_back(text.c_str());
    if (layers.empty()) {
      all_ = {{"names of torch.nn.Sequential", {}}};
      all_.push_back({"names without activations between", {"{}.weight", "{}.bias", 0, 1}});
      all_.push_back({"names fc1, fc2, ...", {"fc{}.weight", "fc{}.bias", 1, 1}});
      all_.push_back({"names layers.0, layers.1, ...", {"layers.{}.weight", "layers.{}.bias", 0, 1}});
      all_.push_back({"names layers.0, layers.2, ...", {"layers.{}.weight", "layers.{}.bias", 0, 2}});
      all_.push_back({"shapes, for the names tell nothing", {}});
      all_.back().names.by_shape = true;
    } else {
      all_ = {{"names that are given", {}}};
      all_.front().names.given = given_;
    }
  }
  Namings(const Namings&) = delete;
  Namings& operator=(const Namings&) = delete;

  /// The first with which `call(names, report)` says ok. Otherwise refuses with the first thing that is to the point.
  template <class Call>
  const Naming& first(const std::string& path, const Call& call) const {
    std::string refusal;
    bool to_the_point = false;
    for (const Naming& naming : all_) {
      ln::TensorReport report;
      const ln::Status status = call(naming.names, report);
      if (status == ln::Status::ok) return naming;
      const bool other_names = status == ln::Status::missing_tensor || status == ln::Status::left_over_tensor;
      if (refusal.empty() || (!other_names && !to_the_point)) refusal = refusal_of(path, status, report);
      to_the_point = to_the_point || !other_names;
    }
    throw Refused(refusal);
  }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> given_;
  std::vector<Naming> all_;
};

void read_layers(const std::string& path, const Bytes& file, const Said& said, Model& model) {
  const ln::Span<const unsigned char> bytes = file;
  const ln::Source source = ln::source_of(bytes);
  char text[ln::kTopologyText];
  std::size_t length = 0;
  ln::TensorReport report;
  if (const ln::Status status = ln::read_topology(source, text, length, report); status != ln::Status::ok) {
    throw Refused(refusal_of(path, status, report));
  }
  const Namings namings(said.layers);
  ln::Topology shape{};
  model.has_activations = true;
  if (length > 0) {
    parse(text, path, shape);
    shape = agreed(path, shape, said);
  } else if (said.topology) {
    shape = *said.topology;
  } else {
    namings.first(path, [&](const ln::TensorNames& names, ln::TensorReport& at) {
      return ln::read_shape(source, names, shape, at);
    });
    model.has_activations = !said.activations.empty();
    if (model.has_activations) shape = with_activations(path, shape, said.activations);
  }
  bind(path, shape, file.size() / 2, model);  // the shortest type has 2 bytes
  model.from =
      namings
          .first(path, [&](const ln::TensorNames& names,
                           ln::TensorReport& at) { return ln::read_safetensors(model.network, source, names, at); })
          .what;
}

// Names of another model, which somebody gave its parameters, are none of this.
Names names_of(const Bytes& file, const ln::Topology& topology) {
  Names names = names_in(file);
  if (names.inputs.size() != topology.inputs) names.inputs.clear();
  if (names.classes.size() != topology.outputs()) names.classes.clear();
  return names;
}

void read_safetensors(const std::string& path, const Bytes& file, const Said& said, Model& model) {
  const std::optional<Folded> folded = fold_batch_norm(path, file, said.epsilon);
  if (!folded) {
    read_layers(path, file, said, model);
    model.names = names_of(file, model.topology);
    return;
  }
  Said of_folded = said;
  if (said.layers.empty()) of_folded.layers = folded->layers;
  if (of_folded.layers != folded->layers) {
    throw Refused(path + ": with BatchNorm in it the layers follow each other by their numbers: leave out --layers");
  }
  read_layers(path + ", BatchNorm folded", folded->file, of_folded, model);
  model.from = "names of torch.nn.Sequential, BatchNorm folded";
}

// A medium of two slots: a copy of one, and a blank one.
struct Medium {
  explicit Medium(const Bytes& slot) : bytes(slot) { bytes.resize(2 * slot.size(), 0xff); }

  ln::Store store(std::uint32_t unit) {
    ln::Store result{};
    result.read = [](void* context, std::uint32_t at, void* to, std::size_t count) {
      std::memcpy(to, static_cast<Medium*>(context)->bytes.data() + at, count);
      return true;
    };
    result.write = [](void*, std::uint32_t, const void*, std::size_t) { return false; };
    result.context = this;
    result.size = static_cast<std::uint32_t>(bytes.size());
    result.write_unit = unit;
    result.buffer = buffer;
    return result;
  }

  Bytes bytes;
  unsigned char buffer[256] = {};
};

// Frozen parameters, which load() compares and does not write.
void read_frozen(const std::string& about, const Bytes& file, const Slot& slot, ln::Span<float> frozen) {
  const Item* item = slot.find("ln.froze");
  if (item == nullptr || item->width != 4 || item->count != frozen.size()) {
    throw Refused(about + ": its frozen parameters are not in it: save it with Checkpoint::frozen");
  }
  for (std::size_t k = 0; k < frozen.size(); ++k) frozen[k] = float_at(file.data() + item->at + 4 * k);
}

void read_checkpoint(const std::string& path, const Bytes& file, const Said& said, Model& model) {
  const std::vector<Slot> slots = find_slots(file);
  const Slot* slot = newest(slots);
  if (slot == nullptr) {
    const bool other = std::any_of(slots.begin(), slots.end(), [](const Slot& found) { return found.other_format; });
    expect_ok(other ? ln::Status::other_format : ln::Status::nothing_kept, path);
  } else {
    read_slot(path, file, *slot, said, model);
  }
}

}  // namespace

void read_slot(const std::string& about, const Bytes& file, const Slot& slot, const Said& said, Model& model) {
  if (!slot.known) throw Refused(about + ": a layer has an activation that this version does not know");
  const ln::Topology topology = agreed(about, slot.topology, said);
  const std::size_t frozen = ln::frozen_floats(topology, slot.frozen_layers);
  if (ln::check(topology) != ln::Status::ok || slot.frozen_layers > topology.layer_count) {
    throw Refused(about + ": its header names no network");
  }
  bind(about, topology, file.size() / sizeof(float), model);
  const ln::Span<float> all = model.parameters;
  const ln::Span<float> frozen_part(all.data(), frozen);
  const ln::Span<float> trainable(all.data() + frozen, all.size() - frozen);
  if (frozen > 0) read_frozen(about, file, slot, frozen_part);
  ln::Network network;
  expect_ok(network.bind(model.topology, ln::Span<const float>(frozen_part), trainable, slot.frozen_layers), about);
  const auto first = file.begin() + static_cast<std::ptrdiff_t>(slot.at);
  Medium medium(Bytes(first, first + static_cast<std::ptrdiff_t>(slot.end - slot.at)));
  ln::Kept kept;
  expect_ok(ln::load(medium.store(slot.unit), {&network}, kept), about);
  model.has_activations = true;
  model.from = "slot at " + std::to_string(slot.at);
}

Kind kind_of(const std::string& path, const Bytes& file) {
  const auto begins = [&file](const char* with, std::size_t at = 0) {
    const std::size_t length = std::strlen(with);
    return file.size() >= at + length && std::memcmp(file.data() + at, with, length) == 0;
  };
  if (begins("\x93NUMPY")) return Kind::npy;
  if (begins("PK\x03\x04") || ends_in(path, ".pt") || ends_in(path, ".pth")) return Kind::torch;
  if (begins("{", 8) || ends_in(path, ".safetensors")) return Kind::safetensors;
  const char* magic = "LNCK";
  const bool kept = std::search(file.begin(), file.end(), magic, magic + 4) != file.end();
  return kept || ends_in(path, ".lnt") ? Kind::checkpoint : Kind::unknown;
}

void read_model(const std::string& path, const Bytes& file, const Said& said, Model& model) {
  switch (kind_of(path, file)) {
    case Kind::safetensors:
      return read_safetensors(path, file, said, model);
    case Kind::checkpoint:
      return read_checkpoint(path, file, said, model);
    case Kind::torch:
      throw Refused(path + ": a file of PyTorch can run programs when it is read, so this tool does not. In Python:\n" +
                    kTorchToSafetensors);
    case Kind::npy:
      throw Refused(path + ": it is an array, not a model");
    case Kind::unknown:
      break;
  }
  throw Refused(path + ": it is no safetensors file, and there is no checkpoint in it");
}

void expect_activations(const std::string& path, const Model& model) {
  if (model.has_activations) return;
  throw Refused(path + ": it does not say its activations: give --activations with " +
                std::to_string(model.topology.layer_count) + " names, for the layers of " + widths_of(model.topology));
}

std::string text_of(const ln::TopologyView& topology) {
  char text[ln::kTopologyText];
  std::size_t length = 0;
  return ln::print(topology, text, length) == ln::Status::ok ? std::string(text, length) : std::string("no network");
}

std::string widths_of(const ln::TopologyView& topology) {
  std::string text = std::to_string(topology.inputs);
  for (std::size_t l = 0; l < topology.layer_count; ++l) {
    text += " " + std::to_string(topology.layers[l].units) + (topology.layers[l].bias ? "" : ",nobias");
  }
  return text;
}

}  // namespace desk
