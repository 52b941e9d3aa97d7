"""The sentences for every problem code: what happened, what was kept, what to do (English message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.acttroubles import ACTS
from socialdesk.desktroubles import DESK
from socialdesk.i18n import N_
from socialdesk.keytroubles import KEYS
from socialdesk.mailtroubles import MAIL
from socialdesk.mastodontroubles import MASTODON
from socialdesk.matrixtroubles import MATRIX
from socialdesk.networktroubles import NETWORKS
from socialdesk.relaytroubles import RELAY

_TEXT_KEPT = N_("The text of the reply is kept.")
_ALL_KEPT = N_("Nothing is lost: messages and replies go on as soon as it works again.")
_DRAFT_KEPT = N_("Nothing was sent; your draft is kept.")
_NOTHING_SAVED = N_("Nothing was saved.")
_NOTHING_CHANGED = N_("Nothing was changed.")

_SIGN_IN = N_('Sign in again with "socialdesk account sign-in" and the name of the account.')
_ITSELF = N_("Nothing to do: we keep trying.")
_PROFILE_KEPT = N_("What you wrote there yourself is untouched.")
_CHANGE = N_("Change the text and send it again, or discard it.")
_OTHER_WAY = N_("Answer in public without personal data, and ask the customer to write to you privately.")
_PRIVATE_HOSTS = N_("If it is your own server, add the account with --allow-private-hosts.")
_DOCTOR = N_('"socialdesk doctor" says more.')
_WHERE_KEPT = N_(
    "Say where the password is kept: --secret-env VARIABLE, --secret-command COMMAND or --secret-credential NAME."
)

OTHERWISE = (N_("Something went wrong."), "", _DOCTOR)
"""For codes that nobody has written sentences for, such as a plugin's own."""

SILENT = frozenset(
    [
        "empty",
        "step",
        "left",
        "past",
        "no_promise",
        "promise_date",
        "own_reply",
        "written_since",
        "blocked",
        "reply_disabled",
        "messages_disabled",
        "window_closed",
        "window_ends",
        "business_ended",
        "parent_gone",
        "act_not_here",
        "not_our_thread",
        "too_many_hidden",
        "not_followed",
        "report_unknown",
        "offline",
        "timeout",
        "encrypted_room",
        "room_closed",
        "code_refused",
    ]
)
"""Codes whose sentence says all there is to say; their details are for the log."""

NETWORK: Mapping[str, tuple[str, str, str]] = {
    "auth_required": (N_("The network does not accept our sign-in."), _ALL_KEPT, _SIGN_IN),
    "rate_limited": (N_("The network asks us to go slower."), _ALL_KEPT, _ITSELF),
    "temporary": (N_("The network has trouble at the moment."), _ALL_KEPT, _ITSELF),
    "silent": (
        N_("Nothing has been heard from it for more than an hour, and no fault is known."),
        _ALL_KEPT,
        N_("Leave socialdesk and start it again; if it stays silent, sign in to the account anew."),
    ),
    "offline": (
        N_("The network cannot be reached."),
        _ALL_KEPT,
        N_("Check the connection if this lasts: we keep trying."),
    ),
    "timeout": (N_("The network did not answer in time."), _ALL_KEPT, _ITSELF),
    "bad_answer": (N_("The network sent something that we do not understand."), _ALL_KEPT, _ITSELF),
    "request_refused": (
        N_("The network refuses to show us this account's messages."),
        _ALL_KEPT,
        N_("Look at the account on the network: we keep trying."),
    ),
    "bad_address": (
        N_("The server's address cannot be used."),
        _ALL_KEPT,
        N_("Add the account with another address."),
    ),
    "private_address": (N_("The server's address lies inside this network."), _NOTHING_SAVED, _PRIVATE_HOSTS),
    "second_reader": (
        N_("Another program reads the messages of this bot."),
        _ALL_KEPT,
        N_("End the other program, or let @BotFather make a new token that only this desk has."),
    ),
    "webhook_set": (
        N_("The messages of this bot go to a web address that another product has set."),
        _ALL_KEPT,
        N_("Take the webhook away there, or let @BotFather make a bot of its own for this desk."),
    ),
    "foreign_host": (
        N_("The connector wanted to reach a server that is not the account's own."),
        _ALL_KEPT,
        N_(
            "Nothing was sent there. Look for another version of the connector, or check the server's address."
        ),
    ),
    "insecure_address": (
        N_("The server's address does not begin with https."),
        _NOTHING_SAVED,
        _PRIVATE_HOSTS,
    ),
    "plugin": (
        N_("The connector to this network is missing or faulty."),
        _ALL_KEPT,
        N_('Update or reinstall it, then run "socialdesk account check".'),
    ),
    "connector": (N_("The network could not do what we asked."), _ALL_KEPT, _ITSELF),
    "dm_failing": (
        N_("Private messages have not come in for hours: that part of the network has trouble."),
        N_("Everything public works."),
        _ITSELF,
    ),
    "notice_failed": (
        N_("The wait clock on this account could not be brought up to date."),
        _PROFILE_KEPT,
        _ITSELF,
    ),
    "notice_refused": (
        N_("The network does not let us show the wait clock on this account."),
        _PROFILE_KEPT,
        N_("Sign in again, or take the account out of [clock] in the settings."),
    ),
    "notice_no_room": (
        N_("The text of this account's profile leaves no room for the wait clock."),
        _PROFILE_KEPT,
        N_("Shorten that text on the network: we try again by ourselves."),
    ),
    "notice_unsupported": (
        N_("This network has no place where the wait clock could be shown."),
        "",
        N_("Take the account out of [clock] in the settings."),
    ),
    "other_account": (
        N_("With that it would be another account."),
        N_("Nothing was changed."),
        N_('Add the other one beside it: "socialdesk account add".'),
    ),
    "not_changed": (N_("With that it does not work."), N_("Nothing was changed."), ""),
    "not_added": (N_("The sign-in did not work."), _NOTHING_SAVED, ""),
    "dm_not_allowed": (
        N_("This sign-in may not read or write private messages."),
        N_("Everything public works."),
        N_(
            "If you want them, make an app password that allows direct messages and sign in again with"
            ' "socialdesk account sign-in".'
        ),
    ),
}

