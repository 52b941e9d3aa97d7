"""What people read of attachments: what it is, what it shows or is called, how long it is."""

from __future__ import annotations

from socialdesk.domain.models import Attachment, Media
from socialdesk.domain.text import preview
from socialdesk.i18n import _
from socialdesk.wording import MEDIA, number

LONGEST = 500
"""Characters of a description that are shown; it is kept whole."""


def attachment_text(attachment: Attachment) -> str:
    """Return the line that stands for an attachment: "[photo: a cake with candles]", "[file: bill.pdf, 120 kB]"."""
    parts = [part for part in (_told(attachment), size_text(attachment.size)) if part]
    label = _(MEDIA[attachment.media])
    if not parts:
        return f"[{label}]"
    between = ": " if _told(attachment) else ", "
    return f"[{label}{between}{', '.join(parts)}]"


def size_text(size: int | None) -> str:
    """Return a length in bytes as people say it, "" where it is unknown."""
    if size is None:
        return ""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            amount = size / factor
            return f"{number(round(amount, 1) if amount < 10 else round(amount))} {unit}"
    return f"{number(size)} B"


def _told(attachment: Attachment) -> str:
    """Return what it is called, if it is a file, or what it shows."""
    said = " · ".join(line for line in map(str.strip, attachment.description.split("\n")) if line)
    if attachment.media in (Media.FILE, Media.OTHER) and attachment.name:
        said = f"{attachment.name}: {said}" if said and said != attachment.name else attachment.name
    return preview(said or attachment.name, LONGEST)
