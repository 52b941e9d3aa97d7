"""Every parser of what strangers and files say, on inputs that nobody thought of (promise 9, NEEDS G3).

None may fail in a way that is not its own, none may take a second. ``SOCIALDESK_INPUTS`` sets how many inputs each
parser gets in the long form; the seed is printed, ``SOCIALDESK_SEED`` sets it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from helpers.killing import seed
from socialdesk.calendars import ical
from socialdesk.checking.dates import when
from socialdesk.configreading import Reading
from socialdesk.connectors.bluesky import parsing
from socialdesk.connectors.contract import Raw
from socialdesk.domain import text as texts
from socialdesk.domain.language import guess
from socialdesk.domain.measuring import Count, measure
from socialdesk.domain.splitting import split
from socialdesk.domain.urls import addresses
from socialdesk.errors import SocialdeskError
from socialdesk.replies import facts, library, protocols, sheets
from socialdesk.screens.moments import Unclear, understood
from socialdesk.storage import importing

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SLOW = 1.0
"""Seconds that one input may take."""
PATH = Path("file.toml")

SAMPLES = (
    "Hola, ¿a qué hora abrís mañana? 😊 https://panaderia.example/horario",
    "a\x1b]0;title\x07b \x9b31m \x1bP+q\x1b\\ \u202eoverride\u202c [@click=app.quit]x[/]",
    "👩‍👩‍👧🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301\u0301\u0301 ☎️ #️⃣ ﷽ 𝔘𝔫𝔦",
    "el viernes a las 10, 23/11 9:00, dentro de dos horas, pasado mañana",
    '{"channel": "x", "account": "sol", "conversation": "c1", "id": "1", "author": {"handle": "ana"}, "text": "hola",'
    ' "at": "2026-11-22T10:00:00Z", "direction": "in"}',
    "situation,attitude,language,title,text\ndelay,understand,es,Retraso,Lo siento.\n",
    'situation = "delay"\nlanguage = "es"\ntitle = "T"\n[[understand]]\ntext = "Lo siento."\n[[step]]\ndo = "x"\n[[fact]]\nname = "a"\ntext = "b"\n',
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//ES\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20261101T000000Z\nDTSTART;VALUE=DATE:20261224\n"
    "RRULE:FREQ=YEARLY\nSUMMARY:Cerrado\nEND:VEVENT\nEND:VCALENDAR\n",
)
PIECES = (
    "\0", "\x1b", "\x9b", "\u202e", "\u2066", "\u200d", "\ufe0f", "\U000e0041", "\ud800", "\ufeff", "\r\n", "\n", "\t", '"', "'", "[", "]", "{",
    "}", "\\", "%", "=", ",", ";", ":", "@", "#", "/", "//", "https://", "www.", ".", "..", "1", "99999999999999999999", "-1", "1e999", "NaN",
    "null", "true", "[[", "]]", "'''", '"""', "BEGIN:VEVENT\n", "RRULE:FREQ=SECONDLY\n", "DTSTART:99991231T235959Z\n", "TZID=Mars/Base",
    "a" * 300, "e" + "\u0301" * 60, "(" * 80, "a." * 60, " " * 200, "lunes", "mañana", "31/02", "25:61",
)  # fmt: skip


class Parser(NamedTuple):
    """One parser, and the errors that are its own."""

    read: Callable[[str], Any]
    own: tuple[type[Exception], ...] = ()


def toml(reader: Callable[[Reading, Any], Any]) -> Callable[[str], Any]:
    """Read a file of that kind."""
    from socialdesk.configfile import values_of

    return lambda text: list(reader(Reading(PATH, text), values_of(PATH, text)))


def bluesky(text: str) -> Any:
    """Read a text as each of the kinds of items that Bluesky gives."""
    post = {"uri": f"at://x/{text[:20]}", "cid": text[:9], "record": {"text": text, "createdAt": text[:30]}}
    return parsing.parse(Raw(text[:50], {"kind": "notification", "notification": post, "me": text[:5]}))


PARSERS = {
    "scrub": Parser(texts.scrub),
    "one line": Parser(texts.one_line),
    "preview": Parser(texts.preview),
    "language": Parser(guess),
    "links": Parser(lambda text: list(addresses(text))),
    **{f"count {count.value}": Parser(partial(measure, count=count)) for count in Count},
    "split": Parser(lambda text: split(text, "x")),
    "promised dates": Parser(lambda text: when(text, "es", NOW, UTC)),
    "moments": Parser(lambda text: understood(text, NOW), (Unclear,)),
    "history": Parser(importing.parse, (importing.BadLine,)),
    "table": Parser(lambda text: sheets.read(PATH, text.splitlines(keepends=True)), (SocialdeskError,)),
    "canned replies": Parser(toml(library.read), (SocialdeskError,)),
    "facts": Parser(toml(facts.read), (SocialdeskError,)),
    "protocols": Parser(toml(protocols.read), (SocialdeskError,)),
    "calendar": Parser(
        lambda text: ical.closures(text, [2026], "Europe/Madrid"), (ValueError, SocialdeskError)
    ),
    "bluesky": Parser(bluesky, (KeyError, TypeError, ValueError, SocialdeskError)),
}


def spoilt(random: Random) -> str:
    """Return a sample with something put in, left out, doubled or moved; or nothing but pieces."""
    if random.random() < 0.2:
        return "".join(random.choices(PIECES, k=random.randrange(1, 30)))
    made = random.choice(SAMPLES)
    for _ in range(random.randrange(1, 8)):
        at, to = sorted(random.choices(range(len(made) + 1), k=2))
        match random.randrange(4):
            case 0:
                made = made[:at] + random.choice(PIECES) + made[at:]
            case 1:
                made = made[:at] + made[min(to, at + 20) :]
            case 2:
                made = made[:to] + made[at:to][:200] + made[to:]
            case _:
                made = (
                    made[:at]
                    + chr(random.choice((random.randrange(0x20), random.randrange(0x110000))))
                    + made[at:]
                )
    return made[:20_000]


def fuzz(parser: Parser, count: int, random: Random) -> tuple[float, str]:
    """Give a parser that many inputs; returns how long the slowest took, and which it was."""
    worst, which = 0.0, ""
    for _ in range(count):
        made = spoilt(random)
        began = time.process_time()
        try:
            parser.read(made)
        except parser.own:
            pass
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} on {made!r}") from error
        took = time.process_time() - began
        if took > worst:
            worst, which = took, made
    return worst, which


@pytest.mark.parametrize("name", PARSERS)
def test_g3_no_input_breaks_or_holds_up_a_parser(name: str) -> None:
    """The short form of the trial below."""
    worst, which = fuzz(PARSERS[name], 150, Random(seed()))
    assert worst < SLOW, which


@pytest.mark.torture
@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("name", PARSERS)
def test_g3_a_million_inputs_break_and_hold_up_no_parser(name: str) -> None:
    count = int(os.environ.get("SOCIALDESK_INPUTS", "1000000"))
    worst, which = fuzz(PARSERS[name], count, Random(seed()))
    print(f"{name}: {count} inputs, the slowest {worst * 1000:.0f} ms")
    assert worst < SLOW, which
