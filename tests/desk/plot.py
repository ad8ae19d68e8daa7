"""A small ledger whose sources disagree: three reports on arrests after a plot, a denial, a later number of one source.

Every claim is written by hand, so that what the pages show does not depend on how well any weights read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.factory import claim, report, span

from sayso import pipeline
from sayso.ledger import Ledger, Writer, incidents
from sayso.ledger.grouping import settling
from sayso.ledger.judgements import merging
from sayso.model import Actor, Claim, Count, Counted, Date, Place, Precision, Report, Source, SourceKind, Span, Status

BISSAU = Place(2374775, "Bissau", "GW", "Bissau", 11.86, -15.6, Precision.TOWN, "in GeoNames")
REGION = Place(2375258, "Bafatá Region", "GW", "Bafatá", 12.17, -14.66, Precision.ADMIN1, "in GeoNames")
SOLDIERS = Actor("soldiers", "GW", "MIL", "listed")
WIRE = "A military source said at least 20 soldiers had been arrested in Bissau on Sunday."
OBSERVER = (
    "The interior ministry said 31 soldiers had been arrested in Bissau since Friday. "
    "A spokesman denied that anybody had been arrested in the Bafata region."
)
DISPATCH = "Two diplomats said around 50 soldiers had been arrested in Bissau. Elsewhere teachers marched."
LATER = "The interior ministry said 44 soldiers had been arrested in Bissau since Friday."
MINISTRY = ("The interior ministry", SourceKind.ORGANISATION)


def _arrest(text: str, number: str, count: Count, who: tuple[str, SourceKind], date: tuple[str, str] | None) -> Claim:
    """The first claim of `text`: how many soldiers were arrested in Bissau, on whose word."""
    return claim(
        text,
        "arrested",
        "COERCE",
        id=f"arrest-{number}",
        mode="arrest",
        recipient={"soldiers": SOLDIERS},
        place=("Bissau", BISSAU),
        country="GW",
        country_how="place",
        date=(date[0], Date(date[1], "counted")) if date else None,
        count=(number, count),
        source=Source(who[1], span(text, who[0]), 0.9),
        sentence=Span(0, text.index(".") + 1),
        confidence=0.9,
    )


def _denial() -> Claim:
    """The second claim of the Observer: nobody was arrested in the region."""
    second, last = OBSERVER.index("A spokesman"), OBSERVER.rindex("arrested")
    made = claim(
        OBSERVER,
        "arrested",
        "COERCE",
        id="denial",
        mode="arrest",
        status=Status.NEGATED,
        place=("the Bafata region", REGION),
        country="GW",
        country_how="place",
        source=Source(SourceKind.PERSON, span(OBSERVER, "A spokesman"), 0.9),
    )
    return replace(made, trigger=Span(last, last + len("arrested")), sentence=Span(second, len(OBSERVER)))


def _march() -> Claim:
    """Something else, on the outlet's own word."""
    return claim(
        DISPATCH,
        "marched",
        "PROTEST",
        id="march",
        mode="demo",
        actor={"teachers": "names several, and no country that they share"},
        sentence=Span(DISPATCH.index("Elsewhere"), len(DISPATCH)),
    )


def _told(name: str, outlet: str, title: str, day: int, text: str, *claims: Claim, **more: Any) -> Report:
    published = dt.date(2026, 3, day)
    return report(text, *claims, id=name, outlet=outlet, title=title, published=published, language="en", **more)


def reports() -> list[Report]:
    """The reports, each with its claims."""
    anonymous = SourceKind.ANONYMOUS
    wire = _arrest(
        WIRE, "20", Count(20, None, Counted.ARRESTED), ("A military source", anonymous), ("Sunday", "2026-03-08")
    )
    first = _arrest(
        OBSERVER, "31", Count(31, 31, Counted.ARRESTED), MINISTRY, ("since Friday", "2026-03-06/2026-03-09")
    )
    dispatch = _arrest(DISPATCH, "50", Count(50, 50, Counted.ARRESTED), ("Two diplomats", anonymous), None)
    later = _arrest(LATER, "44", Count(44, 44, Counted.ARRESTED), MINISTRY, ("since Friday", "2026-03-06/2026-03-11"))
    return [
        _told("wire", "Harbour Wire", "Soldiers arrested", 8, WIRE, wire, url="https://example.org/wire"),
        _told("observer", "Bissau Observer", "Ministry: 31 held", 9, OBSERVER, first, _denial()),
        _told("dispatch", "Atlantic Dispatch", "Diplomats speak of 50", 10, DISPATCH, dispatch, _march()),
        _told("later", "Harbour Wire", "Ministry raises its number", 11, LATER, later),
    ]


def ledger(path: Path) -> Ledger:
    """A ledger with these reports, in which all that is said of the arrests is one incident."""
    book = pipeline.open_ledger(path, create=True)
    writer = Writer(book, "by hand")
    for one in reports():
        writer.add(one)
        settling.settle(book)  # after each, so that the incident has a history, whatever the rules put together
    first, *others = [one.id for one in incidents.find(book, type="COERCE")]
    for other in others:
        merging.merge(book, first, other, by="ada")
    return book
