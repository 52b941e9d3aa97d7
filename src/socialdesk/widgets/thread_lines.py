"""What a conversation says, line by line: pure, without Textual's widgets."""

from __future__ import annotations

from datetime import date, datetime

from socialdesk.domain.models import ActState, Delivery, Direction, Kind, ThreadMessage
from socialdesk.i18n import N_, _
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.wrapping import wrap
from socialdesk.wording import clock_time, day, explain, moment, stars_text, wait_text

KINDS = {
    Kind.MENTION: N_("mention"),
    Kind.REPLY: N_("reply"),
    Kind.QUOTE: N_("quote"),
    Kind.COMMENT: N_("comment"),
    Kind.DIRECT: N_("message"),
    Kind.REVIEW: N_("review"),
    Kind.POST: N_("post"),
    Kind.CALL: N_("call"),
    Kind.VISIT: N_("visit"),
    Kind.OTHER: "",
}

MOVING = frozenset({Delivery.QUEUED, Delivery.RETRY_WAIT})
"""States whose line counts down."""


def is_moving(message: ThreadMessage) -> bool:
    """Say whether a line of this message counts down."""
    return message.delivery in MOVING or any(done.state is ActState.QUEUED for done in message.acts)


BAR_THEIRS, BAR_OURS = "│ ", "┃ "
DAY_MARK = "──"


def at_name(handle: str) -> str:
    """Return a handle as people write it: "@luna"; an address with its own @, or several words, stay as they are."""
    return handle if "@" in handle or " " in handle or not handle else f"@{handle}"


def day_line(when: datetime) -> Line:
    """Return the separator before the first message of a day."""
    return Line(((f"{DAY_MARK} {day(when)} ", "day"),))


def local_day(when: datetime) -> date:
    """Return the person's own date of a moment."""
    return when.astimezone().date()


def message_lines(
    message: ThreadMessage, width: int, now: datetime, undo_key: str, held: str = ""
) -> list[Line]:
    """Return a message's lines: who and when, the text, and how its delivery stands; ``held`` is why it waits longer."""
    ours = message.direction is Direction.OUT
    bar: Piece = (BAR_OURS, "ours") if ours else (BAR_THEIRS, "theirs")
    part = "soft" if message.context or message.deleted_at else "text"
    lines = [_heading(message, ours)]
    room = width - len(bar[0])
    if message.rating:
        lines.append(Line((bar, (stars_text(message.rating), "strong"))))
    if message.title:
        lines += [Line((bar, (text, "strong"))) for text in wrap(message.title, room)]
    if message.text or message.deleted_at or not (message.title or message.attachments):
        lines += [Line((bar, (text, part))) for text in wrap(_shown_text(message), room)]
    if message.attachments:
        lines += [Line((bar, (text, "soft"))) for text in _attached(message, room)]
    lines += delivery_lines(message, width, now, undo_key, held)
    if message.acts:
        lines += _act_lines(message, width, now, undo_key)
    lines.append(Line())
    return lines


def _attached(message: ThreadMessage, room: int) -> list[str]:
    from socialdesk.enclosures import attachment_text

    return [text for one in message.attachments for text in wrap(attachment_text(one), room)]


def _act_lines(message: ThreadMessage, width: int, now: datetime, undo_key: str) -> list[Line]:
    """Return the lines that say what was done to a message besides answering it."""
    from socialdesk.actwords import act_text

    lines = []
    for done in message.acts:
        ink = "bad" if done.state is ActState.FAILED else "soft"
        lines += [Line((("  " + piece, ink),)) for piece in wrap(act_text(done, now, undo_key), width - 2)]
    return lines


def _heading(message: ThreadMessage, ours: bool) -> Line:
    name = message.name or message.handle
    left: list[Piece] = [(name or (_("You") if ours else "?"), "ours" if ours else "strong")]
    if message.handle and message.handle != name:
        left.append((f"  {at_name(message.handle)}", "soft"))
    if ours:
        left.append((f" · {_('us')}", "soft"))
    words = [_("private")] if message.private else []
    if message.automatic:
        words.append(_("automatic"))
    if KINDS[message.kind]:
        words.append(_(KINDS[message.kind]))
    if message.context:
        words.append(_("earlier, for context"))
    if message.edited_at and not message.deleted_at:
        words.append(_("edited"))
    right = [(f"{word} · ", "soft") for word in words]
    return Line(tuple(left), (*right, (clock_time(message.at), "soft")))


def _shown_text(message: ThreadMessage) -> str:
    if message.deleted_at is None:
        return message.text
    note = _("(deleted by its author)")
    return f"{message.text}\n{note}" if message.text else note


def delivery_lines(
    message: ThreadMessage, width: int, now: datetime, undo_key: str, held: str = ""
) -> list[Line]:
    """Return the lines that say where a reply of ours stands; nothing where the network itself gave it to us."""
    if message.delivery is None:
        return []
    text, part = _delivery(message, now, undo_key)
    if held and message.delivery is Delivery.QUEUED and not message.scheduled:
        text = f"{text} · {held}"
    return [Line((("  " + piece, part),)) for piece in wrap(text, width - 2)]


def _delivery(message: ThreadMessage, now: datetime, undo_key: str) -> tuple[str, str]:
    match message.delivery:
        case Delivery.QUEUED:
            return _queued(message, now, undo_key), "warn"
        case Delivery.AWAITING_APPROVAL:
            return _awaiting(message, undo_key), "warn"
        case Delivery.SENDING:
            return "↑ " + _("leaving now"), "warn"
        case Delivery.RETRY_WAIT:
            return _retry(message, now), "warn"
        case Delivery.UNKNOWN:
            return "? " + _("We do not know whether it left. Checking."), "warn"
        case Delivery.NEEDS_PERSON:
            return "! " + f"{_reason(message)} {_('Outbox: x.')}", "bad"
        case Delivery.FAILED:
            return "✗ " + f"{_reason(message)} {_('Outbox: x.')}", "bad"
        case Delivery.CANCELLED:
            return "✗ " + _("taken back"), "soft"
        case _:
            return "✓ " + _("sent"), "good"


def _awaiting(message: ThreadMessage, undo_key: str) -> str:
    if not message.agent:
        return "= " + _("waits for approval")
    words = _("{agent} wrote it; it waits for somebody else's approval. Outbox: x. · {key} undoes")
    return "= " + words.format(agent=message.agent, key=undo_key)


def _queued(message: ThreadMessage, now: datetime, undo_key: str) -> str:
    if message.leaves_at is None or message.leaves_at <= now:
        return "→ " + _("about to leave")
    seconds = int((message.leaves_at - now).total_seconds() + 0.999)
    if message.scheduled or seconds > 3600:
        text = _("leaves {when} · {key} undoes").format(when=moment(message.leaves_at, now), key=undo_key)
    else:
        text = _("leaves in {time} · {key} undoes").format(time=wait_text(seconds), key=undo_key)
    return "→ " + text


def _retry(message: ThreadMessage, now: datetime) -> str:
    happened = explain(message.reason, message.detail).happened
    if message.leaves_at is None:
        return "~ " + _("{reason} Will be tried again.").format(reason=happened)
    return "~ " + _("{reason} Next try at {time}.").format(
        reason=happened, time=moment(message.leaves_at, now)
    )


def _reason(message: ThreadMessage) -> str:
    known = explain(message.reason or "outcome_unknown", message.detail)
    return f"{known.happened} {known.kept}".strip()
