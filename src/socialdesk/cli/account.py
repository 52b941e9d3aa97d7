"""``socialdesk account``: the brands' presences on the networks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from socialdesk import budgetwords
from socialdesk.cli.context import Context
from socialdesk.cli.options import named
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.domain.models import Account, AccountState
from socialdesk.domain.spending import Budget
from socialdesk.domain.text import one_line
from socialdesk.errors import ConnectorError, Refused
from socialdesk.i18n import _
from socialdesk.wording import account_state_name, explain, explain_error, moment, quarantine_text


def arguments(parser: argparse.ArgumentParser, _name: str, words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    add = actions.add_parser("add", help=_("add an account; it is tried at once"))
    sign_in = actions.add_parser("sign-in", help=_("sign in again, with another password for instance"))
    listing = actions.add_parser("list", help=_("list the accounts and how they are doing"))
    check = actions.add_parser("check", help=_("sign in now and say whether it works"))
    change = actions.add_parser("set", help=_("change settings of an account, such as its budget"))
    pause = actions.add_parser("pause", help=_("neither receive nor send until resumed"))
    resume = actions.add_parser("resume", help=_("receive and send again"))
    remove = actions.add_parser(
        "remove", help=_("forget the account and its password; the conversations stay")
    )
    if "add" in words or "sign-in" in words:
        from socialdesk.cli import account_add

        if "add" in words:
            account_add.add_arguments(add, words)
        account_add.sign_in_arguments(sign_in)
    for listed in (listing, check):
        listed.add_argument("--json", action="store_true", help=_("print JSON"))
    check.add_argument("names", nargs="*", metavar=_("NAME"), help=_("only these accounts"))
    for one in (change, pause, resume, remove):
        one.add_argument("name", metavar=_("NAME"), help=_("the account, as the list shows it"))
    change.add_argument(
        "settings", nargs="+", metavar=_("SETTING=VALUE"), help=_("an empty value is the default")
    )
    remove.add_argument("--yes", action="store_true", help=_("do not ask"))
    listing.set_defaults(run=list_all)
    check.set_defaults(run=check_all)
    change.set_defaults(run=set_some, complain=change.error)
    pause.set_defaults(run=lambda context, options: set_paused(context, options.name, True))
    resume.set_defaults(run=lambda context, options: set_paused(context, options.name, False))
    remove.set_defaults(run=remove_one)


def account_json(account: Account) -> dict[str, Any]:
    """Return an account as scripts see it."""
    return {
        "id": account.id,
        "name": account.name,
        "connector": account.connector,
        "channel": account.channel,
        "brand": account.brand,
        "handle": account.handle,
        "state": account.state.value,
        "problem": account.problem,
        "detail": account.detail,
        "lacking": list(account.lacking),
        "last_success_at": iso(account.last_success_at),
        "next_attempt_at": iso(account.next_attempt_at),
        "quarantined": account.quarantined,
    }


def budget_json(budget: Budget | None) -> dict[str, Any]:
    """Return what an account has spent, in euros or in the network's units; nothing where none are counted."""
    if budget is None:
        return {}
    rate = budget.allowance.euros / 1_000_000
    spent, limit, forecast = (
        round(one * rate, 4) if rate else one
        for one in (budget.spent, budget.allowance.limit, budget.forecast)
    )
    return {
        "budget": {
            "unit": "euros" if rate else "units",
            "period": "month" if budget.allowance.monthly else "day",
            "spent": spent,
            "limit": limit,
            "forecast": forecast,
            "ends_at": iso(budget.ends),
            "look_every_seconds": int(budget.pause.total_seconds()) or None,
        }
    }


