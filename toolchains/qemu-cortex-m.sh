#!/bin/sh
# qemu-cortex-m.sh MACHINE IMAGE [QEMU ARGUMENT...]: runs a bare-metal image under QEMU. What it reports over semihosting
# goes to standard output; its exit code is the image's. The images take no arguments.
set -eu
machine=$1
image=$2
shift 2
exec qemu-system-arm -M "$machine" -display none -monitor none -serial none \
  -chardev stdio,id=host,signal=off -semihosting-config enable=on,target=native,chardev=host "$@" -kernel "$image" </dev/null
