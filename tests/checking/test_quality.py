"""How well the check does on drafts labelled by hand: precision and recall by family, false alarms (C2, C3, C5, B1, B3).

``pytest -s tests/checking/test_quality.py`` prints the tables. The untouched part is for the end: no rule was made
by it. ``python tests/checking/test_quality.py`` prints the tables of both parts.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft
from socialdesk.checking.rulefiles import FAMILIES
from socialdesk.checking.rules import load

LABELLED = Path(__file__).parent / "labelled"
PRECISION, RECALL = 0.90, 0.85
FALSE_ALARMS = 1 / 20
"""The most false alarms per good answer."""

FEWEST = {"es": 600, "en": 300}
LEAST = 9
"""Drafts that every family has in every part: a share of nothing would pass for all of it."""
PARTS = ("tuning",)
"""The parts that are judged."""

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Score(NamedTuple):
    """One family's count; ``good`` answers have nothing to find, ``alarmed`` of them were found fault with."""

    right: Counter[str]
    wrong: Counter[str]
    missed: Counter[str]
    good: int
    alarmed: int


def drafts(language: str, part: str) -> list[dict[str, Any]]:
    """Return the labelled drafts of a language."""
    return [
        json.loads(line)
        for path in sorted(LABELLED.glob(f"{language}_{part}*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def found_in(values: dict[str, Any]) -> set[str]:
    """Return the families that the check finds in a draft."""
    known: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    draft = Draft(**known)
    return {finding.family for finding in check(draft, load(with_plugins=False), NOW)}


@lru_cache
def score(language: str, part: str) -> Score:
    """Return how the check does on one part of one language."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    good = alarmed = 0
    for labelled in drafts(language, part):
        wanted, found = set(labelled["families"]), found_in(labelled["draft"])
        right.update(wanted & found)
        wrong.update(found - wanted)
        missed.update(wanted - found)
        good += not wanted
        alarmed += not wanted and bool(found)
    return Score(right, wrong, missed, good, alarmed)


def share(part: int, whole: int) -> float:
    """Return a share; of nothing, all of it."""
    return part / whole if whole else 1.0


def table(language: str, part: str) -> str:
    """Return the figures as text."""
    scored = score(language, part)
    lines = [
        f"{language} {part}",
        f"{'family':<16}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>11}{'recall':>8}",
    ]
    for family in FAMILIES:
        right, wrong, missed = (counter[family] for counter in scored[:3])
        precision, recall = share(right, right + wrong), share(right, right + missed)
        lines.append(f"{family:<16}{right:>6}{wrong:>6}{missed:>7}{precision:>11.3f}{recall:>8.3f}")
    right, wrong, missed = (sum(counter.values()) for counter in scored[:3])
    lines.append(
        f"{'all':<16}{right:>6}{wrong:>6}{missed:>7}{share(right, right + wrong):>11.3f}{share(right, right + missed):>8.3f}"
    )
    lines.append(f"false alarms: {scored.alarmed} of {scored.good} good answers")
    return "\n".join(lines)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_family_finds_what_it_should_and_little_else(language: str, part: str) -> None:
    print("\n" + table(language, part))
    scored = score(language, part)
    short = [
        family
        for family in FAMILIES
        if share(scored.right[family], scored.right[family] + scored.wrong[family]) < PRECISION
        or share(scored.right[family], scored.right[family] + scored.missed[family]) < RECALL
    ]
    assert not short
    assert scored.alarmed <= scored.good * FALSE_ALARMS


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_labelled_set_is_large_and_every_label_is_a_family(language: str) -> None:
    everything = drafts(language, "tuning") + drafts(language, "untouched")
    assert len(everything) >= FEWEST[language]
    assert len({labelled["id"] for labelled in everything}) == len(everything)
    # English has one form of address.
    spoken_of = set(FAMILIES) - ({"address"} if language == "en" else set())
    for part in ("tuning", "untouched"):
        labels = Counter(family for labelled in drafts(language, part) for family in labelled["families"])
        assert set(labels) == spoken_of
        assert min(labels.values()) >= LEAST


if __name__ == "__main__":
    for of_part in ("tuning", "untouched"):
        for of_language in ("es", "en"):
            print(table(of_language, of_part), end="\n\n")
