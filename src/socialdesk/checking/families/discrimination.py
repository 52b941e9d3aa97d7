"""Family discrimination: wording that shuts people out or stereotypes them (NEEDS C5)."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking import phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield what may read as discriminating by sex, origin, race, religion, orientation, politics, age, team or disability."""
    yield from phrasing.findings("discrimination", draft, rules, _message)


def _message(rule: str) -> str:
    return {
        "slur": _("This word insults a group of people. Leave it out."),
        "moors": _("This word insults a group of people. Leave it out."),
        "disability": _("Name the person before the disability."),
        "set_phrase": _("This saying mocks a group of people. Say it plainly."),
        "age": _("This judges people by their age. Leave the age out."),
        "normal_people": _(
            "Whoever reads this may feel that they are not «normal». Say whom you mean without it."
        ),
        "team": _("Fans of every team are customers. Leave the team out."),
        "politics": _("Customers vote for whom they like. Leave politics out."),
        "job": _("Say what the work needs, not what the person should be."),
    }.get(rule, _("This may read as judging a group of people. Say it without the group."))
