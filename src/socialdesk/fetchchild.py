"""Fetches attachments in a process of its own: no network's module and no password comes into the screen's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from socialdesk.i18n import _, language

# -P: nothing in the folder where the person happens to be is taken for one of our modules.
COMMAND = (sys.executable, "-P", "-m", "socialdesk")


class FetchFailed(Exception):
    """Nothing was fetched; its text says why, in the person's language."""


async def fetch(
    conversation_id: int,
    number: int | None,
    *,
    demo: bool = False,
    command: Sequence[str] = COMMAND,
) -> list[str]:
    """Save one attachment of a conversation, or all; returns the files. Raises ``FetchFailed``.

    Ends the process when it is itself cancelled.
    """
    import asyncio
    import json
    from subprocess import DEVNULL, PIPE

    from socialdesk.domain.text import one_line

    words = [*command, "--language", language(), "attachment", "save", str(conversation_id)]
    words += [str(number)] if number is not None else []
    words += ["--json", *(["--demo"] if demo else [])]
    process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    try:
        told, trouble = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise FetchFailed(one_line(trouble.decode(errors="replace")) or _("Nothing was saved."))
    return [str(one["path"]) for one in json.loads(told)]
