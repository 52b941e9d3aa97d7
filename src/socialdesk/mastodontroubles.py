"""The sentences for what goes wrong with Mastodon (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.i18n import N_

_TEXT_KEPT = N_("The text of the reply is kept.")
_ALLOW = N_(
    'Sign in again with "socialdesk account sign-in", or give the application read and write on the server, under'
    " Preferences, Development."
)

MASTODON: Mapping[str, tuple[str, str, str]] = {
    "reading_not_allowed": (
        N_("This access token may not read what comes in."),
        N_("Nothing is lost: messages and replies go on as soon as it works again."),
        _ALLOW,
    ),
    "answering_not_allowed": (
        N_("This access token may not answer."),
        N_("What comes in is shown all the same, and no text is lost."),
        _ALLOW,
    ),
    "acts_not_allowed": (
        N_("This access token may not like, mute, block or report."),
        "",
        _ALLOW,
    ),
    "profile_not_allowed": (
        N_("This access token may not change the account's description, where the public wait clock stands."),
        "",
        _ALLOW,
    ),
    "not_mastodon": (
        N_("There is no server that speaks Mastodon's language."),
        N_("Nothing was saved."),
        N_("Compare the address with the browser's when it shows the account."),
    ),
    "code_refused": (
        N_("The server did not take that code."),
        N_("Nothing was saved."),
        N_("Begin again and copy the code whole: each is good once, for ten minutes."),
    ),
    "names_others": (
        N_("A private answer that names somebody else would be read by them, too."),
        _TEXT_KEPT,
        N_("Take the name out, or write it without the @ before it."),
    ),
}
