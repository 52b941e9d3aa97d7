"""The other screens: accounts, outbox, first run; and what the desk says when something is missing or wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialdesk.app import STARTING, DeskApp
from socialdesk.configfile import read
from socialdesk.domain.models import AccountState, Counts
from socialdesk.errors import DeskFileError
from socialdesk.paths import find
from socialdesk.screens import views
from socialdesk.screens.outbox import OutboxScreen
from socialdesk.screens.picks import picker
from socialdesk.screens.signals import Signals, title
from socialdesk.screens.why import WhyScreen
from socialdesk.storage import standing
from socialdesk.views import ALL

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle

pytestmark = pytest.mark.anyio


async def test_accounts_tell_their_trouble_and_what_to_do(desk: TestDesk, app_of: Maker) -> None:
    with desk.database.write() as connection:
        now = desk.clock.now()
        standing.note_trouble(
            connection, desk.account.id, AccountState.AUTH, "auth_required", "Invalid password", 1, now
        )
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "luna: sign in again" in screen_text(app)
        await pilot.press("a")
        await settle(pilot)
        text = screen_text(app)
        assert "does not accept our sign-in: Invalid password" in text
        assert "account sign-in" in text


async def test_at_80_columns_the_header_has_room_for_what_needs_the_person(
    desk: TestDesk, app_of: Maker
) -> None:
    """A1: an account in trouble does not push the answers that need a person out of the line."""
    ids = customers(desk, 3)
    item = desk.desk.reply(ids[0], "Hola")
    desk.desk.snooze(ids[2], desk.clock.now() + timedelta(hours=3))
    with desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'needs_person' WHERE id = ?", (item.id,))
        later = desk.clock.now() + timedelta(minutes=5)
        standing.note_trouble(connection, desk.account.id, AccountState.AUTH, "auth_required", "", 1, later)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        top = screen_text(app).splitlines()[0]
        assert "2 late · 1 answer needs you: x · ! 1 snooz" in top and "! 1 account: a" in top
        await pilot.resize_terminal(140, 36)
        await settle(pilot)
        top = screen_text(app).splitlines()[0]
        assert "socialdesk" in top and "! luna: sign in again" in top


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_outbox_says_how_it_stands_and_that_there_is_more(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    """A1: however long the name and the text are."""
    one = desk.hear("long", "Hello?", name="Marta Fernández-Villaverde de la Torre y Gutiérrez del Campo")
    item = desk.desk.reply(one, "word " * 150)
    with desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'retry_wait' WHERE id = ?", (item.id,))
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await pilot.press("x")
        await settle(pilot)
        text = screen_text(app)
        assert "~ will be tried again  Marta Fern" in text and "word …" in text


async def test_accounts_in_trouble_come_first(desk: TestDesk, app_of: Maker) -> None:
    """A1: what needs the person is in sight even where there are many accounts."""
    for n in range(30):
        desk.desk.add_account("demo", f"a{n:02}", "Café Luna", {}, {}, None)
    with desk.database.write() as connection:
        now = desk.clock.now()
        standing.note_trouble(connection, desk.account.id, AccountState.AUTH, "auth_required", "", 1, now)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("a")
        await settle(pilot)
        head = screen_text(app).splitlines()[2]
        assert "luna  " in head and "Café Luna" in head and "sign in again" in head


async def test_an_account_that_fell_silent_without_an_error_is_told_by_its_age(
    desk: TestDesk, app_of: Maker
) -> None:
    """A1: tokens died unseen for ten days elsewhere; the age of the last success raises the alarm."""
    with desk.database.write() as connection:
        standing.note_success(connection, desk.account.id, desk.clock.now() - timedelta(days=10))
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "luna: in trouble" not in screen_text(app), "the engine has just begun"
        for _second in range(STARTING + 1):
            app.tick()
        await settle(pilot)
        assert "luna: in trouble" in screen_text(app).splitlines()[0]
        await pilot.press("a")
        await settle(pilot)
        assert "Nothing has been heard from it for more than an hour" in screen_text(app)
        with desk.database.write() as connection:
            standing.note_success(connection, desk.account.id, desk.clock.now())
        app.tick()
        await settle(pilot)
        assert "in trouble" not in screen_text(app)


async def test_an_empty_desk_says_so_in_every_pane(desk: TestDesk, app_of: Maker) -> None:
    with desk.database.write() as connection:
        standing.note_success(connection, desk.account.id, desk.clock.now())
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "Nobody waits" in screen_text(app)
        assert "Choose a conversation" in screen_text(app)
        for key, words in (
            ("5", "Nothing is put away"),
            ("6", "Nothing is settled yet"),
            ("2", "Nothing here"),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert words in screen_text(app)
        await pilot.press("x")
        await settle(pilot)
        assert "Nothing is on its way" in screen_text(app)
        await pilot.press("escape", "slash")
        await settle(pilot)
        assert "Type what you look for" in screen_text(app)
        await pilot.press(*"xyz")
        await settle(pilot)
        assert "No message and no customer has these words" in screen_text(app)
        await pilot.press("escape")
        for key in "renoulEz":
            await pilot.press(key)
            await settle(pilot)
        assert app.is_running


async def test_a_desk_that_cannot_be_read_says_so_and_goes_on(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)

        def broken(*_args: object, **_options: object) -> None:
            raise DeskFileError("disk I/O error")

        with monkeypatch.context() as trouble:
            trouble.setattr(desk.desk, "queue", broken)
            trouble.setattr(desk.desk, "thread", broken)
            desk.hear("new", "hello")
            app.tick()
            await settle(pilot)
            assert "disk I/O error" in notice(app)
            await pilot.press("enter")
            await settle(pilot)
        main_of(app).changed()
        await settle(pilot)
        assert main_of(app).queue.window.total == 2
        assert desk.desk.row(one)


async def test_the_outbox_lets_a_person_decide(desk: TestDesk, app_of: Maker) -> None:
    """A1: an answer whose fate nobody knows is never sent again by itself."""
    [one] = customers(desk, 1)
    item = desk.desk.reply(one, "Did it leave?")
    with desk.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'needs_person', reason = 'outcome_unknown' WHERE id = ?", (item.id,)
        )
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "1 answer needs you: x" in screen_text(app)
        await pilot.press("x")
        await settle(pilot)
        assert isinstance(app.screen, OutboxScreen)
        assert "We do not know whether the reply left" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert desk.texts() == [("queued", "Did it leave?")]
        await pilot.press("escape")
        await settle(pilot)
        assert "needs you" not in screen_text(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_newcomer_is_told_why_the_account_was_not_added(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    app = DeskApp(desk.desk, desk.config, desk.clock, first_run=True, trouble="The sign-in did not work.")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "Welcome to socialdesk" in screen_text(app)
        assert "The sign-in did not work." in screen_text(app)
        await pilot.press("j", "j", "enter")
        await settle(pilot)
        assert "Te damos la bienvenida" in screen_text(app)
        assert read(find().config_file).language == "es"


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize(("keys", "wish"), [(["enter"], "demo"), (["j", "enter"], "account"), (["q"], None)])
async def test_a_newcomer_is_led(
    desk: TestDesk, size: tuple[int, int], keys: list[str], wish: str | None
) -> None:
    app = DeskApp(desk.desk, desk.config, desk.clock, first_run=True)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "Welcome to socialdesk" in screen_text(app)
        await pilot.press(*keys)
        await pilot.pause()
    assert app.return_value == wish


async def test_title_bell_and_notification_call_only_for_news(desk: TestDesk, app_of: Maker) -> None:
    """A1: somebody new waits, or one becomes late; one's own doing rings nothing."""
    sent: list[str] = []
    signals = Signals(desk.config, sent.append)
    signals.counted(Counts(waiting=2))
    assert sent == ["\x1b]2;socialdesk · 2\x1b\\"]
    sent.clear()
    signals.counted(Counts(waiting=3))
    assert "\a" in sent and any("3 wait" in sequence for sequence in sent)
    sent.clear()
    signals.expect_changes()
    signals.counted(Counts(waiting=4))
    assert "\a" not in sent
    signals.counted(Counts(waiting=4, late=1))
    assert "\a" in sent and any("1 is late" in sequence for sequence in sent)
    quiet = Signals(desk.config._replace(bell=False, notify=False, title=False), sent.append)
    sent.clear()
    quiet.begin()
    quiet.counted(Counts(waiting=1))
    quiet.counted(Counts(waiting=2, late=2))
    quiet.end()
    assert sent == []
    assert title(Counts(waiting=7, late=2)) == "socialdesk · 7 · 2 late"


