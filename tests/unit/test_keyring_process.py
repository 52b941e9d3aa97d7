"""The process that talks to the system's keyring, on keyrings of the test's own (promises 11, 12 and 16)."""

from __future__ import annotations

import io
import json
import sys
from types import ModuleType
from typing import Any

import pytest

from helpers.canaries import canary
from socialdesk import keyringproc

SAFE = "keyring.backends.macOS"
SECRET_SERVICE = "keyring.backends.SecretService"


class Ring:
    """A keyring that remembers by service and user, and what it was asked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def ring_from(module: str) -> Ring:
    found: Ring = type("Ring", (Ring,), {"__module__": module})()
    return found


def request(do: str, value: str = "", **more: Any) -> dict[str, Any]:
    return {"do": do, "service": "s", "user": "u", "value": value, **more}


def test_a_secret_is_kept_given_and_deleted_under_its_own_name() -> None:
    ring = ring_from(SAFE)
    secret = canary("ring")
    assert keyringproc.answer(request("set", secret), ring) == {"value": None}
    assert ring.kept == {("s", "u"): secret}
    assert keyringproc.answer(request("get"), ring) == {"value": secret}
    assert keyringproc.answer(request("delete"), ring) == {"value": None}
    assert ring.kept == {}


def test_what_is_not_there_is_nothing_and_can_be_deleted_twice() -> None:
    ring = ring_from(SAFE)
    assert keyringproc.answer(request("get"), ring) == {"value": None}
    assert keyringproc.answer(request("delete"), ring) == {"value": None}


def test_a_keyring_that_keeps_something_else_is_not_believed() -> None:
    ring = ring_from(SAFE)
    ring.set_password = lambda *_: ring.kept.update({("s", "u"): "other"})  # type: ignore[method-assign]
    told = keyringproc.answer(request("set", canary("ring")), ring)
    assert told == {"error": "keyring_missing", "detail": "read back something else"}


def test_an_unknown_request_is_refused() -> None:
    assert keyringproc.answer(request("list"), ring_from(SAFE))["error"] == "keyring_missing"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A Secret Service whose state the test sets: locked, unlocked or without a keyring; it notes how it was left."""
    state: dict[str, Any] = {"locked": True, "closed": 0}

    class Absent(Exception):
        pass

    class Bus:
        def close(self) -> None:
            state["closed"] += 1

    class Collection:
        def __init__(self, bus: Bus) -> None:
            if state["locked"] is None:
                raise Absent

        def is_locked(self) -> bool:
            return bool(state["locked"])

    module = ModuleType("secretstorage")
    vars(module).update(dbus_init=Bus, Collection=Collection, ItemNotFoundException=Absent)
    monkeypatch.setitem(sys.modules, "secretstorage", module)
    return state


@pytest.mark.parametrize("locked", [True, None])
def test_a_locked_keyring_or_none_yet_is_told_and_asks_nobody(
    service: dict[str, Any], locked: bool | None
) -> None:
    """Promise 12: it would open a window that nobody may see, and wait for it."""
    service["locked"] = locked
    ring = ring_from(SECRET_SERVICE)
    told = keyringproc.answer(request("get"), ring)
    assert told == {"error": "keyring_locked", "detail": ""}
    assert ring.asked == [] and service["closed"] == 1


def test_an_unlocked_one_answers(service: dict[str, Any]) -> None:
    service["locked"] = False
    ring = ring_from(SECRET_SERVICE)
    ring.kept["s", "u"] = "x"
    assert keyringproc.answer(request("get", patient=False), ring) == {"value": "x"}
    assert service["closed"] == 1


def test_a_patient_caller_lets_it_ask_its_owner(service: dict[str, Any]) -> None:
    assert keyringproc.answer(request("get", patient=True), ring_from(SECRET_SERVICE)) == {"value": None}


def test_only_a_secret_service_is_asked_whether_it_is_locked(service: dict[str, Any]) -> None:
    assert keyringproc.answer(request("get"), ring_from(SAFE)) == {"value": None}
    assert service["closed"] == 0


@pytest.mark.parametrize("module", [*keyringproc.SAFE, *(f"{safe}.inner" for safe in keyringproc.SAFE)])
def test_a_safe_keyring_is_taken_as_it_is(module: str) -> None:
    ring = ring_from(module)
    assert keyringproc.choose(ring) is ring


def test_a_chain_without_a_safe_one_is_none_and_an_empty_one_stands_for_itself() -> None:
    chain = type("Chain", (), {"__module__": "keyring.backends.chainer", "backends": (ring_from("other"),)})
    assert keyringproc.choose(chain()) is None
    empty = type("Chain", (), {"__module__": SAFE, "backends": ()})()
    assert keyringproc.choose(empty) is empty


def told_by_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ring: object, asked: dict[str, Any]
) -> Any:
    import keyring

    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    assert keyringproc.main() == 0
    return json.loads(capsys.readouterr().out)


def test_the_process_carries_out_its_one_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = ring_from(SAFE)
    ring.kept["s", "u"] = "x"
    assert told_by_the_process(monkeypatch, capsys, ring, request("get")) == {"value": "x"}


def test_the_process_names_a_keyring_that_it_does_not_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = told_by_the_process(monkeypatch, capsys, ring_from("keyrings.alt.file"), request("get"))
    assert told == {"error": "keyring_missing", "detail": "keyrings.alt.file.Ring"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("KeyringLocked", "keyring_locked"),
        ("InitError", "keyring_locked"),
        ("LockedException", "keyring_locked"),
        ("PromptDismissedException", "keyring_locked"),
        ("RuntimeError", "keyring_missing"),
    ],
)
def test_a_keyring_that_fails_is_told_by_the_kind_of_its_error_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, code: str
) -> None:
    """Promise 11: what a backend says of its failure may quote what it was given."""
    ring = ring_from(SAFE)
    error = type(kind, (Exception,), {})

    def fail(service: str, username: str, password: str) -> None:
        raise error(password)

    ring.set_password = fail  # type: ignore[method-assign]
    told = told_by_the_process(monkeypatch, capsys, ring, request("set", canary("quoted")))
    assert told == {"error": code, "detail": kind}
