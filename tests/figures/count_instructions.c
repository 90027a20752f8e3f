// A plugin for QEMU 4.2 to 8: counts the instructions that a program executes between two addresses, each time it
// passes there, and for one of these passes also how often each single instruction was executed and left by a jump.
//
//   cc -O2 -shared -fPIC -o libcount.so count_instructions.c      (QEMU's header is not needed: declared here)
//   qemu-... -plugin ./libcount.so,region=NAME:BEGIN:END,...[,refused=ADDRESS][,profile=FILE[,pass=N]]
//
// The instruction at BEGIN is the first that counts, the one at END the first that does not; a pass is left out when
// the instruction at `refused` is executed before the region's next pass. At exit one line per region goes to standard
// error:
//   NAME passes N refused R least A most B first C differs K   (K: the first pass, from 1, whose count is not C; or 0)
// and FILE gets lines "NAME ADDRESS EXECUTED JUMPED" for pass N (the first, unless said otherwise).
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb*));
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void*), void*);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
extern struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn*);
extern const void* qemu_plugin_insn_data(const struct qemu_plugin_insn*);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn*, int, void*, uint64_t);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn*, void (*)(unsigned, void*), int, void*);
__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { kMostRegions = 8, kSlots = 1 << 16 };

struct region {
  char name[24];
  uint64_t begin, end;
  uint64_t start, pending, passes, refused, least, most, first, differs;
  int inside, has_pending;
};
struct place {  // one instruction
  uint64_t address, size, executed[kMostRegions], jumped[kMostRegions];
};

static struct region regions[kMostRegions];
static int region_count;
static uint64_t refused_address;
static const char* profile_file;
static uint64_t profiled_pass = 1;
static uint64_t count;  // of instructions, in all
static struct place* places[kSlots];
static int thumb;
static int profiled = -1;  // the region that is being profiled
static struct place* previous;

static void settle(struct region* r) {
  if (!r->has_pending) {
    return;
  }
  r->has_pending = 0;
  ++r->passes;
  if (r->passes - r->refused == 1) {
    r->first = r->least = r->most = r->pending;
  }
  r->least = r->pending < r->least ? r->pending : r->least;
  r->most = r->pending > r->most ? r->pending : r->most;
  if (r->differs == 0 && r->pending != r->first) {
    r->differs = r->passes;
  }
}

static void on_begin(unsigned cpu, void* data) {
  struct region* r = data;
  (void)cpu;
  settle(r);
  r->start = count;
  r->inside = 1;
  if (r->passes + 1 == profiled_pass && profile_file != NULL) {
    profiled = (int)(r - regions);
    previous = NULL;
  }
}

static void on_end(unsigned cpu, void* data) {
  struct region* r = data;
  (void)cpu;
  if (r->inside) {
    r->inside = 0;
    r->pending = count - r->start;
    r->has_pending = 1;
    profiled = -1;
  }
}

static void on_refused(unsigned cpu, void* data) {
  (void)cpu, (void)data;
  for (int k = 0; k < region_count; ++k) {
    if (regions[k].has_pending) {
      regions[k].has_pending = 0;
      ++regions[k].passes;
      ++regions[k].refused;
    }
  }
}

static void on_instruction(unsigned cpu, void* data) {
  struct place* p = data;
  (void)cpu;
  if (profiled < 0) {
    return;
  }
  ++p->executed[profiled];
  if (previous != NULL && previous->address + previous->size != p->address) {
    ++previous->jumped[profiled];
  }
  previous = p;
}

// Not what qemu_plugin_insn_size() says: that is 4 for a short Thumb instruction at the end of a page, where the
// translator has looked ahead.
static uint64_t size_of(const struct qemu_plugin_insn* instruction) {
  uint16_t half;
  memcpy(&half, qemu_plugin_insn_data(instruction), sizeof half);
  return thumb && half < 0xe800 ? 2 : 4;
}

static struct place* place_of(const struct qemu_plugin_insn* instruction) {
  const uint64_t address = qemu_plugin_insn_vaddr(instruction);
  size_t slot = (size_t)(address >> 1) % kSlots;
  while (places[slot] != NULL && places[slot]->address != address) {
    slot = (slot + 1) % kSlots;
  }
  if (places[slot] == NULL) {
    places[slot] = calloc(1, sizeof(struct place));
    places[slot]->address = address;
    places[slot]->size = size_of(instruction);
  }
  return places[slot];
}

static void on_block(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
  (void)id;
  for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
    struct qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(block, i);
    const uint64_t address = qemu_plugin_insn_vaddr(instruction);
    for (int k = 0; k < region_count; ++k) {
      if (regions[k].end == address) {
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_end, 0, &regions[k]);
      }
      if (regions[k].begin == address) {
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_begin, 0, &regions[k]);
      }
    }
    if (address == refused_address) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_refused, 0, NULL);
    }
    if (profile_file != NULL) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_instruction, 0, place_of(instruction));
    }
    qemu_plugin_register_vcpu_insn_exec_inline(instruction, 0 /* add */, &count, 1);
  }
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void* data) {
  (void)id, (void)data;
  for (int k = 0; k < region_count; ++k) {
    struct region* r = &regions[k];
    settle(r);
    fprintf(stderr, "%s passes %llu refused %llu least %llu most %llu first %llu differs %llu\n", r->name,
            (unsigned long long)r->passes, (unsigned long long)r->refused, (unsigned long long)r->least,
            (unsigned long long)r->most, (unsigned long long)r->first, (unsigned long long)r->differs);
  }
  FILE* file = profile_file != NULL ? fopen(profile_file, "w") : NULL;
  for (size_t slot = 0; file != NULL && slot < kSlots; ++slot) {
    for (int k = 0; k < region_count; ++k) {
      if (places[slot] != NULL && places[slot]->executed[k] > 0) {
        fprintf(file, "%s %llx %llu %llu\n", regions[k].name, (unsigned long long)places[slot]->address,
                (unsigned long long)places[slot]->executed[k], (unsigned long long)places[slot]->jumped[k]);
      }
    }
  }
  if (file != NULL) {
    fclose(file);
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const char* const* info, int argc,
                                                               char** argv) {
  thumb = strcmp(info[0], "arm") == 0;  // the name of the target; of the Arm cores only Cortex-M is measured
  for (int i = 0; i < argc; ++i) {
    struct region* r = &regions[region_count];
    unsigned long long begin, end;
    if (region_count < kMostRegions && sscanf(argv[i], "region=%23[^:]:%llx:%llx", r->name, &begin, &end) == 3) {
      r->begin = begin & ~1ull;
      r->end = end & ~1ull;
      ++region_count;
    } else if (strncmp(argv[i], "refused=", 8) == 0) {
      refused_address = strtoull(argv[i] + 8, NULL, 16) & ~1ull;
    } else if (strncmp(argv[i], "profile=", 8) == 0) {
      profile_file = strdup(argv[i] + 8);
    } else if (strncmp(argv[i], "pass=", 5) == 0) {
      profiled_pass = strtoull(argv[i] + 5, NULL, 10);
    } else {
      fprintf(stderr, "count_instructions: what is %s?\n", argv[i]);
      return 1;
    }
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
  qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
  return 0;
}
