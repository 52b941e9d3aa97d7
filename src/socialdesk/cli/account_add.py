"""``socialdesk account add`` and ``sign-in``: guided at a terminal, by options in a script.

The account is tried before anything is kept: when the network refuses it, nothing is saved. A secret is never an
option of its own, because other people on the machine can read a command's options.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from socialdesk.cli import signin
from socialdesk.cli.ask import ask, ask_secret, at_terminal
from socialdesk.cli.context import Context
from socialdesk.cli.output import flowing, say
from socialdesk.cli.signin import Given
from socialdesk.connectors import registry
from socialdesk.connectors.contract import Connector, Identity, Setting
from socialdesk.domain.text import one_line
from socialdesk.errors import AuthRequired, ConnectorError, Refused, Rejected
from socialdesk.i18n import _
from socialdesk.wording import explain, explain_error

RESERVED = frozenset(
    {"brand", "name", "secret_env", "secret_command", "secret_credential", "help", "allow_private_hosts"}
)
ATTEMPTS = 3


def add_arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Declare the options of ``add``, with those of the connector that the command line names."""
    names = registry.names()
    listed = ", ".join(names)
    parser.add_argument("connector", metavar=_("CONNECTOR"), choices=names, nargs="?", help=listed)
    parser.add_argument("--brand", help=_("the business whose customers write there"))
    parser.add_argument("--name", help=_("a short name of your own for the account"))
    parser.add_argument(
        "--allow-private-hosts",
        action="store_true",
        help=_("the account's server is on this machine or in this network"),
    )
    chosen = next((word for word in words[words.index("add") :] if word in names), "")
    if chosen:
        group = parser.add_argument_group(chosen)
        for setting in registry.load(chosen).settings:
            if not setting.secret:
                text = ". ".join(_(part).rstrip(".") for part in (setting.label, setting.help) if part)
                destination = f"setting_{setting.name}"
                group.add_argument(
                    flag(chosen, setting), dest=destination, metavar="…", help=text.replace("%", "%%")
                )
    _secret_arguments(parser)
    parser.set_defaults(run=run_add, complain=parser.error)


def sign_in_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``sign-in``."""
    parser.add_argument("name", metavar=_("NAME"), help=_("the account, as the list shows it"))
    _secret_arguments(parser)
    parser.set_defaults(run=run_sign_in, complain=parser.error)


def _secret_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        _("passwords"), _("Without these you are asked, and what you type is not shown.")
    )
    for name, metavar, text in (
        (
            "--secret-env",
            _("VARIABLE"),
            _("read the password from this environment variable whenever it is needed"),
        ),
        (
            "--secret-command",
            _("COMMAND"),
            _('run this for the password whenever it is needed: "pass show shop"'),
        ),
        (
            "--secret-credential",
            _("NAME"),
            _("a credential that systemd gives to the service"),
        ),
    ):
        several = _("with several passwords: SETTING={value}").format(value=metavar)
        group.add_argument(name, metavar=metavar, action="append", default=[], help=f"{text}; {several}")


def flag(connector: str, setting: Setting) -> str:
    """Return the option of a setting; where the name is one of our own, the connector's name goes before it."""
    name = f"{connector}-{setting.name}" if setting.name in RESERVED else setting.name
    return f"--{name.replace('_', '-')}"


def run_add(context: Context, options: argparse.Namespace) -> int:
    """Ask what is missing, try the account, keep it."""
    if not options.connector and not at_terminal():
        options.complain(_("{option} is missing").format(option=_("CONNECTOR")))
    connector = registry.load(options.connector or choose_network())
    taken = {account.name for account in context.desk.accounts()}
    name = one_line(options.name or "").strip()
    if name in taken:
        raise Refused(name, code="name_taken")
    brand = _answer(options, options.brand, _brand(context), "--brand")
    answers = _answers(options, connector)
    given, identity = _signed_in(context, connector, answers, options)
    _tell(identity)
    name = name or _name(identity, connector, taken)
    with signin.kept(context, given) as references:
        context.desk.add_account(
            connector.name, name, brand, {**answers, **identity.learned}, references, identity
        )
    say(
        _('{name} is added. "socialdesk" opens the desk, "socialdesk sync" works without a screen.').format(
            name=name
        )
    )
    return 0


def _brand(context: Context) -> Setting:
    """Return the question for the business; where there is one only, that is probably it."""
    known = [brand.name for brand in context.desk.brands()]
    default = known[0] if len(known) == 1 and at_terminal() else ""
    return Setting("brand", _("Which business do the customers write to?"), default=default)


def choose_network() -> str:
    """Ask for the network; it is asked again until the answer is one."""
    names = [name for name in registry.names() if name != "demo"]
    for line in (
        _(
            "A few questions, then the network is asked whether the account works. Until then nothing is kept."
        ),
        _("Networks: {names}").format(names=", ".join(names)),
    ):
        sys.stderr.write(f"{flowing(line)}\n")
    while (name := ask(_("Which network?"))) not in names:
        pass
    return name


def run_sign_in(context: Context, options: argparse.Namespace) -> int:
    """Give an account other secrets, after trying them."""
    from socialdesk.cli.options import named

    account = named(context.desk.accounts(), options.name)
    connector = registry.load(account.connector)
    given, identity = _signed_in(context, connector, account.options, options)
    _tell(identity)
    former = signin.references_of(context, account)
    with signin.kept(context, given) as references:
        context.desk.sign_in(account.name, references, identity)
    signin.forget(context, former)
    say(_("{name} is signed in.").format(name=account.name))
    return 0


