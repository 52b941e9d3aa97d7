"""A desk whose accounts leak (``torture/leaky.py``), processes that work on it, and what they let out."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.canaries import betrays, canary, consented, files_with
from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.storage.database import Database

STORES = ("env", "plain", "command", "env", "plain", "command", "plain", "keyring")
"""The keyring seldom: each question starts a process."""
TESTS = Path(__file__).parents[1]
POINT = "[socialdesk.connectors]\nleaky = leaky:Leaky\n"
CUSTOM = """
import json, os, sys
if "socialdesk.keyringproc" in sys.orig_argv and "NO_RING" not in os.environ:  # what stands for the system's keyring lies in the person's own safe
    import keyring
    from keyring.backends import SecretService
    def kept(): return json.load(open(os.environ["SAFE"] + "/ring.json"))
    class Keyring(SecretService.Keyring):
        priority = 9
        def get_password(self, service, username): return kept().get(username)
        def set_password(self, service, username, password):
            everything = {**kept(), username: password}
            with open(os.environ["SAFE"] + "/ring.json", "w") as file: json.dump(everything, file)
        def delete_password(self, service, username): raise ValueError(username)
    Keyring.__module__ = SecretService.__name__
    keyring.set_keyring(Keyring())
if os.environ.get("BREAK_SCREEN") and "--child" not in sys.orig_argv:
    import threading, time
    def breaks(self):
        password = os.environ["BREAK_SCREEN"]
        raise ValueError("the screen breaks down")
    def watch():
        while not hasattr(sys.modules.get("socialdesk.app"), "DeskApp"): time.sleep(0.01)
        sys.modules["socialdesk.app"].DeskApp.tick = lambda self: breaks(self)
    threading.Thread(target=watch, daemon=True).start()
"""


class Careless:
    """The desk and all that was said on it. ``said`` holds outputs, command lines and environments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plugins, self.safe = folder / "plugins", folder / "safe"
        self.said: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self._ring: dict[str, str] = {}
        self._desk: Desk | None = None
        self.database = Database(paths.find().database)
        self.desk = Desk(self.database, SystemClock(), Config())
        info = self.plugins / "leaky-1.dist-info"
        info.mkdir(parents=True)
        self.safe.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1\n")
        (info / "entry_points.txt").write_text(POINT)
        (self.plugins / "sitecustomize.py").write_text(CUSTOM)

    def add(self, deed: str, store: str, service: str) -> None:
        """Add an account that does this, its password kept there."""
        name = f"{deed.replace('/', '-').replace('_', '-')}-{store}"
        secret = canary(name.replace("-", ""), " día/1+\"%&<\\'ñ")
        match store:
            case "env":
                self.variables[f"PASSWORD_{len(self.variables)}"] = secret
                place = f"PASSWORD_{len(self.variables) - 1}"
            case "command":
                file = consented(self.safe / name)
                file.write_text(secret)
                place = f"cat {file}"
            case "keyring":
                self._ring[name] = secret
                consented(self.safe / "ring.json").write_text(json.dumps(self._ring))
                place = name
            case _:
                file = consented(paths.find().data / "secrets.json")
                known = json.loads(file.read_text()) if file.exists() else {}
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps({**known, name: secret}))
                file.chmod(0o600)
                place = name
        options = {"deed": deed, "service": service, "allow_private": "yes"}
        self.desk.add_account("leaky", name, "Lola", options, {"password": f"{store}:{place}"}, None)

    def environment(self, **more: str) -> dict[str, str]:
        """Return that of the processes; a service manager may have Python tell of crashes."""
        known = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        path = os.pathsep.join(map(str, (self.plugins, TESTS / "torture", TESTS.parent / "src")))
        found = {"PYTHONPATH": path, "SAFE": str(self.safe)}
        return {**known, **found, **self.variables, "PYTHONFAULTHANDLER": "1", "TERM": "xterm", **more}

    def run(self, *words: str, **more: str) -> int:
        """Run a command to its end, and remember what it says."""
        with self.begun(*words, **more) as process:
            out, _ = process.communicate(input="", timeout=120)
        self.said[f"{len(self.said)} socialdesk {' '.join(words)}"] = out
        return process.returncode

    @contextmanager
    def begun(self, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """Start a command, which may leave a core file where it is run; kill it at the end."""
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "socialdesk", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.folder,
            env=self.environment(**more),
            preexec_fn=allow_image,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def found(self) -> list[str]:
        """Return where secrets are that should not be: files below the folder, and what was said."""
        allowed = sorted(self.variables.values(), key=len, reverse=True)
        bad = [str(path.relative_to(self.folder)) for path in files_with(self.folder)]
        for name, text in self.said.items():
            if name.startswith("environ"):
                for value in allowed:
                    text = text.replace(value, "")
            if betrays(text):
                bad.append(f"{name}: {text[:2000]}")
        return bad

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the command lines and environments of all processes of this desk meanwhile."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _watch(self, over: threading.Event) -> None:
        mine = f"SAFE={self.safe}".encode()
        while not over.wait(0.03):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    with suppress(OSError):
                        environ = (process / "environ").read_bytes()
                        if mine in environ:
                            line = (process / "cmdline").read_bytes()
                            self.said[f"environ {line!r}"] = environ.decode(errors="replace")
                            self.said[f"argv {line!r}"] = line.decode(errors="replace")


def allow_image() -> None:
    """Let a process leave a core file, as on a developer's machine."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def careless(folder: Path, deeds: Sequence[str], service: str, stores: Sequence[str] = STORES) -> Careless:
    """Return a desk with an account for each deed, the stores taking turns."""
    made = Careless(folder)
    for number, deed in enumerate(deeds):
        made.add(deed, stores[number % len(stores)], service)
    return made
