"""The desk as a person uses it: by keys, on a real database (NEEDS A1, B1, C2, G2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialdesk.domain.models import Delivery, State
from socialdesk.screens.panes import Place

from .desks import TestDesk, customers
from .helpers import WIDE, Maker, main_of, notice, screen_text, settle, thread_text, write

pytestmark = pytest.mark.anyio


async def test_the_first_rows_are_there_at_the_first_paint(desk: TestDesk, app_of: Maker) -> None:
    """A1: the queue is not empty for a moment first."""
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE):
        assert main_of(app).queue.window.total == 3


async def test_new_messages_move_neither_selection_nor_focus(desk: TestDesk, app_of: Maker) -> None:
    """G2: somebody more urgent arrives while one reads."""
    ids = customers(desk, 5)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "j")
        desk.hear("urgent", "Help!", minutes_ago=900)
        app.tick()
        await settle(pilot)
        main = main_of(app)
        assert main.queue.selected is not None and main.queue.selected.id == ids[2]
        assert main.queue.window.total == 6
        assert app.focused is main.queue


async def test_a_reply_is_queued_and_held(desk: TestDesk, app_of: Maker) -> None:
    """B1, C2: r, type, ctrl+s; it leaves after the hold, in the conversation it was written to."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j")
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        [item] = desk.desk.outbox()
        assert (item.state, item.text, item.conversation_id) == (Delivery.QUEUED, "Hola", ids[1])
        assert item.next_attempt_at == desk.clock.now() + desk.config.undo
        assert "On hold" in notice(app)
        assert main_of(app).answer.text == ""
        assert desk.desk.thread(ids[1]).draft == ""


async def test_undo_brings_the_text_back(desk: TestDesk, app_of: Maker) -> None:
    """C2: u within the hold; nothing leaves, the text is in the pane again."""
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, "Too fast")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        main = main_of(app)
        assert main.answer.text == "Too fast"
        assert main.place is Place.COMPOSE
        assert desk.texts() == [("cancelled", "Too fast")]


async def test_undo_after_a_restart_takes_back_the_last_reply(desk: TestDesk, app_of: Maker) -> None:
    """C2: the hold is a row of the desk, so another run can undo it."""
    [one] = customers(desk, 1)
    desk.desk.reply(one, "from before")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert main_of(app).answer.text == "from before"


async def test_the_countdown_runs(desk: TestDesk, app_of: Maker) -> None:
    """C2: the thread says how long the reply can still be undone."""
    [one] = customers(desk, 1)
    desk.desk.reply(one, "Hola")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "leaves in 10 s" in thread_text(main_of(app))
        desk.clock.moment += timedelta(seconds=4)
        await pilot.pause(1.1)
        assert "leaves in 6 s" in thread_text(main_of(app))


async def test_too_long_is_refused_and_kept(desk: TestDesk, app_of: Maker) -> None:
    """B1: the network's limit is told before sending; the text stays."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, "x")
        main_of(app).answer.replace("👩‍👧" * 301)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk.desk.outbox() == []
        assert "301 of at most 300" in screen_text(app)
        assert main_of(app).answer.used == 301


async def test_an_empty_answer_is_not_sent(desk: TestDesk, app_of: Maker) -> None:
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, " ")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk.desk.outbox() == []
        assert "nothing to send" in notice(app)


async def test_the_draft_is_kept_when_leaving_and_restored(desk: TestDesk, app_of: Maker) -> None:
    """A1: nothing typed is lost by looking at another conversation."""
    ids = customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, "half an answer")
        await pilot.press("escape", "escape", "j")
        await settle(pilot)
        assert desk.desk.thread(ids[0]).draft == "half an answer"
        assert main_of(app).answer.text == ""
        await pilot.press("k")
        await settle(pilot)
        assert main_of(app).answer.text == "half an answer"


async def test_a_desk_that_is_never_closed_keeps_the_last_hundred_steps(
    desk: TestDesk, app_of: Maker
) -> None:
    """C2, promise 17 of docs/reliability.md: with every answer that was ever sent, its memory would grow for ever."""
    (conversation,) = customers(desk, 1)
    async with app_of(desk).run_test(size=WIDE) as pilot:
        main = main_of(pilot.app)  # type: ignore[arg-type]
        for _ in range(300):
            main.done.append(desk.desk.reopen(conversation))
        assert len(main.done) == 100


async def test_the_first_draft_need_not_wait_for_what_writing_needs(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B1, promise 4 of docs/reliability.md: on a busy machine that took longer than the second that may be lost."""
    ready: list[str] = []
    monkeypatch.setattr(desk.desk, "get_ready", lambda: ready.append("before a letter was typed"))
    customers(desk, 1)
    async with app_of(desk).run_test(size=WIDE) as pilot:
        await pilot.press("r")
        await settle(pilot)
        assert ready == ["before a letter was typed"]