def list_all(context: Context, options: argparse.Namespace) -> int:
    """List the accounts."""
    accounts, budgets = context.desk.accounts(), context.desk.budgets()
    if options.json:
        print_json([account_json(one) | budget_json(budgets.get(one.id)) for one in accounts])
    elif accounts:
        headings = (
            _("NAME"),
            _("CONNECTOR"),
            _("BRAND"),
            _("HANDLE"),
            _("STATE"),
            _("LAST REACHED"),
            _("NOTE"),
        )
        print_table(headings, (_cells(context, account) for account in accounts))
        for one in accounts:
            if one.id in budgets:
                print(
                    f"{one.name}: {budgetwords.told(budgets[one.id], stopped=one.problem == budgetwords.SPENT)}"
                )
    else:
        print(_("No accounts yet. Add one with: socialdesk account add"))
    return 0


def _cells(context: Context, account: Account) -> tuple[object, ...]:
    reached = moment(account.last_success_at, context.clock.now()) if account.last_success_at else _("never")
    notes = [str(explain(account.problem, account.detail))] if account.problem else []
    notes += [quarantine_text(account.quarantined)] if account.quarantined else []
    notes += [explain(code).happened for code in account.lacking]
    state = account_state_name(account.state)
    return (account.name, account.connector, account.brand, account.handle, state, reached, " ".join(notes))


def check_all(context: Context, options: argparse.Namespace) -> int:
    """Sign in with the accounts' stored secrets; exit code 3 where one fails."""
    from socialdesk.cli.signin import check_stored

    known = context.desk.accounts()
    at_work = [account for account in known if account.state is not AccountState.PAUSED]
    chosen = [named(known, name) for name in options.names] or at_work
    results = check_stored(context, chosen)
    if options.json:
        print_json([account_json(account) | {"works": told is None} for account, told in results])
    for account, told in results:
        if not options.json:
            print(f"{account.name}: {told or _('works')}")
    return 3 if any(told for _account, told in results) else 0


def set_some(context: Context, options: argparse.Namespace) -> int:
    """Change settings, after they were tried."""
    from socialdesk.cli.signin import try_settings
    from socialdesk.connectors import registry

    account = named(context.desk.accounts(), options.name)
    connector = registry.load(account.connector)
    known = {one.name: one for one in connector.settings if not one.secret}
    changed = {}
    for given in options.settings:
        name, equals, value = given.partition("=")
        if not equals or name not in known:
            text = _("{given} is no SETTING=VALUE; the settings are: {names}")
            options.complain(text.format(given=one_line(given), names=", ".join(known) or "-"))
        changed[name] = one_line(value).strip() or known[name].default
    settings = {**account.options, **changed}
    try:
        try_settings(context, account, settings)
    except ConnectorError as error:
        raise Refused(str(explain_error(error)), code="not_changed") from error
    context.desk.set_options(account.name, changed)
    if (tariff := connector.tariff(settings)) is not None:
        context.desk.allow(account.id, tariff)
    print(_("{name} is changed.").format(name=account.name))
    return 0


def set_paused(context: Context, name: str, paused: bool) -> int:
    """Pause or resume."""
    named(context.desk.accounts(), name)
    context.desk.set_paused(name, paused)
    text = (
        _("{name} is paused: nothing comes in and nothing leaves.")
        if paused
        else _("{name} is at work again.")
    )
    print(text.format(name=name))
    return 0


def remove_one(context: Context, options: argparse.Namespace) -> int:
    """Remove, after asking."""
    from socialdesk.cli.ask import confirmed
    from socialdesk.cli.signin import forget, references_of
    from socialdesk.cli.unpublish import published, take_away

    account = named(context.desk.accounts(), options.name)
    question = _("Remove {name}? Its conversations stay. Type the name to confirm: ").format(
        name=account.name
    )
    if not options.yes and not confirmed(question, account.name):
        print(_("Nothing was changed."))
        return 1
    references, shown = references_of(context, account), published(context, account)
    context.desk.remove_account(account.name)
    take_away(context, shown)
    forget(context, references)
    (context.paths.sessions / f"{account.id}.json").unlink(missing_ok=True)
    print(_("{name} is removed.").format(name=account.name))
    return 0
