"""Files that several threads write at once lose nothing (promise 11 of docs/reliability.md)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from socialdesk.cli.output import WIDEST, cells, print_table
from socialdesk.privatefile import replace
from socialdesk.secrets import Secrets


def test_secrets_that_are_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    """Two accounts that are added at the same moment both keep their password."""
    place = tmp_path / "secrets.json"

    def keep(number: int) -> str:
        return Secrets(place, environment={}).keep_plain(f"wort {number}")

    with ThreadPoolExecutor(8) as threads:
        references = list(threads.map(keep, range(80)))
    secrets = Secrets(place, environment={})
    assert [secrets.read(one) for one in references] == [f"wort {number}" for number in range(80)]


def test_a_file_that_is_replaced_at_once_is_one_of_them(tmp_path: Path) -> None:
    """Never a mixture, and no draft is left."""
    place = tmp_path / "files" / "file.json"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: replace(place, json.dumps([number] * 500).encode()), range(80)))
    assert len(set(json.loads(place.read_bytes()))) == 1
    assert [path.name for path in place.parent.iterdir()] == ["file.json"]


def test_an_endless_name_makes_no_endless_table(capsys: pytest.CaptureFixture[str]) -> None:
    """L5: only the last column may be long where nobody reads it on a terminal."""
    print_table(("ID", "CUSTOMER", "MESSAGE"), [(1, "x" * 65_000, "hola"), (2, "Ana", "y" * 300)])
    head, first, second = capsys.readouterr().out.splitlines()
    assert cells(first) <= 2 * WIDEST and "y" * 300 in second and head.startswith("ID")
