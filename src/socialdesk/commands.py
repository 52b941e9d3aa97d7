"""Everything that a key can do, declared once: the source of bindings, key bar, palette and help page.

An id never changes: it is what ``[keys]`` in config.toml names (``reply = "R"``). Texts are English message ids,
translated when shown. The action of a command is the method ``action_<id>`` of the screen it works on, or of the
app for those that work everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding

from socialdesk.i18n import N_, _


class Where(StrEnum):
    """The places a command works in."""

    APP = "app"  # everywhere, except while a small picker is open
    DESK = "desk"  # the queue and the conversation
    WRITE = "write"  # the answer being written
    LIST = "list"  # lists other than the queue: search, outbox, accounts, help
    OUTBOX = "outbox"
    PROMISES = "promises"  # promises and opening hours
    PROTOCOL = "protocol"  # the steps of a protocol
    COMMITMENTS = "commitments"  # what we have promised a customer
    FINDINGS = "findings"  # what the check has found in an answer


class Group(StrEnum):
    """The headings of the help page, as message ids."""

    MOVE = N_("Move around")
    ACT = N_("Answer and settle")
    WRITE = N_("While writing")
    CHECK = N_("What the check has found")
    FIND = N_("Find and filter")
    OUTBOX = N_("The outbox")
    PROTOCOL = N_("Protocols")
    OWED = N_("What we have promised")
    PROMISES = N_("Promises and opening hours")
    DESK = N_("The desk")


class Command(NamedTuple):
    """One thing a key can do.

    ``bar`` puts it in the key bar, the smallest number first, 0 never; ``kept`` keeps it there where room is short.
    """

    id: str
    keys: str
    label: str
    help: str
    group: Group
    where: tuple[Where, ...]
    bar: int = 0
    kept: bool = False


_D, _L, _W, _A, _O = Where.DESK, Where.LIST, Where.WRITE, Where.APP, Where.OUTBOX
_P, _F = Where.PROMISES, Where.FINDINGS
_C, _S = Where.COMMITMENTS, Where.PROTOCOL
_MOVE, _ACT, _WRITE, _CHECK, _FIND = Group.MOVE, Group.ACT, Group.WRITE, Group.CHECK, Group.FIND
_BOX, _OWED, _STEPS, _PROM, _DESK = Group.OUTBOX, Group.OWED, Group.PROTOCOL, Group.PROMISES, Group.DESK

COMMANDS: tuple[Command, ...] = (
    Command("down", "j,down", N_("Down"), N_("Next conversation, or one line down"), _MOVE, (_D, _L)),
    Command("up", "k,up", N_("Up"), N_("Previous conversation, or one line up"), _MOVE, (_D, _L)),
    Command("page_down", "pagedown,space", N_("Page down"), N_("One page down"), _MOVE, (_D, _L)),
    Command("page_up", "pageup", N_("Page up"), N_("One page up"), _MOVE, (_D, _L)),
    Command("top", "g,home", N_("First"), N_("The first: the most urgent, or the oldest message"), _MOVE, (_D, _L)),
    Command("bottom", "G,end", N_("Last"), N_("The last"), _MOVE, (_D, _L)),
    Command("open", "enter", N_("Open"), N_("Open the conversation"), _MOVE, (_D,), 1),
    Command("back", "escape", N_("Back"), N_("Back: from the conversation to the queue, from a filter to all"), _MOVE, (_D, _L, _S), 9, True),
    Command("next_pane", "tab", N_("Next pane"), N_("Next pane"), _MOVE, (_D, _W)),
    Command("previous_pane", "shift+tab", N_("Previous pane"), N_("Previous pane"), _MOVE, (_D, _W)),
    Command("reply", "r", N_("Reply"), N_("Write the answer, in the same channel"), _ACT, (_D,), 2),
    Command("canned", "c", N_("Canned reply"), N_("Begin the answer with a canned reply"), _ACT, (_D,), 3),
    Command("undo", "u", N_("Undo"), N_("Take back what was done last: an answer on hold, a snooze, a done"), _ACT, (_D, _O, _C), 6),
    Command("resolve", "e", N_("Done"), N_("The conversation is settled"), _ACT, (_D,), 3),
    Command("no_reply", "n", N_("No reply needed"), N_("Nothing needs to be answered"), _ACT, (_D,)),
    Command("snooze", "z", N_("Snooze"), N_("Put the conversation away until later"), _ACT, (_D,), 4),
    Command("reopen", "o", N_("Reopen"), N_("Bring a settled or snoozed conversation back"), _ACT, (_D,), 3),
    Command("write_down", "plus", N_("Call, visit"), N_("Write down a call or a visit: it waits like any other message"), _ACT, (_D,)),
    Command("links", "l", N_("Links"), N_("The links of the conversation: see where they lead, copy, open"), _ACT, (_D,)),
    Command("situation", "s", N_("Situation"), N_("Say what kind of case it is: stranded now, can wait..."), _ACT, (_D,)),
    Command("protocol", "P", N_("Protocol"), N_("What to do in a hard case, step by step: follow it, or choose one"), _STEPS, (_D,)),
    Command("step", "enter,space", N_("Done or not"), N_("The step is done, or it is not after all"), _STEPS, (_S,), 1, True),
    Command("say_words", "i", N_("Say it"), N_("Put the words of the step into the answer"), _STEPS, (_S,), 2),
    Command("end_protocol", "D", N_("End it"), N_("Follow the protocol no longer; what was done stays known"), _STEPS, (_S,), 3),
    Command("take_private", "m", N_("To private"), N_("Go on in private: a public line and a private message; or go there"), _ACT, (_D,)),
    Command("acts", "M", N_("Other acts"), N_("Like it, hide it, mute, block or report who wrote it"), _ACT, (_D,)),
    Command("attachments", "A", N_("Attachments"), N_("Save what came with the messages: photos, files"), _ACT, (_D,)),
    Command("commitments", "d", N_("Promised"), N_("What we have promised this customer, and whether it was kept"), _ACT, (_D,)),
    Command("why", "w", N_("Why then?"), N_("Why it is due when it is due: the arithmetic in words"), _ACT, (_D,), 8),
    Command("send", "ctrl+s,ctrl+enter,alt+enter", N_("Send"), N_("Send the answer; it is held a moment and can be undone"), _WRITE, (_W,), 1),
    Command("send_later", "ctrl+d", N_("Send later"), N_("Send the answer at a moment of your choice"), _WRITE, (_W,), 5),
    Command("editor", "E", N_("Editor"), N_("Write the answer in your own editor ($EDITOR)"), _ACT, (_D,)),
    Command("write_editor", "ctrl+e", N_("Editor"), N_("Go on writing in your own editor ($EDITOR)"), _WRITE, (_W,), 2),
    Command("write_canned", "ctrl+t", N_("Canned reply"), N_("Put a canned reply into the answer"), _WRITE, (_W,), 2),
    Command("write_fact", "ctrl+f", N_("Fact"), N_("Put a fact of the brand into the answer: hours, phone, prices"), _WRITE, (_W,), 4),
    Command("next_blank", "ctrl+n", N_("Next blank"), N_("Go to the next blank to be filled in"), _WRITE, (_W,)),
    Command("findings", "ctrl+g", N_("Findings"), N_("What the check has found: mend it, or let it stand with a reason"), _WRITE, (_W,), 3),
    Command("mend", "enter", N_("Mend"), N_("Mend the finding, go to its place, or date the promise"), _CHECK, (_F,), 1),
    Command("overrule", "o", N_("Let stand"), N_("Let the finding stand, with a reason"), _CHECK, (_F,), 2),
    Command("unpromise", "x", N_("No promise"), N_("Keep no promise of this in the queue, or keep it after all"), _CHECK, (_F,), 3),
    Command("send_checked", "ctrl+s,ctrl+enter,alt+enter", N_("Send"), N_("Send it once nothing is left to settle"), _CHECK, (_F,), 4, True),
    Command("leave", "escape", N_("Leave"), N_("Leave the answer; the draft is kept"), _WRITE, (_W,), 3, True),
    Command("write_undo", "ctrl+z", N_("Undo typing"), N_("Take back the last change of the text"), _WRITE, (_W,)),
    Command("write_redo", "ctrl+y", N_("Redo typing"), N_("Make that change again"), _WRITE, (_W,)),
    Command("write_empty", "ctrl+r", N_("Empty"), N_("Empty the whole answer; undoing the typing brings it back"), _WRITE, (_W,)),
    Command("search", "slash", N_("Search"), N_("Search every message"), _FIND, (_D,), 5),
    Command("views", "v", N_("Views"), N_("Choose a view"), _FIND, (_D,), 7),
    Command("filter", "f", N_("Filter"), N_("Only late ones, one brand, one channel"), _FIND, (_D,)),
    Command("view_1", "1", N_("All"), N_("View: all open conversations"), _FIND, (_D,)),
    Command("view_2", "2", N_("Late"), N_("View: only those past their promise"), _FIND, (_D,)),
    Command("view_3", "3", N_("By brand"), N_("View: one brand"), _FIND, (_D,)),
    Command("view_4", "4", N_("By channel"), N_("View: one channel"), _FIND, (_D,)),
    Command("view_5", "5", N_("Snoozed"), N_("View: put away until later"), _FIND, (_D,)),
    Command("view_6", "6", N_("Settled"), N_("View: done"), _FIND, (_D,)),
    Command("resend", "r", N_("Send again"), N_("Send this answer again"), _BOX, (_O,), 2),
    Command("mark_sent", "m", N_("It was sent"), N_("Mark it as sent: you have seen it on the network"), _BOX, (_O,), 3),
    Command("discard", "d", N_("Discard"), N_("Do not send it; the text goes back to the draft"), _BOX, (_O,), 4),
    Command("elsewhere", "b", N_("Browser"), N_("Answer on the network's own page: the text is copied, the page opened or named"), _BOX, (_O,), 4),
    Command("visit", "enter", N_("Open"), N_("Open the conversation of this answer"), _BOX, (_O,), 1),
    Command("approve", "y", N_("Approve"), N_("Let an answer leave that waits for a second person; enter changes it first"), _BOX, (_O,), 2),
    Command("refuse", "n", N_("Refuse"), N_("Give an answer back to who wrote it, with a word on why"), _BOX, (_O,), 3),
    Command("kept", "enter", N_("Kept"), N_("It was done as promised"), _OWED, (_C,), 1),
    Command("give_up", "d", N_("No longer owed"), N_("Nothing is owed of it any more"), _OWED, (_C,), 2),
    Command("add_promise", "a", N_("Note one"), N_("Note what was promised otherwise: by phone, at the counter"), _OWED, (_C,), 3),
    Command("edit", "enter", N_("Change"), N_("Change the hours, the promise or the calendar of this line"), _PROM, (_P,), 1),
    Command("close_day", "c", N_("Close a day"), N_("Add a day that is closed, or that has its own hours"), _PROM, (_P,), 2),
    Command("open_again", "d", N_("Take it away"), N_("Take away the closure of this line"), _PROM, (_P,), 3),
    Command("next_brand", "tab", N_("Next brand"), N_("Next brand"), _PROM, (_P,), 4),
    Command("previous_brand", "shift+tab", N_("Previous brand"), N_("Previous brand"), _PROM, (_P,)),
    Command("week_before", "left,h", N_("Week before"), N_("The week before"), _PROM, (_P,)),
    Command("week_after", "right,l", N_("Week after"), N_("The week after"), _PROM, (_P,), 5),
    Command("apply", "ctrl+s", N_("Apply"), N_("See what the changes would do, then put them in force"), _PROM, (_P,), 1, True),
    Command("outbox", "x", N_("Outbox"), N_("Answers on their way, and those that need you"), _DESK, (_D,)),
    Command("accounts", "a", N_("Accounts"), N_("How every account is doing"), _DESK, (_D,)),
    Command("promises", "p", N_("Promises"), N_("Promises, opening hours and holidays of every brand"), _DESK, (_D,)),
    Command("theme", "t", N_("Theme"), N_("Choose colours: dark, light, high contrast, monochrome"), _DESK, (_A,)),
    Command("language", "L", N_("Language"), N_("Español or English"), _DESK, (_A,)),
    Command("help", "question_mark", N_("Help"), N_("All keys"), _DESK, (_A,), 20, True),
    Command("palette", "ctrl+p", N_("Commands"), N_("Find a command by its name"), _DESK, (_A,), 21),
    Command("suspend_process", "ctrl+z", N_("Pause"), N_("Back to the shell; fg returns here"), _DESK, (_A,)),
    Command("redraw", "ctrl+l", N_("Redraw"), N_("Draw the screen anew"), _DESK, (_A,)),
    Command("quit", "q", N_("Quit"), N_("Leave; drafts and answers on hold are kept"), _DESK, (_A,), 22),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}


def bindings(place: Where, *, target: str = "", priority: bool = False) -> list[Binding]:
    """Return the bindings of the commands that work in a place; ``target`` names who acts, if not who binds."""
    return [
        Binding(command.keys, target + command.id, show=False, id=command.id, priority=priority)
        for command in COMMANDS
        if place in command.where
    ]


def keys_of(command: Command, keymap: Mapping[str, str]) -> list[str]:
    """Return the keys in force for a command, in Textual's names."""
    return [key.strip() for key in keymap.get(command.id, command.keys).split(",") if key.strip()]


