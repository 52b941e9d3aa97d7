"""How far each folder has been read, as the cursor keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Place:
    """All up to ``uid`` has been read, in the folder of that ``validity``; ``at`` is when the newest of it came in."""

    validity: int
    uid: int
    at: str = ""

    def moment(self) -> datetime | None:
        """When the newest letter that was read came in."""
        try:
            return datetime.fromisoformat(self.at).astimezone(UTC)
        except ValueError:
            return None


def unpacked(cursor: str) -> dict[str, Place]:
    """Return the places in a cursor; a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = json.loads(cursor or "{}")
        if kept.get("v") != _VERSION:
            return {}
        return {
            str(name): Place(int(one["validity"]), int(one["uid"]), str(one["at"]))
            for name, one in kept["folders"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def packed(places: Mapping[str, Place]) -> str:
    """Return the cursor."""
    return json.dumps(
        {"v": _VERSION, "folders": {name: asdict(place) for name, place in sorted(places.items())}}
    )
