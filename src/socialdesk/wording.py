"""What people read about states, troubles, lengths of time and moments, in their language.

``explain`` turns a stored problem code into three short sentences: what happened, what was kept, what to do. Moments
are shown in the machine's zone and in the format of the person's region; Babel is imported at the first of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from socialdesk.domain.models import AccountState, Delivery, State
from socialdesk.i18n import N_, _, language, ngettext

if TYPE_CHECKING:
    from babel import Locale

    from socialdesk.errors import SocialdeskError


@dataclass(frozen=True, slots=True)
class Explanation:
    """A trouble in plain words; ``kept`` and ``todo`` may be empty."""

    happened: str
    kept: str = ""
    todo: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.kept, self.todo) if part)


_TEXT_KEPT = N_("The text of the reply is kept.")
_ALL_KEPT = N_("Nothing is lost: messages and replies go on as soon as it works again.")
_FILE_KEPT = N_("The desk file was left untouched.")
_SIGN_IN = N_('Sign in again with "socialdesk account sign-in" and the name of the account.')
_ITSELF = N_("Nothing to do: we keep trying.")
_CHANGE = N_("Change the text and send it again, or discard it.")
_OTHER_WAY = N_("Answer in public, or discard the reply.")
_NOTHING_SAVED = N_("Nothing was saved.")

_TROUBLES: Mapping[str, tuple[str, str, str]] = {
    # The network and the account.
    "auth_required": (N_("The network does not accept our sign-in."), _ALL_KEPT, _SIGN_IN),
    "rate_limited": (N_("The network asks us to go slower."), _ALL_KEPT, _ITSELF),
    "temporary": (N_("The network has trouble at the moment."), _ALL_KEPT, _ITSELF),
    "offline": (
        N_("The network cannot be reached."),
        _ALL_KEPT,
        N_("Check the connection if this lasts: we keep trying."),
    ),
    "timeout": (N_("The network did not answer in time."), _ALL_KEPT, _ITSELF),
    "bad_answer": (N_("The network sent something that we do not understand."), _ALL_KEPT, _ITSELF),
    "plugin": (
        N_("The connector to this network is missing or faulty."),
        _ALL_KEPT,
        N_('Update or reinstall it, then run "socialdesk account check".'),
    ),
    "connector": (N_("The network could not do what we asked."), _ALL_KEPT, _ITSELF),
    # One reply.
    "rejected": (N_("The network refused this reply."), _TEXT_KEPT, _CHANGE),
    "outcome_unknown": (
        N_("We do not know whether the reply left."),
        N_("It is never sent twice by itself."),
        N_("Look at the conversation on the network, then resend it, mark it as sent or discard it."),
    ),
    "empty": (N_("There is nothing to send."), "", N_("Write the reply first.")),
    "too_long": (
        N_("The reply is longer than the network allows."),
        _TEXT_KEPT,
        N_("Shorten it and send it again."),
    ),
    "reply_disabled": (N_("The author does not allow replies to this message."), _TEXT_KEPT, ""),
    "parent_gone": (N_("The message that you answer is no longer there."), _TEXT_KEPT, ""),
    "blocked": (N_("One of the two accounts has blocked the other."), _TEXT_KEPT, ""),
    "not_followed": (
        N_("This person takes private messages only from accounts that they follow."),
        _TEXT_KEPT,
        _OTHER_WAY,
    ),
    "messages_disabled": (N_("This person takes no private messages."), _TEXT_KEPT, _OTHER_WAY),
    "dm_not_allowed": (
        N_("This sign-in may not read or write private messages."),
        N_("Everything public works."),
        N_(
            "If you want them, make an app password that allows direct messages and sign in again with"
            ' "socialdesk account sign-in".'
        ),
    ),
    # Secrets.
    "secret": (N_("A password could not be read or stored."), _ALL_KEPT, _SIGN_IN),
    "keyring_mute": (
        N_("The system's keyring does not answer."),
        _NOTHING_SAVED,
        N_("Unlock it, or keep the password elsewhere: --secret-env VARIABLE or --secret-command COMMAND."),
    ),
    "keyring_missing": (
        N_("This machine has no safe keyring."),
        _NOTHING_SAVED,
        N_("Say where the password is kept: --secret-env VARIABLE or --secret-command COMMAND."),
    ),
    "env_missing": (
        N_("The environment variable that holds the password is not set."),
        _ALL_KEPT,
        N_("Set it where socialdesk is started."),
    ),
    "command_failed": (
        N_("The command that gives the password failed."),
        _ALL_KEPT,
        N_("Try the command by hand in a terminal."),
    ),
    # The desk.
    "desk_file": (N_("The desk file cannot be used."), _FILE_KEPT, N_('"socialdesk doctor" says more.')),
    "desk_busy": (
        N_("Another program kept the desk for too long."),
        N_("Nothing was changed."),
        N_("Try again in a moment."),
    ),
    "not_found": (N_("That is not on this desk."), "", N_('"socialdesk queue" lists the conversations.')),
    "refused": (N_("That is not possible now."), N_("Nothing was changed."), ""),
    "config": (
        N_("A setting cannot be used."),
        "",
        N_("Correct that line; docs/configuration.md lists all settings."),
    ),
}
_OTHERWISE = (N_("Something went wrong."), N_("Nothing is lost."), N_('"socialdesk doctor" says more.'))


def explain(code: str, detail: str = "") -> Explanation:
    """Return the sentences for a problem code; ``detail`` is whatever the network or the system said, already scrubbed."""
    happened, kept, todo = _TROUBLES.get(code) or _TROUBLES.get(_family(code)) or _OTHERWISE
    sentence = _(happened)
    if detail:
        sentence = f"{sentence.rstrip('.')}: {detail.rstrip('. ')}."
    return Explanation(sentence, _(kept) if kept else "", _(todo) if todo else "")


def explain_error(error: SocialdeskError) -> Explanation:
    """Return the sentences for an error that was just raised, its detail scrubbed."""
    from socialdesk.domain.text import one_line

    return explain(error.code, one_line(error.detail))


def codes() -> frozenset[str]:
    """Return every problem code that has sentences of its own."""
    return frozenset(_TROUBLES)


def _family(code: str) -> str:
    """Return the known code that this one refines: ``desk_file_damaged`` reads as ``desk_file``."""
    return max((known for known in _TROUBLES if code.startswith(f"{known}_")), key=len, default="")


_STATES = {
    State.WAITING: N_("waiting"),
    State.ANSWERED: N_("answered"),
    State.SNOOZED: N_("snoozed"),
    State.DONE: N_("done"),
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


def state_name(state: State) -> str:
    """Return what a row of the queue says of its conversation."""
    return _(_STATES[state])


def delivery_name(delivery: Delivery) -> str:
    """Return where a reply stands."""
    return _(_DELIVERIES[delivery])


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


def left_text(seconds: float) -> str:
    """Return the time left to a promise, or how late it is where ``seconds`` is negative."""
    if seconds < 0:
        return _("{time} late").format(time=wait_text(seconds))
    return _("{time} left").format(time=wait_text(seconds))


def ago(seconds: float) -> str:
    """Return how long ago something was."""
    return _("just now") if seconds < 60 else _("{time} ago").format(time=wait_text(seconds))


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
    from babel.dates import format_time

    return format_time(when.astimezone().time(), "short", locale=_locale())


def day(when: datetime) -> str:
    """Return the day in the person's zone and format, with its weekday: "domingo, 22 de noviembre de 2026"."""
    from babel.dates import format_date

    return format_date(when.astimezone().date(), "full", locale=_locale())


def number(value: float) -> str:
    """Return a number with the person's separators: "12.345"."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale())


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
