"""The tests cannot touch the person's own desk, keyring or network."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialdesk import paths


def test_everything_lies_in_the_tests_own_folder(tmp_path: Path) -> None:
    places = paths.find()
    assert places.database.is_relative_to(tmp_path)
    assert places.config_file.is_relative_to(tmp_path)
    assert Path.home().is_relative_to(tmp_path)


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as probe, pytest.raises(AssertionError):
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError):
        socket.getaddrinfo("bsky.social", 443)


def test_this_machine_is_in_reach() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_the_zone_is_madrids() -> None:
    assert datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone().tzname() == "CEST"
