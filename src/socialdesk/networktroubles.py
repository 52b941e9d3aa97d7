"""The sentences for what the large networks refuse, and what they charge for (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_TEXT_KEPT = N_("The text of the reply is kept.")
_NOTHING_SAVED = N_("Nothing was saved.")
_ALL_THERE = N_("What was fetched is all here, and replies wait in the outbox.")
_AGAIN = N_('Begin again with "socialdesk account add".')

NETWORKS: Mapping[str, tuple[str, str, str]] = {
    "reply_refused": (
        N_("The network lets this account not answer that post."),
        _TEXT_KEPT,
        N_("Answer it in the browser (the key l has its address), or privately."),
    ),
    "said_already": (
        N_("The network has the same words from this account already."),
        _TEXT_KEPT,
        N_("Look whether the answer stands there; if not, change a word and send it again."),
    ),
    "credits_spent": (
        N_("The credits of the developer account are used up: the network neither gives nor takes messages."),
        _ALL_THERE,
        N_('Buy credits in the developer console, then "socialdesk account sign-in".'),
    ),
    "usage_cap": (
        N_("The network's monthly limit is used up."),
        _ALL_THERE,
        N_("It begins anew with the month. A larger limit can be had in the developer console."),
    ),
    "sign_in_refused": (N_("The sign-in was refused in the browser."), _NOTHING_SAVED, _AGAIN),
    "sign_in_other": (
        N_("That address does not belong to this sign-in, or has no code in it."),
        _NOTHING_SAVED,
        _AGAIN,
    ),
}
