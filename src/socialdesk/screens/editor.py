"""The person's own editor: what it does to a text, and in words what kept it from doing so."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from socialdesk.i18n import _


class EditorFailed(Exception):
    """The text was not edited; the message says why, in words."""


def editor_command() -> str:
    """Return the command of the editor that the person has chosen."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"


def edited(text: str, command: str) -> str:
    """Let an editor change a text, in a file only the person can read, and return it.

    Raises ``EditorFailed`` whatever went wrong; nothing was changed then.
    """
    import tempfile

    path = None
    try:
        handle, name = tempfile.mkstemp(prefix="socialdesk-", suffix=".txt")
        path = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        _run(command, name)
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
    except OSError as error:
        words = _("The text could not be handed to the editor: {error}. The answer is as it was.")
        raise EditorFailed(words.format(error=error.strerror or error)) from error
    finally:
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink()


def open_file(path: Path, command: str) -> None:
    """Let an editor change a file. Raises ``EditorFailed``."""
    _run(command, str(path))


def _run(command: str, name: str) -> None:
    import shlex
    import subprocess

    try:
        code = subprocess.run([*shlex.split(command), name], check=False).returncode
    except (OSError, ValueError) as error:
        words = _("The editor {command} was not found. The answer is as it was.")
        raise EditorFailed(words.format(command=command)) from error
    if code:
        words = _("The editor {command} ended with an error. The answer is as it was.")
        raise EditorFailed(words.format(command=command))