async def test_a_promise_that_breaks_is_noticed(desk: TestDesk, app_of: Maker) -> None:
    """A1, A2: no message arrives, time alone makes it late."""
    desk.hear("ana", "hello", minutes_ago=299)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "1 late" not in screen_text(app)
        desk.clock.moment += timedelta(minutes=2)
        for _second in range(15):
            app.tick()
        await settle(pilot)
        assert "! 1 late" in screen_text(app)


async def test_a_screen_left_while_it_still_reads_does_not_break_the_desk(
    desk: TestDesk, app_of: Maker
) -> None:
    """Promise 9: whoever types faster than the desk answers does not break it."""
    desk.hear("ana", "hello")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, WhyScreen)
        await pilot.press("escape")
        await settle(pilot)
        await screen.attempt(screen._read())


def test_channels_to_choose_from_are_called_by_their_names() -> None:
    """A2: as in the queue, not by the ids that are stored."""
    counts = Counts(waiting=3, channels={"mail": 2, "bluesky": 1})
    for picks in (views.channel_picks(ALL, counts), views.filter_picks(ALL, counts)):
        chosen = [(pick.label, pick.value.channel) for pick in picks if pick.value.channel]
        assert chosen == [("Bluesky", "bluesky"), ("Mail", "mail")]


async def test_leaving_twice_takes_nothing_else_away(desk: TestDesk, app_of: Maker) -> None:
    """Promise 9: the second escape of an impatient person may come when the screen has gone already."""
    desk.hear("ana", "hello")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for key in ("w", "v", "slash", "x"):
            await pilot.press(key)
            await settle(pilot)
            screen = app.screen
            assert screen is not main_of(app)
            screen.dismiss(None)
            screen.dismiss(None)
            await settle(pilot)
            assert app.screen is main_of(app), key


