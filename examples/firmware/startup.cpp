// Start-up for any Cortex-M: the vector table, the floating-point unit, .data and .bss, main(). Needs no library. For a
// real board add its interrupt handlers to the table; clocks are set up in main().
#include <cstdint>

#include "board.hpp"

extern "C" {
extern std::uint32_t linnet_stack_top, linnet_data_load, linnet_data_start, linnet_data_end, linnet_bss_start,
    linnet_bss_end;
using Function = void (*)();
extern Function linnet_constructors_start[], linnet_constructors_end[];

int run_program() __asm__("main");  // C++ does not let main() be called by its name

// Faults, and interrupts nobody asked for.
[[noreturn]] void fault_handler() {
  board::write("fault\n");
  board::stop(125);
}

[[noreturn]] void reset_handler() {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  *reinterpret_cast<volatile std::uint32_t*>(0xe000ed88u) |= 0xfu << 20;  // CPACR: the coprocessors 10 and 11
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  const volatile std::uint32_t* from = &linnet_data_load;
  for (volatile std::uint32_t* to = &linnet_data_start; to < &linnet_data_end; ++to, ++from) {
    *to = *from;
  }
  for (volatile std::uint32_t* to = &linnet_bss_start; to < &linnet_bss_end; ++to) {
    *to = 0;
  }
  for (Function* constructor = linnet_constructors_start; constructor < linnet_constructors_end; ++constructor) {
    (*constructor)();
  }
  board::stop(run_program());
}

// The stack, then the 15 exceptions of the core: reset, NMI, faults, SVCall, PendSV, SysTick.
__attribute__((used, section(".vectors"))) const Function linnet_vectors[16] = {
    reinterpret_cast<Function>(&linnet_stack_top),
    reset_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    fault_handler,
    nullptr,
    nullptr,
    nullptr,
    fault_handler,
    fault_handler,
    nullptr,
    fault_handler,
    fault_handler,
};
}
