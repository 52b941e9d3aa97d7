"""What helps an agent to answer: what the draft is checked against, canned replies by use, protocols (NEEDS C1, C2, D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding
from socialdesk.errors import Refused

if TYPE_CHECKING:
    from socialdesk.checking.draft import Draft
    from socialdesk.domain.answers import Overrule, Run, Used


class Guiding(Holding):
    """The check, the shelf and the protocols, as far as the desk knows them."""

    def checking(self, conversation_id: int) -> Draft:
        """Return what the desk knows to check a draft for a conversation against; its text and the facts are others'."""
        from socialdesk.checking.draft import Draft
        from socialdesk.storage import owed

        reader = self._database.read()
        place = owed.place(reader, conversation_id)
        wanted = self._config.answering_for(place.brand)
        names = (place.name, place.handle, place.brand, self._config.agent, *wanted.words)
        return Draft(
            "",
            reply_to="\n".join(owed.owed(reader, conversation_id)),
            previous=tuple(owed.answered_lately(reader, place.brand)),
            channel=place.channel,
            public=not place.private,
            address=wanted.address,
            language=place.language or wanted.language,
            brand=place.brand,
            names=tuple(name for name in names if name),
        )

    def overrules(self, conversation_id: int) -> list[Overrule]:
        """Return the findings that were let stand in a conversation, oldest first."""
        from socialdesk.storage import habits

        return habits.overrules(self._database.read(), conversation_id)

    def used(self, brand: str) -> dict[str, Used]:
        """Return how often each canned reply was used for a brand, by id."""
        from socialdesk.storage import habits

        return habits.used(self._database.read(), brand)

    def note_use(self, conversation_id: int, *replies: str) -> None:
        """Keep that canned replies were used; those told with a reply (``uses``) are kept by themselves."""
        from socialdesk.storage import habits

        with self._database.write() as connection:
            habits.use(connection, conversation_id, replies, self._agent(), self._clock.now())

    def runs(self, conversation_id: int) -> list[Run]:
        """Return the protocols that were begun in a conversation, oldest first."""
        from socialdesk.storage import protocolruns

        return protocolruns.of(self._database.read(), conversation_id)

    def start_protocol(self, conversation_id: int, protocol: str, by: str = "agent") -> Run:
        """Begin a protocol, by an "agent" or a "rule"; one that is being followed already goes on."""
        from socialdesk.storage import protocolruns

        with self._database.write() as connection:
            number = protocolruns.start(
                connection, conversation_id, protocol, by, self._agent(), self._clock.now()
            )
        return protocolruns.one(self._database.read(), number)

    def tick(self, run_id: int, step: int, on: bool = True) -> None:
        """Say that a step of a protocol, counted from 0, was done, or was not.

        Raises ``NotFound``; ``Refused``: ``no_step``, where the protocol has none of that number.
        """
        from socialdesk.storage import protocolruns

        known = self._steps(protocolruns.one(self._database.read(), run_id).protocol)
        if step < 0 or (known is not None and step >= known):
            raise Refused(str(step), code="no_step")
        with self._database.write() as connection:
            if on:
                protocolruns.tick(connection, run_id, step, self._agent(), self._clock.now())
            else:
                protocolruns.untick(connection, run_id, step)

    def end_protocol(self, run_id: int) -> None:
        """Follow a protocol no longer."""
        from socialdesk.storage import protocolruns

        with self._database.write() as connection:
            protocolruns.end(connection, run_id, self._clock.now())
