"""What the claims of a report are once people have judged them: a pure function of what was read and of the judgements that stand.

So an act, its undoing and a new reading are one and the same step: work out the claims anew (`replay`), and store what differs from
those that stand (`revise`). A claim keeps its id through all its versions; each version says from when until when it stood.

A judgement means its claim by report, trigger and type, which outlive a reading: it meets the claim of that type whose trigger
shares most with its own. One that meets none is kept and listed as not attached, never lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, select

from sayso.ledger import query, schema, storing, values
from sayso.ledger.judgements import slots
from sayso.model import Claim, Report, Span


class Kind(StrEnum):
    """What can be judged of one claim."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Decision:
    """One judgement of one claim. `claim` is the id of the claim that it now applies to, None where it is not attached to any."""

    number: int
    kind: Kind
    trigger: Span
    type: str
    field: str | None
    value: slots.Json | None
    by: str
    why: str | None
    made_at: str
    batch: str
    claim: str | None = None


@dataclass(slots=True)
class _Entry:
    """A claim while judgements are applied to it: all types that it ever had, so that each judgement finds it."""

    claim: Claim
    index: int
    types: set[str]
    added: bool = False
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """Claims with their place in the order of the report, those that people rejected, and what each judgement applies to."""

    claims: tuple[tuple[int, Claim], ...]
    rejected: tuple[Claim, ...]
    attached: tuple[tuple[int, str | None], ...]


# --- working out ---


def replay(read: Iterable[tuple[int, Claim]], decisions: Sequence[Decision]) -> Replayed:
    """What the claims that were read, each with its place in the order of the report, are after the decisions, oldest first."""
    entries = [_Entry(claim, index, {claim.type}) for index, claim in read]
    attached = []
    for decision in decisions:
        entry = _APPLIED[decision.kind](entries, decision)
        attached.append((decision.number, entry.claim.id if entry else None))
    entries.sort(key=lambda entry: (entry.index, entry.added))
    return Replayed(
        tuple((entry.index, entry.claim) for entry in entries if not entry.rejected),
        tuple(entry.claim for entry in entries if entry.rejected),
        tuple(attached),
    )


def _met(entries: Sequence[_Entry], decision: Decision) -> _Entry | None:
    """The claim that a decision means."""
    meeting = [entry for entry in entries if entry.claim.trigger.overlaps(decision.trigger)]
    alike = [entry for entry in meeting if decision.type in entry.types]
    if not alike and decision.field == "type" and decision.value is not None:
        alike = [
            entry for entry in meeting if entry.claim.type == decision.value["slot"]
        ]  # now read as it was corrected
    return min(alike, key=lambda entry: (entry.claim.trigger.gap(decision.trigger), entry.claim.trigger), default=None)


def _accept(entries: list[_Entry], decision: Decision) -> _Entry | None:
    entry = _met(entries, decision)
    if entry:
        entry.rejected = False
    return entry


def _reject(entries: list[_Entry], decision: Decision) -> _Entry | None:
    entry = _met(entries, decision)
    if entry:
        entry.rejected = True
    return entry


def _correct(entries: list[_Entry], decision: Decision) -> _Entry | None:
    entry = _met(entries, decision)
    if entry and decision.field and decision.value is not None:
        entry.claim = slots.put(entry.claim, decision.field, decision.value)
        entry.types.add(entry.claim.type)
        entry.rejected = False
    return entry


def _add(entries: list[_Entry], decision: Decision) -> _Entry | None:
    """Adds the claim; where a reading has found it since, what people said of it takes the place of that."""
    if decision.value is None:
        return None
    claim, entry = slots.from_whole(decision.value), _met(entries, decision)
    if entry is None:
        before = [one.index for one in entries if one.claim.trigger <= claim.trigger]
        entry = _Entry(claim, max(before, default=0), {claim.type}, added=True)
        entries.append(entry)
    else:
        entry.claim, entry.rejected = claim, False
    return entry


_APPLIED = {Kind.ACCEPT: _accept, Kind.REJECT: _reject, Kind.CORRECT: _correct, Kind.ADD: _add}


# --- storing ---


