"""What people marked elsewhere becomes judgements; taking it twice changes nothing."""

from __future__ import annotations

from typing import Any

from sayso.ingest.annotated import Marked
from sayso.ledger import Ledger, Writer, claims, values
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.taking import Taken, take
from sayso.model import Claim, Report, SourceKind, Span
from tests import factory

TEXT = "Police arrested 12 miners in Lyon, a union official said. Teachers marched."
READ = factory.report(
    TEXT, factory.claim(TEXT, "arrested", "COERCE", mode="seize"), language="en", outlet="Example Wire"
)


def span(words: str) -> Span:
    return factory.span(TEXT, words)


def resolved(_: Report, claim: Claim) -> Claim:
    return claim


def taken(book: Ledger, *events: Marked) -> dict[str, int]:
    found = Taken()
    take(Reviewer(book, "ana", resolved), values.report_key(READ), events, found)
    return dict(found.counts)


def standing(book: Ledger) -> list[dict[str, Any]]:
    return [
        {
            "type": one.claim.type,
            "mode": one.claim.mode,
            "said": one.claim.source.kind,
            "actor": [slot.span for slot in one.claim.actor],
        }
        for one in claims(book)
    ]


EVENTS = (
    Marked(
        span("arrested"),
        "COERCE",
        "arrest",
        source_kind="anonymous",
        slots={"actor": (span("Police"),), "source": (span("a union official"),)},
    ),
    Marked(span("marched"), "PROTEST", "demo", slots={"actor": (span("Teachers"),)}),
)


def test_marks_correct_what_was_read_and_add_what_was_missed(book: Ledger) -> None:
    Writer(book, "1").add(READ)

    assert taken(book, *EVENTS) == {"corrected": 1, "added": 1}
    assert standing(book) == [
        {"type": "COERCE", "mode": "arrest", "said": SourceKind.ANONYMOUS, "actor": [span("Police")]},
        {"type": "PROTEST", "mode": "demo", "said": SourceKind.REPORT, "actor": [span("Teachers")]},
    ]


def test_taking_the_same_marks_twice_changes_nothing(book: Ledger) -> None:
    Writer(book, "1").add(READ)
    taken(book, *EVENTS)
    before = standing(book)

    assert taken(book, *EVENTS) == {"already there": 2}
    assert standing(book) == before


def test_a_claim_that_is_as_marked_is_accepted(book: Ledger) -> None:
    Writer(book, "1").add(READ)

    assert taken(book, Marked(span("arrested"), "COERCE")) == {"accepted": 1}
    assert taken(book, Marked(span("arrested"), "COERCE")) == {"already there": 1}


def test_what_cannot_be_taken_is_said_and_stops_nothing(book: Ledger) -> None:
    Writer(book, "1").add(READ)
    found = Taken()
    events = (Marked(span("marched"), "PROTEST", slots={"source": (span("a union official"),)}), EVENTS[0])
    take(Reviewer(book, "ana", resolved), values.report_key(READ), events, found)

    assert dict(found.counts) == {"refused": 1, "corrected": 1}
    assert found.refused[0].startswith("PROTEST at 67: say what kind of source these words are")
