"""Adding and tending accounts: tried before anything is kept, secrets never on the command line."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from helpers.canaries import betrays, canary, consented
from helpers.commands import Run
from socialdesk.cli import account_add, keeping
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.connectors import registry
from socialdesk.connectors.contract import (
    AuthRequired,
    Capabilities,
    Connector,
    Identity,
    Item,
    Limit,
    Outgoing,
    Page,
    Raw,
    Receipt,
    Setting,
)
from socialdesk.connectors.metering import Period, Tariff
from socialdesk.domain.spending import Allowance
from socialdesk.errors import PluginError, SecretError
from socialdesk.secrets import Secrets
from socialdesk.storage import notices, spending
from socialdesk.storage.standing import enrolled
from socialdesk.sync.publish import NOTHING

PASSWORD = canary("typed", ' día/1+"%&<\\')


class Shop(Connector):
    """A network with one password and one address."""

    name = "shop"
    label = "Shop"
    capabilities = Capabilities(Limit(20), Limit(20), poll=timedelta(seconds=1), notice=Limit(256))
    notices: ClassVar[list[str | None]] = []
    settings = (
        Setting("handle", "Handle", "The name of the account."),
        Setting("password", "Password", secret=True),
        Setting("service", "Server", required=False, default="https://shop.example"),
    )

    async def check(self) -> Identity:
        """Accept one password."""
        if await self.host.vault.secret("password") != PASSWORD:
            raise AuthRequired("Invalid identifier or password")
        return Identity("id-1", self.host.options["handle"], "The Shop", lacking=("dm_not_allowed",))

    async def fetch(self, cursor: str) -> Page:
        """Nothing is new."""
        await self.check()
        return Page((), cursor)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Nothing to show."""
        return ()

    async def publish_notice(self, words: str | None) -> None:
        """Show it to whoever has the password."""
        await self.check()
        self.notices.append(words)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take it."""
        return Receipt("r")


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only connector there is."""

    def load(name: str) -> type[Connector]:
        if name != "shop":
            raise PluginError(f"no connector is called {name!r}")
        return Shop

    monkeypatch.setattr(registry, "names", lambda: ("shop",))
    monkeypatch.setattr(registry, "load", load)
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody at the terminal: ``person(answers, secrets)`` says what they will type."""

    def types(answers: str, *secrets: str) -> None:
        waiting = list(secrets)
        for module in (account_add, keeping):
            monkeypatch.setattr(module, "at_terminal", lambda: True)
        monkeypatch.setattr("socialdesk.cli.ask.at_terminal", lambda: True)
        monkeypatch.setattr(account_add, "ask_secret", lambda _question: waiting.pop(0))
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))

    return types


ADD = ("account", "add", "shop", "--handle", "pan.example", "--brand", "Panadería Sol")


def accounts(run: Run) -> Any:
    return run("account", "list", "--json").json


def settings_of(clock: ManualClock) -> dict[str, str]:
    context = Context(clock)
    [account] = context.desk.accounts()
    context.close()
    return dict(account.options)


def references(clock: ManualClock) -> dict[str, str]:
    context = Context(clock)
    found = dict(enrolled(context.database.read())[0].secrets)
    context.close()
    return found


def test_a_script_adds_an_account_with_a_password_from_the_environment(run: Run, clock: ManualClock) -> None:
    result = run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    assert result.code == 0, result.err
    assert "Signed in as pan.example The Shop" in result.out
    assert "may not read or write private messages" in result.out
    [account] = accounts(run)
    assert (account["name"], account["brand"], account["handle"]) == ("pan", "Panadería Sol", "pan.example")
    assert (account["state"], account["lacking"]) == ("ok", ["dm_not_allowed"])
    assert references(clock) == {"password": "env:SHOP_PASSWORD"}


def test_a_password_may_come_from_a_command(run: Run, clock: ManualClock) -> None:
    result = run(*ADD, "--secret-command", "printenv SHOP_PASSWORD")
    assert result.code == 0, result.err
    assert references(clock) == {"password": "command:printenv SHOP_PASSWORD"}
    assert accounts(run)[0]["name"] == "pan.example", "without a name, the handle"


def test_a_refused_sign_in_saves_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, sealed_home: Path
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "wrong")
    result = run(*ADD, "--secret-env", "SHOP_PASSWORD")
    assert result.code == 1
    assert "Invalid identifier or password" in result.err and "Nothing was saved" in result.err
    assert accounts(run) == []
    assert not (sealed_home / "data/sessions").exists()


def test_what_is_missing_is_named_where_nobody_can_be_asked(run: Run) -> None:
    assert "--handle" in run("account", "add", "shop", "--brand", "Sol").err
    assert "--brand" in run("account", "add", "shop", "--handle", "pan").err
    result = run(*ADD)
    assert result.code == 2
    assert "--secret-env" in result.err


def test_without_a_network_a_person_is_asked_and_a_script_is_told(
    run: Run, person: Any, sealed_home: Path
) -> None:
    silent = run("account", "add")
    assert silent.code == 2 and "CONNECTOR" in silent.err
    person("myspace\nshop\nPanadería Sol\npan.example\nmi-pan\n2\nplain\n", PASSWORD)
    result = run("account", "add")
    assert result.code == 0, result.err
    assert result.err.count("Which network?") == 2 and "Networks: shop" in result.err
    assert accounts(run)[0]["name"] == "mi-pan"
    consented(sealed_home / "data/secrets.json")


def test_a_setting_is_changed_after_it_was_tried(
    run: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    for wrong in ("handle", "pasword=x", "password=x", "=x"):
        refused = run("account", "set", "pan", wrong)
        assert refused.code == 2 and "handle, service" in refused.err
    changed = run("account", "set", "pan", "handle=panaderia.example", "service=")
    assert changed.code == 0 and "pan is changed" in changed.out
    assert settings_of(clock) == {"handle": "panaderia.example", "service": "https://shop.example"}
    monkeypatch.setenv("SHOP_PASSWORD", "wrong")
    refused = run("account", "set", "pan", "handle=otra.example")
    assert refused.code == 1 and "Nothing was changed" in refused.err
    assert settings_of(clock)["handle"] == "panaderia.example"


def test_a_setting_that_would_make_another_account_is_refused(
    run: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its conversations, its place in the network's list and its own words are those of the one that it is."""
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")

    async def another(self: Shop) -> Identity:
        return Identity("id-2", "otra.example")

    monkeypatch.setattr(Shop, "check", another)
    refused = run("account", "set", "pan", "service=https://otra.example")
    assert refused.code == 1 and "it would be another account" in refused.err
    assert "otra" not in settings_of(clock).get("service", "")


