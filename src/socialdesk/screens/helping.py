"""Canned replies and facts, put into the answer by a few letters (NEEDS C1, C7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering
from socialdesk.wording import day_and_month, explain_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from socialdesk.domain.models import QueueRow
    from socialdesk.replies.composing import Entry
    from socialdesk.replies.facts import Fact
    from socialdesk.replies.finding import Finder
    from socialdesk.screens.chooser import Chooser, Told
    from socialdesk.suggesting import Suggestions


class Helping(Answering):
    """The main screen's canned replies and facts."""

    def action_canned(self) -> None:
        """Begin the answer with a canned reply."""
        self.run_worker(self.attempt(self._begin_canned()), group="open", exclusive=True)

    async def _begin_canned(self) -> None:
        if await self._reply():
            await self._offer_replies()

    def action_write_canned(self) -> None:
        """Put a canned reply into the answer."""
        self.run_worker(self.attempt(self._offer_replies()), group="open", exclusive=True)

    def action_write_fact(self) -> None:
        """Put a fact of the brand into the answer."""
        self.run_worker(self.attempt(self._offer_facts()), group="open", exclusive=True)

    def action_next_blank(self) -> None:
        """Go to the next blank of the answer; behind the last one, to its end."""
        if not self.answer.next_blank():
            self.answer.go_to_end()
            self.say(_("There is no blank left to fill in."))

    # Canned replies -------------------------------------------------------------------------------

    async def _offer_replies(self) -> None:
        row = self.answer.row
        if row is not None:
            offer = await self.shell.read(Offer, self, row)
            self._tell_troubles()
            self.app.push_screen(offer.chooser(), offer.chosen)

    # Facts ----------------------------------------------------------------------------------------

    async def _offer_facts(self) -> None:
        row = self.answer.row
        if row is None:
            return
        shelf = self.shell.shelf()
        facts = await self.shell.read(shelf.facts, row.brand)
        self._tell_troubles()
        if not facts:
            self._edit_facts(row.brand)
            return
        self.app.push_screen(self._facts_chooser(facts, row), self._fact_chosen)

    def _facts_chooser(self, facts: list[Fact], row: QueueRow) -> Chooser[Fact]:
        from socialdesk.replies.finding import Finder
        from socialdesk.screens.chooser import Chooser, Extra

        finder = Finder(facts, lambda fact: (fact.label or fact.name, f"{fact.name} {fact.text}"))
        chooser: Chooser[Fact] = Chooser(
            _("Facts: {brand}").format(brand=row.brand),
            finder.find,
            self._tell_fact,
            _("enter inserts · ctrl+y still true today · ctrl+e change · esc leaves"),
            self._take_fact,
            [
                Extra("ctrl+y", lambda fact: self._confirm(fact)),
                Extra("ctrl+e", lambda fact: self._edit_facts(fact.brand, fact.path)),
            ],
        )
        return chooser

    def _tell_fact(self, fact: Fact, full: bool) -> Told:
        from socialdesk.screens.chooser import Told

        today = self.shell.clock.now().astimezone().date()
        when = day_and_month(fact.confirmed) if fact.confirmed else _("never")
        note = _("confirmed: {when}").format(when=when)
        stale = _("Not confirmed for half a year: is it still true?") if fact.is_stale(today) else ""
        return Told(fact.label or fact.name, f"! {note}" if stale else note, fact.said(self._spoken()), stale)

    def _spoken(self) -> str:
        row = self.answer.row
        return row.language if row else ""

    def _fact_chosen(self, fact: Fact | None) -> None:
        if fact is not None:
            self._take_fact(fact)

    def _take_fact(self, fact: Fact) -> None:
        self.answer.fill_in(fact.said(self._spoken()))

    def _confirm(self, fact: Fact) -> None:
        from socialdesk.replies import own

        today = self.shell.clock.now().astimezone().date()
        try:
            own.confirm([fact], fact.name, today)
        except SocialdeskError as error:
            self.say(str(explain_error(error)), "error")
            return
        self._facts_changed()

    def _facts_changed(self) -> None:
        """Offer the facts as they are written now."""
        self.shell.shelf(again=True)
        self.app.pop_screen()
        self.action_write_fact()

    def _edit_facts(self, brand: str, path: Path | None = None) -> None:
        from socialdesk.replies import own

        folder, today = self.shell.shelf().facts_folder, self.shell.clock.now().astimezone().date()
        if self._written(lambda edit: own.edit_facts(folder, brand, today, edit, path)):
            self._facts_changed()

    def edit_replies(self, entry: Entry) -> None:
        """Let one's own copy of a situation be edited, then offer the replies as they are written now."""
        from socialdesk.replies import own

        brand = next((reply.brand for reply in entry.replies if reply.brand), "")
        shelf = self.shell.shelf()
        said = [r for r in shelf.library.replies(entry.language, brand) if r.situation == entry.situation]
        if self._written(lambda edit: own.edit_replies(shelf.replies_folder, said, edit, brand)):
            self.app.pop_screen()
            self.action_write_canned()

    def _written(self, write: Callable[[Callable[[Path], None]], object]) -> bool:
        """Hand a file to $EDITOR and read all files again; say whether a list of what is in them is to be shown anew."""
        from socialdesk.screens.editor import EditorFailed, editor_command, open_file

        problem = ""
        try:
            with self.app.suspend():
                # Nothing else may be raised in here: the terminal would not be taken back.
                try:
                    write(lambda path: open_file(path, editor_command()))
                except EditorFailed as error:
                    problem = str(error)
                except SocialdeskError as error:
                    problem = str(explain_error(error))
        except SuspendNotSupported:
            problem = _("This terminal cannot be handed to an editor.")
        self.app.refresh()
        self.shell.shelf(again=True)
        if problem:
            self.say(problem, "error")
        return not problem and self.app.screen is not self

    def _tell_troubles(self) -> None:
        troubles = self.shell.shelf().troubles()
        if troubles:
            more = f" (+{len(troubles) - 1})" if len(troubles) > 1 else ""
            self.say(f"{troubles[0]}{more}", "warning")


