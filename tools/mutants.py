"""Do the tests bite? Puts faults into a copy of the program, one at a time; its tests have to notice (promise 16).

Run as ``python tools/mutants.py [--sample N] [--seed S] [--only FILE] [--keep FILE] [GROUP ...]``. Only tests that
reach the changed function run, the quick ones first, in processes forked from one that has the libraries loaded.
Prints every survivor; ``--keep`` writes them down, ``--only`` runs those again.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from faults import PACKAGE, Fault, faults

GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "outbox": (
        ("domain/outbox", "storage/outbox", "storage/steps", "sync/send"),
        (
            "outbox_steps",
            "outbox_due",
            "domain_rules",
            "engine_send",
            "send_pace",
            "engine_following",
            "private",
            "audit",
            "no_room",
        ),
    ),
    "receive": (
        ("sync/receive", "storage/inbox", "storage/ingest"),
        (
            "receive_steps",
            "storage_ingest",
            "engine_receive",
            "forgotten",
            "engine_following",
            "desk_actions",
        ),
    ),
    "scrub": (("domain/text",), ("text", "text_classes")),
    "secrets": (("secrets", "keyringproc"), ("secrets", "secret_places", "keyring_process", "file_modes")),
}
"""The modules of each group, and the files of tests/unit that are about them."""
LIBRARIES = (
    "pytest",
    "sqlalchemy",
    "sqlmodel",
    "httpx",
    "alembic.command",
    "hypothesis",
    "anyio",
    "textual.app",
)
NEAR = 3
"""So many of a group's files are tried before the others."""
MOST = 10.0
"""Seconds of tests for one fault, the quick ones first; what is left out could only notice more."""
PATIENCE = 300.0
"""Seconds that the tests of one fault may take; more counts as noticed."""
Reached = dict[str, dict[str, float]]
"""The tests that reach a function ("module:function", or "module:" for all of it), with their seconds."""