_SHOWN = {
    "slash": "/",
    "question_mark": "?",
    "escape": "esc",
    "pagedown": N_("pgdn"),
    "pageup": N_("pgup"),
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "space": N_("space"),
    "home": N_("home"),
    "end": N_("end"),
}


def key_name(key: str) -> str:
    """Return a key as it is written on the keyboard or usually spoken of."""
    return _(_SHOWN[key]) if key in _SHOWN else key


def check_keymap(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the usable part of a person's key choices, and what is wrong with the rest, as ids or keys."""
    usable: dict[str, str] = {}
    unknown: list[str] = []
    for command_id, keys in wanted.items():
        if command_id not in BY_ID or not keys.strip():
            unknown.append(command_id)
            continue
        good = [key.strip() for key in keys.split(",") if _is_key(key.strip())]
        unknown += [key.strip() for key in keys.split(",") if not _is_key(key.strip())]
        if good:
            usable[command_id] = ",".join(good)
    return usable, unknown + _clashes(usable)


def _is_key(key: str) -> bool:
    from textual.keys import Keys, key_to_character

    base = key.rpartition("+")[2]
    return (
        key_to_character(base) is not None or base in {str(name.value) for name in Keys} or base in _FUNCTION
    )


_FUNCTION = frozenset(f"f{n}" for n in range(1, 25))


def _clashes(keymap: Mapping[str, str]) -> list[str]:
    taken: dict[tuple[Where, str], str] = {}
    clashing: list[str] = []
    for command in sorted(COMMANDS, key=lambda c: c.id in keymap):
        for where in command.where:
            for key in keys_of(command, keymap):
                other = taken.setdefault((where, key), command.id)
                if other != command.id and command.id in keymap:
                    clashing.append(f"{command.id} = {other} ({key})")
    return list(dict.fromkeys(clashing))


def bar_commands(places: Iterable[Where]) -> list[Command]:
    """Return the commands that the key bar shows in these places, the most useful first."""
    wanted = set(places)
    found = [c for c in COMMANDS if c.bar and wanted & set(c.where)]
    return sorted(found, key=lambda c: c.bar)
