"""The policy in force: adopted, foretold, recomputed; situations; warnings; what the day holds (NEEDS A2, A3, A5)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.shop import HOUR, NOW, Shop
from socialdesk.calendars.spec import CalendarSpec, Closure, PolicySpec
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.consequences import Holds
from socialdesk.domain.models import Box, View
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.promises import PRESETS, Guess, Kept, Policy, Rule, Runs, due
from socialdesk.errors import ConfigError, NotFound, Refused
from socialdesk.storage import file, policies, upgrade
from socialdesk.storage.database import Database
from socialdesk.storage.dues import Dues

SPLIT = (Shift(10 * 60, 14 * 60), Shift(17 * 60, 20 * 60))
MADRID = CalendarSpec("Europe/Madrid", (SPLIT,) * 5 + ((), ()))
OPEN = PolicySpec(calendars={"Lola": MADRID})
LOST = Guess("stranded", words=("aeropuerto",))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "desk.db")
    yield made
    made.close()


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


def adopted(database: Database) -> int:
    return len(database.read().all("SELECT id FROM policy"))


# Adopting a policy


def test_a2_a_fresh_desk_adopts_the_policy_of_its_settings_without_a_question(database: Database) -> None:
    shop = Shop(database, PolicySpec(rules=(*PRESETS, Rule(Kept(2 * HOUR)))))
    assert shop.desk.policy_change(shop.desk._config.policy) is None
    conversation = shop.write()
    shop.desk.reopen(conversation)
    assert shop.desk.row(conversation).due_at == NOW + 2 * HOUR
    shop.desk.reopen(conversation)
    assert adopted(database) == 1


def test_a2_settings_that_changed_later_are_asked_about_and_nothing_moves_until_then(
    database: Database,
) -> None:
    shop = Shop(database)
    conversation = shop.write()
    shop.desk.reopen(conversation)
    other = Shop(database, PolicySpec(rules=(*PRESETS, Rule(Kept(2 * HOUR)))))
    other.desk.reopen(conversation)
    assert other.desk.row(conversation).due_at == NOW + 5 * HOUR
    change = other.desk.policy_change(other.desk._config.policy)
    assert change is not None and (change.open, change.earlier) == (1, 1)
    assert adopted(database) == 1


def test_a5_a_change_tells_who_is_due_earlier_later_and_late_before_it_is_applied(shop: Shop) -> None:
    shop.write(who="early", ago=3 * HOUR)  # due at 14:00; in two hours: late since an hour
    shop.write(who="late", ago=6 * HOUR, account="fb")
    spec = PolicySpec(rules=(*PRESETS, Rule(Kept(2 * HOUR)), Rule(Kept(9 * HOUR), brand="Luna")))
    shop.desk.reopen(1)
    with shop.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO brand(name, created_at) VALUES ('Luna', 0)")
        connection.exec_driver_sql("UPDATE conversation SET brand_id = 2 WHERE id = 2")
    before = [row.due_at for row in shop.desk.queue(View("all")).rows]
    change = shop.desk.policy_change(spec)
    assert change is not None
    assert change[:5] == (2, 1, 1, 1, 1)
    assert [(one.conversation_id, one.before, one.after) for one in change.examples] == [
        (2, NOW - HOUR, NOW + 3 * HOUR),
        (1, NOW + 2 * HOUR, NOW - HOUR),
    ]
    assert [row.due_at for row in shop.desk.queue(View("all")).rows] == before
    shop.desk.adopt_policy(spec)
    rows = shop.desk.queue(View("all")).rows
    assert [(row.id, row.due_at, row.urgency) for row in rows] == [
        (1, NOW - HOUR, to_ms(NOW - HOUR)),
        (2, NOW + 3 * HOUR, to_ms(NOW + 3 * HOUR)),
    ]
    assert shop.desk.policy_change(spec) is None


def test_a5_the_wait_shown_stays_the_customers_own_when_the_promise_runs_in_opening_hours(shop: Shop) -> None:
    shop.desk.adopt_policy(OPEN)
    conversation = shop.write(ago=1.5 * HOUR)  # Monday 11:30 in Madrid: 2 h 30 until 14:00, 2 h 30 from 17:00
    row = shop.desk.row(conversation)
    assert row.waiting_since == NOW - 1.5 * HOUR
    assert row.due_at == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    steps = shop.desk.why(conversation)
    assert [step.kind for step in steps] == ["started", "promise", "shift", "closed", "shift", "due"]
    assert steps[-1].start == row.due_at


def test_a5_those_put_away_are_recomputed_too_and_those_settled_are_left_alone(shop: Shop) -> None:
    for who in ("ana", "eva", "leo"):
        shop.write(who=who)
    shop.desk.snooze(2, NOW + 9 * HOUR)
    shop.desk.resolve(3)
    shop.desk.adopt_policy(PolicySpec(rules=(*PRESETS, Rule(Kept(2 * HOUR)))))
    assert [shop.desk.row(number).due_at for number in (1, 2, 3)] == [NOW + 2 * HOUR] * 2 + [None]
    assert shop.desk.row(2).urgency == to_ms(NOW + 9 * HOUR), "it comes back when its snooze is over"


def test_a5_where_the_shop_never_opens_nothing_is_due_and_nobody_is_forgotten(shop: Shop) -> None:
    shop.write(who="leo", ago=9 * HOUR)
    shop.write("ya", who="leo", out=True)
    conversation = shop.write()
    shop.desk.adopt_policy(PolicySpec(calendars={"Lola": CalendarSpec(week=((),) * 7)}))
    row = shop.desk.row(conversation)
    assert (row.due_at, row.waiting_since) == (None, NOW)
    assert shop.desk.counts().waiting == 1
    assert [row.id for row in shop.desk.queue(View("all")).rows] == [conversation, 1]
    assert shop.desk.why(conversation)[-1].note == "never"
    assert shop.desk.warnings(NOW + 99 * HOUR) == []


def test_a5_a_policy_that_cannot_be_used_is_refused_with_its_brand(shop: Shop) -> None:
    wrong = PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", country="ES", region="ZZ")})
    with pytest.raises(ConfigError, match=r"calendars\.Lola\.holidays: .*ZZ"):
        shop.desk.policy_change(wrong)
    with pytest.raises(ConfigError, match="Lola"):
        shop.desk.adopt_policy(wrong)
    assert shop.desk.policy() == Policy()


def test_a5_with_the_new_year_the_holidays_of_a_further_year_are_learnt(database: Database) -> None:
    holidays = PolicySpec(calendars={"Lola": MADRID._replace(country="ES", region="MD")})
    shop = Shop(database, holidays)
    shop.desk.reopen(shop.write())
    year = max(shop.desk.policy().calendars["Lola"].closed).year
    shop.later(24 * 400)
    Desk(database, shop.clock, Config(promised=holidays)).reopen(1)
    assert max(shop.desk.policy().calendars["Lola"].closed).year == year + 1
    assert adopted(database) == 2


LENGTHS = st.integers(60, 200_000).map(lambda seconds: timedelta(seconds=seconds))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(since=MOMENTS, first=LENGTHS, runs=st.sampled_from(Runs), brand=st.sampled_from(["Lola", "Luna"]))
@settings(max_examples=100)
def test_a5_the_many_deadlines_are_those_that_the_arithmetic_of_one_explains(
    since: datetime, first: timedelta, runs: Runs, brand: str
) -> None:
    calendar = Calendar("Europe/Madrid", (SPLIT,) * 6 + ((),), {date(2026, 3, 3): "fiesta"})
    policy = Policy(rules=(*PRESETS, Rule(Kept(first, runs=runs))), calendars={"Lola": calendar})
    since = from_ms(to_ms(since))
    for situation in ("", "stranded"):
        at = Dues(policy).terms(brand, "demo", situation).due(to_ms(since), "first")
        explained = due(policy, brand, "demo", situation, since).at
        assert explained is not None
        assert at == to_ms(explained)


# An older desk


@pytest.mark.usefixtures("real_migrations")
def test_an_older_desk_keeps_everything_and_learns_what_the_new_columns_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    old = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, old)
    for newer in (old / "versions").glob("v000[!1]_*.py"):
        newer.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "MIGRATIONS", old)
        patch.setattr(file, "HEAD", "0001")
        Database(path).close()
    connection = sqlite3.connect(path)
    connection.executescript(OLD_DESK)
    connection.close()
    database = Database(path)
    clock = ManualClock(NOW)
    desk = Desk(database, clock, Config(promised=PolicySpec(rules=(*PRESETS, Rule(Kept(4 * HOUR))))))
    rows = desk.queue(View("all")).rows
    assert [(row.id, row.promise, row.due_at, row.preview) for row in rows] == [
        (1, "first", NOW + 4 * HOUR, "hola"),
        (2, "next", NOW + 4 * HOUR, "otra vez"),
    ]
    assert [message.text for message in desk.thread(2).messages] == ["hola", "Sí", "otra vez"]
    assert desk.policy_change(desk._config.policy) is None
    desk.reopen(1)
    assert [row.due_at for row in desk.queue(View("all")).rows] == [NOW + 4 * HOUR] * 2
    database.close()


AT = to_ms(NOW)
OLD_DESK = f"""
INSERT INTO brand VALUES (1, 'Lola', 0);
INSERT INTO account VALUES (1, 'demo', 'demo', 'lola', 1, '', 'lola', '{{}}', '{{}}', 0, 'ok', '', '', '[]', '', 0,
    NULL, NULL, 0, NULL);
