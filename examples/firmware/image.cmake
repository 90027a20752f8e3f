# linnet_image(NAME [MACHINE machine] SOURCE...): a bare-metal image of these sources with the start-up and the linker
# script of this folder, in the memory of a board. MACHINE is a board of QEMU, by default the toolchain's LINNET_MACHINE;
# for a board of your own add a line to linnet_memory().
set(LINNET_FIRMWARE_DIR ${CMAKE_CURRENT_LIST_DIR})

# origin and length of flash, origin and length of RAM, and where the vectors are if that is not the start of flash
function(linnet_memory machine result)
  if(machine STREQUAL microbit)
    set(memory 0x00000000 0x40000 0x20000000 0x4000)
  elseif(machine MATCHES "^mps2-an(385|386|500)$")
    set(memory 0x00000000 0x400000 0x20000000 0x400000)
  elseif(machine STREQUAL mps2-an505)
    set(memory 0x10000000 0x400000 0x38000000 0x400000)
  elseif(machine STREQUAL mps3-an547)
    set(memory 0x01000000 0x200000 0x21000000 0x200000 0x00000000)
  else()
    message(FATAL_ERROR "linnet_image: the memory of ${machine} is not known: add it to ${CMAKE_CURRENT_FUNCTION_LIST_FILE}")
  endif()
  list(GET memory 0 flash)
  list(GET memory 1 flash_length)
  list(GET memory 2 ram)
  list(GET memory 3 ram_length)
  set(options "-Wl,--defsym=FLASH_ORIGIN=${flash},--defsym=FLASH_LENGTH=${flash_length}"
    "-Wl,--defsym=RAM_ORIGIN=${ram},--defsym=RAM_LENGTH=${ram_length}")
  list(LENGTH memory count)
  if(count EQUAL 5)
    list(GET memory 4 vectors)
    list(APPEND options "-Wl,--defsym=VECTORS_ORIGIN=${vectors}")
  endif()
  set(${result} ${options} PARENT_SCOPE)
endfunction()

function(linnet_image name)
  cmake_parse_arguments(IMAGE "" "MACHINE" "" ${ARGN})
  if(NOT IMAGE_MACHINE)
    set(IMAGE_MACHINE ${LINNET_MACHINE})
  endif()
  linnet_memory(${IMAGE_MACHINE} memory)
  add_executable(${name} ${IMAGE_UNPARSED_ARGUMENTS} ${LINNET_FIRMWARE_DIR}/startup.cpp
    ${LINNET_FIRMWARE_DIR}/semihosting.cpp)
  target_include_directories(${name} PRIVATE ${LINNET_FIRMWARE_DIR})
  target_link_options(${name} PRIVATE -nostartfiles -T${LINNET_FIRMWARE_DIR}/cortex-m.ld ${memory})
  set_target_properties(${name} PROPERTIES SUFFIX .elf LINK_DEPENDS ${LINNET_FIRMWARE_DIR}/cortex-m.ld
    CROSSCOMPILING_EMULATOR "${LINNET_FIRMWARE_DIR}/../../toolchains/qemu-cortex-m.sh;${IMAGE_MACHINE}")
endfunction()
