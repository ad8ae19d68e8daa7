"""One page from the web, or one message to it, over connections that are checked one by one.

A reader of other people's addresses must not become a way into the network it runs in. So a name is resolved here,
every address it has is checked, and the connection goes to a checked address and nowhere else: a name that resolves
differently the second time gains nothing. The same holds after each redirect. Sizes, times and redirects are bounded,
and answers are unpacked in pieces, for 304 bytes can become 200 MB.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from sayso.errors import FetchError, PrivateAddressError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_USER_AGENT = "sayso"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Ranges that `is_global` lets through although they lead, or may lead, to a private IPv4 address or to nobody.
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4 written as IPv6, long withdrawn
        "64:ff9b::/96",  # NAT64: the gateway decides where it ends
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
        "192.88.99.0/24",  # 6to4 relays
    )
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost, redirects included."""

    size: int = 20_000_000  # bytes, as sent and as unpacked
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of the last hop: where it came from, its bytes unpacked, and what the server says they are."""

    url: str
    content: bytes
    media_type: str | None
    charset: str | None


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet and cannot stand for another that is not."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None:
            return False
    if any(address in network for network in _REFUSED_NETWORKS if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def fetch(url: str, *, limits: Limits | None = None, allow_private: Collection[str] = ()) -> Fetched:
    """The page at `url`, redirects followed.

    `allow_private` names addresses that may be asked although they are not public, for tests and for an intranet.
    Proxies of the environment are not used: they would resolve names themselves. Raises `FetchError`.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    with _Transport(allow_private, deadline) as transport:
        for _ in range(limits.redirects + 1):
            answer = _ask(transport, _checked_url(url), limits, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise FetchError(f"more than {limits.redirects} redirects", source=url)


def post(
    url: str, body: bytes, headers: dict[str, str], *, limits: Limits | None = None, allow_private: Collection[str] = ()
) -> int:
    """Sends `body` and gives the status of the answer, of which nothing else is read.

    A redirect is an answer like others and is not followed. `allow_private` as for `fetch`. Raises `FetchError`.
    """
    limits = limits or Limits()
    address = _checked_url(url)
    own = {"User-Agent": _USER_AGENT, "Host": address.netloc.decode("ascii"), "Connection": "close"}
    request = httpx.Request("POST", address, headers={**headers, **own}, content=body)
    with _Transport(allow_private, time.monotonic() + limits.seconds) as transport, _told(url):
        response = transport.handle_request(request)
        response.close()
    return response.status_code


def _checked_url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise FetchError(f"not an address: {exc}", source=url) from exc
    if parsed.scheme not in ("http", "https"):
        raise FetchError("only http and https addresses are fetched", source=url)
    if not parsed.host:
        raise FetchError("the address names no host", source=url)
    if parsed.userinfo:
        raise FetchError("addresses with a user name are not fetched", source=url)
    return parsed


def _ask(transport: _Transport, url: httpx.URL, limits: Limits, deadline: float) -> Fetched | str:
    """The answer to one request, or the address it redirects to."""
    headers = {"User-Agent": _USER_AGENT, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "gzip, deflate"}
    request = httpx.Request("GET", url, headers={**headers, "Host": url.netloc.decode("ascii"), "Connection": "close"})
    with _told(str(url)):
        response = transport.handle_request(request)
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return str(url.join(response.headers["location"]))
            if not response.is_success:
                raise FetchError(f"the server answered {response.status_code}", source=str(url))
            content = b"".join(_body(response, limits, deadline, str(url)))
        finally:
            response.close()
    media_type, charset = _content_type(response.headers.get("content-type", ""))
    return Fetched(str(url), content, media_type, charset)


@contextmanager
def _told(source: str) -> Iterator[None]:
    """What libraries and the system say of a connection that failed, as a `FetchError`."""
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError) as exc:
        raise FetchError("the server took too long", source=source) from exc
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as exc:
        raise FetchError(f"no answer: {exc or type(exc).__name__}", source=source) from exc
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise FetchError(f"it redirects to what is no address: {exc}", source=source) from exc


def _content_type(header: str) -> tuple[str | None, str | None]:
    """Media type and charset, lower-cased: ("text/html", "utf-8") of "text/html; charset=UTF-8"."""
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", header, re.IGNORECASE)
    return header.split(";", 1)[0].strip().lower() or None, charset[1].lower() if charset else None


