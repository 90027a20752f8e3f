# Clang in the place of GCC, for any toolchain file of this project: the environment variable LINNET_TOOLCHAIN names it.
# Headers, libraries and, on bare metal, the linker stay those of the GCC that it names.
include($ENV{LINNET_TOOLCHAIN})
string(REGEX REPLACE "-g[+][+]$" "" triple "${CMAKE_CXX_COMPILER}")
if(CMAKE_SYSTEM_NAME STREQUAL Generic)
  # Clang does not look where newlib's headers are: GCC is asked. Its own headers (stddef.h, ...) Clang brings itself.
  separate_arguments(core UNIX_COMMAND "${LINNET_CORE} -mthumb")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${core} -xc++ -E -v /dev/null OUTPUT_QUIET ERROR_VARIABLE search)
  string(REGEX MATCHALL "\n /[^\n]+" folders "${search}")
  foreach(folder ${folders})
    string(STRIP "${folder}" folder)
    if(folder MATCHES "/${triple}/include")
      string(APPEND CMAKE_CXX_FLAGS_INIT " -isystem ${folder}")
    endif()
  endforeach()
  set(CMAKE_CXX_LINK_EXECUTABLE
    "${CMAKE_CXX_COMPILER} ${LINNET_CORE} -mthumb <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES>")
endif()
set(CMAKE_AR ${triple}-ar)
set(CMAKE_RANLIB ${triple}-ranlib)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET ${triple})
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET ${triple})
