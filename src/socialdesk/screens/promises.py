"""Promises, opening hours and holidays, one brand at a time; changed here, previewed, then put in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.worker import Worker

from socialdesk.commands import Where, bindings
from socialdesk.configedit import Change
from socialdesk.domain.consequences import Preview
from socialdesk.domain.models import Account
from socialdesk.domain.promises import Policy, calendar_of
from socialdesk.i18n import _, ngettext
from socialdesk.policyedit import remove_day
from socialdesk.screens import promise_forms as forms
from socialdesk.screens import promise_lines as said
from socialdesk.screens.draft import Draft
from socialdesk.screens.form import Form
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.shell import Shell
from socialdesk.widgets.rule import Rule


class _Shown(NamedTuple):
    """What was read of the desk and worked out of the draft, away from the screen's thread."""

    draft: Draft
    policy: Policy
    preview: Preview | None  # None: the draft is what is in force
    accounts: tuple[Account, ...]
    brands: tuple[str, ...]


class PromisesScreen(ListScreen):
    """The week of a brand as bars, its days off ahead, and what its customers are promised."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROMISES)]
    PLACES: ClassVar[tuple[Where, ...]] = (Where.PROMISES, Where.LIST, Where.APP)

    def __init__(self, shell: Shell, brand: str = "") -> None:
        """``brand`` is the one to begin with."""
        super().__init__(shell)
        self._brand = brand
        self._weeks = 0  # how many weeks after this one are shown
        self._shown: _Shown | None = None
        self._items: list[said.Item] = []
        self._minute: datetime | None = None

    # What is seen ---------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Say what takes a moment; the rest is the list's."""
        self.rows.notice(_("Reading the calendars…"))

    def changed(self) -> None:
        """Read again; what is being changed stays as it is."""
        _worker: Worker[None] = self.run_worker(self._begin, group="read", exclusive=True)

    async def _begin(self) -> None:
        await self.attempt(self._read())

    def speak(self) -> None:
        """Say everything in the language in use."""
        self.show_keys(*self.PLACES)
        self._lay_out()

    def tick(self, now: datetime) -> None:
        """Move the mark of now."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._lay_out()

    def on_resize(self) -> None:
        """Draw for the width."""
        self.call_after_refresh(self._lay_out)

    async def _read(self, draft: Draft | None = None) -> None:
        """Read the desk, and the file unless it is being changed."""
        if draft is None and self._shown is not None and self._shown.draft.changes:
            draft = self._shown.draft
        self._shown = await self.shell.read(self._worked_out, draft)
        if self._brand not in self._shown.brands:
            self._brand = next(iter(self._shown.brands), "")
        self._lay_out()

    def _worked_out(self, draft: Draft | None) -> _Shown:
        desk, now = self.shell.desk, self.shell.clock.now()
        draft = draft or Draft.begun(self.shell.settings_file)
        accounts = tuple(desk.accounts())
        names = sorted({brand.name for brand in desk.brands()} | set(draft.spec.calendars), key=str.casefold)
        return _Shown(draft, draft.policy(now.year), desk.policy_change(draft.spec), accounts, tuple(names))

    def _lay_out(self) -> None:
        shown = self._shown
        if shown is None or not self.is_mounted:
            return
        self.rows.notice(_("No brand yet: add an account first."))
        before = self._target
        self._items = self._made(shown) if self._brand else []
        at = next((n for n, item in enumerate(self._items) if item.target == before), None)
        if before == said.Target():
            at = None  # several lines are about nothing
        self.rows.show([item.lines for item in self._items], cursor=at)
        notes = [self._brand]
        if len(shown.brands) > 1:
            notes = [
                _("{brand}, {n} of {total}").format(
                    brand=self._brand, n=shown.brands.index(self._brand) + 1, total=len(shown.brands)
                )
            ]
        if self._weeks < 0:
            notes.append(ngettext("{n} week ago", "{n} weeks ago", -self._weeks).format(n=-self._weeks))
        elif self._weeks:
            notes.append(
                ngettext("{n} week from now", "{n} weeks from now", self._weeks).format(n=self._weeks)
            )
        self.query_one("#title", Rule).say(_("Promises and opening hours"), notes)
        self.show_keys(*self.PLACES)

    def _made(self, shown: _Shown) -> list[said.Item]:
        now, width = self.shell.clock.now(), self.rows.text_width - 2
        calendar = calendar_of(shown.policy, self._brand)
        today = forms.local_day(calendar, now)
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=self._weeks)
        spec = shown.draft.spec.calendars.get(self._brand)
        channels = sorted({a.channel for a in shown.accounts if a.brand == self._brand})
        own = forms.own_days(shown.draft.values, self._brand, today)
        return [
            *self._news(shown, now),
            *said.calendar_items(shown.policy, self._brand, forms.region_text(spec), monday, now, width),
            *said.off_items(calendar, own, today, said.FEW if self.size.height < 30 else said.MOST),
            *said.promise_items(shown.policy, self._brand, channels),
        ]

    def _news(self, shown: _Shown, now: datetime) -> list[said.Item]:
        if shown.preview is None:
            return []
        return [said.change_item(shown.preview, shown.draft.changes, self.key_for("apply"), now)]

    @property
    def _target(self) -> said.Target:
        number = self.rows.selected if self.is_mounted else None
        known = number is not None and number < len(self._items)
        return self._items[number].target if known and number is not None else said.Target()

    def offers(self, command_id: str) -> bool:
        """Leave out what this line cannot do."""
        shown, target = self._shown, self._target
        match command_id:
            case "edit":
                return target.kind != "none"
            case "open_again":
                return bool(target.own[1])
            case "next_brand":
                return shown is not None and len(shown.brands) > 1
            case "apply":
                return shown is not None and shown.preview is not None
        return super().offers(command_id)

    def on_row_list_moved(self) -> None:
        """Show the keys that make sense for this line."""
        self.show_keys(*self.PLACES)

    def on_row_list_chosen(self) -> None:
        """Change the clicked line."""
        self.action_edit()

    # Moving about ---------------------------------------------------------------------------------

    def action_next_brand(self) -> None:
        """The next brand."""
        self._step(1)

    def action_previous_brand(self) -> None:
        """The brand before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        brands = self._shown.brands if self._shown else ()
        if brands:
            self._brand = brands[(brands.index(self._brand) + by) % len(brands)]
            self._lay_out()

    def action_week_before(self) -> None:
        """The week before."""
        self._weeks -= 1
        self._lay_out()

    def action_week_after(self) -> None:
        """The week after."""
        self._weeks += 1
        self._lay_out()

    # Changing -------------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """Change what the line of the cursor says."""
        target, shown = self._target, self._shown
        if shown is None or not self._brand:
            return
        match target.kind:
            case "calendar":
                self._ask(forms.calendar_form(shown.draft, self._brand))
            case "day":
                self._ask(forms.week_form(shown.draft, self._brand, target.number))
            case "closure":
                self.action_close_day()
            case "promise":
                self._ask(forms.promise_form(shown.draft, shown.policy, target.scope))

    def action_close_day(self) -> None:
        """Add a day that is closed, or that has its own hours."""
        if self._shown is not None and self._brand:
            calendar = calendar_of(self._shown.policy, self._brand)
            today = forms.local_day(calendar, self.shell.clock.now())
            self._ask(forms.closure_form(self._shown.draft, self._brand, today))

    def action_open_again(self) -> None:
        """Take the closure of this line away."""
        own = self._target.own
        if own[1]:
            self._change(remove_day(self._brand, *own))

    def _ask(self, asked: forms.Asked) -> None:
        shown = self._shown
        assert shown is not None

        def filled(values: dict[str, str] | None) -> None:
            if values is not None:
                self._change(*asked.changes(values))

        problem = partial(forms.problem, shown.draft, self.shell.clock.now().year, asked)
        form = Form(asked.title, asked.fields, asked.hint, problem, begin=asked.begin)
        self.app.push_screen(form, filled)

    def _change(self, *changes: Change) -> None:
        assert self._shown is not None
        draft = self._shown.draft

        async def work() -> None:
            await self._read(await self.shell.read(draft.changed, *changes))

        self.run_worker(self.attempt(work()), group="read", exclusive=True)

    # Putting it in force --------------------------------------------------------------------------

    def action_apply(self) -> None:
        """Ask, with what it would do, then put the changes in force."""
        if self._shown is None or self._shown.preview is None:
            self.say(_("This is what is in force."))
            return
        self._decide(self._shown.preview)

    def action_back(self) -> None:
        """Back to the desk; where changes are not in force, ask what becomes of them."""
        if self._shown is not None and self._shown.preview is not None and self._shown.draft.changes:
            self._decide(self._shown.preview, leaving=True)
        else:
            self.dismiss(None)

    def _decide(self, preview: Preview, *, leaving: bool = False) -> None:
        assert self._shown is not None
        picks = [Pick(_("Put them in force"), said.preview_text(preview), "apply")]
        if self._shown.draft.changes:
            picks.append(Pick(_("Throw the changes away"), "", "drop"))
        picks.append(Pick(_("Go on changing"), "", "stay"))

        def chosen(wish: str | None) -> None:
            if wish == "apply":
                self.run_worker(self.attempt(self._apply(leaving=leaving)), group="write")
            elif wish == "drop" and leaving:
                self.dismiss(None)
            elif wish == "drop":
                self._shown = None
                self.changed()

        self.app.push_screen(picker(_("The changed promises"), picks), chosen)

    async def _apply(self, *, leaving: bool) -> None:
        assert self._shown is not None
        draft = self._shown.draft

        def work() -> Draft:
            saved = draft.save()
            self.shell.desk.adopt_policy(saved.spec)
            return saved

        saved = await self.shell.write(work)
        if leaving:
            self.dismiss(None)
            self.app.notify(_("In force from now on."))
            return
        await self._read(saved)
        self.say(_("In force from now on."))
