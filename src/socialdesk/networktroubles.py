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
        N_(
            "Answer it in the browser: in the outbox (x), b copies the text and opens the page. Or answer privately."
        ),
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
    "encrypted_unseen": (
        N_("Encrypted messages (X Chat) are not seen here: X shows them in its own apps only."),
        "",
        N_("Look there now and then. Messages of the older kind come in as usual."),
    ),
    "budget_spent": (
        N_("What this account may spend at the network is spent."),
        N_("What was fetched is all here, and the text of the reply is kept. Nothing more is read or sent."),
        N_(
            'Give it more ("socialdesk account set NAME budget=20", for YouTube quota=...), or answer in the browser: in the outbox (x), b copies the text and opens the page. It begins anew with the month; YouTube\'s with the day.'
        ),
    ),
    "bad_budget": (
        N_("The budget is no amount."),
        _NOTHING_SAVED,
        N_("Write it as a number of euros: 10 or 12.50."),
    ),
    "bad_quota": (
        N_("The quota is no number of units."),
        _NOTHING_SAVED,
        N_("Write it in figures alone: 2500."),
    ),
    "usage_cap": (
        N_("The network's monthly limit is used up."),
        _ALL_THERE,
        N_("It begins anew with the month. A larger limit can be had in the developer console."),
    ),
    "api_not_approved": (
        N_("Google has not opened this interface to your project yet."),
        _ALL_THERE,
        N_(
            "Switch the API on in console.cloud.google.com, and for reviews ask Google for access to the Business Profile APIs (some days)."
        ),
    ),
    "google_grant_ended": (
        N_("Google ended the sign-in."),
        _ALL_THERE,
        N_(
            'Sign in again. If that happens every seven days, publish the consent screen of your project: it is in "Testing".'
        ),
    ),
    "scope_missing": (
        N_("The sign-in gave less leave than was asked for."),
        _ALL_THERE,
        N_("Sign in again and leave every box ticked."),
    ),
    "no_locations": (
        N_("This sign-in manages no business."),
        _NOTHING_SAVED,
        N_("Sign in as somebody who is owner or manager of the profile; service accounts cannot be."),
    ),
    "no_channel": (
        N_("This sign-in has no YouTube channel."),
        _NOTHING_SAVED,
        N_("Sign in with the brand's account, the one that the channel belongs to."),
    ),
    "quota_used": (
        N_("The day's quota of your project is used up."),
        _ALL_THERE,
        N_("It begins anew at midnight in California. Fewer accounts in one project need less of it."),
    ),
    "token_ended": (
        N_("Meta ended the token: it expired, the password was changed or the app was removed."),
        _ALL_THERE,
        N_('Make a new one, best that of a system user, and give it with "socialdesk account sign-in".'),
    ),
    "token_ends_soon": (
        N_("The token ends within two weeks."),
        _ALL_THERE,
        N_(
            'Make a new one in time, best that of a system user, and give it with "socialdesk account sign-in".'
        ),
    ),
    "which_page": (
        N_("The token is good for several."),
        _NOTHING_SAVED,
        N_("Name the one that is meant, and add each as an account of its own."),
    ),
    "no_such_page": (
        N_("The token is not good for a page of that name or number."),
        _NOTHING_SAVED,
        N_("Write it as Facebook shows it, or have the page assigned to the system user."),
    ),
    "no_instagram": (
        N_("The token leads to no professional account on Instagram of that name."),
        _NOTHING_SAVED,
        N_(
            "Connect the account with the page in Meta's settings, or use a token of Instagram's own sign-in."
        ),
    ),
    "commenting_not_allowed": (
        N_("This sign-in may not answer, hide or like comments."),
        N_("What it may read is read."),
        N_("Give it the task of moderating the page and the permission for comments, then sign in again."),
    ),
    "permission_missing": (
        N_("The network says that a permission is missing."),
        _TEXT_KEPT,
        N_("Grant it where the token was made, and sign in again."),
    ),
    "person_unavailable": (
        N_("This person cannot be reached there: they left, or blocked the brand."),
        _TEXT_KEPT,
        "",
    ),
    "behaviour_limit": (
        N_("The network stops this account for a while, for what it took for unusual behaviour."),
        _ALL_THERE,
        N_("Nothing to do: we wait an hour. Look into the account's own notices if it happens again."),
    ),
    "relay_key_refused": (
        N_("Your relay does not know this key."),
        N_("What it took in is kept there for two weeks."),
        N_('Give the desk key that "socialdesk relay new-mailbox" showed: "socialdesk account sign-in".'),
    ),
    "relay_trouble": (
        N_("Your relay has trouble."),
        N_("What it took in is kept there for two weeks."),
        N_("Look at its log on the server where it runs."),
    ),
    "sign_in_refused": (N_("The sign-in was refused in the browser."), _NOTHING_SAVED, _AGAIN),
    "sign_in_other": (
        N_("That address does not belong to this sign-in, or has no code in it."),
        _NOTHING_SAVED,
        _AGAIN,
    ),
}
