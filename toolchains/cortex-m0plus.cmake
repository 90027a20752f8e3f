# Cortex-M0 and M0+: no floating point hardware. QEMU's board is an M3, which runs the same instructions.
set(LINNET_CORE "-mcpu=cortex-m0plus")
set(LINNET_MACHINE mps2-an385)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