class Offer:
    """The replies for one answer, ready to be found; made in a thread, since the files are read for it."""

    def __init__(self, screen: Helping, row: QueueRow) -> None:
        from socialdesk.replies.finding import Finder
        from socialdesk.suggesting import Suggestions

        shell = screen.shell
        self._screen = screen
        self._suggestions: Suggestions = Suggestions(
            shell.desk, shell.shelf(), shell.config, row, shell.clock.now(), shell.most(row)
        )
        self._finder: Finder[Entry] = Finder(
            self._suggestions.entries(), lambda entry: (self._label(entry), f"{entry.id} {entry.keywords}")
        )

    def chooser(self) -> Chooser[Entry]:
        """Return the screen to choose on."""
        from socialdesk.screens.chooser import Chooser, Extra

        hint = _("enter inserts · tab inserts and stays · ctrl+e change · esc leaves")
        edit = Extra("ctrl+e", self._screen.edit_replies)
        return Chooser(_("Canned replies"), self._finder.find, self._tell, hint, self.take, [edit])

    def chosen(self, entry: Entry | None) -> None:
        """Put the reply in that was chosen, if any."""
        if entry is not None:
            self.take(entry)

    def take(self, entry: Entry) -> None:
        """Put a reply into the answer."""
        composed = self._suggestions.compose(entry)
        self._screen.answer.insert(composed.text, composed.uses)

    def _label(self, entry: Entry) -> str:
        return f"{entry.title} · {attitude_name(entry.attitude)}" if entry.attitude else entry.title

    def _tell(self, entry: Entry, full: bool) -> Told:
        from socialdesk.screens.chooser import Told
        from socialdesk.suggesting import called

        note = "" if entry.language == self._suggestions.language else entry.language
        if not full:
            return Told(self._label(entry), note)
        composed = self._suggestions.compose(entry)
        missing = _("Nothing is known of {names}: fill it in before it is sent.")
        warning = missing.format(names=called(composed.missing)) if composed.missing else ""
        if not composed.text:
            warning = _("It is not written in the brand's form of address.")
        return Told(self._label(entry), note, composed.text, warning)


def attitude_name(attitude: str) -> str:
    """Return an attitude in words."""
    return {
        "understand": _("understand"),
        "thank": _("thank"),
        "solve": _("solve"),
        "close": _("say goodbye"),
    }[attitude]
