"""What X's, Google's and YouTube's connectors ask, held against what these three publish of their APIs (issue 7, point 8).

The tests of the three are run once more, and every request that they make but for the sign-in is judged: the call is there, so is each of its
parameters, with values of its kind, and each field of its body.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from live import publishedbyx
from live.judging import Asked, Operation, asked_in, fits
from live.publishedbygoogle import Document
from live.servers import LIVE
from socialdesk.connectors.x import naming

pytestmark = pytest.mark.live
TESTS = Path(__file__).parent.parent
PUBLISHED = LIVE / "published"


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """Skip where nothing is there to judge by."""
    if not (PUBLISHED / "google").exists() and not os.environ.get("SOCIALDESK_LIVE_ALL"):
        pytest.skip("what X and Google publish is not installed; run tests/live/install.sh")


def requests_of(names: str, folder: Path) -> list[Asked]:
    """Run a connector's tests and return what they asked."""
    file = folder / "asked.jsonl"
    tests = [str(one) for one in sorted((TESTS / "contract").glob(f"test_{names}_*.py"))]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "live.asked", "-n", "0"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "SOCIALDESK_ASKED": str(file)}
    done = subprocess.run(
        [*command, "-m", "not live and not torture", *tests],
        cwd=TESTS.parent,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return asked_in(file.read_text(encoding="utf-8"))


def judged(
    asked: list[Asked], operations: list[Operation], body: Callable[[str, Any], list[str]]
) -> Counter[str]:
    """Return how often each call was made; fails over any that the network does not know so."""
    made: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for one in asked:
        call = _best(one, operations)
        if call is None:
            faults[f"{one.method} {one.path}: no such call ({one.test})"] += 1
            continue
        made[f"{call.method} {call.path}"] += 1
        wrong = call.faults(one) + (body(call.body, one.body) if call.body and one.body is not None else [])
        faults.update(f"{call.method} {call.path}: {fault} ({one.test})" for fault in wrong)
    assert not faults, "\n".join(faults)
    for name, times in sorted(made.items()):
        print(f"{times:6} {name}")
    return made


def _best(asked: Asked, operations: list[Operation]) -> Operation | None:
    """Return the call that a request is; of several the one with the fewest places in its address."""
    same = [one for one in operations if one.method == asked.method and fits(asked.path, one.path)]
    return min(same, key=lambda one: one.path.count("{"), default=None)


def test_x_knows_every_call(tmp_path: Path) -> None:
    """Under the names of its documentation, and the same questions under those of its newer specification."""
    asked = [one for one in requests_of("x", tmp_path) if one.host == "api.x.com"]
    former, present = PUBLISHED / "x-former", PUBLISHED / "x"
    calls = publishedbyx.operations(present)

    def body(kind: str, value: Any) -> list[str]:
        return publishedbyx.body_faults(present, kind, value)

    documented = [one for one in asked if {"tweet.fields", "dm_event.fields"} & dict(one.query).keys()]
    others = [one for one in asked if one not in documented]
    judged(documented, publishedbyx.operations(former), body)
    again = [replace(one, query=tuple(naming.newer(dict(one.query)).items())) for one in documented]
    made = judged([*others, *again], calls, body)
    assert {"POST /2/tweets", "GET /2/dm_events", "GET /2/tweets", "GET /2/tweets/search/recent"} <= set(made)


def test_youtube_knows_every_call(tmp_path: Path) -> None:
    """By its discovery document."""
    document = Document(PUBLISHED / "google", "youtube.v3")
    made = judged(requests_of("youtube", tmp_path), document.operations, document.body_faults)
    assert {"POST /youtube/v3/comments", "GET /youtube/v3/commentThreads"} <= set(made)


def test_google_knows_the_calls_for_accounts_and_businesses(tmp_path: Path) -> None:
    """Those for reviews are published for nobody else to read."""
    asked = [one for one in requests_of("google", tmp_path) if one.host.startswith("mybusiness")]
    for name in ("mybusinessaccountmanagement", "mybusinessbusinessinformation"):
        document = Document(PUBLISHED / "google", f"{name}.v1")
        assert judged(
            [one for one in asked if one.host.startswith(f"{name}.")],
            document.operations,
            document.body_faults,
        )


def test_the_judge_bites() -> None:
    """A wrong parameter, a wrong value, a field that nobody knows, a call that is not there."""
    present, youtube = PUBLISHED / "x", Document(PUBLISHED / "google", "youtube.v3")
    calls = publishedbyx.operations(present)
    mentions = Asked(
        "GET",
        "api.x.com",
        "/2/users/1/mentions",
        (("max_results", "4"), ("post.fields", "id,words"), ("since", "1")),
        None,
        "",
    )
    (call,) = [one for one in calls if one.path == "/2/users/{id}/mentions"]
    assert len(call.faults(mentions)) == 3
    (posting,) = [one for one in calls if (one.method, one.path) == ("POST", "/2/tweets")]
    wrong = {"text": 1, "reply": {"in_reply_to": "1"}}
    assert len(publishedbyx.body_faults(present, posting.body, wrong)) == 3
    assert _best(Asked("GET", "api.x.com", "/2/nothing", (), None, ""), calls) is None
    threads = Asked(
        "GET", "", "/youtube/v3/commentThreads", (("maxResults", "101"), ("order", "newest")), None, ""
    )
    listing = _best(threads, youtube.operations)
    assert listing is not None and len(listing.faults(threads)) == 3
    assert youtube.body_faults("Comment", {"snippet": {"text": "x"}}) == ["CommentSnippet has no text"]
