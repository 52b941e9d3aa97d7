"""The wait clock as files for a business's own web page (NEEDS A6)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from socialdesk import clockpages, privatefile
from socialdesk.clockwords import sentence
from socialdesk.domain.waitclock import Reading
from socialdesk.storage import clocks
from socialdesk.storage.database import Reader

log = logging.getLogger(__name__)


def readings_of(readings: Iterable[Reading], brand: str) -> list[Reading]:
    """Return the clocks for a brand's page, "" for that of all: each brand's, then its channels' where there are several."""
    return clockpages.telling([one for one in readings if one.brand and brand in ("", one.brand)])


def texts(
    reader: Reader, readings: Sequence[Reading], files: Mapping[str, Sequence[str]], language: str
) -> dict[Path, str]:
    """Return what each file is to say; none for a brand without accounts."""
    found: dict[Path, str] = {}
    for brand, paths in files.items():
        for path in map(Path, paths):
            if shown := readings_of(readings, brand):
                found[path] = _text(reader, shown, path.suffix, language)
    return found


def write(made: Mapping[Path, str]) -> None:
    """Write the files; one that cannot be written is logged and stops no other."""
    for path, text in made.items():
        try:
            if not path.parent.is_dir():
                raise NotADirectoryError(str(path.parent))
            privatefile.replace(path, text.encode(), clockpages.READABLE)
        except OSError as error:
            log.warning("the wait clock cannot be written to %s: %s", path, error.strerror or error)


def _text(reader: Reader, readings: Sequence[Reading], end: str, language: str) -> str:
    match end:
        case ".html":
            return clockpages.page(readings, language)
        case ".svg":
            return clockpages.badge(readings, language)
        case ".json":
            return json.dumps([_data(reader, one) for one in readings], ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{sentence(one.expected, one.at, one.zone, language)}\n" for one in readings)


def _data(reader: Reader, one: Reading) -> dict[str, object]:
    honesty = clocks.honest(reader, one.brand, one.channel, one.at - clockpages.HONEST_OVER, one.at)
    return clockpages.data(one, honesty)