REPLY: Mapping[str, tuple[str, str, str]] = {
    "restored": (
        N_("The desk was restored from a backup: this reply may have left since."),
        _TEXT_KEPT,
        N_("Look on the network whether it is there; then mark it as sent, or send it again."),
    ),
    "rejected": (N_("The network refused this reply."), _TEXT_KEPT, _CHANGE),
    "outcome_unknown": (
        N_("We do not know whether the reply left."),
        N_("It is never sent twice by itself."),
        N_("Look at the conversation on the network, then resend it, mark it as sent or discard it."),
    ),
    "not_delivered": (N_("The reply did not reach the network."), _TEXT_KEPT, _ITSELF),
    "empty": (N_("There is nothing to send."), "", N_("Write the reply first.")),
    "too_long": (
        N_("The reply is longer than the network allows."),
        _TEXT_KEPT,
        N_("Shorten it and send it again."),
    ),
    "act_not_here": (N_("That cannot be done to a message of this kind."), _NOTHING_CHANGED, ""),
    "not_our_thread": (
        N_("Only whoever began a thread can hide replies in it."),
        _NOTHING_CHANGED,
        N_("Mute or block its author, or report it."),
    ),
    "too_many_hidden": (N_("The network hides no more replies in this thread."), _NOTHING_CHANGED, ""),
    "reply_disabled": (N_("The author does not allow replies to this message."), _TEXT_KEPT, ""),
    "parent_gone": (N_("The message that you answer is no longer there."), _TEXT_KEPT, ""),
    "blocked": (N_("One of the two accounts has blocked the other."), _TEXT_KEPT, ""),
    "not_followed": (
        N_("This person takes private messages only from accounts that they follow."),
        _TEXT_KEPT,
        _OTHER_WAY,
    ),
    "no_private_replies": (N_("This network has no private replies."), _TEXT_KEPT, _OTHER_WAY),
    "messages_disabled": (N_("This person takes no private messages."), _TEXT_KEPT, _OTHER_WAY),
    "part_before": (
        N_("An earlier part of this answer did not leave."),
        _TEXT_KEPT,
        N_("Decide what becomes of the earlier part; this one follows it."),
    ),
    "private_failed": (
        N_("The private message did not leave, so that this line, which tells of it, did not either."),
        _TEXT_KEPT,
        N_("Decide what becomes of the private message; this line follows it."),
    ),
    "already_private": (N_("This conversation is private already."), "", N_("Simply answer.")),
    "private_once": (
        N_("This network allows one private message to a public one, and you have written it."),
        _TEXT_KEPT,
        N_("Ask the customer in public to answer that message; then you can go on there."),
    ),
    "private_window": (
        N_("This network allows private messages for a limited time only, and it is over."),
        _TEXT_KEPT,
        N_("Ask the customer in public to write to you privately."),
    ),
    "window_closed": (
        N_(
            "This network lets a business answer for a limited time after the customer wrote, and it is over."
        ),
        _TEXT_KEPT,
        N_("Answer in the network's own app, or wait until the customer writes again."),
    ),
    "window_ends": (
        N_("By then this network takes no answer to this customer any more."),
        _TEXT_KEPT,
        N_("Let it leave sooner: the conversation says until when."),
    ),
    "business_ended": (
        N_("The business has ended its connection to this bot."),
        _TEXT_KEPT,
        N_("Its owner connects the bot again in Telegram, under Settings, Telegram Business, Chatbots."),
    ),
    "erase_sending": (
        N_("An answer to this person is leaving at this very moment."),
        _NOTHING_CHANGED,
        N_("Try again in a minute."),
    ),
    "own_reply": (
        N_("Your own reply needs somebody else's approval."),
        _NOTHING_CHANGED,
        N_("Take it back if you want to change it."),
    ),
    "not_approver": (
        N_("Your name is not among those who may approve replies."),
        _NOTHING_CHANGED,
        N_("The people are named in the settings, in [approval]."),
    ),
    "left": (N_("The reply has left already, or is leaving: it cannot be taken back."), "", ""),
    "step": (N_("That is not possible in the state of this reply."), _NOTHING_CHANGED, ""),
    "past": (N_("That moment has passed."), _NOTHING_CHANGED, N_("Choose a later one.")),
    "no_promise": (N_("The promise says nothing."), _NOTHING_CHANGED, N_("Say what was promised.")),
    "promise_date": (
        N_("Nobody promises anything for that date."),
        _NOTHING_CHANGED,
        N_("Choose another one, within five years."),
    ),
    "nothing_said": (
        N_("Nothing was written down."),
        _NOTHING_CHANGED,
        N_("Say in a few words what they want."),
    ),
    "unknown_brand": (N_("The desk knows no such business."), _NOTHING_CHANGED, ""),
    "which_brand": (
        N_("There are several businesses, or none."),
        _NOTHING_CHANGED,
        N_("Name one with --brand."),
    ),
    "whose_number": (
        N_("That is no telephone number."),
        _NOTHING_CHANGED,
        N_("A number has six digits at least; leave it empty where you do not know it."),
    ),
    "no_step": (N_("The protocol has no such step."), _NOTHING_CHANGED, ""),
    "situation": (
        N_("The desk knows no such situation."),
        _NOTHING_CHANGED,
        N_('"socialdesk promises" lists those that there are.'),
    ),
}

