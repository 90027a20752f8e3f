// The command line of train, and what it shares with predict.
#pragma once

#include "train.hpp"

namespace CLI {
class App;
}

namespace desk {

/// Options for how a table is written.
void add_writing(CLI::App& command, Writing& writing);

/// The command train, read into `job`, whose defaults its help states.
void add_train(CLI::App& app, Job& job);

/// Throws CLI::ValidationError where options contradict each other, or a number is out of its range.
void check_train(const Job& job);

}  // namespace desk
