"""Bluesky's reference network on this machine: PostgreSQL, Redis and the servers, on free ports in a folder of its own.

Each process hangs on a pipe: when the tests end, however they end, it is told to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
LIVE = Path(os.environ.get("SOCIALDESK_LIVE", HERE.parent.parent / ".live"))
_PATIENCE = 150.0
_UNTIL_EOF = '"$@" & child=$!; cat >/dev/null; kill -{signal} $child; wait $child'


class NotInstalled(Exception):
    """What is missing, in words for the person who runs the tests."""


def postgres_bin() -> Path:
    """Return the folder of PostgreSQL's programs; Debian keeps them out of the way."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    if found is None:
        raise NotInstalled("PostgreSQL is not installed; run tests/live/install.sh")
    return Path(found).parent


def check_installed() -> None:
    """Raise ``NotInstalled`` with the first thing that is missing."""
    postgres_bin()
    for program in ("redis-server", "node"):
        if shutil.which(program) is None:
            raise NotInstalled(f"{program} is not installed; run tests/live/install.sh")
    if not (LIVE / "node_modules" / "@atproto" / "dev-env").exists():
        raise NotInstalled("Bluesky's reference network is not installed; run tests/live/install.sh")


@contextlib.contextmanager
def reference_network() -> Iterator[str]:
    """Run the network; gives the address of the accounts' server. Raises ``NotInstalled``."""
    check_installed()
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="socialdesk-live-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)
        database = stack.enter_context(_postgres(folder))
        redis = stack.enter_context(_redis(folder))
        yield stack.enter_context(_bluesky(folder, database, redis))


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    data, programs = folder / "postgres", postgres_bin()
    data.mkdir()
    prefix: list[str] = []
    if os.geteuid() == 0:  # it refuses to run as root
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(data, "postgres", "postgres")
    port = _free_port()
    subprocess.run(
        [
            *prefix,
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "pg",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    options = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"]
    with _running([*prefix, str(programs / "postgres"), *options], folder / "postgres.log", signal.SIGQUIT):
        _await_port(port)
        yield f"postgresql://pg@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    port = _free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _running(["redis-server", *options], folder / "redis.log"):
        _await_port(port)
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def _bluesky(folder: Path, database: str, redis: str) -> Iterator[str]:
    ports = [str(_free_port()) for _ in range(4)]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "SOCIALDESK_LIVE": str(LIVE),
        "DB_POSTGRES_URL": database,
        "REDIS_HOST": redis,
        "LOG_ENABLED": "false",
    }
    command = ["node", "--require", str(HERE / "loopback.cjs"), str(HERE / "network.cjs"), *ports]
    log = folder / "bluesky.log"
    with _running(command, log, environment=environment) as process:
        yield str(json.loads(_first_line(process, log))["pds"])


@contextlib.contextmanager
def _running(
    command: list[str],
    log: Path,
    stop: signal.Signals = signal.SIGTERM,
    environment: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block, or this process, ends. Its output goes to ``log``."""
    script = _UNTIL_EOF.format(signal=stop.name.removeprefix("SIG"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", script, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(BrokenPipeError):
            _pipe(process).close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _pipe(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


def _first_line(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        line = next((one for one in log.read_text().splitlines() if one.startswith('{"pds"')), None)
        if line is not None:
            return line
        time.sleep(0.1)
    raise AssertionError(f"the network did not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
