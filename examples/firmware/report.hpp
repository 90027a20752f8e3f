#pragma once

// What the firmware examples say in the same words.

#include <linnet/linnet.hpp>

#include "../results.hpp"
#include "board.hpp"
#include "text.hpp"

namespace report {

/// What main() returns when a call was refused.
inline int refused(linnet::Status status) {
  board::write(linnet::to_string(status));
  board::write("\n");
  return 1;
}

/// "CAPTION BYTES bytes", for an array of floats.
inline void bytes(const char* caption, linnet::Span<const float> floats) {
  board::write(caption);
  text::number(floats.size() * sizeof(float));
  board::write(" bytes\n");
}

/// "training memory  BYTES bytes + POINTERS pointers": a trainer keeps four pointers per layer behind its floats. Counted
/// apart, because they have the length of the target's words.
inline void training_memory(linnet::Span<const float> memory, std::size_t layers) {
  board::write("training memory  ");
  text::number((memory.size() - linnet::layout::stage_floats(layers)) * sizeof(float));
  board::write(" bytes + ");
  text::number(layers * linnet::layout::kStageBytes / sizeof(void*));
  board::write(" pointers\n");
}

/// Libraries of the same contract give the same weights.
inline void contract() {
  const bool fused = linnet::contract() == linnet::Contract::fused;
  board::write("contract         ");
  board::write(fused ? "fused\n" : "separate\n");
}

/// "CAPTION HASH"
inline void hash(const char* caption, const linnet::Network& network) {
  board::write(caption);
  text::hexadecimal(linnet::hash(network));
  board::write("\n");
}

}  // namespace report
