"""How long an answer is held before it leaves, and whose word it waits for (NEEDS C2, C4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.desk.base import Base
from socialdesk.domain.windows import in_time

if TYPE_CHECKING:
    from socialdesk.storage.owed import Place

WIDE_REACH = 10_000
"""So many followers make a wrong word worth a longer look."""


class Holding(Base):
    """Time to reflect."""

    @property
    def agent(self) -> str:
        """The name under which this desk's person writes."""
        return self._agent()

    def hold_for(self, conversation_id: int) -> timedelta:
        """Return how long an answer is held: longer where the customer is upset or many will read it."""
        from socialdesk.storage import owed

        place = owed.place(self._database.read(), conversation_id)
        wanted = self._config.answering_for(place.brand)
        window = wanted.undo_upset if self._delicate(conversation_id, place) else wanted.undo
        least = (
            self._config.approval.cool_down
            if self._needs(conversation_id, place) == "cool_down"
            else timedelta()
        )
        return max(window or timedelta(), least)

    def held_until(self, conversation_id: int) -> datetime:
        """Return when an answer leaves that is held from now on: in time, where the network takes none later."""
        from socialdesk.storage import windows

        now, until = self._clock.now(), windows.until(self._database.read(), conversation_id)
        return in_time(now + self.hold_for(conversation_id), until, now)

    def hold_reason(self, conversation_id: int) -> str:
        """Return why an answer is held longer than others: "cool_down", "reach", "upset"; "" where it is not."""
        from socialdesk.storage import owed

        place = owed.place(self._database.read(), conversation_id)
        wanted = self._config.answering_for(place.brand)
        delicate = self._delicate(conversation_id, place)
        longer = delicate and (wanted.undo_upset or timedelta()) > (wanted.undo or timedelta())
        window = (wanted.undo_upset if delicate else wanted.undo) or timedelta()
        if self._needs(conversation_id, place) == "cool_down" and self._config.approval.cool_down > window:
            return "cool_down"
        return delicate if longer else ""

    def needs_approval(self, conversation_id: int) -> str:
        """Return "person" where a second one must agree to an answer, "cool_down" where there is none, else ""."""
        from socialdesk.storage import owed

        return self._needs(conversation_id, owed.place(self._database.read(), conversation_id))

    def _needs(self, conversation_id: int, place: Place) -> str:
        wanted, always = self._config.approval, self._config.answering_for(place.brand).approval
        if not (self._is_one_of(conversation_id, place, wanted.situations) if always is None else always):
            return ""
        # Somebody written down twice is still alone: nobody could ever agree.
        return "person" if len({name.strip().casefold() for name in wanted.people}) > 1 else "cool_down"

    def _is_one_of(self, conversation_id: int, place: Place, situations: Collection[str]) -> bool:
        """Say whether a conversation is in one of these situations, or follows a protocol of that name."""
        from socialdesk.storage import protocolruns

        if place.situation in situations:
            return True
        followed = protocolruns.followed(self._database.read(), conversation_id) if situations else set()
        return not followed.isdisjoint(situations)

    def _delicate(self, conversation_id: int, place: Place) -> str:
        """Return why a word too many would do harm, "reach" or "upset", or ""."""
        from socialdesk.storage import owed

        if (place.reach or 0) >= WIDE_REACH:
            return "reach"
        from socialdesk.checking.mood import upset

        return "upset" if any(map(upset, owed.owed(self._database.read(), conversation_id))) else ""

    def _agent(self) -> str:
        return self._config.agent or _login_name()


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
