"""The wait clock for a business's own web page: a whole page, a badge, or data (NEEDS A6).

Nothing in them runs or is fetched from anywhere. Names and words are escaped: a brand may be called anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from socialdesk.channels import channel_name
from socialdesk.clockphrases import LANGUAGES, PHRASES
from socialdesk.clockwords import all_words, sentence, updated
from socialdesk.domain.text import one_line
from socialdesk.domain.waitclock import Honesty, Reading

HONEST_OVER = timedelta(days=30)
"""Over how long the clock is compared with what came."""

_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))
"""What XML 1.0 does not allow (section 2.2, Char) beside control characters."""

READABLE = 0o644
"""The mode of a file that a web server has to be able to read."""

_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --mark: #0b6e4f }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9da7b1; --line: #30363d; --mark: #4cc38a }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 38rem; margin: 0 auto; padding: 2rem 1.25rem }
section + section { margin-top: 2.5rem; padding-top: 2rem; border-top: 1px solid var(--line) }
h1, h2 { margin: 0; font-size: 1rem; font-weight: 600; color: var(--soft); overflow-wrap: anywhere }
.now { margin: .25rem 0; font-size: clamp(1.4rem, 5vw, 2rem); line-height: 1.25; font-weight: 600;
  text-wrap: balance }
.now::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .4em; border-radius: 50%;
  border: .14em solid var(--mark); background: var(--mark) }
.now.closed::before { background: none; border-color: var(--soft) }
.read { margin: 0; color: var(--soft); font-size: .875rem }
dl { display: grid; grid-template-columns: minmax(5rem, max-content) 1fr; gap: .4rem 1rem; margin: 1.25rem 0 0 }
dt { color: var(--soft) }
dd { margin: 0 }
""".strip()


def telling(readings: Sequence[Reading]) -> list[Reading]:
    """Return the clocks that tell something of their own: a brand's only channel has the brand's clock."""
    brands = [reading.brand for reading in readings]
    return [one for one in readings if one.channel is None or brands.count(one.brand) != 2]


def data(reading: Reading, honesty: Honesty) -> dict[str, Any]:
    """Return the clock as programs read it; lengths of time are whole seconds on the customer's own clock."""
    expected = reading.expected
    return {
        "brand": reading.brand,
        "channel": reading.channel,
        "at": _iso(reading.at),
        "now_waiting": expected.waiting,
        "expected_seconds": expected.expected,
        "low_seconds": expected.low,
        "high_seconds": expected.high,
        "open_now": expected.open_now,
        "opens_at": _iso(expected.opens_at),
        "answers_from": _iso(expected.answers_from),
        "words": all_words(expected, reading.at, reading.zone),
        "kept_share": None if honesty.share is None else round(honesty.share, 3),
        "customers": honesty.customers,
    }


def page(readings: Sequence[Reading], language: str) -> str:
    """Return a web page with each brand's clock, its channels below, and the other nine languages."""
    readings = [_plain(reading) for reading in readings]
    brands = list(dict.fromkeys(reading.brand for reading in readings))
    title = " · ".join(brand or "socialdesk" for brand in brands)
    sections = [
        _section([r for r in readings if r.brand == brand], language, n) for n, brand in enumerate(brands)
    ]
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            "<main>",
            *sections,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _section(readings: Sequence[Reading], language: str, number: int) -> str:
    first = readings[0]
    heading = "h2" if number else "h1"
    mark = "now" if first.expected.open_now else "now closed"
    name = first.brand or "socialdesk"
    lines = [
        f'<section aria-labelledby="brand-{number}">',
        f'<{heading} id="brand-{number}">{escape(_titled(name, first, readings))}</{heading}>',
        f'<p class="{mark}">{escape(_said(first, language))}</p>',
        f'<p class="read"><time datetime="{_iso(first.at)}">{escape(updated(first.at, first.zone, language))}</time></p>',
        *_list((channel_name(r.channel), "", _said(r, language)) for r in readings[1:] if r.channel),
        *_list(
            (PHRASES[code].name, f' lang="{code}"', _said(first, code))
            for code in LANGUAGES
            if code != language
        ),
        "</section>",
    ]
    return "\n".join(lines)


