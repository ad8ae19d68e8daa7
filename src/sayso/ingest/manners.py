"""A guest's manners on other people's servers: robots.txt, pauses, and asking only for what has changed.

Every request goes over the checked connections of `sayso.ingest.fetch`, robots.txt included.
"""

from __future__ import annotations

import email.utils
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from sayso.errors import FetchError
from sayso.ingest import fetch as checked
from sayso.ingest.fetch import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

AGENT = "sayso"
_ROBOTS_LIMITS = Limits(size=500_000, seconds=20.0)  # RFC 9309 wants at least 500 kB read
_ROBOTS_SECONDS = 86_400.0  # a day, as RFC 9309 allows
_ROBOTS_RETRY_SECONDS = 1_800.0
_LONGEST_PAUSE = 60.0  # seconds that a Crawl-delay can ask for
_LONGEST_RETRY = 86_400.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status, and the body where that was 200. `retry_after` is in seconds."""

    url: str
    status: int
    content: bytes = b""
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to us: paths (with * and $) allowed and not, and seconds between requests."""

    paths: tuple[tuple[str, bool], ...] = ()
    pause: float = 0.0

    def allow(self, url: str) -> bool:
        """Whether `url` may be asked for: the longest rule that matches decides, and of two as long the one that allows."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/", errors="replace") + (f"?{parts.query}" if parts.query else "")
        matching = [(len(pattern), allowed) for pattern, allowed in self.paths if _matches(pattern, path)]
        return max(matching, default=(0, True))[1]


NOTHING_ALLOWED = Rules((("/", False),))


def rules(robots: str, agent: str = AGENT) -> Rules:
    """The rules of a robots.txt for `agent`: of its own groups if it has any, else of those for everybody."""
    groups: dict[bool, list[tuple[str, str]]] = {}
    agents: set[bool | None] = set()
    was_agent = False
    for line in robots.splitlines():
        name, _, value = line.split("#", 1)[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = agents if was_agent else set()
            agents.add(True if value.lower() == agent else False if value == "*" else None)
            for known in agents - {None}:
                groups.setdefault(bool(known), [])
        elif name in ("allow", "disallow", "crawl-delay"):
            for known in agents - {None}:
                groups[bool(known)].append((name, value))
        was_agent = name == "user-agent" or (was_agent and not name)
    chosen = groups.get(True, groups.get(False, []))
    paths = tuple(
        (unquote(value, errors="replace"), name == "allow") for name, value in chosen if name != "crawl-delay" and value
    )
    return Rules(paths, max((_seconds(value) for name, value in chosen if name == "crawl-delay"), default=0.0))


def _seconds(written: str) -> float:
    try:
        return min(max(float(written), 0.0), _LONGEST_PAUSE)
    except ValueError:
        return 0.0


def _matches(pattern: str, path: str) -> bool:
    """Whether a rule's pattern matches from the beginning of a path; done by hand, for such patterns can stall `re`."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others):
        is_last = number == len(others) - 1
        found = path.rfind(piece) if is_last and anchored else path.find(piece, at)
        if found < at:
            return False
        at = found + len(piece)
    return not anchored or at == len(path)


