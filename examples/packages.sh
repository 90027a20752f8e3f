#!/bin/sh
# packages.sh [--no-install] PACKAGE...: sees to it that these Debian packages are installed. As root it installs what is
# missing; otherwise it prints the one line that does and exits with 2. --no-install does nothing.
set -eu

if [ "${1:-}" = --no-install ]; then
  exit 0
fi
missing=
for package in "$@"; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *'ok installed') ;;
    *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "Some packages are missing. Install them with:" >&2
  echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
  exit 2
fi
echo "installing:$missing"
apt-get update -qq
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
