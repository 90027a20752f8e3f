# Cortex-M3: no floating point hardware.
set(LINNET_CORE "-mcpu=cortex-m3")
set(LINNET_MACHINE mps2-an385)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
