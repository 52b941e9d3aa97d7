"""Rules of others: functions named by entry points in the group ``socialdesk.checks``.

Each takes a ``Draft`` and returns ``Finding``s of one of the families. One that fails is named and skipped; one that
does not answer within ``PATIENCE`` is named and not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import entry_points
from typing import NamedTuple

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.patience import TooLong, within
from socialdesk.checking.rulefiles import FAMILIES
from socialdesk.i18n import _

GROUP = "socialdesk.checks"
LOADING, PATIENCE = 5.0, 2.0
"""Seconds that a plugin may take to be loaded, and for a draft."""


class Plugin(NamedTuple):
    """One function with the name of its entry point."""

    name: str
    find: Callable[[Draft], Iterable[Finding]]


def find() -> tuple[tuple[Plugin, ...], tuple[str, ...]]:
    """Return the plugins installed, and of each that cannot be loaded why."""
    found, failed = [], []
    for point in entry_points(group=GROUP):
        try:
            found.append(Plugin(point.name, within(LOADING, point.load)))
        except TooLong:
            failed.append(_mute(point.name))
        except (Exception, SystemExit) as error:
            failed.append(_failure(point.name, error))
    return tuple(found), tuple(failed)


def run(plugins: Sequence[Plugin], draft: Draft, troubles: list[str]) -> Iterator[Finding]:
    """Yield what the plugins find; a failure is noted once among the troubles."""
    for plugin in plugins:
        if (trouble := _mute(plugin.name)) in troubles:
            continue
        try:
            yield from within(PATIENCE, partial(_found, plugin, draft))
            continue
        except TooLong:
            pass
        except (Exception, SystemExit) as error:
            trouble = _failure(plugin.name, error)
        if trouble not in troubles:
            troubles.append(trouble)


def _found(plugin: Plugin, draft: Draft) -> list[Finding]:
    return [_sound(finding, draft) for finding in plugin.find(draft)]


def _mute(name: str) -> str:
    return _("The rules of {name} do not answer and are left out.").format(name=name)


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