@dataclass(frozen=True, slots=True)
class Stand:
    """A report as it stands in the ledger: what was read, what stands now, and the decisions about it."""

    number: int
    reading: int
    key: str
    report: Report  # with the claims that stand
    read: tuple[tuple[int, Claim], ...]
    rows: dict[str, int] = field(repr=False)  # numbers of the claims that stand, by id
    decisions: tuple[Decision, ...] = ()

    @property
    def rejected(self) -> tuple[Claim, ...]:
        """The claims that people rejected, as they stood before."""
        return replay(self.read, self.decisions).rejected

    def find(self, claim: str) -> Claim | None:
        """The claim of that id, whether it stands or was rejected."""
        return next((one for one in (*self.report.claims, *self.rejected) if one.id == claim), None)


def stand(connection: Connection, key: str) -> Stand | None:
    """How a report stands; None where there is no such report."""
    found = connection.execute(select(schema.reports).where(schema.reports.c.key == key)).mappings().first()
    return _stand(connection, found) if found else None


def _stand(connection: Connection, row: RowMapping) -> Stand:
    readings = schema.readings.c
    current = (readings.report == row["number"]) & readings.superseded_at.is_(None)
    reading = connection.execute(select(readings.number).where(current)).scalar_one()
    report = replace(values.report(row), **query.read_in(connection, [reading])[reading])
    columns = schema.claims.c
    standing = (columns.reading == reading) & columns.superseded_at.is_(None)
    rows = dict(connection.execute(select(columns.id, columns.number).where(standing)).all())
    return Stand(
        row["number"],
        reading,
        row["key"],
        report,
        _as_read(connection, row["number"], reading),
        rows,
        decisions(connection, row["key"]),
    )


def _as_read(connection: Connection, report: int, reading: int) -> tuple[tuple[int, Claim], ...]:
    """The claims of a reading before anybody judged them, each with its place."""
    columns = schema.claims.c
    wanted = (columns.report == report) & (columns.reading == reading) & columns.revised.is_(False)
    return tuple((values.index_of(row["line"]), claim) for row, claim in query.claims_of(connection, wanted))


def decisions(connection: Connection, key: str) -> tuple[Decision, ...]:
    """The judgements about single claims of a report that stand, oldest first."""
    judged, reviewed = schema.judgements.c, schema.reviewed.c
    wanted = (
        select(schema.judgements, reviewed.claim)
        .outerjoin(schema.reviewed, reviewed.judgement == judged.number)
        .where(judged.report == key, judged.kind.in_(list(Kind)), judged.revoked_at.is_(None))
        .order_by(judged.number)
    )
    return tuple(decision(row) for row in connection.execute(wanted).mappings())


def decision(row: RowMapping) -> Decision:
    """A judgement of one claim from its row."""
    return Decision(
        number=row["number"],
        kind=Kind(row["kind"]),
        trigger=Span(row["trigger_start"], row["trigger_stop"]),
        type=row["type"],
        field=row["field"],
        value=json.loads(row["value"]) if row["value"] else None,
        by=row["by"],
        why=row["why"],
        made_at=row["made_at"],
        batch=row["batch"],
        claim=row["claim"],
    )


def revise(connection: Connection, key: str, now: str) -> None:
    """Brings the claims of a report in line with the judgements that stand. Changes nothing where they are."""
    there = stand(connection, key)
    if there is None or not (there.decisions or _was_reviewed(connection, there.number)):
        return
    wanted = replay(there.read, there.decisions)
    _store(connection, there, wanted, now)
    connection.execute(delete(schema.reviewed).where(schema.reviewed.c.report == there.number))
    storing.many(
        connection,
        schema.reviewed,
        [{"judgement": number, "report": there.number, "claim": claim} for number, claim in wanted.attached],
    )


def _was_reviewed(connection: Connection, report: int) -> bool:
    wanted = select(schema.reviewed.c.judgement).where(schema.reviewed.c.report == report).limit(1)
    return connection.execute(wanted).first() is not None


def _store(connection: Connection, there: Stand, wanted: Replayed, now: str) -> None:
    """Supersedes what is no longer so, and adds what is."""
    stands = {claim.id: claim for claim in there.report.claims}
    changed = [(index, claim) for index, claim in wanted.claims if stands.get(claim.id) != claim]
    kept = {claim.id for _, claim in wanted.claims} - {claim.id for _, claim in changed}
    gone = [number for claim, number in there.rows.items() if claim not in kept]
    for some in query.chunks(gone):
        storing.supersede(connection, schema.claims.c.number.in_(some), now)
    place = storing.Place(there.reading, there.number, there.key, now)
    storing.claims(connection, place, there.report, changed, revised=True)
