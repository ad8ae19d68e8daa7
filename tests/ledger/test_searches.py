"""Saved searches: what is new, changed or contradicted, told once, signed, and again where it did not arrive."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.server
import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso import notices, pipeline
from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, filters, incidents, values
from sayso.ledger.grouping import settling
from sayso.ledger.judgements import merging
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction
from sayso.ledger.team import searches
from sayso.model import Actor, Count, Counted, Date, Place, Precision, Report
from tests import factory

KATI = Place(2456048, "Kati", "ML", None, 12.74, -8.07, Precision.TOWN, "in GeoNames")


def soon() -> dt.datetime:
    """When all that was noted so far is due."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)


def report(number: int, outlet: str) -> Report:
    text = f"Soldiers arrested {number} officers in Kati on 9 August 2025, {outlet} has learned."
    claim = factory.claim(
        text,
        "arrested",
        "COERCE",
        mode="arrest",
        actor={"Soldiers": Actor("Soldiers", "ML", "MIL", "in its own words")},
        recipient={"officers": Actor("officers", "ML", "MIL", "in its own words")},
        place=("Kati", KATI),
        date=("9 August 2025", Date("2025-08-09", "as written")),
        count=(str(number), Count(number, number, Counted.ARRESTED)),
        country="ML",
        id=f"claim-{number}",
    )
    return factory.report(text, claim, id=f"r{number}", outlet=outlet, published=dt.date(2025, 8, 10), language="en")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that brings claims together, with nothing in it yet."""
    with pipeline.open_ledger(tmp_path / "sayso.db", create=True) as book:
        yield book


def keep(book: Ledger, *reports: Report) -> None:
    for one in reports:
        Writer(book, "1").add(one)
    settling.catch_up(book)


class Receiver:
    """A server on this machine that takes what is sent, and answers as it is told to."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.got: list[tuple[str, bytes, dict[str, str]]] = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_port
        self.base = f"http://127.0.0.1:{self.port}/"
        self.hook = f"{self.base}sayso"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, body, dict(self.headers)))
                self.send_response(receiver.status)
                if 300 <= receiver.status < 400:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.close()


