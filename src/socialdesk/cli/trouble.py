"""Writes an unexpected error to the log, so that the person needs to read one line only."""

from __future__ import annotations

from pathlib import Path

from socialdesk.paths import Paths


def record(paths: Paths, error: Exception) -> Path | None:
    """Return the log file that now holds the error's story, or None where it cannot be written."""
    import logging

    file = paths.logs / "errors.log"  # the engine's process writes the other one
    try:
        from socialdesk import logs

        logs.start(file)
        logging.getLogger("socialdesk").error("unexpected", exc_info=error)
        logs.stop()
    except OSError:
        return None
    return file
