"""Texts that are checked when they are to leave, not while they are written: a pair, or what an approver changed (NEEDS B3, C2, C4)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.i18n import _

if TYPE_CHECKING:
    from textual.app import App

    from socialdesk.checkchild import Found
    from socialdesk.screens.review import Review
    from socialdesk.screens.shell import Shell

AT_MOST = 2.0
"""Seconds for which texts wait for the check."""

AT_ONCE = 2
"""Findings of a text that are said at once; there is room for no more."""

_ELSEWHERE = frozenset({"length", "commitment"})
"""Length is counted beside the text, and a promise goes to the queue by itself."""


class Text(NamedTuple):
    """A text with what is found in it. ``where`` is said before that; of the ``weights`` only."""

    review: Review
    text: str
    private: bool = False
    where: str = ""
    weights: Sequence[str] = ("stop", "advice")

    def left(self) -> list[Found]:
        """Return what is to be said of it, the grave first."""
        found = [
            one
            for one in self.review.found
            if one.weight in self.weights and one.family not in _ELSEWHERE and not self.review.is_settled(one)
        ]
        return sorted(found, key=lambda one: one.weight != "stop")


async def look_over(shell: Shell, *texts: Text) -> None:
    """Let it be known what the check finds in texts, as far as that is known in a moment."""
    from socialdesk.checkchild import CheckFailed

    if not shell.checks:
        return
    with suppress(TimeoutError, CheckFailed):
        async with asyncio.timeout(AT_MOST):
            for one in texts:
                assert one.review.conversation_id is not None
                found = await shell.look_over(one.review.conversation_id, one.text, private=one.private)
                one.review.take(one.text, found)


def against(shell: Shell, *texts: Text) -> str:
    """Return what the check has against texts, or that it has not answered in time, or ""; to be said once."""
    from socialdesk.screens.finding_lines import head

    if shell.checks and not all(one.review.knows(one.text) for one in texts):
        return _("Not checked yet. {key} sends it all the same.").format(key="ctrl+s")
    said, holds = list[str](), False
    for one in texts:
        found = one.left()
        told = [f"{head(one.review, found)}. {found.message}" for found in found[:AT_ONCE]]
        said += [one.where, *told] if told else []
        holds |= any(found.weight == "stop" for found in found)
    if not said:
        return ""
    again = (
        _("Mend it, or ctrl+s again and say why it may stand.")
        if holds
        else _("ctrl+s again sends it all the same.")
    )
    return " ".join([*filter(None, said), again])


async def let_stand(app: App[str], *texts: Text) -> bool:
    """Ask why what holds an answer back is let stand; False: it is not."""
    from socialdesk.screens.finding_lines import head
    from socialdesk.screens.reasons import ask_reason

    for text in texts:
        for found in text.left():
            if found.weight == "stop":
                reason = await ask_reason(app, found.family, head(text.review, found))
                if not reason:
                    return False
                text.review.overrule(found, reason)
    return True
