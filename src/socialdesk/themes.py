"""The four looks of the desk. State is always told by a mark or a word as well, so that monochrome loses nothing.

Beside Textual's own colours each theme names what the desk's widgets use (widgets/ink.py): ``rule`` (quiet lines),
``soft`` (what is less important), ``cursor`` (the chosen row), ``bar`` (top and bottom line), ``late``, ``soon`` and
``ours`` (what the brand wrote).
"""

from __future__ import annotations

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    text: str,
    ground: str,
    bar: str,
    rule: str,
    soft: str,
    cursor: str,
    accent: str,
    theirs: str,
    soon: str,
    late: str,
) -> Theme:
    """Return a theme; scrollbars are as quiet as the rules."""
    variables = {"rule": rule, "soft": soft, "cursor": cursor, "bar": bar}
    variables |= {"late": late, "soon": soon, "ours": accent}
    variables |= {"scrollbar": rule, "scrollbar-hover": soft, "scrollbar-active": soft}
    for part in ("background", "background-hover", "background-active", "corner-color"):
        variables[f"scrollbar-{part}"] = ground
    return Theme(
        name=name,
        dark=dark,
        primary=theirs,
        secondary=soft,
        accent=accent,
        warning=soon,
        error=late,
        success=accent,
        foreground=text,
        background=ground,
        surface=ground,
        panel=bar,
        boost=bar,
        text_alpha=1.0,
        variables=variables,
    )


DARK = _theme(
    "dark",
    dark=True,
    text="#d0d0d0",
    ground="#1c1c1c",
    bar="#262626",
    rule="#444444",
    soft="#949494",
    cursor="#303a46",
    accent="#87d7af",
    theirs="#87afd7",
    soon="#d7af5f",
    late="#ff8787",
)

LIGHT = _theme(
    "light",
    dark=False,
    text="#262626",
    ground="#fafafa",
    bar="#eeeeee",
    rule="#bcbcbc",
    soft="#626262",
    cursor="#d7e5f0",
    accent="#00704a",
    theirs="#005f87",
    soon="#875f00",
    late="#af0000",
)

CONTRAST = _theme(
    "contrast",
    dark=True,
    text="#ffffff",
    ground="#000000",
    bar="#000000",
    rule="#ffffff",
    soft="#ffffff",
    cursor="#0000aa",
    accent="#00ff00",
    theirs="#00ffff",
    soon="#ffff00",
    late="#ff8080",
)

MONO = _theme(
    "mono",
    dark=True,
    text="#d0d0d0",
    ground="#000000",
    bar="#000000",
    rule="#808080",
    soft="#a0a0a0",
    cursor="#444444",
    accent="#ffffff",
    theirs="#d0d0d0",
    soon="#ffffff",
    late="#ffffff",
)

THEMES = (DARK, LIGHT, CONTRAST, MONO)


def default_theme(wanted: str, no_color: bool) -> str:
    """Return the theme to start with; NO_COLOR (https://no-color.org) asks for monochrome."""
    return MONO.name if no_color else wanted
