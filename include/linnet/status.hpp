#pragma once

#include <cstdint>

namespace linnet {

/// Whether a call did its job. Every call that can fail returns one. Anything but `ok` means that nothing has changed but
/// workspace, which means nothing between calls. Two calls can end on the way with `diverged`: then predict() has done the
/// rows before that one, and fit() the steps. (fit() also ends with what a callback in the place of the step returns, and
/// where a SampleReader cannot go on.)
// clang-format off: version 14 does not know attributes of enumerations
enum class [[nodiscard]] Status : std::uint8_t{
    ok = 0,
    not_bound = 1,           ///< used before a successful bind()
    null_memory = 2,         ///< a null pointer where data or memory is needed
    too_little_memory = 3,   ///< the lent memory is smaller than the layout needs
    overlapping_memory = 4,  ///< two pieces of lent memory overlap
    bad_topology = 5,    ///< no or over kMaxLayers layers, zero width, no activation, early softmax, too many frozen
    too_large = 6,       ///< sizes whose count of floats exceeds kMaxFloats
    bad_activation = 7,  ///< an activation's parameter out of its range, or one that lets no scale through
    bad_config = 8,      ///< loss unfit for last activation, weights, call; nothing to train, no loss or optimizer
    bad_hyperparameter = 9,   ///< rate, momentum, beta, epsilon, decay, clip, delta, smoothing or class weight
    bad_batch = 10,           ///< no rows, more than max_batch, or not as many targets or weights as inputs
    bad_columns = 11,         ///< rows of the wrong width
    bad_label = 12,           ///< a label not below the number of outputs (one output: 2), or labels for a loss of rows
    bad_input = 13,           ///< NaN or infinity in the inputs
    bad_target = 14,          ///< NaN, infinity, or outside the range of the loss, in the targets
    bad_order = 15,           ///< a number in the order of samples is no sample's, or a part of them is empty
    bad_state = 16,           ///< a saved state of another layout, contract, optimizer or size, or not finite
    gradients_not_kept = 17,  ///< the call needs Gradients::kept
    diverged = 18,            ///< carrying on could give a loss, gradient or weight that is not finite
    broken_arithmetic = 19,   ///< compiler flags or settings of the processor give other bits: self_check()
    nothing_forwarded = 20,   ///< step_from() without the forward() that belongs to it
    nothing_accumulated = 21,  ///< apply() without accumulate()
    bad_share = 22,            ///< the factor of gradients out of its range: step_from(), accumulate_from(), apply()
    bad_setting = 23,          ///< a threshold, a range or a quantile out of its range
    bad_initializer = 24,      ///< a parameter out of its range or not one of the initializer, or nothing to draw
    bad_weight = 25,           ///< the weight of a row: negative, NaN or more than kMaxRowWeight
    store_failed = 26,         ///< a medium did not read, write, erase or sync, or a callback did not read a sample
    nothing_kept = 27,         ///< no slot holds a whole checkpoint, or a keeper no parameters
    other_format = 28,         ///< a checkpoint of another major version of the format
    other_network = 29,        ///< a checkpoint of another topology
    other_backbone = 30,       ///< a checkpoint that was made with other frozen parameters
    missing_piece = 31,        ///< a piece that the checkpoint does not have
    other_piece = 32,          ///< a piece of another width or count
    trial_pending = 33,        ///< no slot is free before a trial is confirmed or reverted
    other_contract = 34,       ///< a state of another arithmetic contract or layout: parameters alone can be taken
    bad_layer = 35,            ///< no such layer, or one that is frozen, or without biases, where they would be written
    bad_parameter = 36,        ///< a weight or bias that is NaN, infinite or, in a file, beyond float
    other_shape = 37,          ///< weights or biases of another shape or count than the layer has
    other_type = 38,           ///< a tensor of another type than F32, F16, BF16 or F64
    bad_text = 39,             ///< a text that does not follow the grammar of topologies
    bad_header = 40,           ///< no header of safetensors: its length, its JSON, its UTF-8, or what it has to say
    bad_ranges = 41,           ///< tensors that leave holes, overlap, or end elsewhere than the file
    duplicate_tensor = 42,     ///< a name or a key that is there twice
    missing_tensor = 43,       ///< a tensor that the network needs is not in the file
    left_over_tensor = 44,     ///< a tensor of the file that the network has no place for
    ambiguous_tensors = 45,    ///< the shapes allow more than one order of the tensors
    nothing_observed = 46,     ///< a normalizer that has seen no row
    lost_precision = 47,       ///< a fold that would cost more than its tolerance
};
// clang-format on

/// Returns an English sentence for the status, what to do behind a colon; a string in read-only memory, never null.
const char* to_string(Status status) noexcept;

}  // namespace linnet