@dataclass
class Manners:
    """Asks servers politely: never what robots.txt forbids, and no host twice within `pause` seconds.

    `wait` is called with the seconds to wait and may raise to stop; `clock` gives seconds.
    """

    wait: Callable[[float], None]
    pause: float = 2.0
    allow_private: Collection[str] = ()
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic
    _rules: dict[str, tuple[float, Rules]] = field(default_factory=dict)
    _free_from: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
        """The answer to a request for `url`, for a change only if what it had last is given.

        Raises `FetchError` where robots.txt forbids it or there is no answer; a status like 404 is an answer.
        """
        allowed = self._rules_of(url)
        if not allowed.allow(url):
            raise FetchError("the site's robots.txt asks programs not to read it", source=url)
        self._take_turn(url, max(self.pause, allowed.pause))
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        return ask(url, {name: value for name, value in headers.items() if value}, self.limits, self.allow_private)

    def _take_turn(self, url: str, pause: float) -> None:
        host = _host(url)
        left = self._free_from.get(host, 0.0) - self.clock()
        if left > 0:
            self.wait(left)
        self._free_from[host] = self.clock() + pause

    def _rules_of(self, url: str) -> Rules:
        host = _host(url)
        until, known = self._rules.get(host, (0.0, NOTHING_ALLOWED))
        if self.clock() < until:
            return known
        found, seconds = self._fetch_rules(host, url)
        self._rules[host] = (self.clock() + seconds, found)
        return found

    def _fetch_rules(self, host: str, url: str) -> tuple[Rules, float]:
        """What the host's robots.txt says and for how long. None is no rule; a server in trouble is left alone for now."""
        self._take_turn(url, 0.0)
        try:
            answer = ask(f"{host}/robots.txt", {}, _ROBOTS_LIMITS, self.allow_private)
        except FetchError as exc:
            raise FetchError(f"its robots.txt cannot be had ({exc.message})", source=url) from exc
        if answer.status == 200:
            return rules(answer.content.decode("utf-8", "replace").removeprefix("\ufeff")), _ROBOTS_SECONDS
        if 400 <= answer.status < 500 and answer.status != 429:
            return Rules(), _ROBOTS_SECONDS
        return NOTHING_ALLOWED, _ROBOTS_RETRY_SECONDS


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.lower()}"
    except ValueError as exc:
        raise FetchError(f"not an address: {exc}", source=url) from exc


def ask(url: str, headers: dict[str, str], limits: Limits, allow_private: Collection[str]) -> Answer:
    """One answer, redirects followed, whatever its status. Raises `FetchError` where there is none."""
    deadline = time.monotonic() + limits.seconds
    with checked._Transport(allow_private, deadline) as transport:
        for _ in range(limits.redirects + 1):
            answer = _ask(transport, url, headers, limits, deadline)
            if isinstance(answer, Answer):
                return answer
            url = answer
    raise FetchError(f"more than {limits.redirects} redirects", source=url)


def _ask(
    transport: checked._Transport, url: str, headers: dict[str, str], limits: Limits, deadline: float
) -> Answer | str:
    """The answer to one request, or the address it redirects to."""
    parsed = checked._checked_url(url)
    own = {
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Host": parsed.netloc.decode("ascii"),
        "Connection": "close",
    }
    try:
        response = transport.handle_request(httpx.Request("GET", parsed, headers={**own, **headers}))
        try:
            if response.status_code in checked._REDIRECTS and "location" in response.headers:
                return str(parsed.join(response.headers["location"]))
            content = b"".join(checked._body(response, limits, deadline, url)) if response.status_code == 200 else b""
        finally:
            response.close()
    except (httpcore.TimeoutException, TimeoutError) as exc:
        raise FetchError("the server took too long", source=url) from exc
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as exc:
        raise FetchError(f"no answer: {exc or type(exc).__name__}", source=url) from exc
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise FetchError(f"it redirects to what is no address: {exc}", source=url) from exc
    media_type, charset = checked._content_type(response.headers.get("content-type", ""))
    said = response.headers
    return Answer(
        str(parsed),
        response.status_code,
        content,
        media_type,
        charset,
        etag=said.get("etag"),
        modified=said.get("last-modified"),
        retry_after=_retry_after(said.get("retry-after", "")),
    )


def _retry_after(written: str) -> float | None:
    """Seconds of a Retry-After, which is a number of them or a date; a day at most."""
    if written.strip().isdecimal():
        return min(float(written[:9]), _LONGEST_RETRY)
    try:
        when = email.utils.parsedate_to_datetime(written).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(when - time.time(), 0.0), _LONGEST_RETRY)
