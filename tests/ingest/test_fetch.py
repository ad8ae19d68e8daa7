"""Fetching: against a real server on this machine, whose answers are as bad as answers get."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import socket
import threading
import time
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sayso.errors import FetchError, PrivateAddressError
from sayso.ingest import fetch as module
from sayso.ingest.fetch import Limits, fetch, is_public, post

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = {"127.0.0.1"}
SMALL = Limits(size=100_000, seconds=2.0)
HTML = b"<html><body><p>Text</p></body></html>"


class _Handler(BaseHTTPRequestHandler):
    """Answers each path with one kind of trouble, and counts who asked for what."""

    asked: ClassVar[Counter[str]] = Counter()
    posted: ClassVar[list[bytes]] = []

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        name = self.path.strip("/").split("/", maxsplit=1)[0]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"_{name}")()

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content_type": "text/html; charset=UTF-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> None:
        self._send(HTML, x_agent=self.headers["User-Agent"], x_host=self.headers["Host"])

    def _headers(self) -> None:
        self._send("\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode())

    def _gzip(self) -> None:
        self._send(gzip.compress(HTML), content_encoding="gzip")

    def _deflate(self) -> None:
        self._send(zlib.compress(HTML), content_encoding="deflate")

    def _bare(self) -> None:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._send(packer.compress(HTML) + packer.flush(), content_encoding="deflate")

    def _cut(self) -> None:
        self._send(gzip.compress(HTML)[:-12], content_encoding="gzip")

    def _damaged(self) -> None:
        self._send(b"\x1f\x8b" + b"x" * 50, content_encoding="gzip")

    def _bomb(self) -> None:
        self._send(gzip.compress(b"\0" * 50_000_000), content_encoding="gzip")

    def _brotli(self) -> None:
        self._send(b"xx", content_encoding="br")

    def _oversize(self) -> None:
        self._send(b"a" * 200_000)

    def _missing(self) -> None:
        self._send(b"gone", status=404)

    def _loop(self) -> None:
        self._send(b"", status=302, location="/loop")

    def _hops(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self._send(b"", status=301, location=f"/hops/{left - 1}" if left else "/page")

    def _private(self) -> None:
        self._send(b"", status=302, location=f"http://127.0.0.2:{self.server.server_port}/page")  # type: ignore[attr-defined]

    def _file(self) -> None:
        self._send(b"", status=302, location="file:///etc/passwd")

    def _slow(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.05)

    def _dripping(self) -> None:
        """Headers without end, one at a time."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n")
        for number in range(100):
            self.wfile.write(f"X-{number}: y\r\n".encode())
            self.wfile.flush()
            time.sleep(0.05)

    def _silent(self) -> None:
        time.sleep(4)

    def _garbage(self) -> None:
        self.wfile.write(b"\0\1\2 nothing like http\r\n\r\n")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["page", "gzip", "deflate", "bare", "hops/4"])
def test_a_page_is_fetched_whatever_way_it_comes(base: str, path: str) -> None:
    fetched = fetch(f"{base}/{path}", allow_private=LOCAL)

    assert (fetched.content, fetched.media_type, fetched.charset) == (HTML, "text/html", "utf-8")


def test_it_says_who_asks_and_wants_only_what_it_can_bound(base: str) -> None:
    told = dict(
        line.split(": ", 1) for line in fetch(f"{base}/headers", allow_private=LOCAL).content.decode().splitlines()
    )

    assert told["User-Agent"] == "sayso"
    assert told["Accept-Encoding"] == "gzip, deflate"
    assert told["Host"] == base.removeprefix("http://")
    assert "Cookie" not in told


def test_the_address_of_the_last_hop_is_kept(base: str) -> None:
    assert fetch(f"{base}/hops/2", allow_private=LOCAL).url == f"{base}/page"


TROUBLE = [
    ("loop", "more than 5 redirects"),
    ("hops/5", "more than 5 redirects"),
    ("private", "127.0.0.2 is not a public address"),
    ("file", "only http and https"),
    ("oversize", "larger than 100,000 bytes"),
    ("bomb", "larger than 100,000 bytes"),
    ("brotli", "packed as br"),
    ("cut", "ends too early"),
    ("damaged", "damaged"),
    ("missing", "answered 404"),
    ("slow", "took too long"),
    ("dripping", "took too long"),
    ("silent", "took too long"),
    ("garbage", "no answer"),
]


@pytest.mark.parametrize(("path", "message"), TROUBLE, ids=[row[0] for row in TROUBLE])
def test_trouble_is_an_error_that_says_what_it_was_and_ends_in_time(base: str, path: str, message: str) -> None:
    start = time.monotonic()
    with pytest.raises(FetchError, match=message):
        fetch(f"{base}/{path}", limits=SMALL, allow_private=LOCAL)

    assert time.monotonic() - start < SMALL.seconds + 2