def _list(entries: Iterator[tuple[str, str, str]]) -> Iterator[str]:
    rows = [
        f"<dt{attribute}>{escape(name)}</dt><dd{attribute}>{escape(text)}</dd>"
        for name, attribute, text in entries
    ]
    if rows:
        yield "\n".join(["<dl>", *rows, "</dl>"])


def _titled(name: str, first: Reading, readings: Sequence[Reading]) -> str:
    return f"{name} · {channel_name(first.channel)}" if first.channel and len(readings) == 1 else name


_ROW, _PAD, _BASE = 28, 10, 19
"""Pixels: a badge's height, the space beside a text, and where its line of writing lies."""


def badge(readings: Sequence[Reading], language: str) -> str:
    """Return an SVG picture, one line a clock: the name on the left, the sentence on the right."""
    readings = [_plain(reading) for reading in readings]
    texts = [(_label(reading), _said(reading, language).rstrip("."), reading) for reading in readings]
    left = max(_width(name) for name, _, _ in texts) + 2 * _PAD
    right = max(_width(words) for _, words, _ in texts) + 2 * _PAD
    height = _ROW * len(texts) + 4 * (len(texts) - 1)
    title = " ".join(f"{name}: {words}." for name, words, _ in texts)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{height}"'
            f' viewBox="0 0 {left + right} {height}" role="img" aria-labelledby="clock" lang="{escape(language)}">',
            f'<title id="clock">{escape(title)}</title>',
            '<g font-family="Verdana, DejaVu Sans, sans-serif" font-size="13" fill="#ffffff" aria-hidden="true">',
            *(_line(number * (_ROW + 4), left, right, *text) for number, text in enumerate(texts)),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _line(top: int, left: int, right: int, name: str, words: str, reading: Reading) -> str:
    colour = "#0b6e4f" if reading.expected.open_now else "#4a5568"
    return "\n".join(
        [
            f'<path d="M4 {top}h{left - 4}v{_ROW}H4a4 4 0 0 1 -4 -4v{8 - _ROW}a4 4 0 0 1 4 -4z" fill="#24292f"/>',
            f'<path d="M{left} {top}h{right - 4}a4 4 0 0 1 4 4v{_ROW - 8}a4 4 0 0 1 -4 4h{4 - right}z" fill="{colour}"/>',
            _text(_PAD, top, name),
            _text(left + _PAD, top, words),
        ]
    )


def _text(x: int, top: int, text: str) -> str:
    """Return a text that keeps to the width reckoned for it, whatever font there is."""
    return (
        f'<text x="{x}" y="{top + _BASE}" textLength="{_width(text)}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text)}</text>"
    )


_NARROW, _WIDE = frozenset("fijlrtI.,:;'!|()[] \xa0’"), frozenset("mwMWQOGD@%&")


def _width(text: str) -> int:
    """Return about how many pixels a text takes in Verdana at 13 pixels."""
    per = (
        13 if ord(c) > 0x2E7F else 5 if c in _NARROW else 12 if c in _WIDE else 10 if c.isupper() else 8
        for c in text
    )
    return max(1, sum(per))


def _plain(reading: Reading) -> Reading:
    """Return a clock whose names are without control characters: with them there is no XML, and nothing is shown."""
    return reading._replace(
        brand=one_line(reading.brand).translate(_NO_CHARACTERS) if reading.brand else None,
        channel=one_line(reading.channel).translate(_NO_CHARACTERS) if reading.channel else None,
    )


def _label(reading: Reading) -> str:
    parts = [reading.brand or "socialdesk", channel_name(reading.channel) if reading.channel else ""]
    return " · ".join(part for part in parts if part)


def _said(reading: Reading, language: str) -> str:
    return sentence(reading.expected, reading.at, reading.zone, language)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")
