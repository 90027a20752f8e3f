# Raspberry Pi 1 and Zero: ARMv6 with VFPv2. Debian's hard-float libraries are for ARMv7, so the soft-float
# calling convention and static programs: these run on Raspberry Pi OS too.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR armv6l)
set(CMAKE_C_COMPILER arm-linux-gnueabi-gcc)
set(CMAKE_CXX_COMPILER arm-linux-gnueabi-g++)
set(CMAKE_CXX_FLAGS_INIT "-march=armv6 -marm -mfpu=vfp -mfloat-abi=softfp -Wno-psabi")
set(CMAKE_C_FLAGS_INIT "-march=armv6 -marm -mfpu=vfp -mfloat-abi=softfp")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
set(CMAKE_FIND_ROOT_PATH /usr/arm-linux-gnueabi)
set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-arm;-cpu;arm1176")
