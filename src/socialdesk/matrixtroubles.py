"""The sentences for what goes wrong with Matrix (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_TEXT_KEPT = N_("The text of the reply is kept.")
_NOTHING_SAVED = N_("Nothing was saved.")

MATRIX: Mapping[str, tuple[str, str, str]] = {
    "encrypted_room": (
        N_(
            "This room is encrypted, and socialdesk cannot write into it so that only its members could read it."
        ),
        _TEXT_KEPT,
        N_("Answer in Element or another program with your keys, or ask for a room without encryption."),
    ),
    "room_closed": (
        N_("The account is no longer in that room, or may not write there."),
        _TEXT_KEPT,
        N_("Ask to be invited again, or answer by another way."),
    ),
    "no_homeserver": (
        N_("No Matrix server was found by that address."),
        _NOTHING_SAVED,
        N_("Give the server's own address with --server, as in https://matrix.example.org."),
    ),
    "password_not_taken": (
        N_("This server takes no passwords from other programs."),
        _NOTHING_SAVED,
        N_("Give an access token in place of the password."),
    ),
}
