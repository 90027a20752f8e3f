#include <doctest/doctest.h>

#include <filesystem>

#include "reference.hpp"
#include "tables.hpp"

TEST_CASE("training runs of PyTorch are reproduced within the error of its own float32") {
  int runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LINNET_REFERENCE_RUNS)) {
    if (entry.path().extension() != ".safetensors") {
      continue;
    }
    const linnet_test::Replay replay = linnet_test::replay(entry.path().string(), linnet_test::kernels());
    CHECK_MESSAGE(replay.good, entry.path().stem().string(), ": ", replay.complaint, ", error ", replay.error, " pytorch ",
                  replay.pytorch);
    ++runs;
  }
  CHECK(runs >= 18);
}
