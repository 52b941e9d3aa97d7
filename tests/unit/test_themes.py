"""Colours tell what they should on every terminal, though never alone (D3)."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from socialdesk.themes import THEMES, themes

FEW = {theme.name: theme for theme in themes(few_colours=True)}
RED, MAGENTA, BRIGHT_RED, BRIGHT_YELLOW = 1, 5, 9, 11


def number(theme: Theme, part: str) -> int | None:
    """Return which of the sixteen colours a part of a theme comes out in."""
    colour = Color.parse(theme.variables[part]).rich_color
    return colour.downgrade(ColorSystem.STANDARD).number


def test_both_sets_have_the_same_names() -> None:
    assert list(FEW) == [theme.name for theme in THEMES]


@pytest.mark.parametrize(
    ("name", "late", "soon"),
    [
        ("dark", BRIGHT_RED, BRIGHT_YELLOW),
        ("contrast", BRIGHT_RED, BRIGHT_YELLOW),
        ("light", RED, MAGENTA),
    ],
)
def test_late_is_red_and_soon_another_colour_among_sixteen(name: str, late: int, soon: int) -> None:
    for part in ("late", "text-error"):
        assert number(FEW[name], part) == late
    for part in ("soon", "text-warning"):
        assert number(FEW[name], part) == soon


@pytest.mark.parametrize("theme", [*THEMES, *FEW.values()])
def test_everything_can_be_read(theme: Theme) -> None:
    """The contrast that WCAG 2 asks of text, 4.5; https://www.w3.org/TR/WCAG21/#contrast-minimum."""
    ground = Color.parse(str(theme.background))
    parts = {part: theme.variables[part] for part in ("late", "soon", "ours", "soft", "text-error")}
    for part, colour in {**parts, "text": str(theme.foreground)}.items():
        assert contrast(Color.parse(colour), ground) >= 4.5, part


@pytest.mark.parametrize("theme", [*THEMES, *FEW.values()])
def test_emphasis_is_never_dimmer_than_what_is_less_important(theme: Theme) -> None:
    ground = Color.parse(str(theme.background))
    soft = contrast(Color.parse(theme.variables["soft"]), ground)
    assert contrast(Color.parse(str(theme.foreground)), ground) >= soft


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
