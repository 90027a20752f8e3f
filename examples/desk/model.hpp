// A model of any file that the tool reads: what it computes and its parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <linnet/network.hpp>
#include <linnet/topology.hpp>

#include "files.hpp"
#include "names.hpp"

namespace desk {

enum class Kind { safetensors, checkpoint, npy, torch, unknown };

/// What a file is, by its first bytes; a file of PyTorch by its name, too.
Kind kind_of(const std::string& path, const Bytes& file);

/// What the command line says of a model, beside its file.
struct Said {
  std::optional<linnet::Topology> topology;
  std::vector<std::string> activations;  // by layer
  std::vector<std::string> layers;       // names before .weight and .bias
  double epsilon = 1e-5;                 // of its BatchNorm layers, as PyTorch has it
};

struct Model {
  Model() = default;
  Model(const Model&) = delete;  // the network points to the others
  Model& operator=(const Model&) = delete;

  linnet::Topology topology{};
  bool has_activations = false;  // else they are identity, as a place of that
  std::string from;              // which slot, or which names
  Names names;                   // none, or as many as it has inputs and outputs
  std::vector<float> parameters;
  linnet::Network network;
};

/// What makes a file that this tool reads of one of PyTorch's.
inline constexpr char kTorchToSafetensors[] =
    "  import torch; from safetensors.torch import save_file\n"
    "  save_file(torch.load('model.pt', weights_only=True), 'model.safetensors')";

/// Reads a model; throws Refused.
void read_model(const std::string& path, const Bytes& file, const Said& said, Model& model);

/// The same from a slot, which is whole.
struct Slot;
void read_slot(const std::string& about, const Bytes& file, const Slot& slot, const Said& said, Model& model);

/// Throws Refused where the activations are not known.
void expect_activations(const std::string& path, const Model& model);

/// As the library prints it.
std::string text_of(const linnet::TopologyView& topology);

/// A topology's widths, where its activations are not known: `4 16 3`.
std::string widths_of(const linnet::TopologyView& topology);

}  // namespace desk
