// The command train: what it is asked for, and what it comes to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "learn.hpp"
#include "recipe.hpp"
#include "scores.hpp"
#include "splits.hpp"
#include "table.hpp"

namespace desk {

/// The defaults are those that --help states.
struct Job {
  std::string data;           // a table
  std::string out = "model";  // files are named after it
  std::string command;        // as it was typed
  Writing writing;
  Columns columns;
  Recipe recipe;
  double test = 0.25;        // of the rows
  double validation = 0.15;  // of those to learn from, where the recipe has patience
  std::uint64_t seed = 0;    // of the first run
  std::size_t seeds = 0;     // runs; 0: one, or as many as there are splits
  std::size_t folds = 0;     // 0: none
  std::string splits, written_splits;
};

/// One training of many.
struct Run {
  std::uint64_t seed;
  Parts parts;
};

/// What a job came to. Its model is that of the first run.
struct Outcome {
  Outcome() = default;
  Outcome(const Outcome&) = delete;  // the model points into itself
  Outcome& operator=(const Outcome&) = delete;

  Data data;
  std::vector<Run> runs;
  Learned learned;
  Scores scores;
  std::vector<double> results;  // (runs): accuracy or R2
};

/// Bytes that a network takes on a board, where a pointer has 4.
struct BoardMemory {
  std::size_t weights, predictor;      // to predict: in flash, in RAM
  std::size_t trainer, batch_trainer;  // to go on learning, beside the weights in RAM: a row at a time, in batches
};
BoardMemory board_memory(const Job& job, const Outcome& outcome);

/// `accuracy` or `R2`.
const char* measure_of(const Data& data);
/// `0.9321`.
std::string four_digits(double value);
/// `mean test accuracy 0.9321 (deviation 0.0210, 10 seeds)`.
std::string mean_line(const Job& job, const Outcome& outcome);

/// Prints what came of the first run.
void print_outcome(const Job& job, const Outcome& outcome);

/// The page of a model: all in one file.
std::string page_of(const Job& job, const Outcome& outcome);

/// Reads, trains, prints, and writes OUT.safetensors, OUT.h and OUT.html. Throws Refused, and has then written nothing.
void train(const Job& job);

}  // namespace desk
