#!/usr/bin/env bash
# Installs what the live tests start: a keyring, Dovecot, aiogram, which judges what we ask of Telegram, Synapse, mastodon_mock (all PyPI, into .live/), and Bluesky's reference network (npm, into
# .live/) with its PostgreSQL and Redis; and what X and Google publish of their APIs, which is read and not run (PyPI, into .live/published).
# Repeated, it does nothing. Needs Node.js 18 or newer.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
live="$here/../../.live"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi; }
have_postgres() { command -v postgres >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; }

missing=()
command -v gnome-keyring-daemon >/dev/null || missing+=(gnome-keyring)
command -v dbus-run-session >/dev/null || missing+=(dbus)
[ -x /usr/lib/dovecot/imap ] || missing+=(dovecot-imapd)
[ -x /usr/lib/dovecot/lmtp ] || missing+=(dovecot-lmtpd)
have_postgres || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  as_root apt-get update -qq || { echo "the live tests need: ${missing[*]}" >&2; exit 1; }
  # RUNLEVEL=1 keeps the packages from starting servers of their own: the tests start theirs.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if ! node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'; then
  echo "the live tests need Node.js 18 or newer; this is $(node --version)" >&2
  exit 1
fi

mkdir -p "$live"
if ! cmp -s "$here/package.json" "$live/package.json" || [ ! -e "$live/.complete" ]; then
  rm -f "$live/.complete"
  cp "$here/package.json" "$live/package.json"
  # No lock file: it would hold the address of whatever registry this machine uses.
  (cd "$live" && npm install --no-package-lock --no-audit --no-fund --loglevel=error)
  touch "$live/.complete"
fi

# A virtual environment of its own: Synapse's libraries are not ours.
synapse="$live/synapse"
if ! "$synapse/bin/python" -c 'import synapse' 2>/dev/null; then
  python3 -m venv --clear "$synapse"
  "$synapse/bin/python" -m pip --disable-pip-version-check install --quiet 'matrix-synapse>=1.140,<2'
fi

if ! "$live/telegram/bin/python" -c 'import aiogram' 2>/dev/null; then
  python3 -m venv "$live/telegram"
  "$live/telegram/bin/python" -m pip --disable-pip-version-check install --quiet 'aiogram>=3.28,<4'
fi

if ! "$live/mastodon/bin/python" -c 'import mastodon_mock' 2>/dev/null; then
  python3 -m venv "$live/mastodon"
  "$live/mastodon/bin/python" -m pip --disable-pip-version-check install --quiet 'mastodon_mock>=0.6,<0.7'
fi

# Without what they need to run. Of the client for X two versions: 0.9 has the former names of the fields.
published="$live/published"
publish() { [ -d "$published/$1" ] || python3 -m pip --disable-pip-version-check install --quiet --no-deps --target "$published/$1" "$2"; }
publish x 'xdk>=0.10.6,<0.11'
publish x-former 'xdk==0.9.0'
publish google 'google-api-python-client>=2.202,<3'
