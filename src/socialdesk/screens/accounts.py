"""How every account is doing, in words, and what to do about it."""

from __future__ import annotations

from datetime import datetime

from socialdesk import budgetwords
from socialdesk.channels import channel_name
from socialdesk.domain.models import Account, AccountState
from socialdesk.domain.silence import judged
from socialdesk.domain.spending import Budget
from socialdesk.i18n import _, ngettext
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.panes import FINE
from socialdesk.widgets.lines import Line
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.thread_lines import at_name
from socialdesk.widgets.wrapping import wrap
from socialdesk.wording import account_state_name, ago, explain, moment

_MARKS = {
    AccountState.OK: ("✓", "good"),
    AccountState.NEW: ("·", "soft"),
    AccountState.PAUSED: ("=", "soft"),
    AccountState.LIMITED: ("~", "warn"),
    AccountState.OFFLINE: ("!", "warn"),
}

HINT = "socialdesk account add"


class AccountsScreen(ListScreen):
    """Every account with its state."""

    def changed(self) -> None:
        """Read the accounts again."""
        self.run_worker(self.attempt(self._read()), group="read", exclusive=True)

    async def _read(self) -> None:
        accounts, now = await self.shell.read(self.shell.desk.accounts), self.shell.clock.now()
        if self.shell.house.is_syncing() and not self.shell.house.is_starting():
            accounts = [judged(account, now) for account in accounts]
        budgets = await self.shell.read(self.shell.desk.budgets)
        accounts.sort(key=lambda account: account.state in FINE)  # those in trouble first
        self.query_one("#title", Rule).say(_("Accounts"), [_("add one: {command}").format(command=HINT)])
        self.rows.notice(_("No accounts yet. Leave with q and run: {command}").format(command=HINT))
        width = self.rows.text_width - 4
        self.rows.show([account_lines(one, now, width, budgets.get(one.id)) for one in accounts])


def account_lines(account: Account, now: datetime, width: int, budget: Budget | None = None) -> list[Line]:
    """Return what there is to say of an account."""
    mark, part = _MARKS.get(account.state, ("!", "bad"))
    about = (at_name(account.handle), channel_name(account.channel), account.brand)
    head = Line(
        ((f"{mark} ", part), (account.name, "strong"), ("  " + " · ".join(filter(None, about)), "soft")),
        ((account_state_name(account.state), part),),
    )
    lines = [head]
    stopped = account.problem == budgetwords.SPENT
    told = [budgetwords.told(budget, stopped=stopped)] if budget is not None else []
    for text in _remarks(account, now) + told:
        lines += [Line((("  " + piece, "soft"),)) for piece in wrap(text, width)]
    return [*lines, Line()]


def _remarks(account: Account, now: datetime) -> list[str]:
    remarks = []
    if account.problem:
        remarks.append(str(explain(account.problem, account.detail)))
    remarks += [str(explain(code)) for code in account.lacking]
    if account.last_success_at is not None:
        seconds = (now - account.last_success_at).total_seconds()
        remarks.append(_("Last heard from it: {ago}.").format(ago=ago(seconds)))
    if account.next_attempt_at is not None and account.problem and account.next_attempt_at > now:
        remarks.append(_("Next try: {when}.").format(when=moment(account.next_attempt_at, now)))
    if account.quarantined:
        text = ngettext(
            "{n} item could not be read; it is kept.",
            "{n} items could not be read; they are kept.",
            account.quarantined,
        )
        remarks.append(text.format(n=account.quarantined))
    return remarks
