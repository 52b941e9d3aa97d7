"""Secrets: kept where the person says, read within a limit, never in the log (DESIGN: a mute keyring hangs nobody)."""

from __future__ import annotations

import html
import json
import logging
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from helpers.canaries import MARK, betrays, canary, consented
from socialdesk import keyringproc, logs
from socialdesk.errors import AuthRequired, SecretError
from socialdesk.secrets import Secrets
from socialdesk.sync.vault import AccountVault

PASSWORD = canary("secrets", ' día/1+"%&<\\')


def pretend(tmp_path: Path, body: str) -> tuple[str, ...]:
    """Return the command of a keyring process that does what ``body`` says with the request."""
    script = tmp_path / "ring.py"
    script.write_text(f"import json, sys, time, pathlib\nrequest = json.load(sys.stdin)\n{body}\n")
    return (sys.executable, str(script))


def store_in(file: Path) -> str:
    return (
        f"file = pathlib.Path({str(file)!r})\n"
        "kept = json.loads(file.read_text()) if file.exists() else {}\n"
        "if request['do'] == 'set': kept[request['user']] = request['value']\n"
        "if request['do'] == 'delete': kept.pop(request['user'], None)\n"
        "file.write_text(json.dumps(kept))\n"
        "print(json.dumps({'value': kept.get(request['user'])}))"
    )


def test_a_keyring_gives_back_what_it_was_given(tmp_path: Path) -> None:
    ring = pretend(tmp_path, store_in(consented(tmp_path / "ring.json")))
    secrets = Secrets(tmp_path / "secrets.json", keyring=ring)
    reference = secrets.keep_in_keyring(PASSWORD)
    assert PASSWORD not in reference
    assert secrets.read(reference) == PASSWORD
    secrets.forget(reference)
    with pytest.raises(SecretError):
        secrets.read(reference)


def test_a_mute_keyring_is_given_up(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "s", keyring=pretend(tmp_path, "time.sleep(60)"), keyring_limit=0.2)
    began = time.monotonic()
    with pytest.raises(SecretError) as error:
        secrets.read("keyring:x")
    assert error.value.code == "keyring_mute"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("body", ["print('not json')", "sys.exit(1)", "print('[]')"])
def test_a_keyring_that_talks_nonsense_is_missing(tmp_path: Path, body: str) -> None:
    with pytest.raises(SecretError) as error:
        Secrets(tmp_path / "s", keyring=pretend(tmp_path, body)).read("keyring:x")
    assert error.value.code == "keyring_missing"


def test_the_real_process_refuses_an_unsafe_keyring(tmp_path: Path) -> None:
    """The test machine's keyring is the failing one: it is refused by name, before anything is stored in it."""
    with pytest.raises(SecretError) as error:
        Secrets(tmp_path / "s", keyring_limit=20).keep_in_keyring(PASSWORD)
    assert error.value.code == "keyring_missing"
    assert "fail" in error.value.detail


def ring_of(module: str, *, forgets: bool = False) -> object:
    """Return a keyring backend that says it comes from that module."""
    kept: dict[str, str] = {}

    class Ring:
        def get_password(self, service: str, username: str) -> str | None:
            return None if forgets else kept.get(username)

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[username]

    Ring.__module__ = module
    return Ring()


@pytest.mark.parametrize(
    ("module", "safe"),
    [
        ("keyring.backends.SecretService", True),
        ("keyring.backends.macOS", True),
        ("keyring.backends.kwallet", True),
        ("keyring.backends.libsecret", True),
        ("keyring.backends.Windows", True),
        ("keyring.backends.null", False),
        ("keyring.backends.fail", False),
        ("keyrings.alt.file", False),
        ("keyring.backends.SecretServiceFake", False),
    ],
)
def test_only_keyrings_that_encrypt_are_used(module: str, safe: bool) -> None:
    assert (keyringproc.choose(ring_of(module)) is not None) is safe


def test_the_safe_one_of_a_chain_is_used() -> None:
    class Chain:
        backends = (ring_of("keyrings.alt.file"), ring_of("keyring.backends.SecretService"))

    chosen = keyringproc.choose(Chain())
    assert type(chosen).__module__ == "keyring.backends.SecretService"


def test_a_keyring_that_forgets_is_not_believed() -> None:
    ring = ring_of("keyring.backends.macOS", forgets=True)
    request = {"do": "set", "service": "s", "user": "u", "value": PASSWORD}
    assert keyringproc.answer(request, ring)["error"] == "keyring_missing"  # type: ignore[arg-type]


def test_environment_and_command(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "s", environment={"SHOP": PASSWORD})
    assert secrets.read("env:SHOP") == PASSWORD
    safe = consented(tmp_path / "safe")
    safe.write_text(f"{PASSWORD}\nuser: shop\n")
    assert secrets.read(f"command:cat {safe}") == PASSWORD