class Watcher:
    """Notes which test reaches which function, in copies of the modules that tell (``telling``)."""

    def __init__(self, into: Path) -> None:
        self.into, self.reached, self.current = into, {}, set()  # type: tuple[Path, Reached, set[str]]
        sys.reached = self.current  # type: ignore[attr-defined]

    def pytest_runtest_setup(self) -> None:
        """Begin anew with each test."""
        self.current.clear()

    def pytest_runtest_logreport(self, report: object) -> None:
        """Keep what a test reached."""
        if getattr(report, "when", "") == "call":
            for place in self.current:
                for name in (place, f"{place.partition(':')[0]}:"):
                    self.reached.setdefault(name, {})[report.nodeid] = report.duration  # type: ignore[attr-defined]

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write it down, where the tests pass as they should."""
        assert exitstatus == 0, "the tests fail without any fault"
        self.into.write_text(json.dumps(self.reached))


def telling(module: str) -> str:
    """Return the text of a module whose functions tell when they are reached."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))

    def visit(node: ast.AST, where: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = where
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{where}.{child.name}".strip(".")
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                told = f"getattr(__import__('sys'), 'reached', set()).add('{module}:{name}')"
                child.body.insert(1 if ast.get_docstring(child) is not None else 0, ast.parse(told).body[0])
            visit(child, name)

    visit(tree, "")
    return ast.unparse(ast.fix_missing_locations(tree))


def apart(work: Callable[[], int], limit: float) -> int:
    """Do the work in a forked process; returns its exit code, that of a kill where it took too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        try:
            os._exit(work())
        finally:
            os._exit(1)  # never back into the caller's own affairs
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if (done := os.waitpid(child, os.WNOHANG))[0]:
            return os.waitstatus_to_exitcode(done[1])
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test(*arguments: str, watcher: Watcher | None = None) -> int:
    """Run tests in this process, in the current folder."""
    import pytest

    return int(
        pytest.main(
            ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore:Module already imported", *arguments],
            [watcher] if watcher else [],
        )
    )


def reach(copy: Path, group: str) -> Reached:
    """Return which tests reach what, by running them once without a fault."""
    modules, files = GROUPS[group]
    into = copy / f"reached-{group}.json"
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for module in modules:
        (copy / "src/socialdesk" / f"{module}.py").write_text(telling(module), "utf-8")
    paths = [f"tests/unit/test_{name}.py" for name in files]
    apart(lambda: test(*paths, watcher=Watcher(into)), 1800)
    for module in modules:
        original(copy, module)
    sys.dont_write_bytecode = True  # a module of the same length and second would be taken for the one before
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    return dict(json.loads(into.read_text()))


def original(copy: Path, module: str) -> None:
    """Put a module back as it is, and away what was compiled of it."""
    path = copy / "src/socialdesk" / f"{module}.py"
    shutil.copy(PACKAGE / f"{module}.py", path)
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()


def survives(copy: Path, fault: Fault, reached: Reached, near: Collection[str]) -> bool:
    """Say whether no test notices the fault: first those in the files that are ``near`` it, then all others."""
    within = reached.get(f"{fault.module}:{fault.function}")
    tests = within or reached.get(f"{fault.module}:", {})
    path = copy / "src/socialdesk" / f"{fault.module}.py"
    path.write_text(fault.text, "utf-8")
    close = quick((name for name in tests if _file(name) in near), tests)
    if within is None:  # a table, an enumeration, a pattern: tests may use it without calling anything here
        close = [f"tests/unit/{name}.py" for name in near]
    others = quick((name for name in tests if _file(name) not in near), tests)
    try:
        return not any(some and apart(partial(test, *some), PATIENCE) for some in (close, others))
    finally:
        original(copy, fault.module)


def _file(test: str) -> str:
    return Path(test.partition("::")[0]).stem


def quick(names: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the quickest of the tests, as many as take ``MOST`` seconds together."""
    ordered = sorted(names, key=lambda name: seconds[name])
    until = itertools.accumulate(seconds[name] for name in ordered)
    return [name for name, end in zip(ordered, until, strict=True) if end < MOST]


def copied(folder: str) -> Path:
    """Return a copy of the program and its tests, which this process and its children use from now on."""
    copy, here = Path(folder, "copy"), PACKAGE.parent.parent
    for name in ("src", "tests"):
        shutil.copytree(
            here / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    shutil.copy(here / "pyproject.toml", copy)
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy / "src")
    sys.path[:0] = [str(copy / "src"), str(copy / "tests")]
    for name in LIBRARIES:
        importlib.import_module(name)
    return copy


def chosen(group: str, sample: int, seed: int, only: Path | None) -> list[Fault]:
    """Return the faults of a group that are to be tried."""
    found = [fault for module in GROUPS[group][0] for fault in faults(module)]
    if only is not None:
        wanted = set(only.read_text("utf-8").splitlines())
        return [fault for fault in found if str(fault) in wanted]
    if not sample or sample >= len(found):
        return found
    return sorted(random.Random(f"{seed}{group}").sample(found, sample))


def main() -> int:
    """Try the groups named, or all; the exit code says whether each of them has 85 % noticed."""
    parser = argparse.ArgumentParser(description="Do the tests bite?")
    parser.add_argument("groups", nargs="*", default=list(GROUPS), metavar="GROUP")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SOCIALDESK_SEED") or 1))
    parser.add_argument("--only", type=lambda text: Path(text).resolve())
    parser.add_argument("--keep", type=lambda text: Path(text).resolve())
    given, alive, enough = parser.parse_args(), [], True
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(folder)
        for group in given.groups:
            tried, reached = chosen(group, given.sample, given.seed, given.only), reach(copy, group)
            left, near = [], [f"test_{name}" for name in GROUPS[group][1][:NEAR]]
            for fault in tried:
                if survives(copy, fault, reached, near):
                    left.append(fault)
                    print(f"survived  {fault}", flush=True)
            killed = len(tried) - len(left)
            print(f"{group}: {killed} of {len(tried)} noticed (seed {given.seed})", flush=True)
            alive += left
            enough &= killed >= 0.85 * len(tried)
    if given.keep:
        given.keep.write_text("".join(f"{fault}\n" for fault in alive), "utf-8")
    return 0 if enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
