"""The check while an answer is written, and on its way out: marks, list, mends, reasons, promises, parts (NEEDS C2, C3, B3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.domain.answers import Overrule
from socialdesk.paths import find
from socialdesk.screens.findings import FindingsScreen
from socialdesk.screens.main import MainScreen

from .checkers import Gone, Slow, Words
from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio

SPELLING = ("qeu", "advice", "que")
COARSE = ("mierda", "stop", None)
SWITCH = ("llámanos", "stop", None)
BLANK = (r"\[\w+\]", "stop", None)
PROMISE = ("te llamamos", "note", None)


async def rest(pilot: Pilot[str]) -> None:
    """Let the fingers rest until the answer is looked over."""
    await settle(pilot)
    await settle(pilot)


def underlined(main: MainScreen) -> list[str]:
    """Return what is underlined in the answer, as it is painted."""
    answer = main.answer.answer
    lines = (answer.render_line(y) for y in range(answer.size.height))
    return [
        segment.text
        for line in lines
        for segment in line
        if segment.style is not None and segment.style.underline
    ]


async def test_c3_what_is_found_is_underlined_and_said_below_while_one_writes(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(spelling=SPELLING))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola, qeu tal")
        assert main_of(app).answer.remark == ""
        await rest(pilot)
        assert underlined(main_of(app)) == ["qeu"]
        assert "1/1 spelling: “qeu” → “que”" in screen_text(app)
        assert "This is about qeu." in screen_text(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c3_marks_need_no_colour_and_fit_the_small_window(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, Config(theme="mono"), checker=Words(spelling=SPELLING))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await write(pilot, "qeu")
        await rest(pilot)
        assert underlined(main_of(app)) == ["qeu"]
        assert "spelling: “qeu” → “que”" in screen_text(app)


async def test_marks_stay_on_their_words_while_one_goes_on_writing(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(spelling=SPELLING))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "ya qeu si")
        await rest(pilot)
        await pilot.press("home", *"Hola ")
        assert underlined(main_of(app)) == ["qeu"]
        await pilot.press("right", "right", "right", "right", "x")
        assert underlined(main_of(app)) == []


async def test_an_answer_that_comes_too_late_is_not_taken_for_another_text(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Slow(spelling=SPELLING)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await pilot.pause(0.1)
        await pilot.press(*"qeu")
        await pilot.pause(0.5)
        await pilot.press("home", *"Hola ")
        checker.go.set()
        await rest(pilot)
        assert "".join(underlined(main_of(app))) == "qeu"  # the cursor is in it
        assert [draft["text"] for draft in checker.asked][-1] == "Hola qeu"


async def test_c2_one_key_mends_and_can_be_taken_back(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(spelling=SPELLING))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await write(pilot, "Hola, qeu tal")
        await pilot.press("ctrl+g")
        await rest(pilot)
        assert "“qeu” → “que”" in screen_text(app)
        await pilot.press("enter")
        await rest(pilot)
        assert "Nothing is found in it." in screen_text(app)
        await pilot.press("escape")
        assert main_of(app).answer.text == "Hola, que tal"
        await pilot.press("ctrl+z")
        assert main_of(app).answer.text == "Hola, qeu tal"


async def test_a_clean_answer_leaves_with_one_key(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Words(coarse=COARSE)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola, Marta")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk.texts() == [("queued", "Hola, Marta")]
        assert checker.asked[-1]["text"] == "Hola, Marta"
    assert checker.closed


async def test_c2_a_stop_holds_the_answer_until_it_has_a_reason_which_is_kept(
    desk: TestDesk, app_of: Maker
) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(channel_switch=SWITCH))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Por favor, llámanos")
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert isinstance(app.screen, FindingsScreen)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert desk.texts() == [] and "1 finding to mend" in notice(app)
        await pilot.press("o")
        await pilot.pause(0.3)
        assert "It cannot be solved here" in screen_text(app)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "Let stand: It cannot be solved here" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert desk.texts() == [("queued", "Por favor, llámanos")]
    (kept,) = desk.desk.overrules(number)
    assert isinstance(kept, Overrule)
    assert (kept.family, kept.excerpt, kept.reason) == (
        "channel-switch",
        "llámanos",
        "It cannot be solved here",
    )


async def test_a_reason_can_be_typed_and_taken_back(desk: TestDesk, app_of: Maker) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "mierda")
        await pilot.press("ctrl+s")
        await rest(pilot)
        for _time in range(2):
            await pilot.press("o")
            await pilot.pause(0.3)
            await pilot.press(*"another", "enter")
            await pilot.pause(0.3)
            await pilot.press(*"quote", "enter")
            await settle(pilot)
            assert "Let stand: quote" in screen_text(app)
            if not _time:
                await pilot.press("o")
                await settle(pilot)
                assert "Let stand: quote" not in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
    assert [one.reason for one in desk.desk.overrules(number)] == ["quote"]


async def test_a_reason_is_typed_where_it_is_asked_for(desk: TestDesk, app_of: Maker) -> None:
    """C2: words that are none of the offered reasons are the reason."""
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "mierda")
        await pilot.press("ctrl+s")
        await rest(pilot)
        await pilot.press("o")
        await pilot.pause(0.3)
        await pilot.press(*"her", "space", *"words", "enter")
        await settle(pilot)
        assert "Let stand: her words" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
    assert [one.reason for one in desk.desk.overrules(number)] == ["her words"]


async def test_the_next_conversation_is_not_called_checked(desk: TestDesk, app_of: Maker) -> None:
    """C2: what the check said of the answer that has left is not said of the one that nobody has begun."""
    for name in ("marta", "luis"):
        desk.hear(name, "¿Y mi bici?", name=name)
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "hola")
        await rest(pilot)
        assert "✓ checked" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert "✓ checked" not in screen_text(app)


async def test_c7_a_promise_is_told_with_the_date_it_was_given(
    desk: TestDesk, app_of: Maker, clock: ManualClock
) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Words(commitment=PROMISE)
    checker.due_at = clock.now() + timedelta(hours=3)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "te llamamos")
        await pilot.press("ctrl+g")
        await rest(pilot)
        assert "This is about te llamamos" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause(0.3)
        await pilot.press(*"2d", "enter")
        await settle(pilot)
        assert "promised for" in screen_text(app) and "This is about te llamamos" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "promised for" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
    (made,) = desk.desk.commitments(number)
    assert made.due_at == clock.now() + timedelta(days=2)


async def test_c2_advice_is_said_once_and_the_second_key_sends(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(spelling=SPELLING))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "qeu")
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert desk.texts() == [] and isinstance(app.screen, FindingsScreen)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert desk.texts() == [("queued", "qeu")]


async def test_a_finding_without_better_words_is_gone_to(desk: TestDesk, app_of: Maker) -> None:
    """C2: a blank is chosen, so that typing fills it in; the answer then leaves."""
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(blanks=BLANK))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Tu [modelo] sale hoy")
        await pilot.press("ctrl+s")
        await rest(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"Faro", "ctrl+s")
        await rest(pilot)
        assert desk.texts() == [("queued", "Tu Faro sale hoy")]


async def test_c7_a_promise_goes_to_the_queue_with_its_date(
    desk: TestDesk, app_of: Maker, clock: ManualClock
) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Words(commitment=PROMISE)
    checker.due_at = clock.now() + timedelta(hours=3)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola. Hoy te llamamos a las dos. Un saludo")
        await pilot.press("ctrl+s")
        await rest(pilot)
    (made,) = desk.desk.commitments(number)
    assert (made.text, made.due_at) == ("Hoy te llamamos a las dos.", checker.due_at)


async def test_c7_a_promise_without_a_date_is_shown_first_and_can_be_dated(
    desk: TestDesk, app_of: Maker, clock: ManualClock
) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(commitment=("te llamamos", "advice", None)))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await write(pilot, "te llamamos")
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert "No date" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause(0.3)
        await pilot.press(*["space" if c == " " else c for c in "one hour"], "enter")
        await settle(pilot)
        assert "promised for" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
    (made,) = desk.desk.commitments(number)
    assert made.due_at == clock.now() + timedelta(hours=1)


async def test_c7_what_is_no_promise_stays_out_of_the_queue(desk: TestDesk, app_of: Maker) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(commitment=PROMISE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "te llamamos")
        await pilot.press("ctrl+g")
        await rest(pilot)
        await pilot.press("x")
        assert "No promise" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert len(desk.texts()) == 1
    assert desk.desk.commitments(number) == []


async def test_c2_a_text_too_long_leaves_as_a_numbered_thread_once_its_parts_are_seen(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words())
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "x")
        main_of(app).answer.replace("Esta frase se repite. " * 20)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert "thread of 2 parts" in screen_text(app)
        await pilot.press("o")
        assert "cannot be let stand" in notice(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "1/2" in screen_text(app) and "2/2" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
    assert [text[-4:] for _state, text in sorted(desk.texts(), key=lambda one: one[1][-4:])] == [
        " 1/2",
        " 2/2",
    ]


async def test_a_text_too_long_does_not_leave_without_a_check_either(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "x")
        main_of(app).answer.replace("x" * 301)
        for _time in range(3):
            await pilot.press("ctrl+s")
            await rest(pilot)
        assert desk.texts() == []


async def test_an_answer_that_cannot_be_checked_in_time_leaves_with_the_second_key(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Slow(coarse=COARSE)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await pilot.pause(0.3)
        await pilot.press(*"Hola", "ctrl+s")
        await pilot.pause(1.5)
        assert "Not checked yet" in screen_text(app) and desk.texts() == []
        await pilot.press("ctrl+s")
        await pilot.pause(1.5)
        checker.go.set()
        await rest(pilot)
        assert desk.texts() == [("queued", "Hola")]


async def test_without_a_check_to_be_had_it_is_said_and_answers_leave(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Gone())
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola")
        await rest(pilot)
        assert "The check is not available" in screen_text(app)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert desk.texts() == [("queued", "Hola")]


async def test_what_cannot_be_seen_is_taken_out_before_the_check(desk: TestDesk, app_of: Maker) -> None:
    """The text that was checked is the text that leaves: a word cannot be hidden by a blank of no width."""
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "x")
        main_of(app).answer.replace("mier\u200bda")
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert isinstance(app.screen, FindingsScreen) and desk.texts() == []


async def test_c7_the_check_is_given_the_brands_facts_and_its_zone(desk: TestDesk, app_of: Maker) -> None:
    facts = find().config / "facts" / "luna.toml"
    facts.parent.mkdir(parents=True)
    facts.write_text('brand = "Café Luna"\n[[fact]]\nname = "phone"\ntext = "600 11 22 33"\n')
    desk.hear("marta", "¿Me llamáis?", name="Marta Gil")
    checker = Words()
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola")
        await rest(pilot)
    asked = checker.asked[-1]
    assert asked["facts"] == ("600 11 22 33",)
    assert asked["reply_to"] == "¿Me llamáis?"
    assert "Marta Gil" in asked["names"]


async def test_a_draft_that_is_only_looked_at_is_not_checked(desk: TestDesk, app_of: Maker) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    desk.desk.save_draft(number, "mierda")
    checker = Words(coarse=COARSE)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await rest(pilot)
        assert checker.asked == []
        await pilot.press("r")
        await rest(pilot)
        assert underlined(main_of(app)) == ["mierda"]


async def test_the_next_answer_begins_with_nothing_decided(desk: TestDesk, app_of: Maker) -> None:
    for customer in ("marta", "luis"):
        desk.hear(customer, "¿Y mi bici?", name=customer.title())
    app = app_of(desk, checker=Words(spelling=SPELLING))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for sent in (1, 2):
            await write(pilot, "qeu")
            await pilot.press("ctrl+s")
            await rest(pilot)
            assert isinstance(app.screen, FindingsScreen)
            await pilot.press("ctrl+s")
            await rest(pilot)
            assert len(desk.texts()) == sent
