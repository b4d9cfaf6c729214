#!/bin/sh
# Debian's Chromium without a window and a Chinese font, for the browser tests and the screenshots.
# The whole Chromium does as well; it only takes longer.
set -eu
ready() {
  { command -v chromium-headless-shell || command -v chromium; } >/dev/null &&
    command -v fc-list >/dev/null && fc-list | grep -qi cjk
}
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  get="apt-get install -qq --yes --no-install-recommends"
  apt-get update -qq || true
  $get fonts-noto-cjk fontconfig >/dev/null || true
  $get chromium-headless-shell >/dev/null || $get chromium >/dev/null || true
fi
if ! ready; then
  echo "The browser tests need Debian's chromium-headless-shell and fonts-noto-cjk. As root, once:" >&2
  echo "  apt-get install --yes chromium-headless-shell fonts-noto-cjk" >&2
  exit 1
fi
