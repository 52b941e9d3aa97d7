"""The sentences for what can go wrong with backups, as in ``troubles``."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_AS_IT_WAS = N_("The desk was left as it is.")

BACKUPS: Mapping[str, tuple[str, str, str]] = {
    "no_backup": (
        N_("There is no such backup."),
        N_("Nothing was changed."),
        N_('"socialdesk restore" lists them.'),
    ),
    "backup_failed": (
        N_("No backup was made."),
        N_("The desk and the backups that there were are untouched."),
        N_("Make room on the disk, or check who may write to its folder."),
    ),
    "backup_unusable": (
        N_("That backup cannot be used."),
        _AS_IT_WAS,
        N_('"socialdesk restore" lists the others.'),
    ),
    "backup_no_key": (
        N_("That backup is encrypted, and its key is not known here."),
        _AS_IT_WAS,
        N_('"socialdesk encrypt --enter-key" takes the key that you have put away.'),
    ),
}
