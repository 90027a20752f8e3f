# Cortex-M33 with its single-precision unit.
set(LINNET_CORE "-mcpu=cortex-m33 -mfpu=fpv5-sp-d16 -mfloat-abi=hard")
set(LINNET_MACHINE mps2-an505)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