def _answers(options: argparse.Namespace, connector: type[Connector]) -> dict[str, str]:
    answers = {}
    for setting in connector.settings:
        if not setting.secret:
            given = getattr(options, f"setting_{setting.name}", None)
            answers[setting.name] = _answer(options, given, setting, flag(connector.name, setting))
    if options.allow_private_hosts:
        from socialdesk.sync.opening import ALLOW_PRIVATE

        answers[ALLOW_PRIVATE] = "yes"
    return answers


def _answer(options: argparse.Namespace, given: str | None, setting: Setting, option: str) -> str:
    """Return an option's value, else the person's answer, else the default; a script that forgot one is told so."""
    if given is not None and (given := one_line(given).strip()):
        return given
    if not setting.required:
        return setting.default  # what may be left out is not asked for
    if not at_terminal():
        if setting.default:
            return setting.default
        options.complain(_("{option} is missing").format(option=option))
    if setting.help:
        sys.stderr.write(f"{flowing(_(setting.help), '  ')}\n")
    return ask(_(setting.label), setting.default)


def _signed_in(
    context: Context, connector: type[Connector], answers: Mapping[str, str], options: argparse.Namespace
) -> tuple[dict[str, Given], Identity]:
    """Return the secrets that work and who they belong to; a mistyped one may be typed again."""
    for attempt in range(1, ATTEMPTS + 1):
        given = _secrets(context, connector, options, answers)
        try:
            if connector.signs_in and not given:
                given = _conversation(context, connector, answers)
            return given, signin.try_out(context, connector.name, answers, given)
        except ConnectorError as error:
            typed = at_terminal() and any(not secret.reference for secret in given.values())
            if not typed or error.code != AuthRequired.code or attempt == ATTEMPTS:
                raise Refused(_told(error), code="not_added") from error
            sys.stderr.write(f"{_told(error)} {_('Try again.')}\n")
    raise AssertionError


def _conversation(
    context: Context, connector: type[Connector], answers: Mapping[str, str]
) -> dict[str, Given]:
    if not at_terminal():
        raise Refused(_("there is no terminal to sign in at"), code="no_answer")
    return signin.converse(context, connector.name, answers)


def _told(error: ConnectorError) -> str:
    """Return what happened, and what to do where that is for a new account as for an old one."""
    told, cause = explain_error(error), error.__cause__
    own = isinstance(cause, Rejected | AuthRequired) and cause.code != type(cause).code
    return f"{told.happened} {told.todo}".strip() if own else told.happened


def _secrets(
    context: Context, connector: type[Connector], options: argparse.Namespace, answers: Mapping[str, str]
) -> dict[str, Given]:
    names = [setting.name for setting in connector.settings if setting.secret]
    elsewhere = _elsewhere(options, names, "env", options.secret_env)
    elsewhere |= _elsewhere(options, names, "command", options.secret_command)
    elsewhere |= _elsewhere(options, names, "credential", options.secret_credential)
    given = {name: Given(context.secrets.read(reference), reference) for name, reference in elsewhere.items()}
    for setting in connector.settings:
        if setting.secret and _is_needed(setting, given, answers) and (value := _typed(options, setting)):
            given[setting.name] = Given(value)
    return given


def _is_needed(setting: Setting, given: Mapping[str, Given], answers: Mapping[str, str]) -> bool:
    """Say whether to ask for a secret: not for another way in after one was given, nor for what belongs to a setting left empty."""
    apart = setting.name in given or (setting.instead_of and setting.instead_of in given)
    belongs = setting.only_with in given or bool(answers.get(setting.only_with))
    return not apart and (not setting.only_with or belongs)


def _elsewhere(
    options: argparse.Namespace, names: Sequence[str], kind: str, values: Sequence[str]
) -> dict[str, str]:
    """Return the references that ``--secret-env`` and its like name."""
    found = {}
    for value in values:
        name, equals, place = value.partition("=")
        if not equals or name not in names:
            name, place = names[0] if len(names) == 1 else "", value
        if not name or not place:
            options.complain(
                _("--secret-{kind} needs SETTING=...; the settings are: {names}").format(
                    kind=kind, names=", ".join(names) or "-"
                )
            )
        found[name] = f"{kind}:{place}"
    return found


def _typed(options: argparse.Namespace, setting: Setting) -> str:
    if not at_terminal():
        if setting.required:
            options.complain(
                _(
                    "--secret-env, --secret-command or --secret-credential is missing: there is no terminal to ask at"
                )
            )
        return ""
    if setting.help:
        sys.stderr.write(f"{flowing(_(setting.help), '  ')}\n")
    while True:
        value = ask_secret(_(setting.label))
        if value or not setting.required:
            return value


def _tell(identity: Identity) -> None:
    who = " ".join(part for part in (one_line(identity.handle), one_line(identity.name)) if part)
    say(_("Signed in as {who}.").format(who=who))
    for code in identity.lacking:
        say(str(explain(code)))


def _name(identity: Identity, connector: type[Connector], taken: set[str]) -> str:
    """Return a free name: the person's, else one made from the handle."""
    stem = one_line(identity.handle) or connector.name
    free = next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if name not in taken)
    if not at_terminal():
        return free
    while (name := ask(_("What shall the account be called here?"), free)) in taken:
        sys.stderr.write(_("There is an account called {name} already.").format(name=name) + "\n")
    return name
