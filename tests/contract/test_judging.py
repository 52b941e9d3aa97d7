"""Requests to X, YouTube and Google are judged by what is published of them (issue 7, point 8): the judge says no where it must.

Every request of these connectors' tests passes it, because the stand-ins ask it first.
"""

from __future__ import annotations

import json

import httpx
import pytest

from contract.judging import judge

COMMENTS = "https://www.googleapis.com/youtube/v3/comments"
X = "https://api.x.com/2"
ANSWER = {"snippet": {"parentId": "Ug1", "textOriginal": "Hola"}}
REPLY = {"text": "Hola", "reply": {"in_reply_to_tweet_id": "1"}}


def asked(method: str, url: str, body: object = None) -> httpx.Request:
    """A request."""
    return httpx.Request(method, url, content=b"" if body is None else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("youtube", asked("GET", f"{COMMENTS}?part=snippet&parentId=Ug1&maxResults=100")),
        ("youtube", asked("POST", f"{COMMENTS}?part=snippet", ANSWER)),
        ("x", asked("GET", f"{X}/users/9/mentions?since_id=1&max_results=5")),
        ("x", asked("POST", f"{X}/tweets", REPLY)),
        ("x", asked("POST", f"{X}/dm_conversations/1-2/messages", {"text": "Hola"})),
        (
            "google",
            asked("GET", "https://mybusinessaccountmanagement.googleapis.com/v1/accounts?pageSize=20"),
        ),
    ],
)
def test_what_is_published_passes(name: str, request_: httpx.Request) -> None:
    judge(name, request_)


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("youtube", asked("GET", f"{COMMENTS}?parentId=Ug1")),
        ("youtube", asked("GET", f"{COMMENTS}?part=snippet&parentId=Ug1&maxResults=101")),
        ("youtube", asked("GET", f"{COMMENTS}?part=snippet&moderationStatus=heldForReview")),
        ("youtube", asked("GET", f"{COMMENTS}?part=snippet&textFormat=text")),
        ("youtube", asked("PATCH", f"{COMMENTS}?part=snippet", ANSWER)),
        ("youtube", asked("POST", f"{COMMENTS}?part=snippet")),
        ("youtube", asked("POST", f"{COMMENTS}?part=snippet", {"snippet": {"text": "Hola"}})),
        ("youtube", asked("POST", f"{COMMENTS}?part=snippet", {"snippet": {"textOriginal": 7}})),
        ("x", asked("GET", f"{X}/users/tienda/mentions")),
        ("x", asked("GET", f"{X}/users/9/mentions?max_results=4")),
        ("x", asked("GET", f"{X}/users/9/mentions?tweet.fields=likes")),
        ("x", asked("GET", f"{X}/dm_events?since_id=1")),
        ("x", asked("GET", f"{X}/tweets?ids={','.join(['1'] * 101)}")),
        ("x", asked("POST", f"{X}/tweets", {**REPLY, "in_reply_to": "1"})),
        ("google", asked("GET", "https://mybusinessaccountmanagement.googleapis.com/v1/accounts?max=20")),
    ],
)
def test_what_is_not_published_does_not(name: str, request_: httpx.Request) -> None:
    with pytest.raises(AssertionError):
        judge(name, request_)
