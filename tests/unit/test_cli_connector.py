"""The beginning of a connector is written whole, and works as it stands (issue 6, point 7)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import socialdesk
from helpers.commands import Run
from socialdesk.connectors import registry, template

SOURCES = Path(socialdesk.__file__).parent.parent
TOOLS = Path(sys.executable).parent


@pytest.fixture
def plugin(run: Run, tmp_path: Path) -> Path:
    """A package for a channel with the longest name."""
    folder = tmp_path / "plugin"
    written = run("connector", "new", "a_network_with_a_long_name_012", "--to", str(folder))
    assert written.code == 0 and str(folder) in written.out
    return folder


def _installed(plugin: Path) -> dict[str, str]:
    """Return the environment of a machine on which pip has installed that package."""
    (package,) = (plugin / "src").iterdir()
    information = plugin / "src" / f"{package.name}-0.1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package.name}\nVersion: 0.1\n")
    entry = (plugin / "pyproject.toml").read_text().split('"socialdesk.connectors"]\n')[1].split("\n")[0]
    (information / "entry_points.txt").write_text(f"[socialdesk.connectors]\n{entry.replace(chr(34), '')}\n")
    return {**os.environ, "PYTHONPATH": f"{plugin / 'src'}{os.pathsep}{SOURCES}"}


def _quietly(plugin: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(words, cwd=plugin, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_tests_pass_at_once_and_it_is_found(plugin: Path) -> None:
    """Without any network: the suite, the recorded answers and the entry point."""
    environment = _installed(plugin)
    python = (sys.executable, "-W", "error", "-m")
    told = _quietly(plugin, *python, "pytest", "-q", "-p", "no:cacheprovider", environment=environment)
    assert " passed" in told and "failed" not in told
    told = _quietly(plugin, *python, "socialdesk", "connector", "list", "--json", environment=environment)
    assert '"a_network_with_a_long_name_012"' in told


def test_it_is_in_order(plugin: Path) -> None:
    """Format, lint and strict types: whoever begins with it begins clean."""
    _quietly(plugin, str(TOOLS / "ruff"), "format", "--check", "--no-cache", ".")
    _quietly(plugin, str(TOOLS / "ruff"), "check", "--no-cache", ".")
    environment = {**os.environ, "MYPYPATH": f"src:tests:{SOURCES}"}
    _quietly(plugin, str(TOOLS / "mypy"), environment=environment)


@pytest.mark.parametrize(
    "name", ["Chirp", "2chirp", "chirp-net", "chirp__net", "class", "ñandú", "..", "a" * 31]
)
def test_a_name_is_one_that_python_and_packages_can_bear(run: Run, tmp_path: Path, name: str) -> None:
    refused = run("connector", "new", name, "--to", str(tmp_path / "plugin"))
    assert refused.code == 2 and "is expected" in refused.err
    assert not (tmp_path / "plugin").exists()


def test_nobody_takes_a_name_that_is_taken(run: Run, tmp_path: Path) -> None:
    refused = run("connector", "new", "mail", "--to", str(tmp_path / "plugin"))
    assert refused.code == 1 and "of that name already" in refused.err
    assert not (tmp_path / "plugin").exists()


def test_a_folder_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plugin").mkdir()
    refused = run("connector", "new", "chirp", "--to", str(tmp_path / "plugin"))
    assert refused.code == 1 and "exists already" in refused.err
    assert not list((tmp_path / "plugin").iterdir())


def test_the_folder_is_named_after_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("connector", "new", "chirp_net").code == 0
    assert (tmp_path / "socialdesk-chirp-net" / "pyproject.toml").is_file()


def test_nothing_half_written_stays(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full half-way: no folder, nor the beginning of one."""
    whole = list(template.filled("chirp"))

    def until_the_disk_is_full(_name: str) -> object:
        yield whole[0]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(template, "filled", until_the_disk_is_full)
    here = sorted(tmp_path.iterdir())
    refused = run("connector", "new", "chirp", "--to", str(tmp_path / "plugin"))
    assert refused.code == 1 and "No space left" in refused.err
    assert sorted(tmp_path.iterdir()) == here


def test_the_list_tells_what_cannot_be_used_and_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = registry.Entry("newer", "newer", "speaks version 2 of the contract", 2, "socialdesk-newer")
    monkeypatch.setattr(registry, "catalog", lambda: [registry.Entry("good", "Good", "", 1, "x"), newer])
    shown = run("connector", "list").out
    assert "newer" in shown and "speaks version 2" in shown and "ready" in shown
    good, bad = run("connector", "list", "--json").json
    assert (good["available"], good["contract"]) == (True, 1)
    assert (bad["available"], bad["contract"], bad["package"]) == (False, 2, "socialdesk-newer")


def test_ours_speak_this_version() -> None:
    ours = [entry for entry in registry.catalog() if entry.package == "socialdesk"]
    assert {"bluesky", "mail", "demo"} <= {entry.name for entry in ours}
    assert {(entry.contract, entry.reason) for entry in ours} == {(1, "")}
