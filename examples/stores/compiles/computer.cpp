// A file, and an array.
#include "../file_store.hpp"
#include "../ram_store.hpp"

linnet::Store learned_in_a_file() {
  static unsigned char memory[4096];
  static stores::FileStore file("learned.lnt", memory);
  static_cast<void>(file.open());
  return file.store();
}

linnet::Store learned_in_ram() {
  static unsigned char memory[4096];
  return stores::ram_store(memory);
}
