"""What people read of what is done to messages besides answering them."""

from __future__ import annotations

from datetime import datetime

from socialdesk.domain.models import Act, Acted, ActState
from socialdesk.i18n import N_, _
from socialdesk.wording import explain, moment, wait_text

WISHES = {
    Act.LIKE: (N_("Like it"), N_("Like it no longer")),
    Act.HIDE: (N_("Hide it from others"), N_("Show it to others again")),
    Act.MUTE: (N_("Mute who wrote it"), N_("Hear again who wrote it")),
    Act.BLOCK: (N_("Block who wrote it"), N_("Let who wrote it back in")),
    Act.REPORT: (N_("Report it to the network"), N_("Take the report back")),
    Act.SPAM: (N_("It is spam"), N_("It is no spam")),
}
"""What is chosen: doing it, and taking it back."""

_DONE = {
    Act.LIKE: N_("liked"),
    Act.HIDE: N_("hidden from others"),
    Act.MUTE: N_("its author is muted"),
    Act.BLOCK: N_("its author is blocked"),
    Act.REPORT: N_("reported to the network"),
    Act.SPAM: N_("marked as spam"),
}
_REFUSED = {
    "rejected": N_("The network refuses it."),
    "outcome_unknown": N_("The network gave no clear answer."),
}
"""Said of acts where the usual sentence speaks of replies."""


def wish_text(act: Act, *, undo: bool = False) -> str:
    """Return what choosing an act would do."""
    return _(WISHES[act][undo])


def act_text(done: Acted, now: datetime, undo_key: str = "") -> str:
    """Return the line below a message that says what was done to it, or will be, or why it was not."""
    if done.state is ActState.DONE:
        return "· " + _(_DONE[done.act])
    wish = wish_text(done.act, undo=done.undo)
    if done.state is ActState.FAILED:
        return f"✗ {wish}: {reason_text(done)}"
    if done.leaves_at is None or done.leaves_at <= now:
        return f"→ {wish}: " + _("about to be done")
    if done.reason:
        again = _("{reason} Next try at {time}.")
        return f"~ {wish}: " + again.format(reason=reason_text(done), time=moment(done.leaves_at, now))
    seconds = int((done.leaves_at - now).total_seconds() + 0.999)
    held = _("in {time}").format(time=wait_text(seconds))
    return f"→ {wish}: {held}" + (" · " + _("{key} undoes").format(key=undo_key) if undo_key else "")


def reason_text(done: Acted) -> str:
    """Return why it was not done."""
    if done.reason in _REFUSED:
        said = _(_REFUSED[done.reason])
        return f"{said.rstrip('.')}: {done.detail}." if done.detail and done.reason == "rejected" else said
    known = explain(done.reason, done.detail)
    return f"{known.happened} {known.todo}" if done.reason == "report_unknown" else known.happened
