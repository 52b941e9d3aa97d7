"""Renders only what an update touches.

At every update Textual asks all widgets whose *container* overlaps it for all of their lines: for one moved cursor,
the whole window. Here a widget is asked only if it overlaps the update itself, and for the update's lines only. Like
the rest of this package it hangs on one version of Textual; ``display.fits`` says whether that is the one in use.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class NearCompositor(Compositor):
    """A compositor for screens with many widgets, of which a key changes one."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Give the region, the clip and the lines of each widget that is seen within ``crop``."""
        if crop is None:
            yield from super()._get_renders()
            return
        lines = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if seen.overlaps(crop):
                near = seen.intersection(lines)
                yield region, near, widget.render_lines(near.translate((-region.x, -region.y)))
