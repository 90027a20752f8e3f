// What can be wrong with parameters, texts and files that are taken, read or written.
#pragma once

#include <limits>
#include <string>

#include "refusals/fault.hpp"

namespace linnet_refusals {

inline const std::vector<Fault>& file_faults() {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  static const std::vector<Fault> all = {
      {"no weights to take", Status::null_memory,
       [](World& at) {
         at.weights_to_take = {nullptr, 20};
       }},
      {"no biases to take", Status::null_memory,
       [](World& at) {
         at.biases_to_take = {nullptr, 5};
       }},
      {"no memory to copy weights to", Status::null_memory,
       [](World& at) {
         at.weights_to_copy = {nullptr, 20};
       }},
      {"no memory for a text", Status::null_memory,
       [](World& at) {
         at.text_lent = at.found_text_lent = {nullptr, linnet::kTopologyText};
       }},
      {"no text, and no function to read", Status::null_memory, [](World& at) { at.readable = false; }},
      {"no function to write", Status::null_memory, [](World& at) { at.writable = false; }},
      {"no name for weights", Status::null_memory, [](World& at) { at.names.weight = nullptr; }},
      {"no name for a model", Status::null_memory, [](World& at) { at.model = nullptr; }},
      {"a text that needs more room", Status::too_little_memory,
       [](World& at) {
         at.text_lent = {at.text.data(), at.text_read.size()};
         at.found_text_lent = {at.found_text.data(), at.text_read.size()};
       }},

      {"weights to take over the parameters", Status::overlapping_memory,
       [](World& at) {
         at.weights_to_take = {at.trainable.data(), 20};
       }},
      {"weights copied over the parameters", Status::overlapping_memory,
       [](World& at) {
         at.weights_to_copy = {at.trainable.data() + 3, 20};
       }},
      {"biases copied over the weights", Status::overlapping_memory,
       [](World& at) {
         at.biases_to_copy = {at.copied_weights.data() + 15, 5};
       }},
      {"units beyond all counting", Status::too_large,
       [](World& at) { at.layers[1].units = std::size_t{linnet::kMaxFloats} + 1; }},

      {"a layer to take that is frozen", Status::bad_layer, [](World& at) { at.layer = 0; }, "take"},
      {"a layer to take or copy that is none", Status::bad_layer, [](World& at) { at.layer = 3; }},
      {"a weight too few to take", Status::other_shape,
       [](World& at) {
         at.weights_to_take = {at.taken_weights.data(), 19};
       }},
      {"room for a bias more to copy", Status::other_shape,
       [](World& at) {
         at.biases_to_copy = {at.copied_biases.data(), 6};
       }},
      {"a weight to take that is NaN", Status::bad_parameter, [](World& at) { at.taken_weights.data()[19] = kNaN; }},
      {"a parameter to write that is NaN", Status::bad_parameter, [](World& at) { at.trainable.data()[4] = kNaN; },
       "write_"},

      {"a text that is not in the grammar", Status::bad_text, [](World& at) { at.text_read += ' '; }},
      {"a text with a layer of no units", Status::bad_topology, [](World& at) { at.text_read = "3 0:tanh"; }},
      {"a text with an unknown activation", Status::bad_activation, [](World& at) { at.text_read = "3 4:tan"; }},
      {"a text with too many inputs", Status::too_large, [](World& at) { at.text_read = "1073741824 4:tanh"; }},

      {"a name without letters", Status::bad_setting,
       [](World& at) {
         at.names.weight = "";
         at.model = "1";
       }},
      {"names that are equal", Status::duplicate_tensor, [](World& at) { at.names.weight = "w"; }, "",
       Status::left_over_tensor},
      {"a file with a name twice", Status::duplicate_tensor, [](World& at) { at.change_file("2.weight", "0.weight"); }},
      {"a file that is no JSON", Status::bad_header, [](World& at) { at.file[8] = 'x'; }},
      {"a file that ends too early", Status::bad_ranges, [](World& at) { at.file.pop_back(); }},
      {"a file of integers", Status::other_type, [](World& at) { at.change_file("F32", "I32"); }},
      {"a file with a tensor of no elements", Status::other_shape, [](World& at) { at.change_file("[4]", "[0]"); }},
      {"a file with a matrix that lies on its side", Status::other_shape,
       [](World& at) { at.change_file("[4,3]", "[3,4]"); }},
      {"a file with another name", Status::left_over_tensor, [](World& at) { at.change_file("4.weight", "5.weight"); }},
      {"a file with too many tensors", Status::left_over_tensor,
       [](World& at) {
         std::string header = "{";
         for (int k = 0; k < 33; ++k) {
           header += (k == 0 ? "\"" : ",\"") + std::to_string(k) + R"(":{"dtype":"F32","shape":[1],"data_offsets":[)" +
                     std::to_string(4 * k) + "," + std::to_string(4 * k + 4) + "]}";
         }
         at.set_file(header + "}");
       }},
      {"a file without tensors", Status::missing_tensor, [](World& at) { at.set_file("{}"); }},
      {"a file in which two tensors could be the biases", Status::ambiguous_tensors,
       [](World& at) {
         at.names.by_shape = true;
         at.change_file("2.bias", "0.bia2");
       }},
      {"a file of another backbone", Status::other_backbone, [](World& at) { at.frozen.data()[0] += 1.0f; },
       "read_safetensors"},
      {"a file with an infinite number", Status::bad_parameter,
       [](World& at) {
         at.file[at.file.size() - 1] = 0x7f;
         at.file[at.file.size() - 2] = 0x80;
       }},
      {"a source that fails", Status::store_failed, [](World& at) { at.reads = 0; }},
      {"a sink that is full", Status::store_failed, [](World& at) { at.writes = 0; }}};
  return all;
}

}  // namespace linnet_refusals