def test_saves_filters_under_a_name_and_ends_them(watched: Ledger) -> None:
    made = searches.save(watched, "  Arrests in  Mali ", {"country": ["ML"], "type": ["COERCE"]}, owner="ana")

    assert searches.saved(watched) == [made]
    assert (made.name, made.wanted.phrase, made.webhook, made.secret) == (
        "Arrests in Mali",
        "of type COERCE, in ML",
        None,
        None,
    )
    searches.end(watched, made.id, by="ana")
    assert searches.saved(watched) == []
    with pytest.raises(ConfigError, match="no saved search"):
        searches.search(watched, made.id)


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        (" ", {}, "needs a name"),
        ("x", {"country": ["Mali"]}, "no country"),
        ("x", {"colour": ["red"]}, "no filter"),
        ("x", {"as_of": ["2025"]}, "as of a moment"),
    ],
)
def test_refuses_searches_that_make_no_sense(
    watched: Ledger, name: str, asked: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        searches.save(watched, name, asked, owner="ana")


def test_tells_what_is_new_and_what_is_contradicted(watched: Ledger) -> None:
    search = searches.save(watched, "Mali", {"country": ["ML"]}, owner="ana")
    keep(watched, report(20, "Harbour Wire"))
    (first,) = searches.news(watched, search)
    assert first.news == "new"
    assert "20 officers" in first.title

    keep(watched, report(50, "Daily Sahel"))
    (second,) = searches.news(watched, search)
    assert (second.incident.id, second.news) == (first.incident.id, "contradicted")
    assert "2 outlets" in second.said


def test_sends_each_change_once_to_addresses_that_are_allowed_signed(watched: Ledger, receiver: Receiver) -> None:
    search = searches.save(watched, "Mali", {"country": ["ML"]}, owner="ana", webhook=receiver.hook)
    keep(watched, report(20, "Harbour Wire"))

    assert notices.send_due(watched, [receiver.base], now=soon()) == (1, 0)
    assert notices.send_due(watched, [receiver.base], now=soon()) == (0, 0)
    keep(watched, report(50, "Daily Sahel"))
    assert notices.send_due(watched, [receiver.base], now=soon()) == (1, 0)

    told = [(path, json.loads(body)["news"]) for path, body, _ in receiver.got]
    assert told == [("/sayso", "new"), ("/sayso", "contradicted")]
    _, body, headers = receiver.got[0]
    assert search.secret is not None
    expected = hmac.new(search.secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Sayso-Signature"] == f"sha256={expected}"
    assert (headers["Content-Type"], headers["User-Agent"]) == ("application/json", "sayso")
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert [one.sent_at is not None for one in searches.told(watched, search.id)] == [True, True]


def test_says_nothing_of_what_was_there_before_and_of_other_incidents(watched: Ledger, receiver: Receiver) -> None:
    keep(watched, report(20, "Harbour Wire"))
    searches.save(watched, "Mali", {"country": ["ML"]}, owner="ana", webhook=receiver.hook)
    searches.save(watched, "Niger", {"country": ["NE"]}, owner="ana", webhook=receiver.hook)

    assert notices.send_due(watched, [receiver.base], now=soon()) == (0, 0)


def problem(book: Ledger, hook: str, beginnings: list[str]) -> str | None:
    """Why a message to `hook` does not arrive, None where it does."""
    search = searches.save(book, "Mali", {"country": ["ML"]}, owner="ana", webhook=hook)
    keep(book, report(20, "Harbour Wire"))
    notices.send_due(book, beginnings, now=soon())
    (told,) = searches.told(book, search.id)
    assert (told.sent_at is None) is (told.problem is not None)
    return told.problem


# Where a message goes, what is allowed, and why it does not arrive; PORT is that of a server on this machine.
TOLD = {
    "an address of the own network that is allowed by itself": ("127.0.0.1", ["127.0.0.1"], None),
    "this machine by its name": ("localhost", ["localhost"], None),
    "what nobody allowed": ("127.0.0.1", ["other.example.org"], "is not among the addresses that may be told"),
    "a name that leads into the own network": ("127.1", ["127.1"], "127.0.0.1 is not a public address; to tell it"),
    "such a name, its address allowed beside it": ("127.1", ["127.1", "127.0.0.1"], None),
    "an address of the own network that is allowed, but another": ("127.1", ["127.1", "127.0.0.2"], "is not a public"),
}


@pytest.mark.parametrize(("host", "allowed", "said"), TOLD.values(), ids=TOLD)
def test_tells_public_addresses_and_those_that_are_allowed_by_themselves(
    watched: Ledger, receiver: Receiver, host: str, allowed: list[str], said: str | None
) -> None:
    beginnings = [f"http://{one}:{receiver.port}/" for one in allowed]

    found = problem(watched, f"http://{host}:{receiver.port}/sayso", beginnings)

    assert (found is None, (said or "") in (found or "")) == (said is None, True)
    assert len(receiver.got) == (said is None)


def test_follows_no_redirect(watched: Ledger, receiver: Receiver) -> None:
    receiver.status = 307

    assert problem(watched, receiver.hook, [receiver.base]) == "answered with 307"
    assert [path for path, _, _ in receiver.got] == ["/sayso"]


def test_tries_again_later_and_later_and_then_gives_up(watched: Ledger, receiver: Receiver) -> None:
    search = searches.save(watched, "Mali", {"country": ["ML"]}, owner="ana", webhook=receiver.hook)
    keep(watched, report(20, "Harbour Wire"))
    receiver.status, now, waits = 503, soon(), []

    for _ in range(200):
        before = len(receiver.got)
        notices.send_due(watched, [receiver.base], now=now)
        waits += [now] if len(receiver.got) > before else []
        now += dt.timedelta(minutes=30)

    assert len(receiver.got) == notices.MOST_TRIES
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(waits)]
    assert gaps == sorted(gaps)
    (told,) = searches.told(watched, search.id)
    assert (told.tries, told.sent_at, told.problem) == (notices.MOST_TRIES, None, "answered with 503")


def test_notes_an_address_that_does_not_answer(watched: Ledger) -> None:
    closed = Receiver()
    closed.close()

    assert "no answer" in str(problem(watched, closed.hook, [closed.base]))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://hooks.example.org/sayso", True),
        ("https://hooks.example.org/sayso/more", True),
        ("https://hooks.example.org/saysomore", False),
        ("https://hooks.example.org/sayso/../other", False),
        ("http://hooks.example.org/sayso", False),
        ("https://hooks.example.org:8443/sayso", False),
        ("https://hooks.example.org.evil.example/sayso", False),
        ("https://user@hooks.example.org/sayso", False),
        ("https://[::1/sayso", False),
        ("file:///etc/passwd", False),
    ],
)
def test_allows_addresses_by_scheme_host_port_and_beginning_of_the_path(address: str, expected: bool) -> None:
    assert notices.allowed(address, ["https://hooks.example.org/sayso"]) is expected


@pytest.mark.parametrize("beginning", ["hooks.example.org", "ftp://x.example", "https://", "https://a@b.example/"])
def test_refuses_beginnings_that_are_no_addresses(beginning: str) -> None:
    with pytest.raises(ConfigError, match="not the beginning of an address"):
        notices.checked([beginning])


def test_keeps_sending_until_it_is_stopped(watched: Ledger) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=notices.keep_sending, args=(watched, []), kwargs={"stop": stop, "every": 0.01})
    thread.start()
    stop.set()
    thread.join(10)

    assert not thread.is_alive()


def test_keeps_apart_what_was_split_when_a_type_is_corrected(watched: Ledger) -> None:
    """A judgement about two claims meant its claim by type alone, and no longer found it once its type was corrected."""
    keep(watched, report(20, "Harbour Wire"), report(50, "Daily Sahel"))
    (one,) = incidents.incidents_page(watched, filters.wanted({}), limit=9).found
    apart = one.tellings[0]
    merging.split(watched, one.id, [apart.claim.id], by="ana")
    assert len(incidents.incidents_page(watched, filters.wanted({}), limit=9).found) == 2

    reviewer = Reviewer(watched, "ana", pipeline.resolve_claim)
    for telling in one.tellings:
        reviewer.correct(values.report_key(telling.report), telling.claim.id, {"type": Correction(value="SANCTION")})

    assert len(incidents.incidents_page(watched, filters.wanted({}), limit=9).found) == 2
