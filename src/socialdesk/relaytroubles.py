"""The sentences for what goes wrong with a relay (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_NOTHING = N_("Nothing was changed.")

RELAY: Mapping[str, tuple[str, str, str]] = {
    "relay_not_installed": (
        N_("The parts that a relay needs are not installed."),
        _NOTHING,
        N_(
            'Install them: pip install "socialdesk[relay]", or pipx inject socialdesk starlette uvicorn httptools.'
        ),
    ),
    "relay_taken": (N_("There is a mailbox of that name."), _NOTHING, N_("Choose another name.")),
    "relay_unknown": (
        N_("There is no mailbox of that name."),
        _NOTHING,
        N_('"socialdesk relay list" names them.'),
    ),
    "relay_name": (
        N_("A mailbox's name has small letters, digits and hyphens only."),
        _NOTHING,
        N_("It becomes a part of an address: choose another one."),
    ),
    "relay_newer": (
        N_("A newer version made the relay's file."),
        _NOTHING,
        N_("Update this one."),
    ),
    "relay_setting": (
        N_("A setting of the relay cannot be used."),
        _NOTHING,
        N_("Correct it; docs/relay.md lists the settings."),
    ),
    "relay_none": (
        N_("There is no relay's file here."),
        _NOTHING,
        N_(
            'Make a mailbox first, with "socialdesk relay new-mailbox", or look whether --config names the right folder.'
        ),
    ),
    "relay_port": (
        N_("The relay cannot listen there."),
        N_("What is in it stays as it is."),
        N_("Perhaps it runs already. Otherwise give another host or port in relay.toml."),
    ),
    "relay_file": (
        N_("The relay's file cannot be used."),
        N_("What is in it stays as it is."),
        N_("Look whether the disk is full and whether the file belongs to this user."),
    ),
}
