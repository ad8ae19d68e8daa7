"""The ledger of `sayso serve --demo`: invented reports whose claims were marked by hand, and the samples, read as any others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.ledger import Ledger
    from sayso.model import Actor, Argument, Claim, Count, Place, Report, Source, Span

DATA = Path(__file__).parent.parent / "data"
SAMPLES, DEMO = DATA / "samples", DATA / "demo.txt"
_HAND, _BY_HAND = "hand", "marked by hand"
_MARK = re.compile(r"\[(?P<slot>\w+)(?:=(?P<value>[^:\]]*))?:(?P<words>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class _Event:
    """What the reports below a heading tell of."""

    type: str
    mode: str
    status: str
    place: str
    country: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """Words of a text that fill a slot, with the value that was written to them."""

    slot: str
    value: str
    span: Span
    words: str


def make_ledger(path: Path, *, by_hand: bool = True) -> None:
    """A ledger at `path` of the three samples, and of the reports marked by hand unless told otherwise.

    The event that is told by most comes last, so that it is the newest. Raises `SaysoError`.
    """
    from sayso import ingest, ledger
    from sayso.cli.keeping import copies, read_all, reader_version
    from sayso.ledger.grouping import settling
    from sayso.pipeline import open_ledger

    with open_ledger(path, create=True) as book:
        reports = ingest.read([str(SAMPLES)], ingest.Options())
        ledger.add(ledger.Writer(book, reader_version(), copies=copies()), reports, read_all(1))
        settling.settle(book)
        if by_hand:
            _add_invented(book)


def _add_invented(book: Ledger) -> None:
    from sayso import ledger
    from sayso.ledger.grouping import settling

    writer = ledger.Writer(book, _HAND)
    *earlier, denial, raised = invented()
    for together in (earlier, [denial], [raised]):  # so that the newest incident has a history
        for report in together:
            writer.add(report)
        settling.settle(book)


def invented() -> Iterator[Report]:
    """The invented reports with their claims, in the order of the file."""
    event = None
    for line in DEMO.read_text("utf-8").splitlines():
        if line.startswith("## "):
            event = _Event(*line.removeprefix("## ").replace(" ", ", ", 1).split(", "))
        elif " | " in line and event is not None:
            yield _report(event, *line.split(" | ", 3))


def _report(event: _Event, outlet: str, day: str, title: str, marked: str) -> Report:
    from sayso.ingest.reports import report_id
    from sayso.model import Report

    text, marks = _unmarked(marked)
    published = dt.date.fromisoformat(day)
    number = report_id(text, outlet)
    claim = _claim(event, number, text, marks)
    return Report(number, text, title=title, outlet=outlet, published=published, language="en", claims=(claim,))


def _unmarked(marked: str) -> tuple[str, list[_Mark]]:
    """A text without its marks, and what they marked."""
    from sayso.model import Span

    text, marks, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        span = Span(len(text), len(text) + len(match["words"]))
        marks.append(_Mark(match["slot"], match["value"] or "", span, match["words"]))
        text += match["words"]
        at = match.end()
    return text + marked[at:], marks


def _claim(event: _Event, report: str, text: str, marks: list[_Mark]) -> Claim:
    from sayso.model import Argument, Claim, Date, Span, Status

    by: dict[str, _Mark] = {mark.slot: mark for mark in marks}
    date = by.get("date")
    return Claim(
        id=f"{report}-1",
        trigger=by["trigger"].span,
        sentence=Span(0, len(text)),
        type=event.type,
        mode=event.mode,
        status=Status(by["status"].value if "status" in by else event.status),
        historical=False,
        source=_source(by.get("source")),
        actor=tuple(_party(mark) for mark in marks if mark.slot == "actor"),
        recipient=tuple(_party(mark) for mark in marks if mark.slot == "recipient"),
        place=Argument(by["place"].span, _place(event)),
        country=event.country,
        country_how="place",
        date=Argument(date.span, Date(date.value, _BY_HAND)) if date else None,
        count=_count(by["count"]) if "count" in by else None,
        confidence=0.95,
    )


def _source(mark: _Mark | None) -> Source:
    from sayso.model import Source, SourceKind

    return Source(SourceKind(mark.value), mark.span) if mark else Source(SourceKind.REPORT)


def _party(mark: _Mark) -> Argument[Actor]:
    from sayso.model import Actor, Argument

    country, _, sector = mark.value.partition(",")
    return Argument(mark.span, Actor(mark.words, country or None, sector or None, _BY_HAND))


def _count(mark: _Mark) -> Argument[Count]:
    """A number by its bounds: "20-,killed" at least, "-20,killed" at most, "20,killed" as it is."""
    from sayso.model import Argument, Count, Counted

    bounds, _, what = mark.value.partition(",")
    low, dash, high = bounds.partition("-")
    top = high if dash else low
    return Argument(mark.span, Count(int(low) if low else None, int(top) if top else None, Counted(what)))


def _place(event: _Event) -> Place:
    from sayso.model import Place, Precision
    from sayso.resolve import gazetteer

    named: list[Any] = [
        one for one in gazetteer.default().named(event.place) if one.country == event.country and one.kind == "town"
    ]
    town = max(named, key=lambda one: one.population)
    return Place(town.geonameid, town.name, town.country, None, town.latitude, town.longitude, Precision.TOWN, _BY_HAND)
