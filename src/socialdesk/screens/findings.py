"""The list of what is found in an answer: mended, let stand with a reason, promises dated, a long text parted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from socialdesk.checkchild import Found
from socialdesk.commands import Where, bindings
from socialdesk.i18n import _
from socialdesk.screens.finding_lines import item
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.reasons import ask_reason
from socialdesk.screens.when import ask_when
from socialdesk.widgets.lines import Line
from socialdesk.widgets.row_list import RowList
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from socialdesk.screens.looking import Looking
    from socialdesk.screens.review import Review
    from socialdesk.screens.shell import Shell


class Left(StatusBar):
    """What is left before the answer can leave."""

    DEFAULT_CSS = """
    Left { dock: none; background: $background; }
    """


class FindingsScreen(ListScreen):
    """Every finding, in the order of the text, with what can be done about it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FINDINGS)]
    PLACES: ClassVar[tuple[Where, ...]] = (Where.FINDINGS, Where.LIST)

    def __init__(self, shell: Shell, main: Looking) -> None:
        super().__init__(shell)
        self._main = main
        self._split = self._parts()
        self._begun = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the list, what is left to do and the key bar."""
        yield Rule(id="title")
        yield RowList()
        yield Left()
        yield self.bar

    def changed(self) -> None:
        """The desk has changed: that changes nothing in the answer."""
        self.show_findings()

    def speak(self) -> None:
        """Say everything in the language in use."""
        self.show_findings()

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        self.show_findings()

    @property
    def _review(self) -> Review:
        return self._main.review

    def show_findings(self) -> None:
        """Show what is found now."""
        if not self.is_mounted:
            return
        review, now = self._review, self.shell.clock.now()
        is_known = review.knows(self._main.answer.text)
        self.query_one("#title", Rule).say(_("Before it leaves"), [self._main.whom()])
        if is_known:
            self._split = self._parts()
            review.look()
        width, split = self.rows.text_width - 4, len(self._split)
        found = review.found if is_known else ()
        if not found:
            self.rows.notice(_("Nothing is found in it.") if is_known else _("It is being looked over…"))
        items = [item(review, one, now, width, split) for one in found]
        self.rows.show(items, cursor=review.first() if is_known and not self._begun else None)
        self._begun |= is_known
        self.query_one(Left).show(Line(((f" {self._main.left_to_do()}", "strong"),)))
        self.show_keys(*self.PLACES)

    def on_row_list_moved(self) -> None:
        """Show the keys that make sense for this finding."""
        self.show_keys(*self.PLACES)

    def on_row_list_chosen(self) -> None:
        """Mend the clicked finding."""
        self.action_mend()

    @property
    def _chosen(self) -> Found | None:
        found, number = self._review.found, self.rows.selected if self.is_mounted else None
        is_known = self._review.knows(self._main.answer.text)
        return found[number] if is_known and number is not None and number < len(found) else None

    def offers(self, command_id: str) -> bool:
        """Leave out what does not go with this finding."""
        found = self._chosen
        match command_id:
            case "mend":
                return found is not None
            case "overrule":
                return found is not None and self._can_stand(found)
            case "unpromise":
                return found is not None and found.family == "commitment"
        return super().offers(command_id)

    def _can_stand(self, found: Found) -> bool:
        """Say whether a finding may be let stand: a promise is kept or not, and no reason makes a text shorter."""
        too_long = found.family == "length" and self._main.answer.too_long
        return found.family != "commitment" and not too_long

    # What can be done -----------------------------------------------------------------------------

    def action_mend(self) -> None:
        """Do what helps: write the better words, part the text, date the promise, or go to the place."""
        found, review = self._chosen, self._review
        if found is None:
            return
        if found.family == "commitment":
            self.run_worker(self._date(found), group="findings", exclusive=True)
        elif found.family == "length" and len(self._split) > 1:
            review.parts = () if review.parts else tuple(self._split)
            self._decided()
        elif found.mend is not None:
            self._main.answer.put(found.mend, found.start, found.end)
            self._main.look_now()
        else:
            self.dismiss(None)
            whole = review.is_whole(found)
            self._main.answer.choose(found.start, found.start if whole else found.end)

    async def _date(self, found: Found) -> None:
        until = await ask_when(self.app, self.shell.clock, _("Promised for"))
        if until is not None:
            self._review.promise(found, until)
            self._decided()

    def action_overrule(self) -> None:
        """Let the finding stand, for a reason; once more takes that back."""
        found = self._chosen
        if found is None or not self._can_stand(found):
            if found is not None:
                self.say(_("That cannot be let stand."), "warning")
        elif self._review.reason(found):
            self._review.overrule(found, "")
            self._decided()
        else:
            self.run_worker(self._overrule(found), group="findings", exclusive=True)

    async def _overrule(self, found: Found) -> None:
        if reason := await ask_reason(self.app, found.family):
            self._review.overrule(found, reason)
            self._decided()

    def action_unpromise(self) -> None:
        """Keep no promise of this, or keep it after all."""
        found = self._chosen
        if found is not None and found.family == "commitment":
            self._review.turn(found)
            self._decided()

    def _decided(self) -> None:
        self.show_findings()
        self._main.show_review()

    def action_send_checked(self) -> None:
        """Send the answer, unless something is left to settle."""
        if self._review.knows(self._main.answer.text) and self._review.stops():
            self.say(self._main.left_to_do(), "warning")
            return
        self.dismiss(None)
        self._main.send_again()

    def _parts(self) -> list[str]:
        """Return the numbered thread that a text too long can leave as."""
        from socialdesk.domain.splitting import split_to

        limit = self._main.network_limit
        return split_to(self._main.answer.text, limit) if limit and self._main.answer.too_long else []
