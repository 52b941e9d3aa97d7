"""What ``socialdesk doctor`` looks at; each examination yields findings and raises nothing."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from socialdesk import __version__, i18n
from socialdesk.cli.context import Context
from socialdesk.cli.finding import Finding, Level
from socialdesk.cli.openness import encryption, leftovers
from socialdesk.domain.models import Account, AccountState
from socialdesk.domain.silence import judged
from socialdesk.errors import ConfigError, DeskFileError, SecretError, SocialdeskError
from socialdesk.i18n import _, ngettext
from socialdesk.storage import backup, damage
from socialdesk.storage.database import Database
from socialdesk.storage.location import locate
from socialdesk.storage.marks import mark_of
from socialdesk.wording import account_state_name, ago, explain, explain_error, number, quarantine_text

MEGABYTE = 1_000_000
STALE = timedelta(days=3)
"""An older backup is worth a word."""
LEAST_ROOM = 50 * MEGABYTE
GOOD_ROOM = 500 * MEGABYTE
_FIXED_SQLITE = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""First releases of their lines without the fault that can damage a WAL file (https://www.sqlite.org/wal.html)."""


Examination = Callable[[Context], Iterator[Finding]]


def all_findings(context: Context) -> Iterator[Finding]:
    """Yield the findings of every examination; one that fails is a finding itself."""
    told = set()
    for name, examination in EXAMINATIONS.items():
        try:
            yield from examination(context)
        except SocialdeskError as error:
            text = str(explain_error(error))
            if text not in told:  # one that is in the way of several is one thing to mend
                told.add(text)
                yield Finding(name, Level.WRONG, text)
        except (OSError, sqlite3.Error) as error:
            yield Finding(name, Level.WRONG, f"{name}: {error}")


def versions(_context: Context) -> Iterator[Finding]:
    """Versions of what socialdesk is made of."""
    from importlib.metadata import version

    parts = [f"{name} {version(name)}" for name in ("textual", "sqlmodel", "httpx")]
    system = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    yield Finding("versions", Level.GOOD, f"socialdesk {__version__}, {system}, {', '.join(parts)}")


def sqlite_version(context: Context) -> Iterator[Finding]:
    """Whether this SQLite has the WAL fault; socialdesk is built around it, so it is a note only."""
    version, cipher = _sqlite_in_use(context)
    text = f"SQLite {version}{cipher}"
    if has_wal_fault(tuple(map(int, version.split(".")))):
        text += ". " + _(
            "It has a rare fault that can damage a file when several programs write at once;"
            " socialdesk therefore lets one write at a time. Use no other program to write to the desk file."
        )
        yield Finding("sqlite", Level.NOTE, text)
    else:
        yield Finding("sqlite", Level.GOOD, text)


def _sqlite_in_use(context: Context) -> tuple[str, str]:
    if not mark_of(locate(context.paths, os.environ)):
        return sqlite3.sqlite_version, ""
    from socialdesk.storage import cipher

    version, with_cipher = cipher.versions()
    return version, f", SQLCipher {with_cipher}"


def has_wal_fault(version: tuple[int, ...]) -> bool:
    """Say whether that SQLite has the fault."""
    for fixed in _FIXED_SQLITE[:-1]:
        if version[:2] == fixed[:2]:
            return version < fixed
    return (3, 7) <= version < _FIXED_SQLITE[-1]


def settings(context: Context) -> Iterator[Finding]:
    """Whether the settings can be read."""
    path = context.paths.config_file
    config = context.config
    if not path.exists():
        yield Finding("settings", Level.GOOD, _("Settings: none written, at {path}.").format(path=path))
        return
    from socialdesk.configfile import placed
    from socialdesk.storage.policies import compiled

    try:
        compiled(config.policy, context.clock.now())  # a region or a file that cannot be used is a finding
    except ConfigError as error:
        raise placed(path, error) from error
    yield Finding("settings", Level.GOOD, _("Settings: {path}").format(path=path))
    if config.keys:
        from socialdesk.commands import check_keymap

        for problem in check_keymap(config.keys)[1]:
            yield Finding(
                "keys", Level.WRONG, _("Settings, [keys]: {problem} cannot be used.").format(problem=problem)
            )


