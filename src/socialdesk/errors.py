"""The one tree of errors.

    SocialdeskError
    ├── ConfigError          an unreadable setting, with its key and line
    ├── DeskFileError        the desk file cannot be used: damaged, foreign, newer, on a network disk
    ├── DeskBusy             another process kept the desk longer than we wait
    ├── NotFound             no such conversation, account, brand
    ├── Refused              an action that its object's state does not allow
    ├── SecretError          a secret cannot be read or stored
    └── ConnectorError       what a network or its plugin did (connectors/contract.py)
        ├── AuthRequired     signed out, revoked or lacking a permission: a person must act
        ├── RateLimited      asked to wait until a moment
        ├── Temporary        passing trouble; nothing was done
        ├── Rejected         a definite no to one request; repeating it is useless
        ├── OutcomeUnknown   the request may or may not have been carried out
        └── PluginError      the connector itself is broken

``code`` is stable and is what the desk stores; ``detail`` is for people, in the words of whoever refused, and
is scrubbed before it is shown. ``wording.explain`` turns both into what happened, what was kept, what to do.
This module needs the standard library only, so that a connector can raise these without loading the app.
"""

from __future__ import annotations

from datetime import datetime


class SocialdeskError(Exception):
    """Base of everything socialdesk raises on purpose."""

    code = "error"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class ConfigError(SocialdeskError):
    """A setting that cannot be used; ``detail`` names the file, the key and the line.

    ``where`` are the names on the way to it ("calendars", "Sol", "mon") and ``problem`` what is wrong with it, for
    those who show it where it is asked for; both may be empty.
    """

    code = "config"

    def __init__(
        self, detail: str = "", *, code: str | None = None, where: tuple[str, ...] = (), problem: str = ""
    ) -> None:
        super().__init__(detail, code=code)
        self.where, self.problem = where, problem


class DeskFileError(SocialdeskError):
    """The desk file cannot be used and was left untouched."""

    code = "desk_file"


class DeskBusy(SocialdeskError):
    """Another process held the desk for longer than the time we wait."""

    code = "desk_busy"


class NotFound(SocialdeskError):
    """There is no such thing on this desk."""

    code = "not_found"


class Refused(SocialdeskError):
    """The action does not fit the state of what it was asked for."""

    code = "refused"


class SecretError(SocialdeskError):
    """A secret cannot be read or stored."""

    code = "secret"


class ConnectorError(SocialdeskError):
    """Base of what a network, or the connector to it, did."""

    code = "connector"


class AuthRequired(ConnectorError):
    """Signed out, revoked, or a permission is missing; only a person can mend it."""

    code = "auth_required"


class RateLimited(ConnectorError):
    """The network asks to wait; ``until`` is aware UTC, or None where it names no time. One without a zone is none."""

    code = "rate_limited"

    def __init__(self, detail: str = "", *, until: datetime | None = None, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.until = until if until is not None and until.tzinfo is not None else None


class Temporary(ConnectorError):
    """Passing trouble before anything was done: offline, a refused connection, a 503 on a read."""

    code = "temporary"


class Rejected(ConnectorError):
    """A definite no to this one request; the same request would be refused again."""

    code = "rejected"


class OutcomeUnknown(ConnectorError):
    """The request left, and nobody can say from the answer whether it was carried out."""

    code = "outcome_unknown"


class PluginError(ConnectorError):
    """The connector broke its contract or raised something of its own."""

    code = "plugin"
