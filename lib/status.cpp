#include <linnet/status.hpp>

#include <cstddef>

namespace linnet {

namespace {

constexpr const char* kSentences[] = {
    // in the order of Status
    "ok",
    "used before a successful bind: call bind() and look at what it returns",
    "a null pointer where data or memory is needed: lend an array",
    "the lent memory is too small: count it with parameter_floats(), trainer_floats() and their like",
    "two pieces of lent memory overlap: give each an array of its own",
    "no network: give 1 to 16 layers with units and activations, as many frozen or fewer, softmax of 2 or more last",
    "more floats than can be counted (2^30 - 1): use fewer units or a smaller batch",
    "a parameter of an activation is out of range: 0 to 100, else 0; or it lets no scale through: end in identity",
    "loss, last activation, optimizer, clipping, layers and call do not go together: training.hpp says which do",
    "a hyper-parameter is out of range: training.hpp gives the range of each",
    "no rows, more than max_batch, or not as many targets as inputs: bind with a larger max_batch or pass fewer rows",
    "rows of the wrong width: a column per input of the network, and per output in the targets",
    "a label is no class, or the loss takes no labels: count classes from 0, or pass rows of targets",
    "an input is NaN or infinite: mend the data (find_fault() says where)",
    "a target is NaN, infinite or out of range of the loss: cross-entropies take 0 to 1 (find_fault() says where)",
    "a number in the order is no sample's, or a part is empty: give numbers from 0 to the count of samples - 1",
    "the saved state belongs to something else, or is damaged: restore it where topology and training are the same",
    "the gradients are not kept: bind with Gradients::kept",
    "numbers would leave the finite range: scale the inputs or targets, lower the learning rate or clip gradients",
    "flags or the processor spoil the arithmetic: no -ffast-math, round to nearest, keep subnormal numbers",
    "the gradients of outputs need a forward pass: call forward() with these inputs right before",
    "no gradients wait to be applied: call accumulate() first",
    "the factor of the gradients is out of range: step_from() takes 0 and more, apply() 2^-24 to 1",
    "a threshold, range or share is out of its range: the comment of the call gives it",
    "a parameter of the initializer is out of range or unknown to it, or there is nothing to draw: initialize.hpp",
    "the weight of a row is negative, NaN or above 2^20: scale the weights, their ratios are what counts",
    "a medium or callback did not do its work: look at what the functions of the Store or reader return",
    "no slot holds a whole checkpoint: start with initialize()",
    "the checkpoint has another major version of the format: load it with the library that saved it",
    "the checkpoint is of another topology: bind the network that it was saved from",
    "the checkpoint was made with other frozen parameters: bind those",
    "the checkpoint lacks a piece that is asked for: the result has its name",
    "a piece has another width or count in the checkpoint: the result has its name",
    "a checkpoint on trial leaves no slot free: confirm() or revert() it, or give three slots",
    "the checkpoint's state has another arithmetic contract or layout: load the parameters without a trainer",
    "no such layer, or it is frozen or has no biases to write: count from 0, bind with fewer frozen layers",
    "a weight or bias is NaN, infinite or beyond float: look at the training that made it",
    "not as many weights or biases as the layer has: bind the topology that they come from",
    "a tensor of a type that is not read: convert it to F32 (F16, BF16 and F64 will do)",
    "the text does not follow the grammar: 4 16:tanh 16:leaky_relu(0.01),nobias 3:identity",
    "the header is damaged or not one of safetensors: write the file anew with a library of that format",
    "tensors leave holes, overlap or end elsewhere than the file: it is damaged, copy it again",
    "a name or key is there twice, so that it is not clear which one counts: write the file anew",
    "a tensor that the network needs is not in the file: give the names of its tensors, or bind its topology",
    "the network has no place for a tensor of the file: leave it out when saving, or bind its topology",
    "the shapes allow more than one order of the tensors: give their names",
    "the normalizer has seen no row: call observe() with the rows to train on",
    "single precision cannot keep what a fold asks for: subtract a constant first, or call apply() on each row",
};

}  // namespace

const char* to_string(Status status) noexcept {
  const auto number = static_cast<std::size_t>(status);
  return number < sizeof kSentences / sizeof kSentences[0] ? kSentences[number] : "unknown status";
}

}  // namespace linnet
