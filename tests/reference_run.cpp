// reference_run FILE.safetensors...: replays training runs of PyTorch and prints for each
//   NAME error=E pytorch=P ok|FAIL
// and, on a line of its own after FAIL, the reason. Exit code 1 when one fails.
#include <cstdio>
#include <filesystem>

#include "reference.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: reference_run FILE.safetensors...\n");
    return 2;
  }
  bool all_good = true;
  for (int k = 1; k < argc; ++k) {
    const linnet_test::Replay replay = linnet_test::replay(argv[k], linnet::best_kernels());
    const std::string name = std::filesystem::path(argv[k]).stem().string();
    std::printf("%s error=%.3e pytorch=%.3e %s\n", name.c_str(), replay.error, replay.pytorch,
                replay.good ? "ok" : "FAIL");
    if (!replay.good) {
      std::printf("  %s\n", replay.complaint.c_str());
    }
    all_good = all_good && replay.good;
  }
  return all_good ? 0 : 1;
}
