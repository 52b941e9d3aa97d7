"""What the check of an answer costs: ``python bench/bench_check.py [--rounds N]``. Exit code 1 where a goal is missed.

Every draft is another one, so that nothing is remembered from the round before; half of them have slips to mend. The
floor is Hunspell alone, asked for the same words.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft
from socialdesk.checking.rules import load
from socialdesk.checking.spelling.dictionaries import find

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
GOAL = 30.0
"""Milliseconds for 500 characters, after the first."""

TEXTS = {
    "es": "Hola, {name}. Sentimos mucho el retraso de tu pedido; el almacén nos confirma que la caja salió el martes y que "
    "el reparto suele tardar dos días. Si prefieres recogerlo en la tienda, abrimos de 10 a 14 y de 17 a 20, y te lo "
    "tenemos preparado en el mostrador. Gracias por avisarnos y por la paciencia, de verdad. La talla que comentas está "
    "disponible en azul y en gris, y el cambio no cuesta nada: basta con traer el tique. Cualquier otra duda, aquí nos "
    "tienes, que para eso estamos. Un abrazo de todo el equipo.",
    "en": "Hello {name}, we are very sorry about the delay of your order; the warehouse tells us that the box left on "
    "Tuesday and that delivery usually takes two days. If you would rather collect it, the shop is open from 10 to 14 and "
    "from 17 to 20, and it waits for you at the counter. Thank you for telling us and for your patience. The size you "
    "mention is in stock in blue and in grey, and changing it costs nothing: just bring the receipt along. For anything "
    "else we are here. All the best from the whole team at the shop.",
}
SLIPS = (
    ("pedido", "peddido"),
    ("almacén", "almasen"),
    ("tienda", "tineda"),
    ("delivery", "delievry"),
    ("counter", "conuter"),
)


class Figure(NamedTuple):
    """One line of the table; ``goal`` is None where none was set."""

    what: str
    taken: float
    unit: str = "ms"
    goal: float | None = None


def milliseconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return how long something takes; the processor's own time, so that other work on the machine counts less."""
    begun = clock()
    work()
    return (clock() - begun) * 1_000


def drafts(language: str, rounds: int) -> list[Draft]:
    """Return drafts of 500 characters, no two alike."""
    made = []
    for number in range(rounds):
        text = TEXTS[language].format(name=f"Ana{number}")[:500]
        if number % 2:
            for right, wrong in SLIPS:
                text = text.replace(right, wrong + "aeiou"[number % 5])
        reply = "No me llega nada, estoy harta." if language == "es" else "Nothing has come, I am fed up."
        previous = tuple(TEXTS[language][k:] for k in range(20))
        made.append(Draft(text, reply, previous, "x", True, "tu", ("900 100 200",)))
    return made


def floor(language: str, texts: list[str]) -> float:
    """Return what Hunspell alone takes for the words of one text, the middle of all."""
    from hunspell import Hunspell  # type: ignore[import-untyped]

    asked = [Hunspell(path.name, hunspell_data_dir=str(path.parent)) for path in find(language)]
    word = re.compile(r"\w+")
    return statistics.median(
        milliseconds(lambda text=text: [one.spell(found) for found in word.findall(text) for one in asked])  # type: ignore[misc]
        for text in texts
    )


def of_language(language: str, rounds: int) -> list[Figure]:
    """Return the figures of one language."""
    rules = load(with_plugins=False)
    first, *rest = drafts(language, rounds + 1)
    cold = milliseconds(lambda: check(first, rules, NOW))
    times = sorted(milliseconds(lambda draft=draft: check(draft, rules, NOW)) for draft in rest)  # type: ignore[misc]
    lowest = floor(language, [draft.text for draft in rest])
    return [
        Figure(f"{language}: first check, dictionaries and rules loaded", cold),
        Figure(
            f"{language}: 500 characters, median ({statistics.median(times) / lowest:.0f} x Hunspell alone)",
            statistics.median(times),
            goal=GOAL,
        ),
        Figure(f"{language}: 500 characters, p95", times[int(len(times) * 0.95)], goal=GOAL),
        Figure(f"{language}: 500 characters, most", times[-1]),
    ]


def of_the_command() -> list[Figure]:
    """Return what the command costs from start to the first answer, and after."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "socialdesk", "check", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(number: int) -> None:
            stdin.write(
                json.dumps({"text": TEXTS["es"].format(name=f"Eva{number}"), "channel": "mail"}) + "\n"
            )
            stdin.flush()
            stdout.readline()

        ask(0)
        started = (time.perf_counter() - begun) * 1_000
        later = statistics.median(
            milliseconds(partial(ask, number), time.perf_counter) for number in range(1, 30)
        )
        stdin.close()
        process.wait()
    return [
        Figure("command: start to the first answer", started),
        Figure("command: each answer after", later, goal=GOAL),
    ]


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    figures = [*of_language("es", options.rounds), *of_language("en", options.rounds), *of_the_command()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    figures.append(Figure("memory of a process with both languages", memory, "MB"))
    for figure in figures:
        judged = "" if figure.goal is None else ("reached" if figure.taken <= figure.goal else "MISSED")
        goal = "" if figure.goal is None else f"{figure.goal:g} {figure.unit}"
        print(f"| {figure.what} | {figure.taken:.1f} {figure.unit} | {goal} | {judged} |")
    return int(any(figure.goal is not None and figure.taken > figure.goal for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
