#!/usr/bin/env bash
# Installs Debian's Chromium and the fonts the screenshots need, where they are missing.
set -euo pipefail
if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -q -i "noto.*cjk"; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium at /usr/bin/chromium: install it with your system's package manager." >&2
  exit 1
fi
sudo=$([ "$(id -u)" = 0 ] || echo sudo)
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq chromium fonts-dejavu-core fonts-noto-cjk fontconfig >/dev/null
