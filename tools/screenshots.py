"""Makes the pictures of the README: ``python tools/screenshots.py [FOLDER]`` writes docs/images/*.svg.

The screens are the real app's, on a seeded demo at a fixed moment, so that the pictures change only when the desk
does.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from socialdesk import i18n
from socialdesk.app import DeskApp
from socialdesk.cli.context import Context
from socialdesk.cli.demo import prepare
from socialdesk.cli.limits import limits_of
from socialdesk.clock import ManualClock
from socialdesk.connectors import registry
from socialdesk.sync.engine import Engine
from socialdesk.views import LATE

BEGIN = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
END = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
STEP = timedelta(minutes=20)
SEED = 4
WIDE, SMALL = (120, 36), (80, 24)
REPLY = {
    "es": "Hola, gracias por escribirnos y por tu paciencia. Lo miramos ahora mismo y te decimos algo hoy.",
    "en": "Hello, thank you for writing and for your patience. We are looking into it and will tell you today.",
}

_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]*)</text>'
)
_BLANK = "&#160;"
FONT = "'DejaVu Sans Mono', 'Noto Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"


def tidy(svg: str) -> str:
    """Return the picture without web fonts, and with blanks at the ends of a run left out: some viewers trim them."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = svg.replace("Fira Code, monospace", FONT)
    return _TEXT.sub(_trimmed, svg)


def _trimmed(found: re.Match[str]) -> str:
    style, x, y, length, rest, text = found.groups()
    cells = len(re.findall(r"&[^;]+;|.", text))
    width = float(length) / max(1, cells)
    lead = _leading(text)
    kept = text[lead * len(_BLANK) :]
    tail = _trailing(kept)
    kept = kept[: len(kept) - tail * len(_BLANK)]
    if not kept:
        return ""
    left = float(x) + lead * width
    return (
        f'<text class="{style}" x="{left:.1f}" y="{y}" textLength="{float(length) - (lead + tail) * width:.1f}"{rest}>'
        f"{kept}</text>"
    )


def _leading(text: str) -> int:
    found = re.match(rf"(?:{_BLANK})*", text)
    return len(found[0]) // len(_BLANK) if found else 0


def _trailing(text: str) -> int:
    found = re.search(rf"(?:{_BLANK})*$", text)
    return len(found[0]) // len(_BLANK) if found else 0


async def fill(context: Context, clock: ManualClock) -> None:
    """Let the demo's customers write for some hours, and answer a few of them."""
    while clock.moment < END:
        clock.moment += STEP
        await Engine(
            context.database, registry.load, context.secrets, clock, context.config, context.paths
        ).once()
    calm(context, clock)


def calm(context: Context, clock: ManualClock) -> None:
    """Settle most of what is late, as a person who has worked for some hours would have."""
    desk = context.desk
    rows = desk.queue(LATE, limit=500).rows
    for number, row in enumerate(rows):
        if number % 8 == 0:
            desk.snooze(row.id, clock.moment + timedelta(hours=20))
        elif number % 8 != 3:
            desk.resolve(row.id)


async def picture(pilot: Pilot[str], folder: Path, name: str) -> None:
    """Write what is on the screen now."""
    await settle(pilot)
    (folder / f"{name}.svg").write_text(tidy(pilot.app.export_screenshot(title="socialdesk")))


async def settle(pilot: Pilot[str]) -> None:
    """Wait until everything that was begun is shown."""
    await pilot.pause(0.4)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def wide(context: Context, folder: Path, language: str) -> None:
    """The desk with everything in sight."""
    app = app_of(context)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await picture(pilot, folder, f"desk-{language}")
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*_typed(REPLY[language]))
        await picture(pilot, folder, f"answer-{language}")
        await pilot.press("ctrl+s")
        await picture(pilot, folder, f"hold-{language}")
        await pilot.press("u")
        await settle(pilot)
        await pilot.press("escape", "escape", "question_mark")
        await picture(pilot, folder, f"help-{language}")
        await pilot.press("escape", "ctrl+p")
        await picture(pilot, folder, f"palette-{language}")
        await pilot.press("escape", "a")
        await picture(pilot, folder, f"accounts-{language}")
        await pilot.press("escape", "slash")
        await settle(pilot)
        await pilot.press(*_typed("ped" if language == "es" else "order"))
        await picture(pilot, folder, f"search-{language}")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("w")
        await picture(pilot, folder, f"why-{language}")
        await pilot.press("escape", "p", "j", "j", "j")
        await picture(pilot, folder, f"promises-{language}")


async def small(context: Context, folder: Path, language: str) -> None:
    """The desk in a small window, one thing at a time."""
    app = app_of(context)
    async with app.run_test(size=SMALL) as pilot:
        await picture(pilot, folder, f"small-queue-{language}")
        await pilot.press("enter")
        await picture(pilot, folder, f"small-conversation-{language}")
        await pilot.press("r")
        await settle(pilot)
        await picture(pilot, folder, f"small-answer-{language}")
        await pilot.press("escape", "escape", "p")
        await picture(pilot, folder, f"small-promises-{language}")


def app_of(context: Context) -> DeskApp:
    """Return the app on the demo's desk."""
    known = {account.name: account for account in context.desk.accounts()}
    return DeskApp(
        context.desk,
        context.config._replace(theme="dark"),
        context.clock,
        limits=lambda name: limits_of(known[name]),
        settings_file=context.settings_file,
    )


def _typed(text: str) -> list[str]:
    names = {" ": "space", ",": "comma", ".": "full_stop"}
    return [names.get(letter, letter) for letter in text]


def main() -> None:
    """Make every picture, in both languages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"TZ": "Europe/Madrid", "COLORTERM": "truecolor"}
    time.tzset()
    for language, locale in (("es", "es_ES.UTF-8"), ("en", "en_GB.UTF-8")):
        os.environ["LC_ALL"] = locale
        i18n.choose(language)
        with tempfile.TemporaryDirectory() as home:
            os.environ["SOCIALDESK_HOME"] = home
            clock = ManualClock(BEGIN)
            context = Context(clock, is_demo=True)
            try:
                prepare(context, SEED, None)
                asyncio.run(fill(context, clock))
                asyncio.run(wide(context, folder, language))
                asyncio.run(small(context, folder, language))
            finally:
                context.close()


if __name__ == "__main__":
    main()