def clock(context: Context) -> Iterator[Finding]:
    """Whether the wait clock can be shown where the settings want it."""
    wanted = context.config.clock
    if not (wanted.publish or wanted.files) or not _has_desk(context):
        return
    desk = context.desk
    known = {account.name for account in desk.accounts()}
    for name in (one for one in wanted.publish if one not in known):
        yield Finding(
            "clock", Level.WRONG, _("Settings, [clock]: there is no account {name}.").format(name=name)
        )
    brands = {"", *(brand.name for brand in desk.brands())}
    for brand, paths in wanted.files.items():
        if brand not in brands:
            yield Finding(
                "clock", Level.WRONG, _("Settings, [clock]: there is no brand {name}.").format(name=brand)
            )
        for path in map(Path, paths):
            if not os.access(path.parent, os.W_OK):
                text = _("Settings, [clock]: {path} cannot be written.").format(path=path)
                yield Finding("clock", Level.WRONG, text)


def places(context: Context) -> Iterator[Finding]:
    """Whether only the person can read the folders and files."""
    for folder in (context.paths.config, context.paths.data, context.paths.logs):
        if folder.exists() and _open_to_others(folder):
            yield _too_open(folder, "700")
    for file in _files(context):
        if _open_to_others(file):
            yield _too_open(file, "600")


def _files(context: Context) -> list[Path]:
    data = context.paths.data
    return sorted(path for path in data.rglob("*") if path.is_file()) if data.exists() else []


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _too_open(path: Path, mode: str) -> Finding:
    text = _("Others on this machine can read {path}: run chmod {mode} {path}").format(path=path, mode=mode)
    return Finding("modes", Level.WRONG, text)


