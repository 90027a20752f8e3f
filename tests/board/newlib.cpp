// What newlib asks of a system, for the images of the test suite alone: words go to the board, the heap lies between
// .bss and the stack, there are no files. doctest and the oracles need it; the library does not.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <sys/stat.h>

#include "board.hpp"

namespace {

constexpr std::uintptr_t kStackBytes = 128 * 1024;

// elementary_test.cpp draws its sample's offset from std::random_device, which a board has not.
char sample_offset[] = "LINNET_SAMPLE_OFFSET=0";
char* environment[] = {sample_offset, nullptr};

int refuse(int reason) {
  errno = reason;
  return -1;
}

}  // namespace

// The terminate handler that would print the exception's name carries 40 KB of demangler; there are no exceptions.
namespace __gnu_cxx {
[[noreturn]] void __verbose_terminate_handler() {
  board::write("terminated\n");
  board::stop(124);
}
}  // namespace __gnu_cxx

extern "C" {

extern char end[], linnet_stack_top[];
char** environ = environment;
void* __dso_handle = nullptr;  // what is registered to run at exit never runs

void* _sbrk(std::ptrdiff_t bytes) {
  static char* top = end;
  const std::uintptr_t limit = reinterpret_cast<std::uintptr_t>(linnet_stack_top) - kStackBytes;
  if (reinterpret_cast<std::uintptr_t>(top) + static_cast<std::uintptr_t>(bytes) > limit) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  char* const block = top;
  top += bytes;
  return block;
}

int _write(int /*file*/, const char* from, int bytes) {
  char text[128];
  for (int done = 0; done < bytes;) {
    const int count = bytes - done < 127 ? bytes - done : 127;
    std::memcpy(text, from + done, static_cast<std::size_t>(count));
    text[count] = '\0';
    board::write(text);
    done += count;
  }
  return bytes;
}

[[noreturn]] void _exit(int code) { board::stop(code); }
int _open(const char* /*path*/, int /*flags*/, int /*mode*/) { return refuse(ENOENT); }
int _close(int /*file*/) { return refuse(EBADF); }
int _read(int /*file*/, char* /*to*/, int /*bytes*/) { return 0; }
int _lseek(int /*file*/, int /*offset*/, int /*from*/) { return refuse(ESPIPE); }
int _isatty(int /*file*/) { return 1; }  // so that lines are sent when they end
int _fstat(int /*file*/, struct stat* about) {
  about->st_mode = S_IFCHR;
  return 0;
}
int _kill(int /*process*/, int /*signal*/) { return refuse(EINVAL); }
int _getpid() { return 1; }
int _gettimeofday(void* /*time*/, void* /*zone*/) { return refuse(ENOSYS); }
int getentropy(void* /*to*/, std::size_t /*bytes*/) { return refuse(ENOSYS); }
int _unlink(const char* /*path*/) { return refuse(ENOENT); }
}
