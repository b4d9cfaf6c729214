#!/bin/sh
# Debian's Chromium and a Chinese font, for the browser tests and the screenshots.
set -eu
if [ "$(id -u)" != 0 ]; then
  echo "The browser tests need Debian's chromium and fonts-noto-cjk. As root, once:" >&2
  echo "  apt-get install --yes chromium fonts-noto-cjk" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need the command 'chromium' and a Chinese font; install them." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
