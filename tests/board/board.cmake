# The test suite as bare-metal images: newlib's calls answered by the board (newlib.cpp), doctest without exceptions,
# signals and threads.
set(LINNET_BOARD ON)
include(${PROJECT_SOURCE_DIR}/examples/firmware/image.cmake)

target_compile_definitions(linnet_test_base INTERFACE LINNET_BOARD LINNET_SAMPLE_STRIDE=65521
  DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS DOCTEST_CONFIG_NO_POSIX_SIGNALS DOCTEST_CONFIG_NO_MULTITHREADING
  DOCTEST_CONFIG_COLORS_NONE)
target_compile_options(linnet_test_base INTERFACE -Wno-psabi)  # doctest's vectors of an old GCC

function(linnet_test_program name)
  linnet_image(${name} ${ARGN} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/newlib.cpp)
  target_link_libraries(${name} PRIVATE linnet_test_base)
endfunction()

# The checks that fit a micro:bit run on it, if this core's code does.
set(small_machine)
set(small_label core)
if(LINNET_CORE MATCHES "cortex-m0")
  set(small_machine MACHINE microbit)
  set(small_label microbit)
endif()

# Every public function, with no library beneath but the compiler's.
linnet_image(nothing_hidden discipline/nothing_hidden.cpp)
target_link_libraries(nothing_hidden PRIVATE linnet::linnet linnet_warnings gcc)
target_link_options(nothing_hidden PRIVATE -nostdlib)
target_compile_options(nothing_hidden PRIVATE -ffreestanding)
target_compile_definitions(nothing_hidden PRIVATE LINNET_BOARD)
add_test(NAME "every public function runs with nothing beneath" COMMAND nothing_hidden)
set_tests_properties("every public function runs with nothing beneath" PROPERTIES LABELS core TIMEOUT 600)
