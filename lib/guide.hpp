// What guided runs ask of their parts. They reach them through the guide alone: naming what sets a part is what links it.
#pragma once

#include <linnet/guide.hpp>

#include "batches.hpp"

namespace linnet {

struct ValidationDescriptor {
  // Looks at all samples. Returns what evaluate() returns but diverged, and where.
  Status (*check)(const Trainer& trainer, const Batches& data, Fault& fault);
  // Of samples that have been looked at. Returns ok, diverged, or why the callback's samples are refused, and where.
  Status (*measure)(Trainer& trainer, const Batches& data, Fault& fault, float& loss);
};

struct KeeperDescriptor {
  // Whether observe() would take a loss. Returns what it returns.
  Status (*check)(const Keeper& keeper, const Network& network);
  Status (*observe)(Keeper& keeper, const Network& network, float loss);
  Status (*put_back)(const Keeper& keeper, const Network& network);
};

struct FollowedDescriptor {
  // Whether there is a schedule to follow. Returns ok, null_memory, bad_setting or bad_hyperparameter.
  Status (*check)(const FitGuide& guide);
  // Sets the rate of the trainer's next step. Returns ok or bad_hyperparameter.
  Status (*set)(Trainer& trainer, const FitGuide& guide);
};

}  // namespace linnet
