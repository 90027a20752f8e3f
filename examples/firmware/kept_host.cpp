// On a computer each life of the program is a process, so that a reset takes all its memory but a shared mapping.
#include "kept.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::size_t kBytes = 1024;
constexpr int kAgain = 99;  // how a life ends that was reset

// Runs one life after the other; returns in each of them, never in the process that waits for them.
void begin_life() {
  int status = 0;
  do {
    const pid_t life = fork();
    if (life == 0) return;
    if (life < 0 || waitpid(life, &status, 0) != life || !WIFEXITED(status)) std::_Exit(1);
  } while (WEXITSTATUS(status) == kAgain);
  std::_Exit(WEXITSTATUS(status));
}

}  // namespace

namespace board {

linnet::Span<unsigned char> kept_memory() {
  static void* memory = nullptr;
  if (memory == nullptr) {
    memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    std::fflush(stdout);  // or each life would say it once more
    begin_life();
  }
  return {static_cast<unsigned char*>(memory), kBytes};
}

void reset() {
  std::fflush(stdout);
  std::_Exit(kAgain);
}

}  // namespace board
