"""The watch over pretended secrets bites (promise 11 of docs/reliability.md): a run that lets one out is red."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.canaries import betrays, canary, consented, files_with

RUN = """
from helpers.canaries import canary, consented, no_canary_escapes, pytest_runtest_logreport
"""
DEEDS = {
    "writes": "def test(tmp_path): (tmp_path / 'leak').write_bytes(b'x' * 9000 + canary('a').encode())",
    "prints": "def test(): print(canary('a'))",
    "logs": "def test():\n import logging\n logging.getLogger('x').warning(canary('a'))",
    "overheard": "def test(capsys): print(canary('a')); assert capsys.readouterr().out",
    "consented": "def test(tmp_path): consented(tmp_path / 'leak').write_text(canary('a'))",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_run_that_lets_a_secret_out_is_red(tmp_path: Path, deed: str) -> None:
    (tmp_path / "conftest.py").write_text(RUN)
    (tmp_path / "test_it.py").write_text(f"{RUN}\n{DEEDS[deed]}\n")
    consented(tmp_path / "run" / "test0" / "leak")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "run")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout
    assert (done.returncode == 0) is (deed == "consented"), done.stdout
    assert deed == "consented" or "secrets were" in done.stdout


@pytest.mark.parametrize("lead", range(3))
def test_base64_hides_no_secret(lead: int) -> None:
    assert betrays(base64.b64encode(b"u" * lead + canary("basic").encode()))
    assert not betrays(base64.b64encode(b"correct horse battery staple"))


def test_what_is_found_is_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        consented(tmp_path / name).write_text(canary("x"))
    assert files_with(tmp_path) == []
    (tmp_path / "b").rename(tmp_path / "c")
    assert files_with(tmp_path) == [tmp_path / "c"]
    (tmp_path / "c").unlink()