async def test_a_draft_is_saved_while_typing(desk: TestDesk, app_of: Maker) -> None:
    """A1: at most one second of typing can be lost."""
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, "never left")
        await pilot.pause(1)
        assert desk.desk.thread(one).draft == "never left"


async def test_it_warns_when_the_customer_wrote_again(desk: TestDesk, app_of: Maker) -> None:
    """C2: an answer to an overtaken question is noticed before it leaves."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await write(pilot, "The answer")
        desk.clock.moment += timedelta(minutes=3)
        desk.hear("user00", "Forget it, solved", minutes_ago=1)
        app.tick()
        await settle(pilot)
        assert "wrote again" in main_of(app).answer.info


async def test_resolve_and_undo(desk: TestDesk, app_of: Maker) -> None:
    """D1: e settles, the cursor goes on to the next; u brings it back."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        await settle(pilot)
        main = main_of(app)
        assert desk.desk.row(ids[0]).state is State.DONE
        assert main.queue.selected is not None and main.queue.selected.id == ids[1]
        await pilot.press("u")
        await settle(pilot)
        assert desk.desk.row(ids[0]).state is State.WAITING
        assert main.queue.selected is not None and main.queue.selected.id == ids[0]


async def test_no_reply_needed_and_reopen(desk: TestDesk, app_of: Maker) -> None:
    """B4: what is settled can be opened again."""
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("n")
        await settle(pilot)
        assert desk.desk.row(one).state is State.DONE
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert desk.desk.row(one).state is State.WAITING


async def test_snooze_until_tomorrow(desk: TestDesk, app_of: Maker) -> None:
    """A3: z, choose; the conversation is out of sight until then."""
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("z")
        await pilot.pause()
        await pilot.press(*"tomorrow", "enter")
        await settle(pilot)
        row = desk.desk.row(one)
        assert row.state is State.SNOOZED
        assert row.snoozed_until is not None
        assert row.snoozed_until.astimezone().strftime("%d %H:%M") == "23 09:00"


async def test_snooze_until_a_typed_moment(desk: TestDesk, app_of: Maker) -> None:
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("z")
        await pilot.pause()
        await pilot.press(*"another", "enter")
        await pilot.pause()
        await pilot.press(*"nonsense", "enter")
        await pilot.pause()
        for _letter in "nonsense":
            await pilot.press("backspace")
        await pilot.press("2", "h", "enter")
        await settle(pilot)
        assert desk.desk.row(one).snoozed_until == desk.clock.now() + timedelta(hours=2)


async def test_search_opens_the_conversation_at_the_message(desk: TestDesk, app_of: Maker) -> None:
    """D1: as one types, newest first; enter goes there."""
    customers(desk, 5)
    one = desk.hear("ana", "Where is my umbrella?", minutes_ago=2, name="Ana")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"umbre")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        main = main_of(app)
        assert main.queue.selected is not None and main.queue.selected.id == one
        assert "umbrella" in thread_text(main)


async def test_views_narrow_the_queue(desk: TestDesk, app_of: Maker) -> None:
    """A1: all, late only; escape takes the filter away."""
    customers(desk, 3)
    desk.hear("fresh", "Just now", minutes_ago=1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main = main_of(app)
        await pilot.press("2")
        await settle(pilot)
        assert main.queue.window.total == 3
        await pilot.press("escape")
        await settle(pilot)
        assert main.queue.window.total == 4


async def test_quit_says_that_a_held_answer_is_kept(desk: TestDesk, app_of: Maker) -> None:
    """A1: nothing on hold is lost by leaving, and the person is told."""
    [one] = customers(desk, 1)
    desk.desk.reply(one, "held")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("q")
        await pilot.pause()
        assert app.is_running and "on hold" in notice(app)
        await pilot.press("q")
        await pilot.pause()
        assert not app.is_running


async def test_a_long_conversation_opens_at_its_end_and_reads_back(desk: TestDesk, app_of: Maker) -> None:
    """E1: 260 messages: the newest are shown, the oldest are reached by scrolling up."""
    for n in range(260):
        desk.hear("ana", f"line {n}", minutes_ago=1000 - n)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        main = main_of(app)
        assert "line 259" in thread_text(main)
        for _page in range(8):
            await pilot.press("g")
            await settle(pilot)
        assert "line 0 " in thread_text(main) + " "
        assert len(main.thread.messages) == 260
