"""The sentences for what goes wrong with acts on messages and with attachments (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_NOTHING_CHANGED = N_("Nothing was changed.")
_NOTHING_SAVED = N_("Nothing was saved.")

ACTS: Mapping[str, tuple[str, str, str]] = {
    "message": (N_("There is no such message in this conversation."), _NOTHING_CHANGED, ""),
    "no_message": (N_("The customer has written nothing here."), _NOTHING_CHANGED, ""),
    "act": (N_("There is no such act."), _NOTHING_CHANGED, ""),
    "act_ours": (N_("That message is ours."), _NOTHING_CHANGED, N_("Choose one of the customer's.")),
    "act_gone": (N_("That message was deleted by its author."), _NOTHING_CHANGED, ""),
    "act_done": (N_("That is done already."), _NOTHING_CHANGED, ""),
    "act_not_done": (N_("There is nothing of that kind to take back."), _NOTHING_CHANGED, ""),
    "act_final": (N_("The network lets nobody take that back."), _NOTHING_CHANGED, ""),
    "act_not_offered": (N_("The network of this account offers no such thing."), _NOTHING_CHANGED, ""),
    "act_restored": (
        N_("The desk was restored from a backup: it may have been done since, and is not repeated."),
        "",
        N_("Look on the network, and ask for it again if it is not done."),
    ),
    "report_unknown": (
        N_("Nobody knows whether the report arrived, and it is not repeated."),
        "",
        N_("Look on the network."),
    ),
    "no_attachment": (N_("There is no such attachment in this conversation."), _NOTHING_SAVED, ""),
    "nothing_to_download": (
        N_("There is nothing to fetch of it: the network gave its description only."),
        _NOTHING_SAVED,
        "",
    ),
    "no_downloads": (N_("The connector of this account cannot fetch attachments."), _NOTHING_SAVED, ""),
    "too_large": (N_("It is larger than what is fetched here, 50 MB."), _NOTHING_SAVED, ""),
    "no_folder": (N_("There is no such folder."), _NOTHING_SAVED, N_("Choose another: --to FOLDER.")),
    "folder_unwritable": (
        N_("The file cannot be written there."),
        _NOTHING_SAVED,
        N_("Choose another folder: --to FOLDER."),
    ),
    "attachment_gone": (N_("The network does not have it any more."), _NOTHING_SAVED, ""),
}
