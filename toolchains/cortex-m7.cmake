# Cortex-M7 with the single-precision unit; for a double-precision one say -mfpu=fpv5-d16.
set(LINNET_CORE "-mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard")
set(LINNET_MACHINE mps2-an500)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