def _body(response: httpx.Response, limits: Limits, deadline: float, source: str) -> Iterator[bytes]:
    """The body unpacked piece by piece, within the limits of size and time."""
    size = 0
    for piece in _unpacked(response, limits, deadline, source):
        size += len(piece)
        if size > limits.size:
            raise FetchError(f"the page is larger than {limits.size:,} bytes", source=source)
        yield piece


def _unpacked(response: httpx.Response, limits: Limits, deadline: float, source: str) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    raw = _raw(response, limits, deadline, source)
    if encoding in ("", "identity"):
        return raw
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(raw, source)
    raise FetchError(f"the page is packed as {encoding}, which was not asked for", source=source)


def _raw(response: httpx.Response, limits: Limits, deadline: float, source: str) -> Iterator[bytes]:
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > limits.size:
            raise FetchError(f"the page is larger than {limits.size:,} bytes", source=source)
        if time.monotonic() > deadline:
            raise FetchError("the server took too long", source=source)
        yield piece


_PIECE = 65_536  # bytes unpacked at once: what a bomb can take before it is noticed


def _inflated(raw: Iterable[bytes], source: str) -> Iterator[bytes]:
    """Unpack gzip or zlib data in pieces; "deflate" is sent both with and without the zlib header."""
    inflater: Any = None
    for piece in raw:
        if inflater is None:
            bare = piece[:1] != b"\x1f" and piece[0] & 0x0F != zlib.DEFLATED
            inflater = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        data = piece
        while data and not inflater.eof:
            try:
                yield inflater.decompress(data, _PIECE)
            except zlib.error as exc:
                raise FetchError(f"the page is damaged: {exc}", source=source) from exc
            data = inflater.unconsumed_tail
    if inflater is not None and not inflater.eof:
        raise FetchError("the page ends too early", source=source)


class _Transport(httpx.BaseTransport):
    """Requests over connections that `_Backend` opens: one pool of httpcore, no proxy, no cookies, no retries."""

    def __init__(self, allow_private: Collection[str], deadline: float) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Backend(frozenset(allow_private), deadline),
            max_keepalive_connections=0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions={"timeout": {"connect": 10.0, "read": 10.0, "write": 10.0, "pool": 10.0}},
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer), request=request)

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The body of an answer of httpcore as httpx wants it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only, and gives each the time that is left and no more."""

    def __init__(self, allow_private: frozenset[str], deadline: float) -> None:
        self._allowed = frozenset(ipaddress.ip_address(address) for address in allow_private)
        self._backend = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that answers; all of them must be allowed."""
        failure: Exception | None = None
        for address in self._checked_addresses(host, port):
            wait = _left(self._deadline, timeout)
            try:
                stream = self._backend.connect_tcp(str(address), port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
                continue
            self._check_peer(stream, host)
            return _BoundStream(stream, self._deadline)
        raise httpcore.ConnectError(str(failure or "the name has no address"))

    def _checked_addresses(self, host: str, port: int) -> list[Address]:
        """The addresses of `host`; one that is not allowed refuses it, for which of them answers is not ours to say."""
        addresses = _resolved(host, port, _left(self._deadline, _RESOLVE_SECONDS))
        for address in addresses:
            self._check(address, host)
        return addresses

    def _check(self, address: Address, host: str) -> None:
        if address not in self._allowed and not is_public(address):
            raise PrivateAddressError(f"{address} is not a public address", source=host)

    def _check_peer(self, stream: httpcore.NetworkStream, host: str) -> None:
        """Once more, on the open connection: what counts is whom we are talking to."""
        try:
            self._check(ipaddress.ip_address(stream.get_extra_info("server_addr")[0]), host)
        except (FetchError, OSError, ValueError):
            stream.close()
            raise


_RESOLVE_SECONDS = 10.0


def _resolved(host: str, port: int, seconds: float) -> list[Address]:
    """Addresses of a name, each once. The resolver of the system knows no time limit: it is asked from a thread."""
    answer: queue.Queue[list[Any] | Exception] = queue.Queue()

    def resolve() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as exc:
            answer.put(exc)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise FetchError(f"the name cannot be resolved: {found}", source=host) from found
    return list(dict.fromkeys(ipaddress.ip_address(row[4][0]) for row in found))


def _left(deadline: float, timeout: float | None) -> float:
    """Seconds that an operation may take: its own limit, or what is left of the whole."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this page is over")
    return left if timeout is None else min(left, timeout)


class _BoundStream(httpcore.NetworkStream):
    """A connection that ends with the time of the whole fetch, however slowly the server drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _BoundStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
