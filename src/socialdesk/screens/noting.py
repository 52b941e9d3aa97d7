"""Calls and visits, written down in the form of a few lines (NEEDS A1, B1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from socialdesk.desk.byhand import is_number
from socialdesk.domain.models import Kind
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering


class Noting(Answering):
    """The main screen's way to what no network tells."""

    def action_write_down(self) -> None:
        """Ask whose call or visit it was, then keep it."""
        self.run_worker(self.attempt(self._write_down()), group="write-down", exclusive=True)

    async def _write_down(self) -> None:
        from socialdesk.heard import heard_at
        from socialdesk.screens.form import Field, Form

        chosen = await self._kind_and_brand()
        if chosen is None:
            return
        kind, brand = chosen
        title = _("A call to {brand}") if kind is Kind.CALL else _("A visit to {brand}")
        fields = (
            Field("words", _("What they want")),
            Field("who", _("Name")),
            Field("number", _("Telephone"), "", _("they are known by it the next time")),
            Field("at", _("When"), "", _("now; or 12:40")),
        )
        problem = partial(_problem, now=self.shell.clock.now())
        values = await self.app.push_screen_wait(Form(title.format(brand=brand), fields, "", problem))
        if values is None:
            return
        number = await self.shell.write(
            self.shell.desk.write_down,
            kind,
            brand,
            values["words"],
            who=values["who"],
            number=values["number"],
            at=heard_at(values["at"], self.shell.clock.now()),
        )
        await self.bring_back(number)
        self.say(
            _("Written down: it waits for an answer. {key} settles it.").format(key=self.key_for("resolve"))
        )
        self.changed()

    async def _kind_and_brand(self) -> tuple[Kind, str] | None:
        """Return which of the two it was and whose customer, the business of the chosen conversation first."""
        from socialdesk.screens.picks import Pick, picker

        brands = [brand.name for brand in await self.shell.read(self.shell.desk.brands)]
        if not brands:
            self.say(_("Add an account first: it says which businesses there are."), "warning")
            return None
        here = self.target.brand if self.target is not None else brands[0]
        brands.sort(key=lambda name: name != here)
        picks = [
            Pick(label.format(brand=brand), "", (kind, brand))
            for brand in brands
            for kind, label in ((Kind.CALL, _("Call to {brand}")), (Kind.VISIT, _("Visit to {brand}")))
        ]
        chosen: tuple[Kind, str] | None = await self.app.push_screen_wait(picker(_("Write down"), picks))
        return chosen


def _problem(values: Mapping[str, str], now: datetime) -> str:
    from socialdesk.heard import heard_at

    if not values["words"]:
        return _("Say in a few words what they want.")
    if values["number"] and not is_number(values["number"]):
        return _("A number has six digits at least; leave it empty where you do not know it.")
    try:
        heard_at(values["at"], now)
    except ValueError as error:
        return str(error)
    return ""
