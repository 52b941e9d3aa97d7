"""The main screen's way to private, and between a public conversation and the private one that continues it (NEED B3)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from socialdesk.domain.models import QueueRow, Seen, Thread
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.shell import Shell
from socialdesk.screens.viewing import Viewing
from socialdesk.wording import explain, moment, promise_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from socialdesk.domain.answers import Overruled
    from socialdesk.replies.composing import Composed
    from socialdesk.screens.private import Pair, Room
    from socialdesk.screens.review import Review
    from socialdesk.screens.standing import Text
    from socialdesk.widgets.limits import Limits, SizeLimit

PUBLIC_LINE = "told_private"
"""The canned reply that tells everybody of the private message."""
ASKED_LINE = "to_private/solve"
"""The one that asks to be written to in private."""


class Secluding(Viewing, Answering):
    """Taking a conversation to private."""

    _seen: Seen | None = None  # how far the conversation had come for who writes both texts

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._aside: dict[int, Pair] = {}  # both texts, put aside to go through the steps of a protocol

    def title_notes(self) -> list[str]:
        """Say that the conversation goes on elsewhere."""
        thread, key = self.thread.thread, self.key_for("take_private")
        if thread is None:
            return super().title_notes()
        words = ""
        if thread.row.joined_to is not None:
            words = _("began in public: {key}").format(key=key)
        elif thread.joined:
            words = _("goes on in private: {key}").format(key=key)
        return [words, *super().title_notes()] if words else super().title_notes()

    def action_take_private(self) -> None:
        """Take the conversation to private, or go to where it goes on already."""
        if self.target is None:
            self.say(_("Choose a conversation first."), "warning")
        else:
            self.run_worker(self.attempt(self._seclude(self.target)), group="open", exclusive=True)

    async def _seclude(self, row: QueueRow) -> None:
        await self.complete()
        self.answer.flush()
        await self.open_now(row.id)
        thread = self.thread.thread
        if thread is None:
            return
        joined = await self.shell.read(self.shell.desk.joined, row.id)
        reason = await self.shell.read(self.shell.desk.private_way, row.id)
        wish: QueueRow | str | None = "write"
        if joined or reason:
            wish = await self._where(row, joined, reason)
        if isinstance(wish, QueueRow):
            self.visit(wish.id)
        elif wish == "write":
            await self._write_both(thread)
        elif wish == "public":
            await self._ask_in_public()

    async def _where(self, row: QueueRow, joined: list[QueueRow], reason: str) -> QueueRow | str | None:
        """Ask which of the ways that there are is taken."""
        now = self.shell.clock.now()
        there = _("Go to the private conversation") if not row.private else _("Go to the public conversation")
        picks: list[Pick[QueueRow | str]] = [Pick(there, moment(one.last_at, now), one) for one in joined]
        if not reason:
            picks.append(Pick(_("Write privately once more"), "", "write"))
        elif not row.private:
            picks.append(Pick(_("Ask in public to be written to privately"), "", "public"))
        there = (
            _("This conversation began in public")
            if row.private
            else _("This conversation goes on in private")
        )
        said = explain(reason) if reason else None
        if said is not None and not picks:
            self.say(str(said), "warning")
        title = there if joined or said is None else said.happened
        return await self.app.push_screen_wait(picker(title, picks)) if picks else None

    async def _ask_in_public(self) -> None:
        """Begin a public answer: the next best way."""
        if await self._reply():
            row = self.answer.row
            words = await self.shell.read(_said, self.shell, row, ASKED_LINE) if row is not None else None
            if words is not None:
                self.answer.insert(words.text, words.uses)

    async def _write_both(self, thread: Thread) -> None:
        from socialdesk.screens import standing
        from socialdesk.screens.private import Pair, TakePrivate
        from socialdesk.screens.review import Review

        row, limits = thread.row, self.shell.limits(thread.row.account)
        self._seen = thread.seen
        line = await self.shell.read(_said, self.shell, row, PUBLIC_LINE)
        title = _("To private with {name}").format(name=row.name or row.handle)
        begun = self._aside.pop(row.id, Pair(line.text, self.answer.text))
        pair: Pair | None = begun
        reviews = Reviews(Review(row.id), Review(row.id))
        problem = ""
        told: tuple[Pair, str] | None = None  # what was said against which texts: once is enough
        # The check's process takes its time to begin: it is there by the time both texts are written.
        self.run_worker(standing.look_over(self.shell, *reviews.texts(begun)), group="check")
        while pair is not None:
            screen = TakePrivate(title, network_rules(limits), pair, *_rooms(limits), problem)
            pair = await self.app.push_screen_wait(screen)
            if pair is None:
                return
            texts = reviews.texts(pair)
            await standing.look_over(self.shell, *texts)
            problem = standing.against(self.shell, *texts)
            problem, told = "" if (pair, problem) == told else problem, (pair, problem)
            if not problem and await standing.let_stand(self.app, *texts):
                skipped = await self.skipped_musts()
                if skipped is None:
                    self._aside[row.id] = pair
                    return
                problem = await self._sent_both(row, pair, reviews.along(skipped, line.uses))
                if not problem:
                    return

    async def _sent_both(self, row: QueueRow, pair: Pair, along: Mapping[str, Any]) -> str:
        """Send both; return "" once they are on their way, else why they are not."""
        take = partial(self.shell.desk.take_private, seen=self._seen, **along)
        try:
            first, _second = await self.shell.write(take, row.id, pair.public, pair.private)
        except Refused as error:
            self._seen = (await self.shell.read(self.shell.desk.thread, row.id)).seen
            return str(explain(error.code, error.detail))
        self.done.append(first)
        self.shell.drafts.forget(row.id)
        await self.shell.note(self.shell.desk.save_draft, row.id, "")
        if self.answer.row is not None and self.answer.row.id == row.id:
            self.answer.sent()
        await self._say_held(first)
        self.changed()
        return ""


class Reviews(NamedTuple):
    """What is found in the private message and in the public line, and what was decided about it."""

    secret: Review
    public: Review

    def texts(self, pair: Pair) -> tuple[Text, Text]:
        """Return both texts. The public line is the house's own: of it only what is grave is said."""
        from socialdesk.screens.standing import Text

        return (
            Text(self.secret, pair.private, private=True, where=_("In private:")),
            Text(self.public, pair.public, where=_("In public:"), weights=("stop",)),
        )

    def along(self, skipped: Sequence[Overruled], uses: Sequence[str]) -> dict[str, Any]:
        """Return what goes along with both, by the names of ``Desk.take_private``."""
        return {
            "overrules": (*self.secret.overrules(), *self.public.overrules(), *skipped),
            "commitments": (*self.secret.promises(), *self.public.promises()),
            "uses": tuple(uses),
        }