SECRETS: Mapping[str, tuple[str, str, str]] = {
    "secret": (N_("A password could not be read or stored."), _ALL_KEPT, _SIGN_IN),
    "keyring_mute": (
        N_("The system's keyring does not answer."),
        "",
        N_("It is asked again by itself. Where it stays like that: sign out of the desktop and in again."),
    ),
    "keyring_locked": (
        N_("The system's keyring is locked."),
        "",
        N_("Signing in to your desktop unlocks it, or the program in which you see its passwords."),
    ),
    "credential_missing": (
        N_("The service manager gives us no such credential."),
        "",
        N_("It is named in the service by LoadCredential= or LoadCredentialEncrypted=."),
    ),
    "keyring_missing": (N_("This machine has no safe keyring."), "", _WHERE_KEPT),
    "not_kept": (N_("The password was not kept."), _NOTHING_SAVED, _WHERE_KEPT),
    "env_missing": (
        N_("The environment variable that holds the password is not set."),
        "",
        N_("Set it where socialdesk is started."),
    ),
    "command_failed": (
        N_("The command that gives the password failed."),
        "",
        N_("Try the command by hand in a terminal."),
    ),
}

COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "not_found": (N_("That is not on this desk."), "", ""),
    "conversation": (
        N_("There is no conversation of that number."),
        "",
        N_('"socialdesk queue" lists the conversations.'),
    ),
    "reply": (N_("There is no reply of that number."), "", N_('"socialdesk outbox" lists the replies.')),
    "canned": (N_("There is no such canned reply."), "", N_('"socialdesk canned list" lists them.')),
    "fact": (N_("There is no such fact."), "", N_('"socialdesk facts list" lists what is known of a brand.')),
    "protocol": (N_("There is no such protocol."), "", N_('"socialdesk protocol list" lists them.')),
    "editor": (N_("Nothing was edited."), _NOTHING_CHANGED, N_("Set EDITOR to the editor that you like.")),
    "account": (N_("There is no such account."), "", N_('"socialdesk account list" lists the accounts.')),
    "account_removed": (
        N_("The account of this conversation was removed."),
        _DRAFT_KEPT,
        N_("To answer, add the account again under the same name."),
    ),
    "no_connector": (
        N_("No connector is installed for the network of this conversation."),
        _DRAFT_KEPT,
        N_("Answer there yourself, then mark the conversation as resolved."),
    ),
    "draft_elsewhere": (
        N_("Somebody else is writing to this customer in another window."),
        "",
        N_("Agree who answers; once theirs has left or is emptied, yours is saved."),
    ),
    "answered_meanwhile": (
        N_("Another answer to this customer was written meanwhile."),
        _DRAFT_KEPT,
        N_("Read it, then send yours again if it is still needed."),
    ),
    "written_meanwhile": (
        N_("The customer has written again meanwhile."),
        _DRAFT_KEPT,
        N_("Read it, then send your answer again if it still fits."),
    ),
    "written_since": (
        N_("The customer has written again since this answer was written."),
        N_("It still waits for approval."),
        N_("Read the conversation; if the answer still fits, approve it again with --anyway."),
    ),
    "contact": (
        N_("Nobody on this desk is called exactly that."),
        _NOTHING_CHANGED,
        N_("Name them by their handle, or by the number of a conversation with them."),
    ),
    "contact_blocked": (
        N_("What is known of this person is blocked, and shown to nobody."),
        _NOTHING_CHANGED,
        N_('"socialdesk erase CONTACT --now" destroys it.'),
    ),
    "several_contacts": (
        N_("Several people are called that."),
        _NOTHING_CHANGED,
        N_("Name the one that you mean by the number of a conversation with them."),
    ),
    "file_there": (N_("There is a file of that name already."), _NOTHING_CHANGED, N_("Choose another name.")),
    "commitment": (
        N_("There is no commitment of that number."),
        "",
        N_('"socialdesk commitments" lists what is owed.'),
    ),
    "protocol_run": (N_("There is no such protocol in use."), "", ""),
    "no_view": (N_("There is no such view."), "", ""),
    "no_clock": (N_("No account is of that brand and channel."), "", ""),
    "refused": (N_("That is not possible now."), _NOTHING_CHANGED, ""),
    "connector_taken": (N_("There is a connector of that name already."), _NOTHING_SAVED, ""),
    "folder_exists": (N_("That folder exists already."), _NOTHING_SAVED, ""),
    "name_taken": (
        N_("An account of that name exists already."),
        _NOTHING_SAVED,
        N_("Choose another name: --name."),
    ),
    "account_twice": (
        N_("This account is on the desk already, under another name."),
        _NOTHING_SAVED,
        N_('"socialdesk account sign-in" gives it another password.'),
    ),
    "unsettled": (
        N_("Replies of this account are still on their way."),
        _NOTHING_CHANGED,
        N_('Wait for them, or settle them: "socialdesk outbox".'),
    ),
    "no_terminal": (N_("The desk needs a terminal."), "", ""),
    "no_answer": (N_("The question was not answered."), _NOTHING_CHANGED, ""),
    "unreadable_file": (N_("The file cannot be read."), _NOTHING_CHANGED, ""),
    "not_utf8": (N_("The text is not in UTF-8."), _NOTHING_CHANGED, ""),
}

TROUBLES: Mapping[str, tuple[str, str, str]] = {
    **NETWORK,
    **REPLY,
    **SECRETS,
    **DESK,
    **KEYS,
    **COMMANDS,
    **ACTS,
    **MAIL,
    **MASTODON,
    **MATRIX,
    **NETWORKS,
    **RELAY,
}
"""Problem code -> happened, kept, to do."""