def test_a_command_that_is_not_there_is_told_in_the_system_s_words(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="No such file or directory"):
        Secrets(tmp_path / "s").read("command:/no/such/program")


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("env:NOT_THERE", "env_missing"),
        ("command:false", "command_failed"),
        ("command:true", "command_failed"),
        ("command:/no/such/program", "command_failed"),
        ("command:'unbalanced", "command_failed"),
        ("command:", "command_failed"),
        ("plain:gone", "secret"),
        ("nonsense", "secret"),
        ("", "secret"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, reference: str, code: str) -> None:
    with pytest.raises(SecretError) as error:
        Secrets(tmp_path / "s", environment={}).read(reference)
    assert error.value.code == code


def test_a_plain_file_is_the_owner_s_only(tmp_path: Path) -> None:
    file = consented(tmp_path / "data" / "secrets.json")
    secrets = Secrets(file)
    one, two = secrets.keep_plain(PASSWORD), secrets.keep_plain(canary("other"))
    assert (secrets.read(one), secrets.read(two)) == (PASSWORD, canary("other"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    secrets.forget(one)
    assert PASSWORD not in json.loads(file.read_text()).values()
    assert secrets.read(two) == canary("other")


def vault_in(tmp_path: Path, password: str = PASSWORD) -> AccountVault:
    secrets = Secrets(tmp_path / "s", environment={"SHOP": password})
    return AccountVault(secrets, {"password": "env:SHOP"}, tmp_path / "sessions" / "1.json")


@pytest.mark.anyio
async def test_a_session_is_kept_encrypted_and_private(tmp_path: Path) -> None:
    session = {"accessJwt": canary("access"), "did": "did:plc:abc"}
    await vault_in(tmp_path).save_session(session)
    file = tmp_path / "sessions" / "1.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "did:plc" not in file.read_text()
    assert [found.name for found in file.parent.iterdir()] == ["1.json"]
    assert await vault_in(tmp_path).load_session() == session


@pytest.mark.anyio
async def test_what_a_session_knows_is_hidden_but_for_names(tmp_path: Path) -> None:
    """Promise 11; an account's name and its server belong into messages, which are no use without them."""
    token = canary("access")
    names = {
        "did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
        "handle": "pasteleria-dona-lola.bsky.social",
        "server": "https://morel.us-east.host.bsky.network",
        "user": "@Tienda_1=x:matrix.example.org",
        "webfinger": "@tienda@social.example.org",
    }
    await vault_in(tmp_path).save_session({"accessJwt": token, **names})
    for name in names.values():
        assert logs.redact(f"account {name}") == f"account {name}"
    for secret in (token, "eyJhbGciOi.eyJzdWIiOiJkaWQifQ.c2lnbmF0dXJl", "0123456789abcdef0123"):
        await vault_in(tmp_path).save_session({"a": secret})
        assert logs.redact(f"seen: {secret}") == f"seen: {logs.HIDDEN}"


@pytest.mark.anyio
@pytest.mark.parametrize("damage", ["", "{}", "not json", '{"salt": 3, "session": 4}', "[1]"])
async def test_a_damaged_session_or_a_changed_password_means_signing_in_anew(
    tmp_path: Path, damage: str
) -> None:
    await vault_in(tmp_path).save_session({"a": "b"})
    assert await vault_in(tmp_path, "changed").load_session() == {}
    (tmp_path / "sessions" / "1.json").write_text(damage)
    assert await vault_in(tmp_path).load_session() == {}


@pytest.mark.anyio
async def test_an_account_without_its_secret_must_sign_in(tmp_path: Path) -> None:
    vault = AccountVault(Secrets(tmp_path / "s", environment={}), {"password": "env:GONE"}, tmp_path / "x")
    with pytest.raises(AuthRequired) as error:
        await vault.secret("password")
    assert error.value.code == "env_missing"
    with pytest.raises(AuthRequired):
        await vault.secret("other")


@pytest.mark.anyio
async def test_an_account_without_secrets_leaves_no_file(tmp_path: Path) -> None:
    vault = AccountVault(Secrets(tmp_path / "s"), {}, tmp_path / "x")
    await vault.save_session({"a": "b"})
    assert await vault.load_session() == {"a": "b"}
    assert not (tmp_path / "x").exists()


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "logs" / "socialdesk.log"
    logs.start(file)
    yield file
    logs.stop()


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
        ("GET https://api.telegram.org/bot123456:AAF-longtokenlongtokenlong/getMe", "longtoken"),
        ("https://x.example/?access_token=s3cr3t&x=1", "s3cr3t"),
        ('{"refreshJwt": "abc.def.ghi"}', "abc.def.ghi"),
        ("token eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2lnbmF0dXJl here", "c2lnbmF0dXJl"),
        ("https://user:hunter2@x.example/", "hunter2"),
        ("password='hunter2'", "hunter2"),
    ],
)
def test_the_log_holds_nothing_that_looks_like_a_secret(log_file: Path, said: str, secret: str) -> None:
    logging.getLogger("socialdesk.test").warning(said)
    assert secret not in log_file.read_text()
    assert logs.HIDDEN in log_file.read_text()


