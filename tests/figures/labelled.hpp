// The network of shape.hpp with all it needs, and a step and a prediction of it, each between two labels.
#pragma once

#include "shape.hpp"

namespace {

float model[linnet::parameter_floats(kShape)];
float memory[linnet::trainer_floats(kShape, kConfig)];
float scratch[linnet::predictor_floats(kShape)];
linnet::Network network;
linnet::Trainer trainer;
linnet::Predictor predictor;
float inputs[1][4];
Goals goals;
float outputs[1][3];

// ---- Between two labels. noclone: a label can stand only once.

[[gnu::noinline, gnu::noclone]] linnet::Status step() {
  __asm__ volatile("figures_step_begin:" ::: "memory");
  linnet::Status status = trainer.step(inputs, goals);
  __asm__ volatile("figures_step_end:" : "+r"(status)::"memory");
  return status;
}

[[gnu::noinline, gnu::noclone]] linnet::Status predict() {
  __asm__ volatile("figures_predict_begin:" ::: "memory");
  linnet::Status status = predictor.predict(inputs, outputs);
  __asm__ volatile("figures_predict_end:" : "+r"(status)::"memory");
  return status;
}

}  // namespace
