"""The styles of painted text, straight from the theme's colours.

Line widgets take them from here and not from CSS component classes: each of those costs the start a pass of the
style sheet, and there are dozens.
"""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

_INKS = {
    # part: (theme variable of the text, of the background, rich attributes)
    "strong": ("", "", "bold"),
    "soft": ("soft", "", ""),
    "day": ("soft", "", ""),
    "rule": ("rule", "", ""),
    "ours": ("ours", "", ""),
    "theirs": ("primary", "", ""),
    "brand": ("accent", "", "bold"),
    "key": ("accent", "", "bold"),
    "here": ("accent", "", "bold"),
    "warn": ("soon", "", "bold"),
    "bad": ("late", "", "bold"),
    "good": ("ours", "", ""),
    "cursor": ("", "cursor", ""),
}
"""What a part of a text looks like; "text" is the widget's own style."""


class Inks:
    """The styles that one widget paints with; ``forget`` them when its styles change."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """Take the colours anew next time."""
        self._styles.clear()

    def __call__(self, part: str) -> Style:
        """Return the whole style of a part."""
        style = self._styles.get(part)
        if style is None:
            base = self._widget.rich_style
            style = self._styles[part] = base if part == "text" else base + self.over(part)
        return style

    def over(self, part: str) -> Style:
        """Return only what a part adds to the style under it."""
        if part == "text":
            return Style.null()
        text, background, attributes = _INKS[part]
        variables = self._widget.app.theme_variables
        style = Style(
            color=Color.parse(variables[text]).rich_color if text else None,
            bgcolor=Color.parse(variables[background]).rich_color if background else None,
        )
        return style + Style.parse(attributes) if attributes else style
