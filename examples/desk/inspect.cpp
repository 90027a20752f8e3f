#include <cinttypes>
#include <cstdio>

#include <linnet/checkpoint.hpp>
#include <linnet/parameters.hpp>
#include <linnet/training.hpp>
#include <linnet/version.hpp>

#include "commands.hpp"
#include "csv.hpp"
#include "npy.hpp"
#include "numbers.hpp"
#include "refused.hpp"
#include "slots.hpp"
#include "tensors.hpp"

namespace desk {

namespace ln = linnet;

namespace {

void print_tensors(const Bytes& file) {
  const std::optional<Tensors> tensors = read_tensors(file);
  if (!tensors) return;  // which the library has refused
  for (const Tensor& tensor : tensors->all) {
    std::string shape;
    for (const std::uint64_t size : tensor.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(size);
    std::printf("tensor           %s, %s [%s]\n", tensor.name.c_str(), tensor.type.c_str(), shape.c_str());
  }
}

void print_model(const Model& model) {
  if (model.has_activations) {
    std::printf("topology         %s\n", text_of(model.topology).c_str());
  } else {
    std::printf("layers           %s, activations are not said\n", widths_of(model.topology).c_str());
  }
  std::printf("parameters       %zu, %zu bytes\n", model.parameters.size(), sizeof(float) * model.parameters.size());
  std::printf("hash of weights  %016" PRIx64 "\n", ln::hash(model.network));
}

void print_names(const char* what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + csv::shown(name);
  std::printf("%-16s %s\n", what, all.c_str());
}

void inspect_safetensors(const std::string& path, const Bytes& file, const Said& said) {
  Model model;
  read_model(path, file, said, model);
  std::printf("%s: safetensors, %zu bytes\n", path.c_str(), file.size());
  print_tensors(file);
  std::printf("read by          %s\n", model.from.c_str());
  print_names("inputs", model.names.inputs);
  print_names("classes", model.names.classes);
  print_model(model);
}

void print_slot(const Slot& slot, const char* what) {
  std::printf("slot at %-8zu %s", slot.at, what);
  if (slot.other_format) {
    std::printf(", format %u.%u, which this version does not read\n", slot.major, slot.minor);
  } else {
    std::printf(", sequence %" PRIu32 "%s\n", slot.sequence, slot.whole && slot.on_trial ? ", on trial" : "");
  }
}

// Steps, learning rate and optimizer of `ln.train`.
void print_training(const Bytes& file, const Slot& slot) {
  const Item* item = slot.find("ln.train");
  if (item == nullptr || item->width != 1 || item->count != 24) {
    std::printf("training         none: parameters alone\n");
    return;
  }
  const unsigned char* at = file.data() + item->at;
  std::printf("steps            %" PRIu64 "\n", little_endian(at, 8));
  std::printf("optimizer        %s, learning rate %g\n", ln::to_string(static_cast<ln::OptimizerId>(at[20])),
              static_cast<double>(float_at(at + 8)));
}

void inspect_checkpoint(const std::string& path, const Bytes& file, const Said& said) {
  const std::vector<Slot> slots = find_slots(file);
  const Slot* taken = newest(slots);
  Model model;
  if (taken == nullptr) return read_model(path, file, said, model);  // which refuses it
  const bool complete = taken->frozen_layers == 0 || taken->find("ln.froze") != nullptr;
  if (complete) read_slot(path, file, *taken, said, model);
  std::printf("%s: checkpoints, %zu bytes\n", path.c_str(), file.size());
  for (const Slot& slot : slots) {
    print_slot(slot, &slot == taken      ? "whole, the newest"
                     : slot.whole        ? "whole"
                     : slot.other_format ? "not read"
                                         : "torn");
  }
  std::printf("format           %u.%u, %zu bytes, unit of writing %" PRIu32 "\n", taken->major, taken->minor,
              taken->end - taken->at, taken->unit);
  std::printf("saved by         version %u.%u.%u, contract %s, layout %u\n", taken->version[0], taken->version[1],
              taken->version[2], taken->contract <= 1 ? ln::to_string(static_cast<ln::Contract>(taken->contract)) : "?",
              taken->layout);
  print_training(file, *taken);
  for (const Item& item : taken->items) {
    std::printf("piece            %-8s %" PRIu32 " of %" PRIu32 " bytes\n", printable(item.name).c_str(), item.count,
                item.width);
  }
  if (taken->frozen_layers > 0) std::printf("frozen layers    %u\n", taken->frozen_layers);
  if (complete) {
    print_model(model);
  } else {
    std::printf("topology         %s\n", text_of(taken->topology).c_str());
    std::printf("parameters       those of the frozen layers are not in the file: no hash\n");
  }
}

void inspect_array(const std::string& path, const Bytes& file) {
  npy::Array array;
  if (const char* wrong = npy::read(file, array)) throw Refused(path + ": " + wrong);
  std::printf("%s: an array of %zu rows of %zu, %zu bytes\n", path.c_str(), array.rows, array.columns, file.size());
}

}  // namespace

void inspect(const std::string& path, const Said& said) {
  const Bytes file = read_file(path);
  Model model;
  switch (kind_of(path, file)) {
    case Kind::safetensors:
      return inspect_safetensors(path, file, said);
    case Kind::checkpoint:
      return inspect_checkpoint(path, file, said);
    case Kind::npy:
      return inspect_array(path, file);
    default:
      return read_model(path, file, said, model);  // which refuses it
  }
}

}  // namespace desk
