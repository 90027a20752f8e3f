// file_cut FOLDER: examples/stores/file_store.hpp loses its power before every call to the file system, in the middle of
// what it writes, and after sync() has returned; each time the file is all that it was or all that was synced, and the
// latter once sync() has returned. What a file system may leave undone until it is synced is undone: a file's bytes, the
// new name of a file. The program is linked with --wrap, so that these calls come here first. Ends with "N cuts, 0 lost".
#include <sys/wait.h>

#include <cstdlib>

#include "../../examples/stores/file_store.hpp"

// What the linker makes of these calls: `call` is the program's, `real` the library's.
std::FILE* call_fopen(const char* name, const char* mode) __asm__("__wrap_fopen");
std::size_t call_fwrite(const void* from, std::size_t size, std::size_t count,
                        std::FILE* file) __asm__("__wrap_fwrite");
int call_fsync(int file) __asm__("__wrap_fsync");
int call_rename(const char* from, const char* to) __asm__("__wrap_rename");
std::FILE* real_fopen(const char* name, const char* mode) __asm__("__real_fopen");
std::size_t real_fwrite(const void* from, std::size_t size, std::size_t count,
                        std::FILE* file) __asm__("__real_fwrite");
int real_fsync(int file) __asm__("__real_fsync");
int real_rename(const char* from, const char* to) __asm__("__real_rename");

namespace {

constexpr std::size_t kBytes = 512;
constexpr int kSynced = 0, kCut = 9;  // how the process with the power cut ends
unsigned char memory[kBytes];
std::string path, before;  // `before`: a copy of what was at `path`

long left = -1;  // calls until the power is cut; negative: never
bool bytes_come_late = false, names_come_late = false;
bool bytes_are_synced = true, renamed = false, name_is_synced = true;

// Copies a file; where there is none, there is none afterwards.
void copy(const std::string& from, const std::string& to) {
  unsigned char bytes[kBytes];
  std::remove(to.c_str());
  std::FILE* source = real_fopen(from.c_str(), "rb");
  if (source == nullptr) return;
  const std::size_t count = std::fread(bytes, 1, kBytes, source);
  std::fclose(source);
  std::FILE* target = real_fopen(to.c_str(), "wb");
  if (target == nullptr || real_fwrite(bytes, 1, count, target) != count || std::fclose(target) != 0) std::abort();
}

[[noreturn]] void cut(int code) {
  left = -1;
  if (bytes_come_late && !bytes_are_synced && truncate((renamed ? path : path + ".new").c_str(), 0) != 0) std::abort();
  if (names_come_late && !name_is_synced) copy(before, path);
  _exit(code);
}
void spend() {
  if (left >= 0 && left-- == 0) cut(kCut);
}

}  // namespace

std::FILE* call_fopen(const char* name, const char* mode) {
  spend();
  return real_fopen(name, mode);
}
std::size_t call_fwrite(const void* from, std::size_t size, std::size_t count, std::FILE* file) {
  spend();
  if (left == 0) {  // the next cut is in the middle
    real_fwrite(from, size, count / 2, file);
    std::fflush(file);
    spend();
  }
  bytes_are_synced = left < 0;
  return real_fwrite(from, size, count, file);
}
int call_fsync(int file) {
  spend();
  (renamed ? name_is_synced : bytes_are_synced) = true;
  return real_fsync(file);
}
int call_rename(const char* from, const char* to) {
  spend();
  copy(path, before);
  renamed = true;
  name_is_synced = false;
  return real_rename(from, to);
}

namespace {

bool keep(unsigned char value) {
  stores::FileStore file(path.c_str(), memory);
  if (!file.open()) return false;
  const linnet::Store store = file.store();
  unsigned char bytes[kBytes];
  std::memset(bytes, value, kBytes);
  return store.write(store.context, 0, bytes, kBytes) && store.sync(store.context);
}

// Whether all bytes on the medium are `value`.
bool is_kept(unsigned char value) {
  stores::FileStore file(path.c_str(), memory);
  bool same = file.open();
  for (const unsigned char byte : memory) same = same && byte == value;
  return same;
}

// A process of its own keeps `value` and loses its power at call `at`. Returns how it ended.
int keep_with_cut(unsigned char value, long at) {
  const pid_t child = fork();
  if (child == 0) {
    renamed = false;
    left = at;
    if (!keep(value)) std::abort();
    cut(kSynced);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  path = std::string(argv[1]) + "/medium";
  before = path + ".before";
  long cuts = 0, lost = 0;
  for (int world = 0; world < 8; ++world) {
    bytes_come_late = (world & 1) != 0;
    names_come_late = (world & 2) != 0;
    const bool is_first = (world & 4) != 0;  // nothing was kept before
    int ended = kCut;
    for (long at = 0; ended != kSynced; ++at, ++cuts) {
      std::remove(path.c_str());
      if (!is_first && !keep(1)) std::abort();
      ended = keep_with_cut(2, at);
      const bool old = is_kept(is_first ? 0xff : 1);
      if (ended == kSynced ? !is_kept(2) : ended != kCut || !(old || is_kept(2))) {
        std::printf("LOST: world %d, cut at call %ld, ended with %d\n", world, at, ended);
        ++lost;
      }
      if (at > 100) return 1;
    }
  }
  std::printf("%ld cuts, %ld lost\n", cuts, lost);
  return lost == 0 ? 0 : 1;
}
