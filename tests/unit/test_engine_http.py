"""The connectors' HTTP client: it goes where it may, takes what it can hold, and knows what has left."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from socialdesk import __version__
from socialdesk.errors import Rejected
from socialdesk.sync.addresses import is_public
from socialdesk.sync.http import MAX_ANSWER, Traffic, make_client, traffic
from socialdesk.sync.trouble import of_attempt

pytestmark = pytest.mark.anyio

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> httpx.AsyncClient:
    return make_client(transport=httpx.MockTransport(answer))


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """Serve a greeting on this machine."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nhola")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("::7f00:1", False),
        ("::ffff:0:127.0.0.1", False),
        ("fec0::1", False),
    ],
)
async def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_an_address_on_this_machine_is_refused_unless_allowed() -> None:
    async with server() as address:
        async with make_client(allow_private=True) as allowed:
            assert (await allowed.get(address)).text == "hola"
        port = httpx.URL(address).port
        async with make_client() as strict:
            for host in ("127.0.0.1", "localhost", "[::1]"):
                with pytest.raises(Rejected) as error:
                    await strict.get(f"https://{host}:{port}/")
                assert error.value.code == "private_address"
            with pytest.raises(Rejected) as error:
                await strict.get(address)
            assert error.value.code == "insecure_address"


async def test_it_names_itself_and_ignores_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    async with client(answer) as http:
        await http.get("https://net.example/")
    assert seen[0].headers["user-agent"] == f"socialdesk/{__version__}"


async def test_redirects_stay_on_their_host() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        targets = {"/here": "/there", "/away": "https://other.example/", "/down": "http://net.example/there"}
        if request.url.path in targets:
            return httpx.Response(302, headers={"location": targets[request.url.path]})
        if request.url.path == "/round":
            return httpx.Response(302, headers={"location": "/round"})
        return httpx.Response(200, text=request.url.host)

    async with client(answer) as http:
        assert (await http.get("https://net.example/here")).text == "net.example"
        assert (await http.get("https://net.example/away")).status_code == 302
        assert (await http.get("https://net.example/down")).status_code == 302
        assert (await http.post("https://net.example/here")).status_code == 302
        with pytest.raises(httpx.TooManyRedirects):
            await http.get("https://net.example/round")


async def test_answers_are_capped_after_decompression() -> None:
    bomb = gzip.compress(b"\0" * (MAX_ANSWER + 1))

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/bomb":
                return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Bytes(bomb))
            case "/big":
                return httpx.Response(200, stream=Bytes(b"\0" * (MAX_ANSWER + 1)))
            case "/torn":
                return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Bytes(b"not gzip"))
            case "/odd":
                return httpx.Response(200, headers={"content-encoding": "br"}, stream=Bytes(b"?"))
        return httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=Bytes(gzip.compress(b'{"a": "\xc3\xb1"}'))
        )

    async with client(answer) as http:
        assert (await http.get("https://net.example/")).json() == {"a": "ñ"}
        for path in ("bomb", "big", "torn", "odd"):
            with pytest.raises(httpx.DecodingError):
                await http.get(f"https://net.example/{path}")


class Bytes(httpx.AsyncByteStream):
    """A body that httpx has not decoded beforehand."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), 65536):
            yield self._content[start : start + 65536]


async def attempt(work: Awaitable[object]) -> tuple[str, bool]:
    """Do it as the sender does; returns the reply's next state and whether something has left."""
    note = Traffic()
    mark = traffic.set(note)
    try:
        await work
    except Exception as error:
        return of_attempt(error, left=note.left).target.value, note.left
    finally:
        traffic.reset(mark)
    return "sent", note.left


async def test_a_connection_that_never_came_about_is_no_riddle_unless_something_left_before() -> None:
    """A1: the difference between "not delivered" and "unknown"."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/refused":
            raise httpx.ConnectError("refused")
        if request.url.path == "/slow":
            raise httpx.ReadTimeout("slow")
        return httpx.Response(200)

    async def read_then_fail(http: httpx.AsyncClient) -> None:
        await http.get("https://net.example/")
        await http.post("https://net.example/refused")

    async def write_then_fail(http: httpx.AsyncClient) -> None:
        await http.post("https://net.example/")
        await http.get("https://net.example/refused")

    async with client(answer) as http:
        assert await attempt(read_then_fail(http)) == ("retry_wait", False)
        assert await attempt(write_then_fail(http)) == ("unknown", True)
        assert await attempt(http.post("https://net.example/slow")) == ("unknown", True)
        assert await attempt(http.post("http://net.example/")) == ("failed", False)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("forum.example", True),
        ("FORUM.example.", True),
        ("a.forum.example", False),
        ("media.cdn.example", True),
        ("cdn.example", False),
        ("evilcdn.example", False),
        ("forum.example.evil.example", False),
    ],
)
async def test_only_the_account_s_own_hosts_are_reached(host: str, allowed: bool) -> None:
    """G3: no address out of a message, an answer or a redirect leads a connector, or its token, to somebody else."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200)

    hosts = ("forum.example", "*.cdn.example")
    async with make_client(transport=httpx.MockTransport(answer), hosts=hosts) as http:
        if allowed:
            await http.get(f"https://{host}/")
        else:
            with pytest.raises(Rejected) as refused:
                await http.get(f"https://{host}/", headers={"Authorization": "Bearer x"})
            assert refused.value.code == "foreign_host"
    assert bool(asked) is allowed
