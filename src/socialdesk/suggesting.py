"""Canned replies for one conversation: in the customer's language, in the brand's form of address, blanks filled."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from socialdesk import i18n
from socialdesk.clockwords import before_when
from socialdesk.domain.counting import limit_of
from socialdesk.domain.hearing import hears_by
from socialdesk.domain.priority import to_ms
from socialdesk.errors import NotFound
from socialdesk.i18n import _
from socialdesk.replies.canned import Address, Use
from socialdesk.replies.composing import Composed, Composer, Entry, entries, first_name
from socialdesk.replies.filling import Values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from socialdesk.config import Config
    from socialdesk.desk import Desk
    from socialdesk.domain.models import QueueRow
    from socialdesk.replies.shelf import Shelf

ROOMY = 600
"""Where a network takes less, in whatever unit it counts, the short wordings are said."""


class Suggestions:
    """What can be said in one conversation; made when its answer is begun, since reading the files takes a moment."""

    def __init__(
        self,
        desk: Desk,
        shelf: Shelf,
        config: Config,
        row: QueueRow,
        now: datetime,
        most: int | None = None,
    ) -> None:
        """``most`` is how long the account lets an answer be; None: as long as its network does, as far as known."""
        self.row = row
        if most is None:
            known = limit_of(row.channel, public=not row.private)
            most = known.size if known else ROOMY
        self._short = most < ROOMY
        self._desk, self._shelf, self._config, self._now = desk, shelf, config, now
        self._used = {name: Use(used.times, to_ms(used.last)) for name, used in desk.used(row.brand).items()}

    @property
    def language(self) -> str:
        """The language to answer in: the customer's, else the brand's, else the desk's."""
        return self.row.language or self._config.answering_for(self.row.brand).language or i18n.language()

    def entries(self, language: str = "") -> list[Entry]:
        """Return what can be said, the language to answer in first, then the desk's own."""
        heard = self._desk.checking(self.row.id).reply_to
        order = [language] if language else dict.fromkeys((self.language, i18n.language(), "en"))
        library, brand = self._shelf.library, self.row.brand
        return [
            entry
            for one in order
            for entry in entries(library.replies(one, brand), self._used, self.row.situation, heard)
        ]

    def compose(self, entry: Entry) -> Composed:
        """Return the words of an entry."""
        return self._composer(entry.language).compose(entry)

    def _composer(self, language: str) -> Composer:
        wanted = self._config.answering_for(self.row.brand).address
        address = Address.FORMAL if wanted == "usted" else Address.INFORMAL
        return Composer(self.values(language), address, self._short, self._used, self.row.private)

    def values(self, language: str) -> Values:
        """Return what the blanks are filled with, in a language."""
        facts = self._shelf.facts(self.row.brand)
        labels = {fact.name: fact.label or fact.name for fact in facts}
        return Values(
            customer=first_name(self.row.name),
            brand=self.row.brand,
            agent=self._config.agent,
            promise=self._promise(language),
            facts={fact.name: fact.said(language) for fact in facts},
            labels={**_labels(), **labels},
        )

    def _promise(self, language: str) -> str:
        row, zone = self.row, self._zone()
        by = hears_by(self._desk.policy(), row.brand, row.channel, row.situation, self._now, zone)
        return "" if by is None else before_when(by, self._now, zone, language)

    def _zone(self) -> tzinfo | None:
        from socialdesk.domain.calendars import zone

        calendar = self._desk.policy().calendars.get(self.row.brand)
        return zone(calendar.zone) if calendar else None


def called(names: Iterable[str]) -> str:
    """Return blanks of which nothing is known as they stand in the text: "[when], [phone]"."""
    labels = _labels()
    return ", ".join(f"[{labels.get(name, name)}]" for name in names)


def _labels() -> dict[str, str]:
    """Return what a blank is called where nobody has written the fact."""
    return {
        "phone": _("phone"),
        "email": _("e-mail"),
        "address": _("address"),
        "website": _("website"),
        "opening_hours": _("opening hours"),
        "returns": _("returns"),
        "shipping": _("shipping"),
        "prices": _("prices"),
        "promise": _("when"),
        "plazo": _("when"),
        "agent": _("your name"),
        "agente": _("your name"),
    }


def suggest(
    desk: Desk,
    shelf: Shelf,
    config: Config,
    conversation_id: int,
    reply: str,
    now: datetime,
    language: str = "",
    most: int | None = None,
) -> Composed:
    """Return the words of a reply, by its name, for a conversation. Raises ``NotFound``."""
    suggestions = Suggestions(desk, shelf, config, desk.row(conversation_id), now, most)
    entry = next((one for one in suggestions.entries(language) if one.id == reply), None)
    if entry is None:
        raise no_reply(shelf, reply, language or suggestions.language)
    return suggestions.compose(entry)


def no_reply(shelf: Shelf, reply: str, language: str) -> NotFound:
    """Return the error to raise where a language has no reply of that name, or none at all."""
    wanted = " ".join(filter(None, (reply, f"({language})")))
    message = _("{wanted}; there are replies in {languages}")
    there = ", ".join(shelf.library.languages())
    return NotFound(message.format(wanted=wanted, languages=there), code="canned")
