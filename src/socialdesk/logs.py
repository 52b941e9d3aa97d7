"""The one log: rotating, readable by its owner only, without a secret in it.

What leaves through the formatter, tracebacks included, has every secret seen so far and everything that looks like
a token replaced. Tracebacks hold no local variables. One process writes a file; the engine's is ``paths.log_file``.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from socialdesk.domain.text import one_line, scrub
from socialdesk.privatefile import make_folder

MAX_BYTES = 1_000_000
KEPT = 3
SHORTEST = 4
"""Shorter secrets are not replaced: they would tear common words apart."""

TORN = 6
"""So many of its first characters are a secret still, at the end of a text that was cut short."""
MOST = 1000
"""Secrets kept in mind: tokens are renewed for as long as the engine runs, and those in use are read again."""

HIDDEN = "[hidden]"
_NAMES = r"access_?token|refresh_?token|id_?token|accessJwt|refreshJwt|client_?secret|api_?key|app_?password|password|passwd|secret|token"
_PATTERNS = (
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic|dpop)\s+)[^\s'\",;]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|dpop)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),  # RFC 7519: header.payload.signature
    (re.compile(r"(/bot|\bbot)\d{5,}:[\w-]{20,}"), rf"\1{HIDDEN}"),  # Telegram puts the token in the path
    (re.compile(rf"(?i)\b({_NAMES})(['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,;}})]+"), rf"\1\2{HIDDEN}"),
    (re.compile(r"(?i)(https?://)[^/\s:@]+:[^/\s@]+@"), rf"\1{HIDDEN}@"),
)
_NOISY = ("httpx", "httpcore", "hpack", "asyncio", "keyring", "alembic", "sqlalchemy")
_secrets: dict[str, re.Pattern[str]] = {}
_lock = threading.Lock()


def hide(secret: str) -> None:
    """Never write this text into the log from now on, plain or as addresses, JSON, HTML and Python quote it."""
    if len(secret) >= SHORTEST:
        from socialdesk.quoting import spelt

        with _lock:
            known = _secrets.pop(secret, None)
            _secrets[secret] = re.compile(spelt(secret)) if known is None else known
            if len(_secrets) > MOST:
                del _secrets[next(iter(_secrets))]


def redact(text: str, shortest: int = SHORTEST) -> str:
    """Return the text without the secrets seen so far, from that length on, and without what looks like one."""
    text = without_known(text, shortest)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def without_known(text: str, shortest: int = SHORTEST) -> str:
    """Return the text without the secrets seen so far, from that length on."""
    with _lock:
        known = sorted(_secrets.items(), key=lambda item: len(item[0]), reverse=True)
    for secret, pattern in known:
        if len(secret) >= shortest:
            text = _without_torn(pattern.sub(HIDDEN, text), secret)
    return text


def _without_torn(text: str, secret: str) -> str:
    """Return the text without the beginning of the secret that it ends with: somebody cut it in the middle."""
    at = max(len(text) - len(secret), 0)
    while (at := text.find(secret[:TORN], at)) >= 0:
        if secret.startswith(text[at:]):
            return text[:at] + HIDDEN
        at += 1
    return text


def safe_detail(text: str, limit: int = 300) -> str:
    """Return what a network or a plugin said as one harmless line without secrets, fit for a table and a screen."""
    return one_line(redact(text[: limit * 8]))[:limit]


class Redacting(logging.Formatter):
    """Writes UTC times, and nothing secret or able to command a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the record's moment in UTC."""
        return time.strftime(datefmt or "%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, its traceback indented below it."""
        return scrub(redact(super().format(record))).replace("\n", "\n    ")


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner can read, from birth; what it has no room for is not written."""

    def _open(self) -> TextIOWrapper:
        def owner_only(path: str, flags: int) -> int:
            return os.open(path, flags | os.O_CLOEXEC, 0o600)

        return open(  # type: ignore[return-value]
            self.baseFilename, self.mode, encoding="utf-8", errors="replace", opener=owner_only
        )

    def handleError(self, record: logging.LogRecord) -> None:
        """Let a line be lost where the disk is full: Python would print it, with its secrets, on the screen."""


def start(file: Path, level: int = logging.INFO) -> None:
    """Write this process's log into that file from now on; libraries that log URLs with tokens are silenced."""
    make_folder(file.parent)
    handler = PrivateFile(file, maxBytes=MAX_BYTES, backupCount=KEPT, delay=True)
    handler.setFormatter(Redacting())
    root = logging.getLogger("socialdesk")
    stop()
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False
    logging.getLogger().addHandler(handler)  # a plugin's own logger would write to stderr, as it is
    silence()


def silence() -> None:
    """Keep libraries from logging URLs, headers and locals of their own."""
    for name in _NOISY:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def stop() -> None:
    """Close the log."""
    for root in (logging.getLogger("socialdesk"), logging.getLogger()):
        for handler in [h for h in root.handlers if isinstance(h, PrivateFile)]:
            root.removeHandler(handler)
            handler.close()
