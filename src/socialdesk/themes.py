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
    # Textual would mix these with the text's colour, which takes the red and the yellow out of them.
    variables |= {"text-error": late, "text-warning": soon, "text-accent": accent, "text-muted": soft}
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

_DARK_16 = _theme(
    "dark",
    dark=True,
    text="#aaaaaa",
    ground="#000000",
    bar="#000000",
    rule="#555555",
    soft="#aaaaaa",
    cursor="#0000aa",
    accent="#55ff55",
    theirs="#55ffff",
    soon="#ffff55",
    late="#ff5555",
)

# Yellow cannot be read on white: what is late soon is magenta there.
_LIGHT_16 = _theme(
    "light",
    dark=False,
    text="#000000",
    ground="#ffffff",
    bar="#ffffff",
    rule="#aaaaaa",
    soft="#000000",
    cursor="#aaaaaa",
    accent="#0000aa",
    theirs="#0000aa",
    soon="#aa00aa",
    late="#aa0000",
)

_CONTRAST_16 = _theme(
    "contrast",
    dark=True,
    text="#ffffff",
    ground="#000000",
    bar="#000000",
    rule="#ffffff",
    soft="#ffffff",
    cursor="#0000aa",
    accent="#55ff55",
    theirs="#55ffff",
    soon="#ffff55",
    late="#ff5555",
)

_MONO_16 = _theme(
    "mono",
    dark=True,
    text="#aaaaaa",
    ground="#000000",
    bar="#000000",
    rule="#555555",
    soft="#aaaaaa",
    cursor="#555555",
    accent="#ffffff",
    theirs="#aaaaaa",
    soon="#ffffff",
    late="#ffffff",
)


def themes(*, few_colours: bool) -> tuple[Theme, ...]:
    """Return the themes for a terminal, by the same names where it has sixteen colours only.

    Those use the very sixteen (as Rich numbers them), because the nearest of them to a soft yellow is grey.
    """
    return (_DARK_16, _LIGHT_16, _CONTRAST_16, _MONO_16) if few_colours else THEMES


def default_theme(wanted: str, no_color: bool) -> str:
    """Return the theme to start with; NO_COLOR (https://no-color.org) asks for monochrome."""
    return MONO.name if no_color else wanted
