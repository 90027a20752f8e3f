# Cortex-M4 with its single-precision unit.
set(LINNET_CORE "-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard")
set(LINNET_MACHINE mps2-an386)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