def test_secrets_that_were_seen_never_reach_the_log(tmp_path: Path, log_file: Path) -> None:
    secrets = Secrets(tmp_path / "s", environment={"SHOP": "p@ss w/slash"})
    value = secrets.read("env:SHOP")
    try:
        local = value  # noqa: F841
        raise ValueError(f"cannot sign in with {value} or p%40ss%20w%2Fslash")
    except ValueError:
        logging.getLogger("socialdesk.test").exception("failed")
    text = log_file.read_text()
    assert "p@ss" not in text and "p%40ss" not in text
    assert "ValueError" in text


@pytest.mark.parametrize(
    "quoted",
    [
        PASSWORD,
        quote(PASSWORD, safe=""),
        quote(PASSWORD),
        quote_plus(PASSWORD).lower().replace(MARK.lower(), MARK),
        json.dumps(PASSWORD),
        json.dumps(PASSWORD, ensure_ascii=False),
        json.dumps(json.dumps({"password": PASSWORD})),
        repr(PASSWORD),
        repr(PASSWORD.encode()),
        PASSWORD.encode().decode("latin-1"),
        json.dumps(repr(PASSWORD.encode().decode("latin-1"))),
        json.dumps(json.dumps(json.dumps(PASSWORD))),
        html.escape(PASSWORD),
        f"the first half of it: {PASSWORD[:12]}",
    ],
)
def test_a_secret_is_known_again_however_it_is_quoted(quoted: str) -> None:
    """Promise 11: servers repeat what they were given, each in its own way, and cut it where they like."""
    logs.hide(PASSWORD)
    assert logs.HIDDEN in logs.redact(f"says: {quoted}")
    assert not betrays(logs.redact(f"says: {quoted}"))
    assert not betrays(logs.safe_detail(f"says: {quoted}"))


def test_no_secret_makes_a_text_slow_to_look_through() -> None:
    """Promise 9: a server cannot stop the engine by what it says. Where it could, this would take hours."""
    for secret in ("\\" * 30 + "x", 'a\\\\"b c', " " * 30, "x" * 900):
        logs.hide(secret)
    for text in ("\\" * 20_000, "a%20" * 5_000, "x" * 20_000, "\\u00f1" * 4_000, "+" * 20_000):
        assert logs.HIDDEN in logs.redact(f"{text} {'x' * 900}")


def test_a_detail_repeats_no_part_of_a_long_token() -> None:
    """Promise 11: what is hidden makes a text shorter, so that a token cut at its limit would come into view."""
    token = canary("long", "x" * 900)
    logs.hide(token)
    assert not betrays(logs.safe_detail(f"{token} " * 9))


def test_an_engine_that_renews_tokens_for_months_remembers_those_in_use() -> None:
    for number in range(logs.MOST + 10):
        logs.hide(f"token {number}")
        if number % 400 == 0:
            logs.hide(PASSWORD)
    assert logs.redact(f"{PASSWORD}!") == f"{logs.HIDDEN}!"
    assert logs.redact("token 0") == "token 0"


def test_what_a_plugin_logs_under_a_name_of_its_own_is_kept_without_secrets(
    log_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Promise 11: else it would go to the standard error as it is, which is the log file too, or a journal."""
    logs.hide("no canary: pytest keeps what is logged as it is")
    said = "signing in with no canary: pytest keeps what is logged as it is"
    logging.getLogger("some_plugin.client").warning(said)
    assert f"some_plugin.client: signing in with {logs.HIDDEN}" in log_file.read_text()
    assert capfd.readouterr().err == ""


def test_the_log_is_private_rotates_and_commands_no_terminal(log_file: Path) -> None:
    log = logging.getLogger("socialdesk.test")
    log.warning("a\x1b]0;title\x07b\nforged line")
    assert "\x1b" not in log_file.read_text()
    assert "\n    forged line" in log_file.read_text()
    for _ in range(25):
        log.warning("word " * 10_000)
    files = sorted(log_file.parent.iterdir())
    assert len(files) > 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_libraries_that_log_addresses_with_tokens_are_silent(log_file: Path) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://x/?access_token=abc")
    logging.getLogger("httpcore.http11").debug("send_request_headers.started")
    assert not log_file.exists() or "HTTP" not in log_file.read_text()


def test_the_keyring_process_answers_in_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"do": "get", "service": "s", "user": "u"})))
    assert keyringproc.main() == 0
    assert json.loads(capsys.readouterr().out)["error"] == "keyring_missing"
