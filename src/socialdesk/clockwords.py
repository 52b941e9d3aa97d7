"""The public sentence of the wait clock: how long it takes now, or when somebody answers next (NEEDS A5, A6).

A figure is rounded outwards to steps that people use (20 minutes, 2 hours), so that what is promised is never less
than what was reckoned, and the words do not change every time the clock is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta, tzinfo

from socialdesk.clockphrases import LANGUAGES, PHRASES, Phrases, Unit, day_number, hour_ending
from socialdesk.domain.waitclock import Expected

HOUR, DAY = 60, 1440
STEPS = (
    *(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 90),
    *(hours * HOUR for hours in (2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 24, 36)),
    *(days * DAY for days in (2, 3, 4, 5, 6, 7, 10, 14, 21, 30)),
)
"""The waits that are spoken of, in minutes."""

_NEAR = 0.65
"""From this share on, the lower figure is so near the upper one that only the latter is named."""


def all_words(expected: Expected, now: datetime, zone: tzinfo | None) -> dict[str, str]:
    """Return the sentence in each of the ten languages; times are those of the brand's zone (None: the machine's)."""
    return {language: sentence(expected, now, zone, language) for language in LANGUAGES}


def sentence(expected: Expected, now: datetime, zone: tzinfo | None, language: str) -> str:
    """Return what a customer who writes now may expect; a language that is none of the ten is answered in English."""
    phrases = PHRASES.get(language, PHRASES["en"])
    opening = expected.answers_from or expected.opens_at
    if opening is not None:
        return _capital(phrases.answers.format(when=from_when(opening, now, zone, language)))
    if expected.low is None or expected.high is None:
        return phrases.soon
    last = expected.high_from
    if last is not None and last.astimezone(zone).date() > now.astimezone(zone).date():
        return phrases.latest.format(when=from_when(last, now, zone, language))
    return phrases.wait.format(figure=figure(expected.low, expected.high, language))


def rounded(low: float, high: float) -> tuple[int, int]:
    """Return the two figures that are spoken of, in minutes: the lower not above, the upper not below the given seconds.

    A lower figure of 0 is less than the smallest step.
    """
    below = bisect_right(STEPS, low / 60)
    above = min(bisect_left(STEPS, high / 60), len(STEPS) - 1)
    return (STEPS[below - 1] if below else 0), STEPS[above]


def figure(low: float, high: float, language: str) -> str:
    """Return a wait in words, from its bounds in seconds: "unos 20 minutos", "entre 1 y 2 horas"."""
    phrases = PHRASES.get(language, PHRASES["en"])
    least, most = rounded(low, high)
    count, unit = _measured(most, phrases)
    if least == 0 and unit is not phrases.days:
        return phrases.less.format(high=_spoken(count, unit))
    least = least or STEPS[0]
    if least >= _NEAR * most:
        return (unit.about_one if count == 1 else unit.about_many).format(n=count)
    few, small = _measured(least, phrases)
    start = str(few) if small is unit else _spoken(few, small)
    return phrases.between.format(low=start, high=_spoken(count, unit))


def from_when(moment: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """Return from when on somebody answers: "mañana a partir de las 10:00"."""
    phrases = PHRASES.get(language, PHRASES["en"])
    local = moment.astimezone(zone)
    time = phrases.hour.format(h=local.hour, m=local.minute) + hour_ending(local.minute, language)
    form = phrases.since_one if phrases.since_one and local.hour == 1 else phrases.since
    return form.format(day=_day(local, now.astimezone(zone), phrases, language), time=time)


def before_when(moment: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """Return by when somebody answers: "mañana antes de las 12:00"."""
    phrases = PHRASES.get(language, PHRASES["en"])
    local = moment.astimezone(zone)
    form = phrases.before_one if phrases.before_one and local.hour == 1 else phrases.before
    time = phrases.hour.format(h=local.hour, m=local.minute)
    return form.format(day=_day(local, now.astimezone(zone), phrases, language), time=time)


def updated(moment: datetime, zone: tzinfo | None, language: str) -> str:
    """Return when the clock was read: "Actualizado el 22 de noviembre, 11:05"."""
    phrases = PHRASES.get(language, PHRASES["en"])
    local = moment.astimezone(zone)
    time = phrases.hour.format(h=local.hour, m=local.minute)
    return phrases.updated.format(date=_date(local, phrases, language), time=time)


def _day(local: datetime, today: datetime, phrases: Phrases, language: str) -> str:
    ahead = local.date() - today.date()
    if ahead <= timedelta(1):
        return phrases.tomorrow if ahead == timedelta(1) else phrases.today
    if ahead < timedelta(7):
        return phrases.weekdays.split(", ")[local.weekday()]
    return _date(local, phrases, language)


def _date(local: datetime, phrases: Phrases, language: str) -> str:
    return phrases.date.format(
        day=day_number(local.day, language), month=phrases.months.split(", ")[local.month - 1]
    )


def _measured(minutes: int, phrases: Phrases) -> tuple[int, Unit]:
    """Return a step in the unit in which it is said."""
    if minutes >= 2 * DAY:
        return minutes // DAY, phrases.days
    if minutes >= HOUR and minutes % HOUR == 0:
        return minutes // HOUR, phrases.hours
    return minutes, phrases.minutes


def _spoken(count: int, unit: Unit) -> str:
    return (unit.one if count == 1 else unit.many).format(n=count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