def network_rules(limits: Limits | None) -> str:
    """Return what a network asks of private messages, in words, or ""."""
    if limits is None:
        return ""
    rules = []
    if limits.private_once:
        rules.append(_("One private message to a public one, until the customer answers it."))
    if limits.private_window is not None:
        rules.append(_("At most {time} after theirs.").format(time=promise_text(limits.private_window)))
    return " ".join([_("This network's rules:"), *rules]) if rules else ""


def _rooms(limits: Limits | None) -> tuple[Room, Room]:
    public, private = (limits.public_limit, limits.private_limit) if limits else (None, None)
    return partial(_left, public), partial(_left, private)


def _left(limit: SizeLimit | None, text: str) -> int:
    return 0 if limit is None else limit.room(text)


def _said(shell: Shell, row: QueueRow, reply: str) -> Composed:
    """Return a canned reply in the customer's language, or in the next one that has it; empty where none has."""
    from socialdesk.replies.composing import Composed
    from socialdesk.suggesting import Suggestions

    now, most = shell.clock.now(), shell.most(row)
    suggested = Suggestions(shell.desk, shell.shelf(), shell.config, row, now, most)
    made = (suggested.compose(entry) for entry in suggested.entries() if entry.id == reply)
    return next((one for one in made if one.text), Composed("", (), ()))