def room(context: Context) -> Iterator[Finding]:
    """Whether the disk has room."""
    folder = next(p for p in (context.paths.data, *context.paths.data.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    text = _("{n} MB free in {path}").format(n=number(free // MEGABYTE), path=folder)
    level = Level.WRONG if free < LEAST_ROOM else Level.NOTE if free < GOOD_ROOM else Level.GOOD
    yield Finding("disk", level, text)


def desk_file(context: Context) -> Iterator[Finding]:
    """Whether the desk file is whole."""
    path = locate(context.paths, os.environ)
    if not path.exists():
        yield Finding("desk", Level.NOTE, _("No desk yet: it is made at {path}.").format(path=path))
        return
    database = _opened(context, path)
    yield from _wholeness(path)
    size = number(database.path.stat().st_size / MEGABYTE // 0.1 * 0.1)
    counts = context.desk.counts()
    open_ones = counts.waiting + counts.answered
    sentence = ngettext("{n} open conversation", "{n} open conversations", open_ones).format(
        n=number(open_ones)
    )
    yield Finding("desk", Level.GOOD, f"{path}: {size} MB, {sentence}")
    if counts.unsettled:
        text = ngettext(
            "{n} reply needs you: see socialdesk outbox.",
            "{n} replies need you: see socialdesk outbox.",
            counts.unsettled,
        )
        yield Finding("outbox", Level.NOTE, text.format(n=counts.unsettled))


def _opened(context: Context, path: Path) -> Database:
    """Open the desk; damage that shows then already is remembered."""
    try:
        return context.database
    except DeskFileError as error:
        if error.code == "desk_damaged":
            damage.note(path, error.detail)
        raise


def _wholeness(path: Path) -> Iterator[Finding]:
    """Examine a copy, so that nobody has to wait meanwhile; where there is no room for one, the file itself, less closely."""
    mark = damage.noted(path)
    if mark is not None and mark.restoring:
        raise damage.damaged(path, mark.fault)
    try:
        doubts = backup.doubts(path)
    except DeskFileError as error:
        if error.code == "desk_damaged":
            damage.note(path, error.detail)
            raise
        yield from _less_closely(path)
        return
    damage.clear(path)
    damage.doubt(path, doubts)
    for doubt in doubts:
        text = _("Some of the desk's content does not agree: {fault}")
        yield Finding("desk", Level.WRONG, text.format(fault=doubt))


def _less_closely(path: Path) -> Iterator[Finding]:
    if faults := damage.examine(path):
        damage.note(path, "; ".join(faults))
        raise damage.damaged(path, "; ".join(faults))
    text = _("The desk file was examined less closely: there is no room for a copy of it.")
    yield Finding("desk", Level.NOTE, text)


def backups(context: Context) -> Iterator[Finding]:
    """Whether there is a backup to go back to."""
    from socialdesk.cli.restore import way_back

    path = locate(context.paths, os.environ)
    if path.exists():
        found = backup.newest(path)
        old = found is None or context.clock.now() - found.at > STALE
        yield Finding("backup", Level.NOTE if old else Level.GOOD, way_back(context))


def keyring(context: Context) -> Iterator[Finding]:
    """Whether passwords can be kept in the system's keyring; it is not needed where they come from elsewhere."""
    try:
        context.secrets.read("keyring:doctor")
    except SecretError as error:
        if error.code == "secret":  # it answered that it has no such secret
            yield Finding("keyring", Level.GOOD, _("The system's keyring works."))
        else:
            told = explain(error.code, error.detail)
            yield Finding("keyring", Level.NOTE, f"{told.happened} {told.todo}")


def connectors(_context: Context) -> Iterator[Finding]:
    """Which connectors there are."""
    from socialdesk.connectors import registry

    entries = registry.catalog()
    usable = ", ".join(entry.name for entry in entries if entry.available)
    yield Finding("connectors", Level.GOOD, _("Connectors: {names}").format(names=usable))
    for entry in entries:
        if not entry.available:
            text = _("The connector {name} cannot be used: {reason}").format(
                name=entry.name, reason=entry.reason
            )
            yield Finding("connectors", Level.WRONG, text)


def accounts(context: Context) -> Iterator[Finding]:
    """How every account is doing."""
    if not _has_desk(context):
        return
    known = context.desk.accounts()
    if not known:
        yield Finding("accounts", Level.NOTE, _("No accounts yet: socialdesk account add"))
    served = context.engine_running()
    for account in known:
        yield _account(context, judged(account, context.clock.now()) if served else account)


def _account(context: Context, account: Account) -> Finding:
    parts = [f"{account.name} ({account.connector}): {account_state_name(account.state)}"]
    if account.last_success_at:
        seconds = (context.clock.now() - account.last_success_at).total_seconds()
        parts.append(_("last reached {ago}").format(ago=ago(seconds)))
    if account.quarantined:
        parts.append(quarantine_text(account.quarantined))
    if account.problem:
        parts.append(str(explain(account.problem, account.detail)))
    parts += [explain(code).happened for code in account.lacking]
    return Finding("accounts", _account_level(account), ". ".join(part.rstrip(".") for part in parts) + ".")


def _account_level(account: Account) -> Level:
    if account.state in (AccountState.AUTH, AccountState.TROUBLE, AccountState.BROKEN):
        return Level.WRONG
    well = (
        account.state in (AccountState.OK, AccountState.NEW)
        and not account.quarantined
        and not account.lacking
    )
    return Level.GOOD if well else Level.NOTE


def engine(context: Context) -> Iterator[Finding]:
    """Whether anything receives and sends at the moment."""
    if context.engine_running():
        yield Finding("engine", Level.GOOD, _("The engine runs: messages come in and replies leave."))
    elif _has_desk(context):
        text = _('Nothing receives or sends at the moment: open socialdesk, or run "socialdesk sync".')
        yield Finding("engine", Level.NOTE, text)


def _has_desk(context: Context) -> bool:
    return locate(context.paths, os.environ).exists()


def terminal(_context: Context) -> Iterator[Finding]:
    """What the terminal is, for whoever helps from afar."""
    size = shutil.get_terminal_size()
    facts = [
        f"TERM={os.environ.get('TERM', '')}",
        f"{size.columns}x{size.lines}",
        _("language {code}").format(code=i18n.language()),
    ]
    facts += [name for name in ("TMUX", "SSH_CONNECTION", "NO_COLOR", "COLORTERM") if os.environ.get(name)]
    yield Finding("terminal", Level.GOOD, _("Terminal: {facts}").format(facts=", ".join(facts)))
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        text = _(
            "The terminal's encoding is {encoding}; accents and emoji need UTF-8: set LANG=es_ES.UTF-8 or the like."
        )
        yield Finding("encoding", Level.NOTE, text.format(encoding=sys.stdout.encoding))


EXAMINATIONS: dict[str, Examination] = {
    "versions": versions,
    "sqlite": sqlite_version,
    "settings": settings,
    "modes": places,
    "disk": room,
    "leftovers": leftovers,
    "desk": desk_file,
    "encryption": encryption,
    "backup": backups,
    "keyring": keyring,
    "connectors": connectors,
    "clock": clock,
    "accounts": accounts,
    "engine": engine,
    "terminal": terminal,
}
