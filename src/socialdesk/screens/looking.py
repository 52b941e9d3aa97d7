"""The check while an answer is being written: asked after a rest, shown in the text and below it (NEEDS C2)."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from socialdesk.i18n import _, ngettext
from socialdesk.screens.panes import Place
from socialdesk.screens.shell import Shell
from socialdesk.screens.showing import Showing

if TYPE_CHECKING:
    from socialdesk.checkchild import Found
    from socialdesk.domain.counting import Limit
    from socialdesk.domain.models import Thread
    from socialdesk.screens.findings import FindingsScreen
    from socialdesk.screens.review import Review
    from socialdesk.widgets.compose import Compose
    from socialdesk.widgets.limits import Limits

AFTER = 0.3
"""Seconds without a key after which the answer is checked."""

AT_MOST = 1.0
"""Seconds for which an answer that is to leave waits for its check."""


class Looking(Showing):
    """The main screen's knowledge of what is found in the answer."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._review: Review | None = None
        self._left: dict[
            int, Review
        ] = {}  # of the answers on their way, by conversation: they may be taken back
        self._heard: tuple[int, int] | None = (
            None  # the conversation, and how much its customer has written in it
        )
        self._due: asyncio.TimerHandle | None = None
        self._looking = self._look_again = False
        self._looked = asyncio.Event()
        self._findings: FindingsScreen | None = None

    @property
    def review(self) -> Review:
        """What is found in the answer, and what was decided about it."""
        from socialdesk.screens.review import Review

        number = self.answer.row.id if self.answer.row else None
        if self._review is None or self._review.conversation_id != number:
            self._review = Review(number)
        return self._review

    def forget_review(self) -> None:
        """The answer has left: the next one is another answer."""
        if self._review is not None and self._review.conversation_id is not None:
            self._left[self._review.conversation_id] = self._review
        self._review = None

    def recall_review(self, conversation_id: int) -> None:
        """The answer was taken back: what was decided about it still holds, if it is found again."""
        if conversation_id in self._left:
            self._review = self._left.pop(conversation_id)
            self._review.outdate()

    def _present(self, thread: Thread, limits: Limits | None, at: int | None) -> None:
        """Check the answer anew where the customer has written meanwhile: it answers that too now."""
        super()._present(thread, limits, at)
        before, self._heard = self._heard, (thread.row.id, thread.seen.heard)
        is_news = before is not None and before[0] == thread.row.id and before != self._heard
        if is_news and self._review is not None and self._review.conversation_id == thread.row.id:
            self._review.outdate()
            if self.place is Place.COMPOSE and self.shell.checks and self.answer.text.strip():
                self.look_now()

    def on_compose_wrote(self, event: Compose.Wrote) -> None:
        """Check once the fingers rest."""
        event.stop()
        if self.place is Place.COMPOSE and self.shell.checks and self.answer.row is not None:
            self._wait()
            self._due = asyncio.get_running_loop().call_later(AFTER, self._fingers_rest)

    def _wait(self) -> None:
        if self._due is not None:
            self._due.cancel()

    def _fingers_rest(self) -> None:
        if self.place is Place.COMPOSE and self.is_attached:
            self.look_now()

    def look_now(self) -> None:
        """Check the answer as it stands; one that is being checked is checked once more."""
        self._wait()
        self._look_again = True
        if not self._looking and self.is_attached:
            self.run_worker(self._look_it_over(), group="check")

    async def _look_it_over(self) -> None:
        self._looking = True
        try:
            # Imported off the screen's thread, which answers keys meanwhile.
            await self.shell.read(import_module, "socialdesk.screens.finding_lines")
            while self._look_again:
                self._look_again = False
                await self._check(self.answer.text)
                self._looked.set()
        finally:
            self._looking = False
            self._looked.set()

    async def _check(self, text: str) -> None:
        from socialdesk.checkchild import CheckFailed, Found
        from socialdesk.errors import SocialdeskError

        review, row = self.review, self.answer.row
        if row is None or review.knows(text):
            return
        failed, found, of = False, list[Found](), review.times_outdated
        try:
            found = await self.shell.look_over(row.id, text)
        except (CheckFailed, SocialdeskError):
            failed = True
        if (
            self.is_attached
            and self.review is review
            and self.answer.text == text
            and review.times_outdated == of
        ):
            review.take(text, self._within_the_limit(text, found), failed=failed)
            self.show_review()

    def _within_the_limit(self, text: str, found: list[Found]) -> list[Found]:
        """Return the findings as the network's own limit has them: it knows better than the check."""
        from socialdesk.checkchild import Found

        limit = self.answer.limit
        if limit is None:
            return found
        found = [one for one in found if one.family != "length" or self.answer.too_long]
        if self.answer.too_long and not any(one.family == "length" for one in found):
            words = _("Not sent: {used} of at most {most} characters. The text is kept.").format(
                used=self.answer.used, most=limit.size
            )
            found.append(
                Found("length", "too_long", self._too_long_at(text), len(text), words, weight="stop")
            )
        return found

    def _too_long_at(self, text: str) -> int:
        from socialdesk.domain.counting import excess_at

        limit = self.network_limit
        return excess_at(text, limit) if limit else 0

    @property
    def network_limit(self) -> Limit | None:
        """How long the answer may be, or None where the network names no limit."""
        from socialdesk.domain.counting import Limit

        limit = self.answer.limit
        return Limit(limit.size, limit.count, limit.max_bytes) if limit else None

    async def is_looked_over(self, text: str) -> bool:
        """Wait until it is known what is found in a text, for a second at most; say whether it is known."""
        if not self.shell.checks:
            self.review.take(text, self._within_the_limit(text, []))
            return True
        try:
            async with asyncio.timeout(AT_MOST):
                while not self.review.knows(text) and self.answer.text == text:
                    self._looked.clear()
                    self.look_now()
                    await self._looked.wait()
        except TimeoutError:
            return False
        return True

    # What is seen of it ---------------------------------------------------------------------------

    def show_review(self) -> None:
        """Show what is found, in the text, below it, and in the list where that is open."""
        from socialdesk.screens.finding_lines import marks

        review = self.review
        if review.knows(self.answer.text):
            self.answer.mark(marks(review, self.shell.clock.now()), self._quiet_word())
        if self._findings is not None:
            self._findings.show_findings()

    def _quiet_word(self) -> str:
        if self.review.failed:
            return _("The check is not available: look it over yourself.")
        return _("✓ checked") if self.answer.text.strip() else ""

    def action_findings(self) -> None:
        """Show all that is found in the answer."""
        if not self.shell.checks:
            self.say(_("There is no check here."))
        elif self.answer.text.strip():
            self.look_now()
            self.open_findings()

    def open_findings(self) -> None:
        """Open the list of what is found."""
        from socialdesk.screens.findings import FindingsScreen

        if self._findings is None:
            self._findings = FindingsScreen(self.shell, self)
            self.app.push_screen(self._findings, self._findings_closed)

    def _findings_closed(self, _result: None) -> None:
        self._findings = None
        self.show_review()

    def send_again(self) -> None:
        """The person has seen the findings and wants the answer to leave."""

    def whom(self) -> str:
        """Return whom the answer is for."""
        row = self.answer.row
        return (row.name or row.handle) if row else ""

    def left_to_do(self) -> str:
        """Return what is left before the answer can leave, in words."""
        review, key = self.review, self.key_for("send")
        if not review.knows(self.answer.text):
            return _("Not checked yet. {key} sends it all the same.").format(key=key)
        stops = len(review.stops())
        if stops:
            return ngettext(
                "{n} finding to mend or to let stand with a reason",
                "{n} findings to mend or to let stand with a reason",
                stops,
            ).format(n=stops)
        return _("{key} sends").format(key=key)
