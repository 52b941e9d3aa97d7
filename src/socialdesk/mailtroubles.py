"""The sentences for what goes wrong with mail (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_TEXT_KEPT = N_("The text of the reply is kept.")
_ALL_KEPT = N_("Nothing is lost: messages and replies go on as soon as it works again.")
_NOTHING_SAVED = N_("Nothing was saved.")

MAIL: Mapping[str, tuple[str, str, str]] = {
    "server_unknown": (
        N_("For this address the mail servers are not known."),
        _NOTHING_SAVED,
        N_(
            "Name them with --imap and --smtp, or give the provider's name as --imap: gmail, office365, ionos, ovh..."
        ),
    ),
    "client_missing": (
        N_("Microsoft takes no passwords for mail: it wants a program that is registered with it."),
        _NOTHING_SAVED,
        N_("docs/channels/mail.md says how to register one; give its client id with --client."),
    ),
    "bad_certificate": (
        N_("The server cannot prove that it is the one whose name was given."),
        _ALL_KEPT,
        N_("Check the server's name. Nothing was said to it; if it is your own, mend its certificate."),
    ),
    "folder_missing": (
        N_("A mail folder that is to be read is not there."),
        N_("All the others work."),
        N_("Compare the names in the settings of the account with those in the mailbox."),
    ),
    "no_sent_folder": (
        N_("No folder for sent mail was found."),
        N_("Receiving and answering work."),
        N_(
            "Without it there are no copies, and answers written elsewhere are not seen. Name it with --sent."
        ),
    ),
    "recipient_refused": (
        N_("The mail server does not take letters for this address."),
        _TEXT_KEPT,
        N_("Ask the customer for another address, or answer by telephone."),
    ),
    "no_address": (N_("This letter has no address that could be answered."), _TEXT_KEPT, ""),
}
