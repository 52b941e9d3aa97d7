"""The sentences for what can go wrong with the desk file and its backups, as in ``troubles``."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_AS_IT_WAS = N_("The desk was left as it is.")
_FILE_KEPT = N_("The desk file was left untouched.")
_NOTHING_CHANGED = N_("Nothing was changed.")
_PERMISSIONS = N_("Check who may read and write the file and its folder.")
_DOCTOR = N_('"socialdesk doctor" says more.')

DESK: Mapping[str, tuple[str, str, str]] = {
    "desk_file": (N_("The desk file cannot be used."), _FILE_KEPT, _DOCTOR),
    "desk_damaged": (
        N_("The desk file cannot be used."),
        N_("Nothing is written to it any more; what can be read in it can still be read."),
        N_(
            '"socialdesk restore" puts a backup in its place, and keeps the present file; the disk may be failing.'
        ),
    ),
    "desk_lost": (
        N_("The desk file has vanished."),
        N_("No new desk was made in its place; the backups are untouched."),
        N_(
            '"socialdesk restore" puts the newest one back. Who wants an empty desk moves the backups away first.'
        ),
    ),
    "desk_in_use": (
        N_("The desk is open: a screen, an engine or a command works on it."),
        _NOTHING_CHANGED,
        N_("Close them all, then try again."),
    ),
    "no_desk": (N_("There is no desk yet."), "", N_('"socialdesk" makes one.')),
    "desk_foreign": (
        N_("The desk file cannot be used."),
        _FILE_KEPT,
        N_("Move it away, or name another folder in SOCIALDESK_HOME."),
    ),
    "desk_newer": (N_("The desk file cannot be used."), _FILE_KEPT, ""),
    "desk_network_disk": (
        N_("The desk file cannot be used."),
        _FILE_KEPT,
        N_("Name a folder on this machine's own disk in SOCIALDESK_HOME."),
    ),
    "desk_unreadable": (N_("The desk file cannot be used."), _FILE_KEPT, _PERMISSIONS),
    "desk_unwritable": (N_("The desk file cannot be used."), "", _PERMISSIONS),
    "desk_full": (
        N_("The disk is full: nothing can be stored or sent."),
        N_("What was stored before is safe."),
        N_("Make room on the disk, then try again."),
    ),
    "desk_doubtful": (
        N_("Some of the desk's content does not agree with itself."),
        N_("All backups that there are stay."),
        _DOCTOR,
    ),
    "desk_backup": (
        N_("The desk file cannot be brought up to date."),
        _FILE_KEPT,
        N_("Make room on the disk, or check who may write to its folder."),
    ),
    "desk_busy": (
        N_("Another program kept the desk for too long."),
        _NOTHING_CHANGED,
        N_("Try again in a moment."),
    ),
    "engine_running": (
        N_("Another socialdesk receives and sends for this desk already."),
        "",
        N_("There is nothing to do."),
    ),
    "demo_open": (N_("The demo cannot begin again."), _NOTHING_CHANGED, N_("Leave the other one first.")),
    "system": (N_("The system did not let us do that."), "", _DOCTOR),
    "config": (
        N_("A setting cannot be used."),
        "",
        N_("Correct that line; docs/configuration.md lists all settings."),
    ),
    "answering_file": (
        N_("A file cannot be used."),
        "",
        N_("Correct that line; docs/answering.md tells how these files are written."),
    ),
    "setting_not_kept": (
        N_("The setting could not be written."),
        N_("It holds until you leave."),
        N_("Write it there yourself; docs/configuration.md tells how."),
    ),
    "home": (N_("The folder of the desk cannot be found."), "", N_("Correct that variable, or remove it.")),
    "database_url": (N_("The desk file cannot be found."), "", N_("Correct that variable, or remove it.")),
    "no_backup": (
        N_("There is no such backup."),
        _NOTHING_CHANGED,
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
