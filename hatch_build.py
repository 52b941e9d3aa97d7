"""Build hook: compiles the translations, so that wheels and editable installs both speak Spanish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Turns every .po file below src/socialdesk/locale into the .mo file that gettext reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile all catalogues before files are collected."""
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in sorted(Path(self.root, "src/socialdesk/locale").rglob("*.po")):
            with source.open("rb") as handle:
                catalog = read_po(handle)
            with source.with_suffix(".mo").open("wb") as handle:
                write_mo(handle, catalog)
