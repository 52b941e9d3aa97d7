"""The sentences for what can go wrong with an encrypted desk, as in ``troubles``."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_KEPT = N_("The desk file was left untouched.")
_UNCHANGED = N_("Nothing was changed.")
_UNREAD = N_("The desk file is encrypted, and its key could not be read.")

KEYS: Mapping[str, tuple[str, str, str]] = {
    "desk_no_cipher": (
        N_("What reads and writes encrypted desks is not installed."),
        _KEPT,
        N_("Install it: pip install 'socialdesk[encrypted]', or pipx inject socialdesk sqlcipher3."),
    ),
    "desk_no_key": (
        N_("The desk file is encrypted, and its key is not known here."),
        _KEPT,
        N_('"socialdesk encrypt --enter-key" takes the key that you have put away.'),
    ),
    "desk_key_unread": (
        _UNREAD,
        _KEPT,
        N_('"socialdesk encrypt --enter-key" takes the key that you have put away.'),
    ),
    "desk_key_unread_keyring": (
        _UNREAD,
        _KEPT,
        N_('Unlock the keyring; or "socialdesk encrypt --enter-key" takes the key that you have put away.'),
    ),
    "desk_key_unread_env": (
        _UNREAD,
        _KEPT,
        N_(
            'Set the variable where socialdesk is started; or "socialdesk encrypt --enter-key" takes the key that you have put'
            " away."
        ),
    ),
    "desk_key_unread_command": (
        _UNREAD,
        _KEPT,
        N_(
            'Try the command by hand in a terminal; or "socialdesk encrypt --enter-key" takes the key that you have put away.'
        ),
    ),
    "desk_key_unread_credential": (
        _UNREAD,
        _KEPT,
        N_(
            "The service names it by LoadCredential= or LoadCredentialEncrypted=; where you start socialdesk yourself,"
            ' "socialdesk encrypt --enter-key" takes the key that you have put away.'
        ),
    ),
    "desk_key_other": (
        N_("This is not the key with which the desk file is encrypted."),
        _KEPT,
        N_('"socialdesk encrypt --enter-key" takes the right one.'),
    ),
    "desk_keys_unread": (
        N_("The list of the desk's keys cannot be read."),
        _KEPT,
        N_('Move it away; then "socialdesk encrypt --enter-key" takes the key that you have put away.'),
    ),
    "desk_not_sealed": (
        N_("The copy is not the same as the desk."),
        _KEPT,
        N_('"socialdesk doctor" says more.'),
    ),
    "not_encrypted": (
        N_("The desk is not encrypted."),
        _UNCHANGED,
        N_('"socialdesk encrypt" does that.'),
    ),
    "key_form": (
        N_("That is not a key."),
        _UNCHANGED,
        N_("A key has 64 digits from 0 to 9 and letters from a to f; spaces do not matter."),
    ),
    "key_not_kept": (N_("The key was not kept."), _UNCHANGED, ""),
}
