# What the Cortex-M toolchains share. They set LINNET_CORE, the flags of the core, and LINNET_MACHINE, the board of QEMU
# that ctest runs images on (empty: none).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # an image needs a start-up and a linker script: see examples/firmware
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_C_FLAGS_INIT "${LINNET_CORE} -mthumb -ffunction-sections -fdata-sections")
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT} -fno-exceptions -fno-rtti -fno-threadsafe-statics \
-fno-unwind-tables -fno-asynchronous-unwind-tables")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
set(CMAKE_FIND_ROOT_PATH /usr/arm-none-eabi)
set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/qemu-cortex-m.sh;${LINNET_MACHINE}")