def test_a_private_redirect_is_never_asked(base: str) -> None:
    before = _Handler.asked["/page"]
    with pytest.raises(FetchError):
        fetch(f"{base}/private", allow_private=LOCAL)

    assert _Handler.asked["/page"] == before


LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "localhost",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_no_spelling_of_this_machine_is_asked(base: str, host: str) -> None:
    port = base.rsplit(":", 1)[1]
    before = _Handler.asked.total()
    with pytest.raises(FetchError, match=r"not a public address|cannot be resolved|not an address"):
        fetch(f"http://{host}:{port}/page")

    assert _Handler.asked.total() == before


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "file:///etc/passwd",
        "gopher://a/",
        "http://",
        "http://user:word@a.example/",
        "javascript:1",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


@pytest.mark.parametrize(("path", "status"), [("page", 200), ("missing", 404), ("loop", 302), ("oversize", 200)])
def test_a_message_is_sent_once_and_its_answer_is_a_status(base: str, path: str, status: int) -> None:
    sent = f"to {path}".encode()

    assert post(f"{base}/{path}", sent, {"X-Own": "y"}, allow_private=LOCAL) == status
    assert [body for body in _Handler.posted if body == sent] == [sent]


@pytest.mark.parametrize(
    ("path", "message"), [("silent", "took too long"), ("dripping", "too long"), ("garbage", "no answer")]
)
def test_a_message_waits_no_longer_than_a_page(base: str, path: str, message: str) -> None:
    start = time.monotonic()
    with pytest.raises(FetchError, match=message):
        post(f"{base}/{path}", b"{}", {}, limits=SMALL, allow_private=LOCAL)

    assert time.monotonic() - start < SMALL.seconds + 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_a_message_goes_to_no_private_address_that_is_not_allowed(base: str, host: str) -> None:
    before = len(_Handler.posted)
    with pytest.raises(PrivateAddressError):
        post(f"http://{host}:{base.rsplit(':', 1)[1]}/page", b"{}", {}, allow_private={"127.0.0.2"})

    assert len(_Handler.posted) == before


ADDRESSES = [
    ("8.8.8.8", True),
    ("2606:4700::1111", True),
    ("10.1.2.3", False),
    ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("100.64.0.1", False),
    ("169.254.169.254", False),
    ("127.0.0.1", False),
    ("0.0.0.0", False),
    ("224.0.0.1", False),
    ("240.0.0.1", False),
    ("255.255.255.255", False),
    ("192.88.99.1", False),
    ("198.18.0.1", False),
    ("::1", False),
    ("::", False),
    ("::127.0.0.1", False),
    ("::ffff:10.0.0.1", False),
    ("::ffff:8.8.8.8", True),
    ("fe80::1", False),
    ("fe80::1%eth0", False),
    ("fc00::1", False),
    ("fec0::1", False),
    ("ff02::1", False),
    ("64:ff9b::7f00:1", False),
    ("64:ff9b:1::1", False),
    ("2002:7f00:1::", False),
    ("2001:0:7f00::1", False),
    ("2001:db8::1", False),
]


@pytest.mark.parametrize(("address", "public"), ADDRESSES)
def test_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def _name_of(*answers: list[str]) -> Any:
    """A resolver that gives each answer once, then the last one; addresses are looked up as ever."""
    left, real = list(answers), socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **options: Any) -> list[Any]:
        if not host.endswith(".example"):
            return real(host, port, *rest, **options)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _name_of(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(FetchError, match=r"10\.0\.0\.1 is not a public address"):
        fetch("http://rebinding.example/")


def test_the_connected_address_is_checked_once_more(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a resolver that lies cannot lead the connection elsewhere: the peer itself is looked at."""
    monkeypatch.setattr(module, "_resolved", lambda *_: [ipaddress.ip_address("127.0.0.1")])
    checked: list[str] = []
    original = module._Backend._check

    def check(self: Any, address: Any, host: str) -> None:
        checked.append(str(address))
        if len(checked) > 1:
            original(self, address, host)

    monkeypatch.setattr(module._Backend, "_check", check)
    before = _Handler.asked.total()
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"{base}/page")

    assert _Handler.asked.total() == before


def test_a_name_that_rebinds_between_hops_is_refused(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _name_of(["127.0.0.1"], ["127.0.0.3"]))
    port = base.rsplit(":", 1)[1]
    with pytest.raises(FetchError, match=r"127\.0\.0\.3 is not a public address"):
        fetch(f"http://rebinding.example:{port}/hops/2", allow_private=LOCAL)


def test_a_resolver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(10) and [])
    with pytest.raises(FetchError, match="took too long"):
        fetch("http://slow.example/", limits=Limits(seconds=0.3))
    released.set()
