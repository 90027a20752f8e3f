#pragma once

#include <cstdint>

#include <linnet/network.hpp>
#include <linnet/sink.hpp>
#include <linnet/status.hpp>

/// @file
/// A trained model as source code: constants that the compiler puts into flash.
namespace linnet {

/// What a model is written as.
enum class Language : std::uint8_t {
  cpp,  ///< for this library: NAME_topology and NAME_parameters, which Predictor::bind() takes
  c99,  ///< plain arrays: NAME_weights_0 of [units][inputs], NAME_biases_0 of [units], ..., and the topology as text
};

/// Writes a header with all parameters, frozen ones too, as hexadecimal floats, which no compiler rounds. The constants
/// begin with `name`, an identifier of up to 63 letters, digits and underscores. The C++ header depends on
/// linnet/memory.hpp and on the layout version, which it looks at; what it includes is one constant in all files of a
/// program.
/// Returns ok, not_bound, null_memory (no function to write, no name), bad_setting (a name that is no identifier,
/// another language), bad_parameter (NaN or infinity) or store_failed (the sink did not take all: what it got is to be
/// thrown away).
Status write_header(const Network& network, const Sink& sink, const char* name, Language language) noexcept;

}  // namespace linnet
