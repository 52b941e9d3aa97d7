"""What ``socialdesk doctor`` tells of who can read the desk on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.finding import Finding, Level
from socialdesk.i18n import N_, _
from socialdesk.storage import backup
from socialdesk.storage.location import locate
from socialdesk.storage.marks import mark_of

_KEPT = {
    "keyring": N_("the system's keyring"),
    "env": N_("an environment variable"),
    "command": N_("a command"),
    "credential": N_("a credential of the service"),
    "plain": N_("a file beside the desk, not encrypted"),
}


def leftovers(context: Context) -> Iterator[Finding]:
    """Whether a copy that was cut off has left anything; it is removed."""
    path = locate(context.paths, os.environ)
    if not path.parent.is_dir() or not (removed := backup.tidy(path)):
        return
    text = _("A copy of the desk had been cut off; what was left of it is removed: {files}.")
    if mark_of(path):
        text += " " + _("Parts of it may have been readable, although the desk is encrypted.")
    yield Finding("leftovers", Level.NOTE, text.format(files=_names(removed)))


def encryption(context: Context) -> Iterator[Finding]:
    """Whether what can be read on the disk is what the person believes."""
    path = locate(context.paths, os.environ)
    mark = mark_of(path)
    if not mark:
        return
    from socialdesk.storage import copies, keys, sealing

    keys.find(mark, path)
    text = _(
        "The desk is encrypted; its key is kept here: {place}. Have a copy of it: socialdesk encrypt --show-key"
    )
    kind = keys.kept_in(mark)
    yield Finding(
        "encryption", Level.NOTE if kind == "plain" else Level.GOOD, text.format(place=_(_KEPT[kind]))
    )
    if found := _names(sealing.plain_copies(path)):
        text = _('Not encrypted, although the desk is: {files}. "socialdesk encrypt" does that.')
        yield Finding("encryption", Level.WRONG, text.format(files=found))
    if found := _names(one for one in copies.strays(path) if not mark_of(one)):
        text = _("Not encrypted, and not made by this desk: {files}. Delete what you do not need.")
        yield Finding("encryption", Level.NOTE, text.format(files=found))


def _names(files: Iterable[Path]) -> str:
    return ", ".join(one.name for one in files)
