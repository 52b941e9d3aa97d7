"""The four looks of the desk. State is always told by a mark or a word as well, so that monochrome loses nothing.

Beside Textual's own colours each theme names what the desk's widgets use: ``rule`` (quiet lines), ``soft`` (what is
less important), ``cursor`` (the chosen row), ``late``, ``soon`` and ``ours`` (what the brand wrote).
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dark",
    dark=True,
    primary="#87afd7",
    secondary="#afafd7",
    accent="#87d7af",
    warning="#d7af5f",
    error="#ff8787",
    success="#87d787",
    foreground="#d0d0d0",
    background="#1c1c1c",
    surface="#1c1c1c",
    panel="#262626",
    boost="#262626",
    variables={
        "rule": "#444444",
        "soft": "#8a8a8a",
        "cursor": "#303a46",
        "late": "#ff8787",
        "soon": "#d7af5f",
        "ours": "#87d7af",
        "bar": "#262626",
    },
)

LIGHT = Theme(
    name="light",
    dark=False,
    primary="#005f87",
    secondary="#5f5f87",
    accent="#00704a",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    foreground="#262626",
    background="#fafafa",
    surface="#fafafa",
    panel="#eeeeee",
    boost="#eeeeee",
    variables={
        "rule": "#c6c6c6",
        "soft": "#626262",
        "cursor": "#d7e5f0",
        "late": "#af0000",
        "soon": "#875f00",
        "ours": "#00704a",
        "bar": "#eeeeee",
    },
)

CONTRAST = Theme(
    name="contrast",
    dark=True,
    primary="#00ffff",
    secondary="#ffffff",
    accent="#00ff00",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    boost="#000000",
    text_alpha=1.0,
    variables={
        "rule": "#ffffff",
        "soft": "#ffffff",
        "cursor": "#0000aa",
        "late": "#ff8080",
        "soon": "#ffff00",
        "ours": "#00ff00",
        "bar": "#000000",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
    },
)

MONO = Theme(
    name="mono",
    dark=True,
    primary="#ffffff",
    secondary="#d0d0d0",
    accent="#ffffff",
    warning="#ffffff",
    error="#ffffff",
    success="#ffffff",
    foreground="#d0d0d0",
    background="#000000",
    surface="#000000",
    panel="#000000",
    boost="#000000",
    variables={
        "rule": "#808080",
        "soft": "#a0a0a0",
        "cursor": "#444444",
        "late": "#ffffff",
        "soon": "#ffffff",
        "ours": "#d0d0d0",
        "bar": "#000000",
    },
)

THEMES = (DARK, LIGHT, CONTRAST, MONO)


def default_theme(wanted: str, no_color: bool) -> str:
    """Return the theme to start with; NO_COLOR (https://no-color.org) asks for monochrome."""
    return MONO.name if no_color else wanted
