"""Rules of others: functions named by entry points in the group ``socialdesk.checks``.

Each takes a ``Draft`` and returns ``Finding``s of one of the families. One that fails is named and skipped; one that
does not answer within ``PATIENCE`` is named and not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import entry_points
from threading import Thread
from typing import NamedTuple

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rulefiles import FAMILIES
from socialdesk.i18n import _

GROUP = "socialdesk.checks"
PATIENCE = 2.0
"""Seconds that a plugin may take for a draft."""


class Plugin(NamedTuple):
    """One function with the name of its entry point."""

    name: str
    find: Callable[[Draft], Iterable[Finding]]


def find() -> tuple[tuple[Plugin, ...], tuple[str, ...]]:
    """Return the plugins installed, and of each that cannot be loaded why."""
    found, failed = [], []
    for point in entry_points(group=GROUP):
        try:
            found.append(Plugin(point.name, point.load()))
        except (Exception, SystemExit) as error:
            failed.append(_failure(point.name, error))
    return tuple(found), tuple(failed)


def run(plugins: Sequence[Plugin], draft: Draft, troubles: list[str]) -> Iterator[Finding]:
    """Yield what the plugins find; a failure is noted once among the troubles."""
    for plugin in plugins:
        mute = _("The rules of {name} do not answer and are left out.").format(name=plugin.name)
        if mute in troubles:
            continue
        found = _asked(plugin, draft)
        if isinstance(found, list):
            yield from found
        elif (trouble := mute if found is None else _failure(plugin.name, found)) not in troubles:
            troubles.append(trouble)


def _asked(plugin: Plugin, draft: Draft) -> list[Finding] | BaseException | None:
    """Return what a plugin finds, why it fails, or None where it does not answer.

    It is asked in a thread of its own: nothing can end code that hangs, but nobody has to wait for it either.
    """
    answers: list[list[Finding] | BaseException] = []

    def ask() -> None:
        try:
            answers.append([_sound(finding, draft) for finding in plugin.find(draft)])
        except (Exception, SystemExit) as error:
            answers.append(error)

    thread = Thread(target=ask, daemon=True, name=f"rules of {plugin.name}")
    thread.start()
    thread.join(PATIENCE)
    return answers[0] if answers else None


def _sound(finding: Finding, draft: Draft) -> Finding:
    finding = Finding(*finding)
    words, places = (finding.rule, finding.message, finding.mend or ""), (finding.start, finding.end)
    if not all(isinstance(one, str) for one in words) or not all(isinstance(one, int) for one in places):
        raise TypeError(finding)
    if finding.family not in FAMILIES or not 0 <= finding.start <= finding.end <= len(draft.text):
        raise ValueError(finding)
    return finding


def _failure(name: str, error: BaseException) -> str:
    return _("The rules of {name} cannot be used: {error}.").format(
        name=name, error=f"{type(error).__name__} {error}".strip()
    )
