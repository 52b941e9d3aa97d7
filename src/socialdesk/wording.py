"""What people read about states, troubles, lengths of time and moments, in their language.

``explain`` turns a stored problem code into three short sentences: what happened, what was kept, what to do. Moments
are shown in the machine's zone and in the format of the person's region; Babel is imported at the first of them.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.models import AccountState, Delivery, Media, OutboxItem, QueueRow, State
from socialdesk.i18n import N_, _, language, ngettext
from socialdesk.troubles import OTHERWISE, SILENT, TROUBLES

if TYPE_CHECKING:
    from babel import Locale

    from socialdesk.errors import SocialdeskError


class Explanation(NamedTuple):
    """A trouble in plain words; ``kept`` and ``todo`` may be empty."""

    happened: str
    kept: str = ""
    todo: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.kept, self.todo) if part)


def explain(code: str, detail: str = "") -> Explanation:
    """Return the sentences for a problem code; ``detail`` is whatever the network or the system said, already scrubbed."""
    happened, kept, todo = TROUBLES.get(code) or TROUBLES.get(_family(code)) or OTHERWISE
    sentence = _(happened)
    if detail and code not in SILENT:
        sentence = f"{sentence.rstrip('.')}: {detail.rstrip('. ')}."
    return Explanation(sentence, _(kept) if kept else "", _(todo) if todo else "")


def explain_error(error: SocialdeskError) -> Explanation:
    """Return the sentences for an error that was just raised, its detail scrubbed."""
    from socialdesk.domain.text import one_line

    return explain(error.code, one_line(error.detail))


def _family(code: str) -> str:
    """Return the known code that this one refines: ``desk_file_damaged`` reads as ``desk_file``."""
    return max((known for known in TROUBLES if code.startswith(f"{known}_")), key=len, default="")


_STATES = {
    State.WAITING: N_("waiting"),
    State.ANSWERED: N_("answered"),
    State.SNOOZED: N_("put away"),
    State.DONE: N_("settled"),
}
_DELIVERIES = {
    Delivery.QUEUED: N_("about to leave"),
    Delivery.AWAITING_APPROVAL: N_("awaiting approval"),
    Delivery.SENDING: N_("sending"),
    Delivery.RETRY_WAIT: N_("will be tried again"),
    Delivery.UNKNOWN: N_("checking whether it left"),
    Delivery.NEEDS_PERSON: N_("needs you"),
    Delivery.SENT: N_("sent"),
    Delivery.FAILED: N_("not sent"),
    Delivery.CANCELLED: N_("taken back"),
}
_ACCOUNTS = {
    AccountState.NEW: N_("not reached yet"),
    AccountState.OK: N_("working"),
    AccountState.PAUSED: N_("paused"),
    AccountState.OFFLINE: N_("offline"),
    AccountState.LIMITED: N_("asked to wait"),
    AccountState.AUTH: N_("sign in again"),
    AccountState.TROUBLE: N_("in trouble"),
    AccountState.BROKEN: N_("connector faulty"),
}


MEDIA = {
    Media.IMAGE: N_("photo"),
    Media.VIDEO: N_("video"),
    Media.AUDIO: N_("sound"),
    Media.VOICE: N_("voice message"),
    Media.FILE: N_("file"),
    Media.STICKER: N_("sticker"),
    Media.POLL: N_("poll"),
    Media.PLACE: N_("place"),
    Media.CONTACT: N_("contact"),
    Media.LINK: N_("link preview"),
    Media.ENCRYPTED: N_("encrypted, to be read in another program"),
    Media.OTHER: N_("attachment"),
}

_WORDLESS = {f"[{media.value}]": words for media, words in MEDIA.items()}
"""What the queue says of a message that is nothing but an attachment."""


def state_name(state: State) -> str:
    """Return what a row of the queue says of its conversation."""
    return _(_STATES[state])


def said(row: QueueRow) -> str:
    """Return the customer's last words, or why there are none."""
    if row.preview in _WORDLESS:
        return f"[{_(_WORDLESS[row.preview])}]"
    return row.preview or (_("(nothing to read)") if row.messages else _("(deleted by its author)"))


def delivery_name(delivery: Delivery) -> str:
    """Return where a reply stands."""
    return _(_DELIVERIES[delivery])


_HOLDS = {
    "upset": N_("the customer is upset"),
    "reach": N_("many people follow this customer"),
    "cool_down": N_("time to reflect"),
}
"""Why an answer is held longer than others."""


def hold_reason(code: str) -> str:
    """Return why an answer is held longer than others, or ""."""
    return _(_HOLDS[code]) if code in _HOLDS else ""


def held_text(reply: OutboxItem, why: str, now: datetime) -> str:
    """Return what becomes of an answer that was just given, and why it waits."""
    if reply.state is Delivery.AWAITING_APPROVAL:
        return _("Waits for approval")
    if reply.scheduled and reply.next_attempt_at is not None:
        return _("Leaves {when}").format(when=moment(reply.next_attempt_at, now))
    reason = hold_reason(why)
    return _("On hold: {why}").format(why=reason) if reason else _("On hold")


