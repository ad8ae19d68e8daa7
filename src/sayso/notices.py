"""Tells the addresses of saved searches what became of their incidents.

A message is only ever sent to an address that whoever runs Sayso has allowed, by its beginning: "https://hooks.example.org/sayso/".
It goes over connections that are checked (`sayso.ingest.fetch`): a name that leads into a private network is not told, whatever it
led to when it was allowed, unless that very address is among the beginnings too ("http://10.0.0.5/"). It is signed with the secret
of the search, so that its receiver knows whom it is from. If it does not arrive it is tried again, later and later, for some two
days. No redirect is followed, no proxy of the environment is used, and no answer is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import threading
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from sayso.errors import ConfigError, FetchError, PrivateAddressError, SaysoError
from sayso.ingest import fetch
from sayso.ledger import Ledger
from sayso.ledger.team import searches
from sayso.ledger.team.searches import Notice
from sayso.ledger.writer import utc_now

MOST_TRIES = 12
FIRST_WAIT = dt.timedelta(minutes=1)  # doubled after every try: two days and twenty hours until the last
PATIENCE = 10.0  # seconds for an address to answer
SIGNATURE = "X-Sayso-Signature"
_THIS_MACHINE = ("127.0.0.1", "::1")  # what "localhost" stands for


def allowed(address: str, beginnings: Sequence[str]) -> bool:
    """Whether an address may be told: it has scheme, host and port of one that is allowed, and a path that begins as its does."""
    try:
        asked = urlsplit(address)
        return any(_begins(asked.scheme, asked.netloc, asked.path, beginning) for beginning in beginnings)
    except ValueError:
        return False


def _begins(scheme: str, place: str, path: str, beginning: str) -> bool:
    known = urlsplit(beginning)
    within = path == known.path or path.startswith(known.path if known.path.endswith("/") else f"{known.path}/")
    return (scheme, place.lower()) == (known.scheme, known.netloc.lower()) and within and ".." not in path.split("/")


def checked(beginnings: Sequence[str]) -> tuple[str, ...]:
    """Beginnings as an operator gives them. Raises `ConfigError` for what is no address of the web."""
    for one in beginnings:
        parts = urlsplit(one)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or "@" in parts.netloc
        ):
            raise ConfigError(f"{one}: not the beginning of an address; write it as https://hooks.example.org/")
    return tuple(beginnings)


def signature(secret: str, body: bytes) -> str:
    """What the receiver of a message compares: HMAC-SHA256 of its bytes."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def private(beginnings: Sequence[str]) -> frozenset[str]:
    """The addresses that operators name by themselves ("http://10.0.0.5/", "http://localhost:9000/"): these may be private ones."""
    found: set[str] = set()
    for one in beginnings:
        host = urlsplit(one).hostname or ""
        try:
            found |= set(_THIS_MACHINE) if host == "localhost" else {str(ipaddress.ip_address(host))}
        except ValueError:  # a name, which may lead anywhere tomorrow
            continue
    return frozenset(found)


def send_due(ledger: Ledger, beginnings: Sequence[str], *, now: dt.datetime | None = None) -> tuple[int, int]:
    """Notes what is due and sends what waits: how many messages arrived, and how many did not. Raises `LedgerError`."""
    searches.note_due(ledger)
    arrived = failed = 0
    for notice in searches.waiting(ledger, now=now or utc_now()):
        problem = _sent(notice, beginnings, private(beginnings))
        moment = now or utc_now()
        searches.settle(ledger, notice, now=moment, problem=problem, again=_again(notice, moment))
        arrived, failed = arrived + (problem is None), failed + (problem is not None)
    return arrived, failed


def _again(notice: Notice, now: dt.datetime) -> dt.datetime | None:
    return now + FIRST_WAIT * 2**notice.tries if notice.tries + 1 < MOST_TRIES else None


def _sent(notice: Notice, beginnings: Sequence[str], allow_private: Collection[str]) -> str | None:
    """Why a message did not arrive, None where it did."""
    if not allowed(notice.webhook, beginnings):
        return f"{notice.webhook} is not among the addresses that may be told; allow it with --webhook-to"
    body = notice.body.encode()
    headers = {
        "Content-Type": "application/json",
        "X-Sayso-Notice": str(notice.number),  # the same at every try
        SIGNATURE: signature(notice.secret, body),
    }
    try:
        limits = fetch.Limits(seconds=PATIENCE)
        status = fetch.post(notice.webhook, body, headers, limits=limits, allow_private=allow_private)
    except PrivateAddressError as exc:
        return f"{exc.message}; to tell it all the same, allow it by itself: --webhook-to http://ADDRESS/"
    except FetchError as exc:
        return exc.message
    return None if 200 <= status < 300 else f"answered with {status}"


def keep_sending(ledger: Ledger, beginnings: Sequence[str], *, stop: threading.Event, every: float = 60.0) -> None:
    """Sends what is due until it is told to stop; a ledger in use by others is tried again the next time."""
    while not stop.wait(every):
        try:
            send_due(ledger, beginnings)
        except SaysoError:
            continue