INSERT INTO contact VALUES (1, 1, 'ana', 'ana', 'Ana'), (2, 1, 'leo', 'leo', 'Leo');
INSERT INTO conversation VALUES
    (1, 1, 1, 1, 'k1', 'demo', 0, 'open', {AT + 14_400_000}, {AT}, {AT + 14_400_000}, NULL, NULL, '', 0, 1, 'es', 'hola', {AT}, 0),
    (2, 1, 1, 2, 'k2', 'demo', 0, 'open', {AT + 14_400_000}, {AT}, {AT + 14_400_000}, NULL, NULL, '', 0, 3, 'es', 'otra vez', {AT}, 0);
INSERT INTO message VALUES
    (1, 1, 1, 'a', 'in', {AT}, {AT}, 'ana', 'Ana', 'hola', 'reply', 0, 0, 0, '', '', '', '{{}}', NULL, NULL),
    (2, 2, 1, 'b', 'in', {AT - 9}, {AT - 9}, 'leo', 'Leo', 'hola', 'reply', 0, 0, 0, '', '', '', '{{}}', NULL, NULL),
    (3, 2, 1, 'c', 'out', {AT - 5}, {AT - 5}, 'lola', '', 'Sí', 'reply', 0, 0, 1, '', '', 'eva', '{{}}', NULL, NULL),
    (4, 2, 1, 'd', 'in', {AT}, {AT}, 'leo', 'Leo', 'otra vez', 'reply', 0, 0, 0, '', '', '', '{{}}', NULL, NULL);