def account_state_name(state: AccountState) -> str:
    """Return how an account is doing."""
    return _(_ACCOUNTS[state])


def wait_text(seconds: float) -> str:
    """Return a length of time in two units at most: "45 s", "12 min", "3 h 05 min", "2 d 4 h"."""
    minutes, rest = divmod(int(abs(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days} d {hour} h" if hour else f"{days} d"
    if hours:
        return f"{hours} h {minute:02} min" if minute else f"{hours} h"
    return f"{minutes} min" if minutes else f"{rest} s"


def promise_text(length: timedelta, *, in_hours: bool = False) -> str:
    """Return a promised length as it is usually spoken of: "15 min", "24 h", "3 d".

    ``in_hours``: it runs in opening hours, where "3 d" would be read as three days of the shop.
    """
    minutes, second = divmod(int(length.total_seconds()), 60)
    hours, minute = divmod(minutes, 60)
    if in_hours and hours and not second:
        return f"{hours} h {minute:02} min" if minute else f"{hours} h"
    return f"{hours} h" if hours and not minute and hours <= 48 else wait_text(length.total_seconds())


def left_text(seconds: float) -> str:
    """Return the time left to a promise, or how late it is where ``seconds`` is negative."""
    if seconds < 0:
        return _("{time} late").format(time=wait_text(seconds))
    return _("{time} left").format(time=wait_text(seconds))


def ago(seconds: float) -> str:
    """Return how long ago something was."""
    return _("just now") if seconds < 60 else _("{time} ago").format(time=wait_text(seconds))


def stars_text(rating: int) -> str:
    """Return a review's stars, as a sign and to be read aloud: "★★☆☆☆ 2 of 5"."""
    return "★" * rating + "☆" * (5 - rating) + " " + _("{n} of 5").format(n=rating)


def window_text(until: datetime, now: datetime) -> str:
    """Return until when the network takes an answer, or that it takes none any more."""
    if until <= now:
        return _("the network takes no more answers")
    return _("can be answered until {when}").format(when=moment(until, now))


def quarantine_text(count: int) -> str:
    """Return what became of the items that the connector could not make sense of."""
    text = ngettext(
        "{n} item could not be read; it is kept.", "{n} items could not be read; they are kept.", count
    )
    return text.format(n=count)


def nudges_text(count: int) -> str:
    """Return how often the customer has insisted."""
    return ngettext("{n} nudge", "{n} nudges", count).format(n=count)


def moment(when: datetime, now: datetime | None = None) -> str:
    """Return a moment in the person's zone and format; the date is left out when ``now`` is the same day."""
    local = when.astimezone()
    if now is not None and local.date() == now.astimezone().date():
        return clock_time(when)
    skeleton = "MMMd" if now is not None and local.year == now.astimezone().year else "yMMMd"
    return f"{_skeleton(local.date(), skeleton)}, {clock_time(when)}"


def clock_time(when: datetime) -> str:
    """Return the time of day in the person's zone and format: "14:05"."""
    return moment_of_day(when.astimezone().time())


def moment_of_day(value: time) -> str:
    """Return a time of day, whatever its zone, in the person's format: "14:05"."""
    from babel.dates import format_time

    return format_time(value, "short", locale=_locale())


def day(when: datetime) -> str:
    """Return the day in the person's zone and format, with its weekday: "domingo, 22 de noviembre de 2026"."""
    from babel.dates import format_date

    return format_date(when.astimezone().date(), "full", locale=_locale())


def weekday_name(number_: int) -> str:
    """Return the name of a day of the week, 0 being Monday: "lunes"."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", "stand-alone", _locale())[number_])


def weekday_and_day(value: date) -> str:
    """Return a day of this week: "lun 23"."""
    return _skeleton(value, "Ed")


def day_and_month(value: date) -> str:
    """Return a day of this year or the next, with its weekday: "mar, 8 dic"."""
    return _skeleton(value, "MMMEd")


def number(value: float) -> str:
    """Return a number with the person's separators: "12.345"."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale())


def euros(value: float) -> str:
    """Return an amount of money as the reader's country writes it: 3,20 €."""
    from babel.numbers import format_currency

    return format_currency(value, "EUR", locale=_locale())


def _skeleton(value: date, skeleton: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, value, locale=_locale())


def _locale() -> Locale:
    return _locale_of(language(), _territory())


def _territory() -> str:
    """Return the country of the person's times and numbers as the environment names it, or ""."""
    for name in ("LC_ALL", "LC_TIME", "LANG"):
        if value := os.environ.get(name, ""):
            return value.partition(".")[0].partition("@")[0].partition("_")[2]
    return ""


@cache
def _locale_of(spoken: str, territory: str) -> Locale:
    """Return that language as written in that country; without one, Spain's Spanish and Britain's English."""
    from babel import Locale, UnknownLocaleError

    for country in (territory, {"es": "ES", "en": "GB"}.get(spoken, "")):
        try:
            return Locale(spoken, country or None)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(spoken)
