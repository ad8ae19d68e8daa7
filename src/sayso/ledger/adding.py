"""Many reports into a ledger, and all of a ledger read anew: what is there already is never read again.

Nothing here knows where reports come from or how they are read: both arrive as arguments. Interrupted at any moment, the same
call goes on where it stopped, because every report is stored by itself and recognised by its digest before it is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sqlalchemy import func, select

from sayso.errors import InputError
from sayso.ledger import origins, schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import settling
from sayso.ledger.writer import Kept, Writer
from sayso.model import Report

_AT_ONCE = 100  # reports fetched from the ledger at a time, so that memory stays flat

ReadAll = Callable[[Iterator[Report]], Iterable[Report]]


class Failed(Protocol):
    """A source that gave no report; `skipped` where nobody asked for it."""

    @property
    def source(self) -> str:
        """Path or address."""

    @property
    def message(self) -> str:
        """Why."""

    @property
    def skipped(self) -> bool:
        """Whether nobody asked for it."""


class Fate(StrEnum):
    """What became of one outcome."""

    READ = "read"
    THERE = "already there"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Tally:
    """How many met which fate."""

    counts: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))

    def __getitem__(self, fate: Fate) -> int:
        return self.counts[fate]


Told = Callable[[Fate, "Report | Failed"], None]


def add(
    writer: Writer,
    outcomes: Iterable[Report | Failed],
    read_all: ReadAll,
    *,
    kept: Callable[[Report], Kept] = lambda _: Kept(),
    told: Told = lambda _fate, _what: None,
) -> Tally:
    """Reads and stores the reports of `outcomes` that are not there, notes the failures, and says how many met which fate.

    `read_all` gives the reports it is given, read, in their order; `kept` says what to store beside one; `told` hears of each as it
    happens. Where the writer can tell copies, reports that an older Sayso stored are signed first. Where the ledger has rules,
    claims find their incidents, those too that an earlier stop left over. Raises `LedgerError` when the ledger fails;
    what was stored before stays.
    """
    if writer.copies:
        origins.complete(writer.ledger, writer.copies)
    tally = Tally()
    waiting: deque[Kept] = deque()

    def note(fate: Fate, what: Report | Failed) -> None:
        tally.counts[fate] += 1
        told(fate, what)

    def fresh() -> Iterator[Report]:
        for outcome in outcomes:
            if not isinstance(outcome, Report):
                if not outcome.skipped:
                    writer.fail(outcome.source, outcome.message)
                note(Fate.SKIPPED if outcome.skipped else Fate.FAILED, outcome)
            elif writer.holds(outcome):
                note(Fate.THERE, outcome)
            else:
                waiting.append(kept(outcome))
                yield outcome

    for report in _settling(writer, read_all(fresh())):
        try:
            stored = writer.add(report, waiting.popleft())
        except InputError as exc:
            writer.fail(exc.source or report.id, exc.message)
            note(Fate.FAILED, _Refused(exc.source or report.id, exc.message))
        else:
            note(Fate.READ if stored else Fate.THERE, report)
    return tally


def _settling(writer: Writer, reports: Iterable[Report]) -> Iterator[Report]:
    """The reports, with what was stored of those before brought into incidents now and then, and at the end."""
    for index, report in enumerate(reports, 1):
        yield report
        if index % _AT_ONCE == 0:
            settling.catch_up(writer.ledger, now=writer.now)
    settling.catch_up(writer.ledger, now=writer.now)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A report that could be read and not stored."""

    source: str
    message: str
    skipped: bool = False


def outdated(ledger: Ledger, version: str) -> int:
    """How many reports are currently read by another version of the reader than `version`."""
    readings = schema.readings.c
    with ledger.read() as connection:
        wanted = select(func.count()).where(readings.superseded_at.is_(None), readings.version != version)
        return connection.execute(wanted).scalar_one()


def reread(writer: Writer, read_all: ReadAll, *, told: Told = lambda _fate, _what: None) -> Tally:
    """Reads every report anew whose current reading is by another version than the writer's; old claims stay as superseded.

    Raises `LedgerError` when the ledger fails; run again, it goes on with those that are left.
    """
    tally = Tally()
    numbers: deque[int] = deque()

    def stored() -> Iterator[Report]:
        for number, report in _outdated(writer.ledger, writer.version):
            numbers.append(number)
            yield report

    for report in _settling(writer, read_all(stored())):
        number = numbers.popleft()
        try:
            fate = Fate.READ if writer.reread(number, report) else Fate.THERE
        except InputError as exc:
            writer.fail(report.id, exc.message)
            fate = Fate.FAILED
        tally.counts[fate] += 1
        told(fate, report)
    return tally


def _outdated(ledger: Ledger, version: str) -> Iterator[tuple[int, Report]]:
    readings, last = schema.readings.c, 0
    while True:
        wanted = (
            select(schema.reports)
            .join(schema.readings, readings.report == schema.reports.c.number)
            .where(readings.superseded_at.is_(None), readings.version != version, schema.reports.c.number > last)
            .order_by(schema.reports.c.number)
            .limit(_AT_ONCE)
        )
        with ledger.read() as connection:
            found = connection.execute(wanted).mappings().all()
        for row in found:
            last = row["number"]
            yield last, values.report(row)
        if len(found) < _AT_ONCE:
            return
