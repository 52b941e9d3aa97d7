"""Makes a large desk to measure on: ``python bench/make_desk.py PATH [--conversations N] [--messages M] [--seed S]``.

Everything goes through the import that people use. Most conversations wait, their deadlines spread around the
present moment, so that timers tick; one conversation of 500 messages waits the longest. The same seed gives the same
words; the times follow the clock.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.storage.database import Database

LONGEST = 500
CHANNELS = ("bluesky", "facebook", "x", "google", "instagram")
BRANDS = (
    "Zapatería Lola",
    "Bar Pepe",
    "Viajes Sol",
    "Flores Rosa",
    "Librería Mar",
    "Óptica Luz",
    "Café Norte",
)
NAMES = ("Ana", "Luis", "Marta", "Jorge", "Carmen", "Pau", "Iria", "Ane", "Emma", "Tom", "Sara", "Hugo")
OPENINGS = {
    "es": ("Hola, buenos días,", "Buenas,", "Perdonad,", "Oigan,", "Hola,"),
    "en": ("Hello,", "Hi there,", "Excuse me,", "Good morning,"),
}
BODIES = {
    "es": (
        "mi pedido todavía no ha llegado y nadie me contesta por teléfono",
        "quería saber a qué hora abren la tienda los sábados por la mañana",
        "los zapatos me quedan pequeños y no sé cómo cambiarlos por otra talla",
        "llevo esperando una respuesta desde ayer y no me parece serio",
        "muchas gracias por todo, el trato ha sido estupendo 😊",
        "el vuelo sale en dos horas y sigo sin la tarjeta de embarque",
    ),
    "en": (
        "my order has not arrived yet and nobody answers the phone",
        "could you tell me when the shop opens on Saturday morning",
        "the shoes are too small and I would like to change them for another size",
        "I have been waiting for an answer since yesterday",
        "thank you so much, the service was wonderful 😊",
    ),
}
ANSWERS = (
    "Muchas gracias por escribirnos, ahora mismo lo miramos y le contamos.",
    "Entendemos perfectamente su enfado; nos ponemos en contacto con el almacén hoy mismo.",
    "Abrimos de lunes a sábado de diez a dos y de cinco a ocho. ¡Le esperamos!",
)
WORDS = tuple(
    first + middle + last
    for first in ("bar", "cel", "dor", "fin", "gal", "lum", "mer", "nov", "par", "ros", "sal", "tor")
    for middle in ("a", "e", "i", "o", "ad", "en", "il", "os")
    for last in ("ta", "do", "ra", "ón", "ble", "ción", "mente", "ría")
)


def lines(conversations: int, messages: int, seed: int, now: datetime) -> Iterator[str]:
    """Give the messages of a desk, oldest first, as lines to import."""
    dice = random.Random(seed)
    longest = min(LONGEST, messages // 2)
    each, more = divmod(messages - longest, conversations - 1)
    order: list[tuple[float, int, int, bool]] = []
    for number in range(conversations):
        size = longest if number == 0 else each + (number <= more)
        waits = number == 0 or dice.random() < 0.8
        last = dice.uniform(0, 10) if waits else dice.uniform(5, 400)
        if number == 0:
            last = 15.0  # hours, beyond all others
        nudges = dice.choice((1, 1, 1, 2, 3)) if waits else 0
        start = last + dice.uniform(24, 2000)
        hours = sorted((dice.uniform(last + 3, start) for _ in range(size - nudges)), reverse=True)
        hours += sorted((last + dice.uniform(0, 2.5) for _ in range(nudges)), reverse=True)
        for position, hour in enumerate(hours[-size:]):
            # Before the unanswered ones comes an answer of ours.
            inbound = position >= size - nudges or (position % 2 == 0 and position < size - nudges - 1)
            order.append((hour, number, position, inbound))
    order.sort(reverse=True)
    for hour, number, position, inbound in order:
        yield _line(dice, number, position, inbound, now - timedelta(hours=hour))


def _line(dice: random.Random, number: int, position: int, inbound: bool, at: datetime) -> str:
    language = "en" if number % 4 == 0 else "es"
    extra = " ".join(dice.choices(WORDS, k=dice.randint(2, 12)))
    rare = f" referencia{number}" if position == 0 else ""
    name = NAMES[number % len(NAMES)]
    said = f"{dice.choice(OPENINGS[language])} {dice.choice(BODIES[language])}. {extra}{rare}"
    brand, channel = BRANDS[number % len(BRANDS)], CHANNELS[number % len(CHANNELS)]
    return json.dumps(
        {
            "account": f"{brand} {channel}",
            "brand": brand,
            "channel": channel,
            "conversation": f"c{number}",
            "id": f"c{number}-{position}",
            "direction": "in" if inbound else "out",
            "at": at.isoformat(),
            "text": said if inbound else f"{dice.choice(ANSWERS)} {extra}",
            "author": {"handle": f"{name.lower()}{number}", "name": name}
            if inbound
            else {"handle": brand.lower().replace(" ", ""), "name": brand},
            "agent": "" if inbound else "eva",
        },
        ensure_ascii=False,
    )


def make(path: Path, conversations: int, messages: int, seed: int) -> float:
    """Make the desk and return the seconds it took; until it is whole it has another name."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    for left in path.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    database = Database(unfinished)
    desk = Desk(database, SystemClock(), Config())
    start = time.perf_counter()
    report = desk.import_history(lines(conversations, messages, seed, datetime.now(UTC)), _tell)
    database.close()
    assert not report.skipped, report.skipped[:3]
    unfinished.rename(path)
    return time.perf_counter() - start


def _tell(read: int) -> None:
    if read % 50_000 == 0:
        print(f"\r{read:,}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Make the desk that the command line asks for; one that is there already is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.path.exists():
        print(f"{options.path} is there already")
        return
    took = make(options.path.absolute(), options.conversations, options.messages, options.seed)
    print(f"\n{options.messages:,} messages in {took:,.0f} s")


if __name__ == "__main__":
    main()
