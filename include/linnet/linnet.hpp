#pragma once

/// @namespace linnet
/// Linnet trains multi-layer perceptrons in memory that the program declared.

/// @file
/// The public headers, in reading order:
#include <linnet/status.hpp>
#include <linnet/version.hpp>
#include <linnet/lifetime.hpp>
#include <linnet/view.hpp>
#include <linnet/activation.hpp>
#include <linnet/topology.hpp>
#include <linnet/topology_text.hpp>
#include <linnet/training.hpp>
#include <linnet/memory.hpp>
#include <linnet/random.hpp>
#include <linnet/replay.hpp>
#include <linnet/kernels.hpp>
#include <linnet/network.hpp>
#include <linnet/parameters.hpp>
#include <linnet/sink.hpp>
#include <linnet/safetensors.hpp>
#include <linnet/header.hpp>
#include <linnet/normalizer.hpp>
#include <linnet/metrics.hpp>
#include <linnet/initialize.hpp>
#include <linnet/lsuv.hpp>
#include <linnet/predictor.hpp>
#include <linnet/trainer.hpp>
#include <linnet/schedule.hpp>
#include <linnet/plateau.hpp>
#include <linnet/groups.hpp>
#include <linnet/fault.hpp>
#include <linnet/reader.hpp>
#include <linnet/samples.hpp>
#include <linnet/fit.hpp>
#include <linnet/keeper.hpp>
#include <linnet/guide.hpp>
#include <linnet/diagnostics.hpp>
#include <linnet/fixed.hpp>
#include <linnet/store.hpp>
#include <linnet/checkpoint.hpp>