"""


# Situations


def test_a3_the_agents_word_changes_the_deadline_at_once_and_can_be_undone(shop: Shop) -> None:
    conversation = shop.write()
    undo = shop.desk.set_situation(conversation, "stranded")
    row = shop.desk.row(conversation)
    assert (row.situation, row.due_at) == ("stranded", NOW + HOUR / 4)
    shop.desk.snooze(conversation, NOW + HOUR)
    shop.desk.undo(undo)
    row = shop.desk.row(conversation)
    assert (row.situation, row.due_at) == ("", NOW + 5 * HOUR)
    assert row.snoozed_until == NOW + HOUR, "only the situation is put back"


def test_a3_a_situation_that_there_is_not_is_refused(shop: Shop) -> None:
    conversation = shop.write()
    with pytest.raises(Refused) as caught:
        shop.desk.set_situation(conversation, "lost")
    assert caught.value.code == "situation"
    with pytest.raises(NotFound):
        shop.desk.set_situation(99, "stranded")


def test_a3_rules_propose_and_a_nudge_does_not_undo_it_but_an_edit_does(database: Database) -> None:
    shop = Shop(database, PolicySpec(guesses=(LOST,)))
    shop.desk.reopen(shop.write("hola", who="leo"))
    conversation = shop.write("Estoy en el AEROPUERTO y no hay nadie", named="a", ago=HOUR / 6)
    shop.write("¿¿hola??")
    row = shop.desk.row(conversation)
    assert (row.situation, row.due_at) == ("stranded", NOW + HOUR / 12)
    shop.write("Estoy en la tienda y no hay nadie", named="a", ago=HOUR / 6)
    assert shop.desk.row(conversation).situation == ""


def test_a3_what_the_agent_says_wins_over_the_rules_until_the_case_is_settled(database: Database) -> None:
    shop = Shop(database, PolicySpec(guesses=(LOST,)))
    shop.desk.reopen(shop.write("hola", who="leo"))
    conversation = shop.write("en el aeropuerto")
    shop.desk.set_situation(conversation, "can_wait")
    shop.write("sigo en el aeropuerto")
    assert shop.desk.row(conversation).situation == "can_wait"
    shop.desk.set_situation(conversation, "")
    assert shop.desk.row(conversation).situation == "stranded", "left to the rules again"
    shop.desk.set_situation(conversation, "can_wait")
    settled = shop.desk.resolve(conversation)
    shop.desk.undo(settled)
    assert shop.desk.row(conversation).situation == "can_wait"
    shop.desk.resolve(conversation)
    shop.later(1)
    shop.write("otra cosa")
    assert shop.desk.row(conversation).situation == ""


def test_a3_rules_may_go_by_the_customers_tag(database: Database) -> None:
    shop = Shop(database, PolicySpec(guesses=(Guess("advanced", tag="vip"),)))
    shop.desk.reopen(shop.write("hola"))
    shop.desk.set_tags(1, [" VIP ", "prensa,radio"])
    row = shop.desk.row(1)
    assert (row.situation, row.due_at) == ("advanced", NOW + HOUR)
    shop.desk.set_tags(1, [])
    assert shop.desk.row(1).situation == ""


def test_a3_new_rules_are_foretold_and_applied_to_those_who_wait(shop: Shop) -> None:
    conversation = shop.write("en el aeropuerto")
    shop.desk.set_situation(shop.write("en el aeropuerto", who="leo"), "can_wait")
    spec = PolicySpec(guesses=(LOST,))
    change = shop.desk.policy_change(spec)
    assert change is not None and (change.earlier, change.later) == (1, 0)
    shop.desk.adopt_policy(spec)
    assert shop.desk.row(conversation).due_at == NOW + HOUR / 4
    shop.desk.adopt_policy(PolicySpec())
    assert shop.desk.row(conversation).situation == ""
    assert shop.desk.row(2).situation == "can_wait"


# Warnings, and what the day holds


def test_a1_each_share_of_a_promise_is_warned_of_once(shop: Shop) -> None:
    conversation = shop.write()  # due in five hours; half of it at 2 h 30, four fifths at 4 h
    assert shop.desk.warnings(NOW + 2.4 * HOUR) == []
    (warned,) = shop.desk.warnings(NOW + 2.5 * HOUR)
    assert (warned.conversation_id, warned.share, warned.due_at) == (conversation, 0.5, NOW + 5 * HOUR)
    assert shop.desk.warnings(NOW + 3 * HOUR) == []
    shop.write("¿hola?")
    shop.desk.adopt_policy(PolicySpec(warn=(0.5, 0.8, 0.9)))
    assert shop.desk.warnings(NOW + 3 * HOUR) == [], "neither a nudge nor a policy repeats it"
    assert [one.share for one in shop.desk.warnings(NOW + 4.6 * HOUR)] == [0.9], "the largest that has passed"
    assert shop.desk.warnings(NOW + 4.9 * HOUR) == []


def test_a1_what_is_late_already_or_answered_is_not_warned_of(shop: Shop) -> None:
    shop.write(ago=6 * HOUR)
    shop.write(who="leo", ago=3 * HOUR)
    shop.write("ya", who="leo", out=True)
    assert shop.desk.warnings(NOW) == []
    assert shop.database.read().one("SELECT count(*) FROM conversation WHERE warn_at IS NOT NULL") == (0,)


def test_a1_a_new_wait_is_warned_of_anew(shop: Shop) -> None:
    shop.write(ago=4 * HOUR)
    assert len(shop.desk.warnings(NOW)) == 1
    shop.write("ya", out=True)
    shop.later(1)
    shop.write("¿y mañana?")
    assert [one.share for one in shop.desk.warnings(NOW + 4 * HOUR)] == [0.5]


def test_a5_shares_are_counted_in_opening_hours_and_quiet_hours_are_told(shop: Shop) -> None:
    quiet = (Shift(12 * 60, 24 * 60 + 60),)  # noon to one at night, by the machine's clock, which is Madrid's
    shop.desk.adopt_policy(OPEN._replace(quiet=quiet))
    shop.write(ago=HOUR)  # 12:00 in Madrid: half of five hours is used up at 17:30, past the siesta
    at = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert shop.desk.warnings(at - timedelta(minutes=1)) == []
    assert [one.quiet for one in shop.desk.warnings(at)] == [True]


def test_a5_the_day_holds_what_is_due_before_closing(shop: Shop) -> None:
    shop.desk.adopt_policy(OPEN._replace(rules=(*PRESETS, Rule(Kept(2 * HOUR)))))
    for who, ago in (("ana", 1.5), ("eva", 1.2), ("leo", 0.1)):
        shop.write(who=who, ago=ago * HOUR)
    closing = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert shop.desk.day() == [Holds("Lola", 2, closing)]
    evening = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    assert shop.desk.day(closing + HOUR) == [Holds("Lola", 1, evening)]
    assert shop.desk.day(evening + HOUR) == [Holds("Lola", 0, None)], "closed until tomorrow"


def test_a5_without_a_calendar_the_day_ends_at_midnight(shop: Shop) -> None:
    shop.write()
    shop.write(who="leo", account="fb", connector="facebook")
    assert shop.desk.day() == [Holds("Lola", 1, None)]


def test_the_queue_row_tells_situation_and_promise(shop: Shop) -> None:
    conversation = shop.write()
    assert (shop.desk.row(conversation).situation, shop.desk.row(conversation).promise) == ("", "first")
    assert shop.desk.why(conversation)[1].note == ""
    shop.desk.resolve(conversation)
    assert shop.desk.why(conversation) == ()
    with pytest.raises(NotFound):
        shop.desk.why(99)


def test_the_presets_are_in_force_before_anything_was_adopted(database: Database) -> None:
    assert policies.in_force(database.read()) == Policy()


def test_closures_move_deadlines(shop: Shop) -> None:
    shop.desk.adopt_policy(OPEN)
    conversation = shop.write()
    closed = MADRID._replace(closed=(Closure(date(2026, 3, 2), date(2026, 3, 2), "Obras"),))
    change = shop.desk.policy_change(PolicySpec(calendars={"Lola": closed}))
    assert change is not None and (change.earlier, change.later) == (0, 1)
    shop.desk.adopt_policy(PolicySpec(calendars={"Lola": closed}))
    assert shop.desk.row(conversation).due_at == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert shop.desk.queue(View("all", Box.OPEN)).rows[0].id == conversation


def test_a5_promises_that_cannot_be_used_stop_no_work_on_a_new_desk_and_are_told(database: Database) -> None:
    wrong = PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", country="ES", region="ZZ")})
    shop = Shop(database, wrong)
    conversation = shop.write()
    shop.desk.reopen(conversation)
    assert shop.desk.row(conversation).due_at == NOW + 5 * HOUR
    assert adopted(database) == 0
    with pytest.raises(ConfigError, match="ZZ"):
        shop.desk.policy_change(wrong)
