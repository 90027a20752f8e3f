#include "model_files.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

#include <linnet/header.hpp>
#include <linnet/safetensors.hpp>

#include "refused.hpp"

namespace desk {

namespace ln = linnet;

std::string identifier_of(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return std::isdigit(static_cast<unsigned char>(name.front())) != 0 ? "model_" + name : name;
}

Bytes safetensors_of(const Model& model) {
  Bytes bytes;
  expect_ok(ln::write_safetensors(model.network, sink_of(bytes)), "the model");
  return with_names(bytes, model.names);
}

Bytes header_of(const Model& model, const std::string& name, bool c99) {
  constexpr std::string_view kEnd = "\n#endif\n";
  Bytes bytes;
  const ln::Language language = c99 ? ln::Language::c99 : ln::Language::cpp;
  expect_ok(ln::write_header(model.network, sink_of(bytes), name.c_str(), language), "a header of '" + name + "'");
  const std::string constants = c99 ? std::string() : constants_of(model.names, name);
  const auto end = std::find_end(bytes.begin(), bytes.end(), kEnd.begin(), kEnd.end());
  if (!constants.empty()) {
    const std::string lines = "\n" + constants;
    bytes.insert(end, lines.begin(), lines.end());
  }
  return bytes;
}

}  // namespace desk
