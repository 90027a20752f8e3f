# Cortex-M55 with scalar and vector floating point (the library uses the scalar one: Helium flushes subnormals).
set(LINNET_CORE "-mcpu=cortex-m55 -mfloat-abi=hard")
set(LINNET_MACHINE mps3-an547)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
