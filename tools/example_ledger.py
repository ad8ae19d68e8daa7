"""The ledger that the documentation of the formats shows: the three reports that ship with Sayso, read by hand.

Their claims are written down here and not read by the weights, so that the examples stay the same when the weights get better.
Two incidents: some arrests, of which three sources give three numbers, and the coup that they were made for, which one denies.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from sayso.ledger import Ledger, Writer, open_ledger, schema
from sayso.model import (
    Actor,
    Argument,
    Claim,
    Count,
    Counted,
    Date,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)

MOMENT = dt.datetime(2026, 3, 11, 8, 0, tzinfo=dt.UTC)
BISSAU = Place(2374775, "Bissau", "GW", "Bissau", 11.8636, -15.5977, Precision.TOWN, '"BISSAU" in GeoNames')
COUNTRY = Place(2372248, "Guinea-Bissau", "GW", None, 12.0, -15.0, Precision.COUNTRY, "a country")
GOVERNMENT = Actor("Guinea-Bissau", "GW", "GOV", "a country")
SOLDIERS = Actor("soldiers", "GW", "MIL", "sector MIL: in its own words")
LOYAL = Actor("officers loyal to Colonel Braima Tchuda", "GW", "MIL", "sector MIL: in its own words")
OFFICERS = Actor("31 officers and soldiers", "GW", "MIL", "sector MIL: in its own words")
ARRESTS, COUP = "5ae01f62c9d34b87", "c80d5b4e7f12a693"  # the ids of the two incidents
ARREST: dict[str, Any] = {"type": "COERCE", "mode": "arrest"}


def _text(name: str) -> tuple[dict[str, str], str]:
    """Front matter and text of a sample."""
    content = resources.files("sayso.data").joinpath("samples", name).read_text("utf-8")
    _, head, body = content.split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines()), body.strip()


class _Reading:
    """A sample and the words in it."""

    def __init__(self, name: str, number: int) -> None:
        head, self.text = _text(name)
        self.report = Report(
            f"sample-{number}", self.text, head["title"], head["outlet"], dt.date.fromisoformat(head["date"]), "en",
            f"https://{head['outlet'].lower().replace(' ', '-')}.example/{number}",
        )  # fmt: skip

    def span(self, words: str) -> Span:
        start = self.text.index(words)
        return Span(start, start + len(words))

    def slot(self, words: str, value: Any) -> Argument[Any]:
        return Argument(self.span(words), value, confidence=0.9)

    def sentence(self, words: str) -> Span:
        """The sentence that holds these words."""
        at = self.text.index(words)
        ends = [0, *(match.end() for match in re.finditer(r"[.\"]\s+(?=[A-Z\"])", self.text)), len(self.text)]
        start, end = max(end for end in ends if end <= at), min(end for end in ends if end > at)
        return Span(start, start + len(self.text[start:end].rstrip()))

    def claim(self, trigger: str, at: str, source: tuple[SourceKind, str | None], **fields: Any) -> Claim:
        """A claim whose trigger stands within the words `at`."""
        start = self.text.index(at) + at.index(trigger)
        kind, words = source
        said = Source(kind, self.span(words) if words else None, 0.9)
        number = len(at) * 7919 + start
        status = fields.pop("status", Status.ACTUAL)
        return Claim(
            f"{number:016x}", Span(start, start + len(trigger)), self.sentence(at), status=status,
            historical=False, source=said, country="GW", country_how="place", confidence=0.9, **fields,
        )  # fmt: skip


def reports() -> list[Report]:
    """The three reports with their claims."""
    return [_harbour(), _observer(), _dispatch()]


def _with(report: Report, *claims: Claim) -> Report:
    return Report(**{name: getattr(report, name) for name in report.__slots__ if name != "claims"}, claims=claims)


def _harbour() -> Report:
    one = _Reading("1-harbour-wire.md", 1)
    said = (SourceKind.ANONYMOUS, "a military source")
    return _with(
        one.report,
        one.claim(
            "arrested", "has arrested at least 20", said, **ARREST,
            actor=(one.slot("Guinea-Bissau", GOVERNMENT),), recipient=(one.slot("soldiers", SOLDIERS),),
            place=one.slot("BISSAU", BISSAU), date=one.slot("Friday", Date("2026-03-06/2026-03-08", "since the weekday")),
            count=one.slot("at least 20", Count(20, None, Counted.ARRESTED)),
        ),
        one.claim(
            "plotting", "plotting to overthrow", said, type="COUP", mode="conspiracy", status=Status.ALLEGED,
            actor=(one.slot("soldiers", SOLDIERS),), recipient=(one.slot("the transitional government", GOVERNMENT),),
            place=one.slot("Guinea-Bissau", COUNTRY),
        ),
    )  # fmt: skip


def _observer() -> Report:
    one = _Reading("2-bissau-observer.md", 2)
    return _with(
        one.report,
        one.claim(
            "coup", "foiled a coup", (SourceKind.ORGANISATION, "The government"), type="COUP", mode="conspiracy",
            actor=(one.slot("officers loyal to Colonel Braima Tchuda", LOYAL),),
        ),
        one.claim(
            "arrested", "had been arrested since Friday", (SourceKind.PERSON, "Interior Minister Celestina Mane"), **ARREST,
            recipient=(one.slot("31 officers and soldiers", OFFICERS),),
            date=one.slot("Friday", Date("2026-03-06/2026-03-09", "since the weekday")),
            count=one.slot("31", Count(31, 31, Counted.ARRESTED)),
        ),
        one.claim(
            "plot", "There was no plot", (SourceKind.PERSON, "Nelio Cabral"), type="COUP", mode="conspiracy", status=Status.NEGATED,
        ),
    )  # fmt: skip


def _dispatch() -> Report:
    one = _Reading("3-atlantic-dispatch.md", 3)
    return _with(
        one.report,
        one.claim(
            "coup", "attempted coup in Guinea-Bissau", (SourceKind.ORGANISATION, "ECOWAS"), type="COUP", mode="attempt",
            place=one.slot("Guinea-Bissau", COUNTRY),
        ),
        one.claim(
            "held", "were being held at the Amura fortress", (SourceKind.ANONYMOUS, "Two diplomats"), **ARREST,
            recipient=(one.slot("soldiers", SOLDIERS),),
            place=Argument(one.span("the Amura fortress"), reason="not in the gazetteer", confidence=0.8),
            count=one.slot("around 50", Count(50, 50, Counted.ARRESTED)),
        ),
    )  # fmt: skip


def fill(ledger: Ledger, given: Iterable[Report] | None = None) -> None:
    """Puts reports into a ledger, at a moment that is always the same."""
    writer = Writer(ledger, "example", now=lambda: MOMENT)
    for report in reports() if given is None else given:
        writer.add(report)


def group(ledger: Ledger, groups: dict[str, list[str]]) -> None:
    """Makes incidents of claims, by their ids, whatever they were judged to be before."""
    moment = MOMENT.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with ledger.write() as connection:
        for table in (schema.turns, schema.memberships, schema.incidents, schema.unsettled):
            connection.execute(delete(table))
        numbers = dict(connection.execute(select(schema.claims.c.id, schema.claims.c.number)).all())
        for position, (name, claims) in enumerate(groups.items(), 1):
            row = {"number": position, "id": name, "known_from": moment, "changed_at": moment}
            connection.execute(insert(schema.incidents), row)
            rows = [{"claim": numbers[claim], "incident": position, "known_from": moment} for claim in claims]
            connection.execute(insert(schema.memberships), rows)


@contextmanager
def example(folder: Path) -> Iterator[Ledger]:
    """The ledger of the examples, made anew in a folder."""
    with open_ledger(folder / "example.db", create=True) as ledger:
        fill(ledger)
        claims = [claim for report in reports() for claim in report.claims]
        ids = {kind: [claim.id for claim in claims if claim.type == kind] for kind in ("COERCE", "COUP")}
        group(ledger, {ARRESTS: ids["COERCE"], COUP: ids["COUP"]})
        yield ledger
