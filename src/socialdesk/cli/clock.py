"""``socialdesk clock``: how long a customer who writes now will wait, for people, programs and web pages."""

from __future__ import annotations

import argparse
import errno
import json
import os
from collections.abc import Sequence
from pathlib import Path

from socialdesk import clockpages, i18n, privatefile
from socialdesk.channels import channel_name
from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table
from socialdesk.clockphrases import LANGUAGES
from socialdesk.clockwords import sentence
from socialdesk.desk import Desk
from socialdesk.domain.text import one_line
from socialdesk.domain.waitclock import Honesty, Reading
from socialdesk.errors import NotFound
from socialdesk.i18n import _, ngettext
from socialdesk.wording import wait_text


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--brand", help=_("only this brand"))
    parser.add_argument("--channel", help=_("only this channel"))
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("print JSON"))
    shape.add_argument("--html", action="store_true", help=_("a whole web page"))
    shape.add_argument("--svg", action="store_true", help=_("a picture for a web page"))
    shape.add_argument("--text", action="store_true", help=_("the sentence for the customers, nothing else"))
    parser.add_argument(
        "--in",
        dest="tongue",
        choices=LANGUAGES,
        help=_("the customers' language, for a page, a picture or a sentence"),
    )
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("write it to this file, in one step"))
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the clock, or write it to a file."""
    readings = _readings(context.desk, options.brand, options.channel)
    if options.out is None and options.json:
        print_json(_data(context, readings))
    elif options.out is not None or options.html or options.svg or options.text:
        _write(_shaped(context, options, readings), options.out)
    else:
        _print(context, readings)
    return 0


def _readings(desk: Desk, brand: str | None, channel: str | None) -> list[Reading]:
    """Return each brand's clock, followed by those of its channels; raises ``NotFound``."""
    places = [
        place for place in desk.clock_places() if brand in (None, place[0]) and channel in (None, place[1])
    ]
    if not places:
        raise NotFound(" · ".join(part for part in (brand, channel) if part), code="no_clock")
    readings = []
    for name in dict.fromkeys(place[0] for place in places):
        if channel is None:
            readings.append(desk.clock(name, None))
        readings += [desk.clock(*place) for place in places if place[0] == name]
    return readings


def _shaped(context: Context, options: argparse.Namespace, readings: Sequence[Reading]) -> str:
    language = options.tongue or i18n.language()
    if options.json:
        return json.dumps(_data(context, readings), ensure_ascii=False, indent=2) + "\n"
    if options.html:
        return clockpages.page(clockpages.telling(readings), language)
    if options.svg:
        return clockpages.badge(clockpages.telling(readings), language)
    shown = clockpages.telling(readings)
    lines = [sentence(r.expected, r.at, r.zone, language) for r in shown]
    if len(shown) > 1:
        lines = [f"{_place(r)}: {line}" for r, line in zip(shown, lines, strict=True)]
    return "".join(f"{line}\n" for line in lines)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    if not out.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out.parent))
    privatefile.replace(out, text.encode(), clockpages.READABLE)


def _data(context: Context, readings: Sequence[Reading]) -> list[dict[str, object]]:
    return [clockpages.data(reading, _honesty(context, reading)) for reading in readings]


def _honesty(context: Context, reading: Reading) -> Honesty:
    return context.desk.clock_honesty(reading.brand, reading.channel, reading.at - clockpages.HONEST_OVER)


def _print(context: Context, readings: Sequence[Reading]) -> None:
    headings = (_("BRAND"), _("CHANNEL"), _("WAIT"), _("EXPECTED"), _("RANGE"), _("KEPT"), _("TEXT"))
    print_table(headings, (_cells(r, _honesty(context, r)) for r in clockpages.telling(readings)))


def _cells(reading: Reading, honesty: Honesty) -> tuple[object, ...]:
    expected = reading.expected
    known = expected.low is not None and expected.high is not None
    return (
        reading.brand or "",
        channel_name(reading.channel) if reading.channel else _("all"),
        expected.waiting,
        "" if expected.expected is None else wait_text(expected.expected),
        f"{wait_text(expected.low or 0)} – {wait_text(expected.high or 0)}" if known else "",
        honesty_text(honesty),
        sentence(expected, reading.at, reading.zone, i18n.language()),
    )


def honesty_text(honesty: Honesty) -> str:
    """Return the share of customers that waited no longer than the clock said, "" before anybody could tell."""
    if honesty.share is None:
        return ""
    text = ngettext("{share} % of {n} customer", "{share} % of {n} customers", honesty.customers)
    return text.format(share=int(100 * honesty.share), n=honesty.customers)


def _place(reading: Reading) -> str:
    parts = [reading.brand or "", channel_name(reading.channel) if reading.channel else ""]
    return one_line(" · ".join(part for part in parts if part))
