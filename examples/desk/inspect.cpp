#include <cinttypes>
#include <cstdio>
#include <string_view>

#include <linnet/checkpoint.hpp>
#include <linnet/parameters.hpp>
#include <linnet/training.hpp>
#include <linnet/version.hpp>

#include "commands.hpp"
#include "npy.hpp"
#include "numbers.hpp"
#include "refused.hpp"
#include "slots.hpp"

namespace desk {

namespace ln = linnet;

namespace {

// The header of a safetensors file that the library has found to be one, token by token: a string as it is written,
// with its quotation marks, a number, or any other character but spaces.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) {}

  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    std::size_t end = rest_.empty() ? 0 : 1;
    if (!rest_.empty() && rest_.front() == '"') {
      while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
      ++end;
    } else {
      const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
      end = digits > 0 ? digits : end;
    }
    const std::string_view token = rest_.substr(0, end);
    rest_.remove_prefix(token.size());
    return token;
  }

 private:
  std::string_view rest_;
};

std::string_view bare(std::string_view string) { return string.substr(1, string.size() - 2); }

// The value behind a colon, up to the comma or bracket that ends it: a string, or numbers in brackets.
std::string value_of(Tokens& tokens) {
  std::string text(tokens.next());
  while (text.front() == '[' && text.back() != ']') {
    const std::string_view token = tokens.next();
    if (token.empty()) break;
    text += token == "," ? ", " : token;
  }
  return text;
}

// The members of an object, for `member(key)`, which takes the value.
template <class Member>
void each_member(Tokens& tokens, const Member& member) {
  tokens.next();  // {
  for (std::string_view key = tokens.next(); key.size() > 1; key = tokens.next()) {
    tokens.next();  // :
    member(bare(key));
    if (tokens.next() != ",") return;
  }
}

void print_tensors(const Bytes& file) {
  const auto length = static_cast<std::size_t>(little_endian(file.data(), 8));
  Tokens tokens({reinterpret_cast<const char*>(file.data()) + 8, length});
  each_member(tokens, [&tokens](std::string_view name) {
    std::string type;
    std::string shape;
    each_member(tokens, [&](std::string_view key) {
      const std::string value = value_of(tokens);
      if (key == "dtype") type = bare(value);
      if (key == "shape") shape = value;
    });
    if (name == "__metadata__") return;
    std::printf("tensor           %.*s, %s %s\n", static_cast<int>(name.size()), name.data(), type.c_str(),
                shape.c_str());
  });
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

void inspect_safetensors(const std::string& path, const Bytes& file, const Said& said) {
  Model model;
  read_model(path, file, said, model);
  std::printf("%s: safetensors, %zu bytes\n", path.c_str(), file.size());
  print_tensors(file);
  std::printf("read by          %s\n", model.from.c_str());
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