async def test_a_key_that_comes_before_the_screen_is_laid_out_breaks_nothing(
    desk: TestDesk, app_of: Maker
) -> None:
    """Promise 9: whoever types faster than a busy machine draws."""
    desk.hear("ana", "hello")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.push_screen(OutboxScreen(main_of(app).shell, lambda _number: None))
        assert not app.screen.is_mounted
        await app.run_action("screen.down")
        await settle(pilot)
        assert isinstance(app.screen, OutboxScreen)


async def test_a_screen_left_before_it_is_laid_out_breaks_nothing(desk: TestDesk, app_of: Maker) -> None:
    """Promise 9: as above, with the key that leaves."""
    desk.hear("ana", "hello")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for screen in (picker("Which?", []), OutboxScreen(main_of(app).shell, lambda _number: None)):
            app.push_screen(screen)
            assert not screen.is_mounted
            screen.dismiss(None)
            await settle(pilot)
            assert app.screen is main_of(app)


async def test_an_answer_that_the_network_refuses_can_be_given_in_the_browser(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 7, point 1: the text is kept and copied, the page named over SSH and opened at one's own machine."""
    conversation = desk.hear("ana", "¿Abrís hoy?")
    with desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE message SET url = 'https://x.example/ana/1'")
    item = desk.desk.reply(conversation, "Hasta las ocho", now=True)
    with desk.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'failed', reason = 'reply_refused' WHERE id = ?", (item.id,)
        )
    app = app_of(desk)
    copied: list[str] = []
    opened: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    monkeypatch.setattr(app, "open_url", opened.append)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "lets this account not answer" in screen_text(app) and "b Browser" in screen_text(app)
        monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 22")
        await pilot.press("b")
        await settle(pilot)
        assert copied == ["Hasta las ocho"] and not opened
        assert "Paste it at https://x.example/ana/1" in notice(app)
        monkeypatch.delenv("SSH_CONNECTION")
        monkeypatch.setenv("DISPLAY", ":0")
        await pilot.press("b")
        await settle(pilot)
        assert opened == ["https://x.example/ana/1"]
        await pilot.press("m")
        await settle(pilot)
    assert desk.desk.outbox() == []
