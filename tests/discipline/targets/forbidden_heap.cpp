// Every way to the heap, leading to a function that does not exist. Linked with --wrap for the C ones and with
// --gc-sections: a program that never asks for memory loses these functions, any other one does not link.
#include <cstddef>

extern "C" {
[[noreturn]] void FORBIDDEN_use_of_the_heap();
void* __wrap_malloc(std::size_t) { FORBIDDEN_use_of_the_heap(); }
void* __wrap_calloc(std::size_t, std::size_t) { FORBIDDEN_use_of_the_heap(); }
void* __wrap_realloc(void*, std::size_t) { FORBIDDEN_use_of_the_heap(); }
void __wrap_free(void*) { FORBIDDEN_use_of_the_heap(); }
}

void* operator new(std::size_t) { FORBIDDEN_use_of_the_heap(); }
void* operator new[](std::size_t) { FORBIDDEN_use_of_the_heap(); }
void operator delete(void*) noexcept { FORBIDDEN_use_of_the_heap(); }
void operator delete(void*, std::size_t) noexcept { FORBIDDEN_use_of_the_heap(); }
void operator delete[](void*) noexcept { FORBIDDEN_use_of_the_heap(); }
void operator delete[](void*, std::size_t) noexcept { FORBIDDEN_use_of_the_heap(); }