def test_a_setting_is_tried_with_the_sessions_that_the_account_has(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some networks take each renewal once: another session would sign the account out."""
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    real = Shop.check

    async def renewed(self: Shop) -> Identity:
        kept = await self.host.vault.load_session()
        count = str(int(kept.get("renewals", "0")) + 1)
        await self.host.vault.save_session({"renewals": count})
        return await real(self)

    monkeypatch.setattr(Shop, "check", renewed)
    seen: list[str] = []

    async def looked(self: Shop) -> Identity:
        seen.append((await self.host.vault.load_session()).get("renewals", "none"))
        return await renewed(self)

    monkeypatch.setattr(Shop, "check", looked)
    for _ in range(3):
        assert run("account", "set", "pan", "handle=pan.example").code == 0
    assert seen == ["none", "1", "2"]


def test_another_budget_is_shown_at_once(
    run: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")

    def tariff(options: Mapping[str, str]) -> Tariff:
        return Tariff(int(options["service"]) * 1_000_000, Period.MONTH, "UTC", 1.0)

    monkeypatch.setattr(Shop, "tariff", staticmethod(tariff))
    assert run("account", "set", "pan", "service=50").code == 0
    assert accounts(run)[0]["budget"]["limit"] == 50.0
    context = Context(clock)
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE account SET state = 'limited', problem = 'budget_spent'")
        spending.note_pace(connection, 1, 0, 960)
    context.close()
    told = run("account", "list").out
    assert "What this account may spend at the network is spent." in told and "it looks every" not in told


def test_the_list_tells_what_an_account_has_spent(run: Run, clock: ManualClock) -> None:
    """Issue 7: cost so far, limit and forecast in euros, for people and for scripts."""
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    context = Context(clock)
    with context.database.write() as connection:
        spending.allow(connection, 1, Allowance(12_500_000, True, "UTC", 0.8, 0))
        spending.add(connection, 1, clock.now().date().replace(day=1), 3_000_000, 1_000_000)
        spending.note_pace(connection, 1, 0, 240)
    context.close()
    [account] = accounts(run)
    told = account["budget"]
    assert (told["unit"], told["period"], told["spent"], told["limit"]) == ("euros", "month", 3.2, 10.0)
    assert told["forecast"] >= 3.2 and told["look_every_seconds"] == 240
    assert "pan: This month €3.20 of €10.00; at this rate" in run("account", "list").out
    assert "it looks every 4 min" in run("account", "list").out


def test_an_unknown_connector_is_a_usage_error(run: Run) -> None:
    result = run("account", "add", "myspace")
    assert result.code == 2
    assert "shop" in result.err


def test_no_option_takes_a_password(run: Run) -> None:
    """Promise 11: and what somebody gives in this way is not repeated, for a log to keep."""
    for words in (("--password", PASSWORD), (f"--password={PASSWORD}",)):
        refused = run(*ADD, *words)
        assert refused.code == 2 and "--password" in refused.err
        assert PASSWORD[:9] not in refused.err
    assert "--password" not in run("account", "add", "shop", "--help").out


def test_a_person_is_led_through_and_may_mistype_once(run: Run, person: Any, sealed_home: Path) -> None:
    """The keyring is out of reach here, so the person is asked to type their consent to a plain file; another word is no answer."""
    person("Panadería Sol\npan.example\nmi-pan\n2\nplain\n", "wrong", PASSWORD)
    result = run("account", "add", "shop")
    assert result.code == 0, result.err
    assert "Invalid identifier or password" in result.err and "Try again" in result.err
    assert accounts(run)[0]["name"] == "mi-pan"
    stored = consented(sealed_home / "data/secrets.json")
    assert PASSWORD in json.loads(stored.read_text()).values() and stored.stat().st_mode & 0o077 == 0


def test_another_way_in_is_asked_for_only_where_the_first_was_left_empty(
    run: Run, person: Any, monkeypatch: pytest.MonkeyPatch, sealed_home: Path
) -> None:
    """And what goes with that way only with it."""
    password, *others = (setting for setting in Shop.settings if setting.secret)
    token = Setting("token", "Token", secret=True, required=False, instead_of=password.name)
    beside = Setting("beside", "Beside", secret=True, required=False, only_with="token")
    monkeypatch.setattr(Shop, "settings", (*Shop.settings, token, beside))
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return PASSWORD

    person("2\nplain\n")
    monkeypatch.setattr(account_add, "ask_secret", answer)
    assert run(*ADD, "--name", "mi-pan").code == 0
    assert not others and asked == ["Password"]
    consented(sealed_home / "data/secrets.json")


@pytest.mark.parametrize("given", [[], ["--relay", "https://relay.example.org"]])
def test_the_key_of_what_was_left_out_is_not_asked_for(
    run: Run, person: Any, monkeypatch: pytest.MonkeyPatch, sealed_home: Path, given: list[str]
) -> None:
    """A secret may belong to a setting that is none."""
    relay = Setting("relay", "Relay", required=False)
    key = Setting("relay_key", "Relay key", secret=True, required=False, only_with="relay")
    monkeypatch.setattr(Shop, "settings", (*Shop.settings, relay, key))
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return PASSWORD

    person("2\nplain\n" * (1 + bool(given)))
    monkeypatch.setattr(account_add, "ask_secret", answer)
    assert run(*ADD, "--name", "mi-pan", *given).code == 0
    assert asked == ["Password", *(["Relay key"] if given else [])]
    consented(sealed_home / "data/secrets.json")


def test_without_typed_consent_a_password_is_not_kept(run: Run, person: Any, sealed_home: Path) -> None:
    person("mi-pan\nyes\n\n", PASSWORD)
    result = run(*ADD)
    assert result.code == 1
    assert "--secret-env" in result.err
    assert not (sealed_home / "data/secrets.json").exists()
    assert accounts(run) == []


def test_a_taken_name_is_refused_before_anything_is_asked(run: Run) -> None:
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    result = run(*ADD, "--name", "pan")
    assert result.code == 1
    assert "exists already" in result.err


def test_an_account_that_is_there_under_another_name_is_refused(run: Run) -> None:
    """Else each message would wait twice, and be answered twice."""
    run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD")
    result = run(*ADD, "--name", "bread", "--secret-env", "SHOP_PASSWORD")
    assert result.code == 1
    assert "already, under another name: pan" in result.err
    run("account", "remove", "pan", "--yes")
    assert run(*ADD, "--name", "bread", "--secret-env", "SHOP_PASSWORD").code == 0


def test_names_hold_no_control_characters_and_a_brand_is_never_blank(run: Run) -> None:
    account = ("account", "add", "shop", "--handle", "pan.example", "--secret-env", "SHOP_PASSWORD")
    blank = run(*account, "--brand", " ")
    assert blank.code == 2 and "--brand" in blank.err
    result = run(*account, "--brand", "S\x1b[2Jol", "--name", "p\x07an")
    assert result.code == 0 and "\x1b" not in result.out + result.err
    assert (accounts(run)[0]["brand"], accounts(run)[0]["name"]) == ("Sol", "pan")


@pytest.fixture
def added(run: Run) -> Run:
    """A desk with one account, called pan."""
    assert run(*ADD, "--name", "pan", "--secret-env", "SHOP_PASSWORD").code == 0
    return run


def test_a_check_tells_which_accounts_fail(added: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert added("account", "check").code == 0
    monkeypatch.setenv("SHOP_PASSWORD", "changed")
    result = added("account", "check", "pan")
    assert result.code == 3
    assert "pan: " in result.out and "Invalid identifier or password" in result.out
    monkeypatch.delenv("SHOP_PASSWORD")
    checked = added("account", "check", "--json")
    assert (checked.code, checked.json[0]["works"]) == (3, False)


def test_signing_in_again_replaces_the_secret(
    added: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER", "wrong")
    assert added("account", "sign-in", "pan", "--secret-env", "OTHER").code == 1
    assert references(clock) == {"password": "env:SHOP_PASSWORD"}
    monkeypatch.setenv("OTHER", PASSWORD)
    assert added("account", "sign-in", "pan", "--secret-env", "password=OTHER").code == 0
    assert references(clock) == {"password": "env:OTHER"}


def test_an_account_is_paused_resumed_and_removed(added: Run) -> None:
    assert added("account", "pause", "pan").code == 0
    assert accounts(added)[0]["state"] == "paused"
    assert added("account", "resume", "pan").code == 0
    refused = added("account", "remove", "pan")
    assert refused.code == 1 and "--yes" in refused.err
    assert added("account", "remove", "pan", "--yes").code == 0
    assert accounts(added) == []
    assert "there are" in added("account", "pause", "pan").err


@pytest.mark.parametrize("password", [PASSWORD, "changed"])
def test_a_removed_account_shows_no_wait_clock(
    added: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """A6: it is taken away while there is a password; where that fails, the person is told what to delete."""
    context = Context(clock)
    with context.database.write() as connection:
        notices.begin(connection, 1, "unos 20 min", NOTHING, clock.now())
        notices.done(connection, 1, "unos 20 min", clock.now())
    context.close()
    monkeypatch.setattr(Shop, "notices", [])
    monkeypatch.setenv("SHOP_PASSWORD", password)
    result = added("account", "remove", "pan", "--yes")
    assert (result.code, accounts(added)) == (0, [])
    assert Shop.notices == ([None] if password == PASSWORD else [])
    assert ("delete the line between ·⏱ and ⏱·" in result.err) is (password != PASSWORD)


def test_one_round_reports_each_account(added: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    visits = added("sync", "--once", "--json")
    assert (visits.code, visits.json[0]["account"], visits.json[0]["state"]) == (0, "pan", "ok")
    monkeypatch.setenv("SHOP_PASSWORD", "revoked")
    failed = added("sync", "--once")
    assert failed.code == 3
    assert "Invalid identifier or password" in failed.out
    listed = added("account", "list")
    assert "Invalid identifier or password" in listed.out and "sign in again" in listed.out


def test_what_could_not_be_understood_is_on_the_list_of_accounts(
    added: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(self: Shop, cursor: str) -> Page:
        return Page((Raw("1", {}),), "next")

    def parse(self: Shop, raw: Raw) -> Sequence[Item]:
        raise ValueError("no author")

    monkeypatch.setattr(Shop, "fetch", fetch)
    monkeypatch.setattr(Shop, "parse", parse)
    added("sync", "--once")
    for words in (("account", "list"), ("doctor",)):
        assert "1 item could not be read; it is kept" in added(*words).out


def test_the_doctor_names_an_account_that_needs_a_person(added: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "revoked")
    added("sync", "--once")
    result = added("doctor", "--json")
    assert result.code == 1 and result.json["ok"] is False
    [found] = [entry for entry in result.json["findings"] if entry["check"] == "accounts"]
    assert found["level"] == "wrong" and "Invalid identifier or password" in found["text"]


def test_a_password_never_reaches_the_log_or_the_screen(added: Run, sealed_home: Path) -> None:
    outputs = [added(*words) for words in (("account", "list"), ("doctor",), ("sync", "--once"))]
    assert all(PASSWORD not in result.out + result.err for result in outputs)
    for path in sealed_home.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path
    assert json.dumps(accounts(added)).find(PASSWORD) == -1


def test_a_reply_that_the_network_would_refuse_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    message = {
        "account": "pan",
        "channel": "shop",
        "conversation": "c",
        "id": "m",
        "direction": "in",
        "at": "2026-11-22T09:00:00+00:00",
        "text": "Hola",
        "author": {"handle": "ana", "name": "Ana"},
    }
    (tmp_path / "history.jsonl").write_text(json.dumps(message))
    run("import", str(tmp_path / "history.jsonl"))
    result = run("reply", "1", "--text", "x" * 21)
    assert result.code == 1
    assert "longer than the network allows: 21 of 20 characters" in result.err
    assert run("outbox", "--json").json == []
    assert run("reply", "1", "--text", "👨‍👩‍👧‍👦" * 20).code == 0, "counted as the network counts"


def test_a_network_that_repeats_what_was_typed_is_not_repeated(
    run: Run, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 11: a password that is only tried, and never kept, is no less one."""

    async def echoes(self: Shop) -> Identity:
        raise AuthRequired(f"wrong password: {await self.host.vault.secret('password')}")

    monkeypatch.setattr(Shop, "check", echoes)
    person("", *[PASSWORD] * 3)
    result = run(*ADD)
    assert result.code == 1 and "wrong password: [hidden]" in result.err
    assert not betrays(result.out + result.err)


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("environment\nSHOP_PASSWORD\n", "env:SHOP_PASSWORD"),
        ("ENVIRONMENT\nOTHER\nNOT_SET\nSHOP_PASSWORD\n", "env:SHOP_PASSWORD"),
        ("command\nfalse\nprintenv SHOP_PASSWORD\n", "command:printenv SHOP_PASSWORD"),
        ("environment\n\n", ""),
        ("command\nfalse\nfalse\nfalse\n", ""),
        ("\n", ""),
    ],
)
def test_without_a_keyring_the_person_chooses_a_place_by_name(
    run: Run, clock: ManualClock, person: Any, monkeypatch: pytest.MonkeyPatch, typed: str, reference: str
) -> None:
    """Promise 12: what gives another password than the one typed is not taken, and nothing is kept without a place."""
    monkeypatch.setenv("OTHER", "another one")
    person(f"mi-pan\n{typed}", PASSWORD)
    result = run(*ADD)
    assert (
        "This machine has no safe keyring" in result.err and "Where shall the password be kept?" in result.err
    )
    assert result.code == (0 if reference else 1), result.err
    if reference:
        assert references(clock) == {"password": reference}
    else:
        assert accounts(run) == [] and "was not kept" in result.err


def test_a_locked_keyring_may_ask_its_owner(
    run: Run, clock: ManualClock, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 12: at a desktop there is a minute for that; nobody else is made to wait."""
    asked = []

    def keep(_self: Secrets, _value: str, *, patient: bool = False) -> str:
        asked.append(patient)
        if not patient:
            raise SecretError(code="keyring_locked")
        return "env:SHOP_PASSWORD"

    monkeypatch.setattr(Secrets, "keep_in_keyring", keep)
    for window in ("", ":0"):
        monkeypatch.setenv("DISPLAY", window)
        person("mi-pan\n\n", PASSWORD)
        result = run(*ADD)
        assert "keyring is locked" in result.err
        assert (result.code, asked.pop()) == ((0, True) if window else (1, False))


def test_a_service_manager_s_credential_is_a_place(
    run: Run, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 12: on a server (systemd.exec(5), CREDENTIALS_DIRECTORY)."""
    add = (*ADD, "--secret-credential", "shop")
    assert "no such credential" in run(*add).err
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    consented(tmp_path / "shop").write_text(f"{PASSWORD}\n")
    assert "no such credential" in run(*ADD, "--secret-credential", "../shop").err
    assert run(*add).code == 0
    assert references(clock) == {"password": "credential:shop"}
