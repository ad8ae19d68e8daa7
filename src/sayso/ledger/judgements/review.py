"""What people judge of single claims: accept, reject, correct a slot, add one that was missed, and undo.

Every judgement is a row that is appended and never edited; the claims follow from them (`revising`). A corrected claim
supersedes the former one, so that every filter, export and ``as_of`` follows. A report is meant by its key
(`sayso.ledger.values.report_key`), a claim by its id. An act and its row in the audit log are one transaction.

>>> from sayso import pipeline
>>> reviewer = Reviewer(book, "ana", pipeline.resolve_claim)
>>> reviewer.correct(key, claim, {"place": Correction(spans=(Span(40, 44),))}, why="the arrests were in Kati")
>>> reviewer.undo()
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, insert, literal, select, tuple_, update

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, query, schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import settling
from sayso.ledger.judgements import revising, slots
from sayso.ledger.judgements.revising import Decision, Kind, Stand
from sayso.ledger.judgements.slots import Correction, Resolve
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now
from sayso.model import Claim, Report, Source, SourceKind, Span, Status, Telling


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did at once, to be undone together: `batch` names it, `claim` is the claim it is about."""

    batch: str
    report: str
    claim: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A report with the claims that stand, those that were rejected, and all decisions that stand, oldest first."""

    key: str
    report: Report
    rejected: tuple[Claim, ...]
    decisions: tuple[Decision, ...]

    @property
    def decided(self) -> Mapping[str, Decision]:
        """The last decision about each claim that has one, by the id of the claim."""
        return {decision.claim: decision for decision in self.decisions if decision.claim is not None}

    @property
    def unattached(self) -> tuple[Decision, ...]:
        """Decisions that fit no claim of the current reading; they are kept."""
        return tuple(decision for decision in self.decisions if decision.claim is None)


# --- acts ---


class Reviewer:
    """Judges as `by`. `resolve` says what words stand for, as the reader does; `now` gives the moments of the judgements.

    `who` stands in the audit log, where that is somebody else: whoever takes over what `by` judged in another program.
    Methods raise `ConfigError` for a report, claim, slot or value that there is not, and `LedgerError`.
    """

    def __init__(
        self,
        ledger: Ledger,
        by: str,
        resolve: Resolve,
        *,
        who: str | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.ledger = ledger
        self.by = by
        self.who = who or by
        self._resolve = resolve
        self._now = now

    def accept(self, key: str, claim: str, *, why: str | None = None) -> Act:
        """Says that a claim is right as it stands; one that was rejected stands again."""
        return self._decide(Kind.ACCEPT, key, claim, why)

    def reject(self, key: str, claim: str, *, why: str | None = None) -> Act:
        """Says that the report makes no such claim: it no longer stands."""
        return self._decide(Kind.REJECT, key, claim, why)

    def correct(self, key: str, claim: str, corrections: Mapping[str, Correction], *, why: str | None = None) -> Act:
        """Puts other words or another value into slots of a claim, all at once (see `slots.FIELDS` for what there is).

        Refuses where somebody else has changed the claim meanwhile.
        """
        with self.ledger.read() as connection:
            there = _there(connection, key)
        before = _found(there, claim)
        rows = self._corrections(there, before, corrections)
        with self._write() as connection:
            if _found(_there(connection, key), claim) != before:
                raise ConfigError(
                    "somebody else has just changed this claim; look at it again, then correct what is wrong"
                )
            return self._append(connection, Act(_batch(), key, claim), rows, why)

    def add(self, key: str, trigger: Span, corrections: Mapping[str, Correction], *, why: str | None = None) -> Act:
        """Adds a claim that the reader missed: the words that name its event, its type, and other slots as `correct` takes them.

        What is not given is as in a plain claim: actual, not background, on the word of the outlet.
        """
        with self.ledger.read() as connection:
            there = _there(connection, key)
        claim = drafted(key, there.report, trigger, corrections, self._resolve)
        with self._write() as connection:
            _refuse_twice(_there(connection, key), claim)
            rows = [_row(Kind.ADD, key, claim, None, slots.whole(claim))]
            return self._append(connection, Act(_batch(), key, claim.id), rows, why)

    def undo(self, batch: str | None = None) -> Act | None:
        """Takes back an act on single claims: the one that `batch` names, else this reviewer's last. None where there is none."""
        judged = schema.judgements.c
        standing = judged.kind.in_(list(Kind)) & judged.revoked_at.is_(None)
        wanted = standing & (judged.batch == batch if batch is not None else judged.by == self.by)
        last = select(judged.batch, judged.report, judged.number).where(wanted).order_by(judged.number.desc()).limit(1)
        with self._write() as connection:
            found = connection.execute(last).first()
            if found is None:
                return None
            about = select(schema.reviewed.c.claim).where(schema.reviewed.c.judgement == found.number)
            claim = connection.execute(about).scalar() or ""
            moment = values.moment(self._now())
            revoked = update(schema.judgements).where(standing, judged.batch == found.batch)
            connection.execute(revoked.values(revoked_at=moment, revoked_by=self.by))
            revising.revise(connection, found.report, moment)
            act = Act(found.batch, found.report, claim)
            self._note(connection, "judgement undone", act, {}, moment)
        return act

    def _decide(self, kind: Kind, key: str, claim: str, why: str | None) -> Act:
        with self._write() as connection:
            rows = [_row(kind, key, _found(_there(connection, key), claim))]
            return self._append(connection, Act(_batch(), key, claim), rows, why)

    def _corrections(self, there: Stand, claim: Claim, asked: Mapping[str, Correction]) -> list[dict[str, Any]]:
        """The judgements that correct these slots; each means the claim as the one before has left it."""
        if not asked:
            raise ConfigError(f"name a slot to correct; a claim has {', '.join(slots.FIELDS)}")
        rows = []
        for field in slots.ordered(asked):
            anchor = claim
            claim, value = slots.corrected(there.report, claim, field, asked[field], self._resolve)
            rows.append(_row(Kind.CORRECT, there.key, anchor, field, value))
        return rows

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One transaction, and then the incidents that follow from it."""
        with self.ledger.write() as connection:
            yield connection
        settling.catch_up(self.ledger, now=self._now)

    def _append(self, connection: Connection, act: Act, rows: list[dict[str, Any]], why: str | None) -> Act:
        """Stores the judgements of one act, and brings the claims of the report in line with them."""
        moment = values.moment(self._now())
        common = {"batch": act.batch, "by": self.by, "why": why or None, "made_at": moment}
        connection.execute(insert(schema.judgements), [row | common for row in rows])
        revising.revise(connection, act.report, moment)
        self._note(connection, _DONE[Kind(rows[0]["kind"])], act, {"why": why or None, "judged": _said(rows)}, moment)
        return act

    def _note(self, connection: Connection, what: str, act: Act, about: Mapping[str, Any], at: str) -> None:
        """The row of the audit log, the last thing that a transaction does."""
        by = self.by if self.who != self.by else None
        known = {"report": act.report, "claim": act.claim or None, "batch": act.batch, "by": by}
        audit.note_within(connection, self.who, what, {**known, **about}, at=at)


def drafted(key: str, report: Report, trigger: Span, asked: Mapping[str, Correction], resolve: Resolve) -> Claim:
    """The claim that somebody adds to the report with that key: the words that name its event, its type, and other slots.

    Raises `ConfigError` where there is no type, and for words and values that there are not.
    """
    if "type" not in asked:
        raise ConfigError("say of which type the claim is; that and its trigger are all it needs")
    (trigger,) = slots.checked(report, [trigger])
    kind = filters.BY_NAME["type"].parse(asked["type"].value or "")
    known = f"{key} added {trigger.start} {trigger.end} {kind}"
    claim = Claim(
        id=hashlib.sha256(known.encode()).hexdigest()[:16],
        trigger=trigger,
        sentence=trigger,
        type=kind,
        mode=None,
        status=Status.ACTUAL,
        historical=False,
        source=Source(SourceKind.REPORT),
    )
    found = resolve(report, claim)
    claim = replace(claim, sentence=found.sentence, country=found.country, country_how=found.country_how)
    for field in slots.ordered(asked):
        claim, _ = slots.corrected(report, claim, field, asked[field], resolve)
    return claim


# What the audit log calls an act.
_DONE = {
    Kind.ACCEPT: "claim accepted",
    Kind.REJECT: "claim rejected",
    Kind.CORRECT: "claim corrected",
    Kind.ADD: "claim added",
}


def _said(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What was put into which slots, or the whole claim that was added, so that the audit log vouches for that too."""
    return {row["field"] or row["kind"]: json.loads(row["value"]) for row in rows if row["value"]} or None


def _batch() -> str:
    return uuid.uuid4().hex


def _there(connection: Connection, key: str) -> Stand:
    there = revising.stand(connection, key)
    if there is None:
        raise ConfigError(f"the ledger has no report with the key {key!r}")
    return there


def _found(there: Stand, claim: str) -> Claim:
    found = there.find(claim)
    if found is None:
        raise ConfigError(f"the report has no claim {claim!r} that stands; look at it again")
    return found


def _refuse_twice(there: Stand, claim: Claim) -> None:
    """Refuses a claim that is there already: the same type, at a trigger that overlaps."""
    if any(one.type == claim.type and one.trigger.overlaps(claim.trigger) for one in there.report.claims):
        raise ConfigError(f"there is a claim of type {claim.type} on these words already; correct that one")


def _row(
    kind: Kind, key: str, claim: Claim, field: str | None = None, value: slots.Json | None = None
) -> dict[str, Any]:
    return {
        "kind": str(kind),
        "report": key,
        "trigger_start": claim.trigger.start,
        "trigger_stop": claim.trigger.end,
        "type": claim.type,
        "field": field,
        "value": slots.dumps(value) if value is not None else None,
    }


# --- what stands ---


def reviewed(ledger: Ledger, key: str) -> Reviewed:
    """A report as people have judged it so far. Raises `ConfigError` where there is no such report."""
    with ledger.read() as connection:
        there = _there(connection, key)
    return Reviewed(key, there.report, there.rejected, there.decisions)


def last(ledger: Ledger, by: str) -> tuple[str, Decision] | None:
    """The last act of a reviewer that stands, with the key of its report: what `undo` would take back."""
    judged, attached = schema.judgements.c, schema.reviewed.c
    wanted = (
        select(schema.judgements, attached.claim)
        .outerjoin(schema.reviewed, attached.judgement == judged.number)
        .where(judged.by == by, judged.kind.in_(list(Kind)), judged.revoked_at.is_(None))
        .order_by(judged.number.desc())
        .limit(1)
    )
    with ledger.read() as connection:
        row = connection.execute(wanted).mappings().first()
    return (row["report"], revising.decision(row)) if row else None


def reviewed_reports(ledger: Ledger) -> list[str]:
    """Keys of all reports with a decision that stands, in the order of all."""
    found = exists().where(schema.reviewed.c.report == schema.reports.c.number)
    wanted = select(schema.reports.c.key).where(found).order_by(schema.reports.c.line, schema.reports.c.number)
    with ledger.read() as connection:
        return list(connection.execute(wanted).scalars())


# --- the queue ---


@dataclass(frozen=True, slots=True)
class Waiting:
    """Claims that nobody has judged, least sure first, with the keys of their reports; `after` is the cursor of the next page."""

    found: tuple[tuple[str, Telling], ...]
    after: str | None


def queue(ledger: Ledger, wanted: filters.Wanted, *, limit: int, after: str | None = None) -> Waiting:
    """Up to `limit` claims that wait for a judgement and meet the filters. Raises `ConfigError` for a cursor that is none."""
    columns = schema.claims.c
    asked = select(columns.number, columns.confidence).order_by(columns.confidence, columns.number).limit(limit + 1)
    if after is not None:
        confidence, number = _parsed(after)
        asked = asked.where(tuple_(columns.confidence, columns.number) > tuple_(literal(confidence), literal(number)))
    with ledger.read() as connection:
        rows = connection.execute(asked.where(_waiting(connection, wanted))).all()
        tellings = query.tellings(connection, [row.number for row in rows[:limit]])
    found = [(values.report_key(tellings[row.number].report), tellings[row.number]) for row in rows[:limit]]
    following = f"{rows[limit - 1].confidence!r}_{rows[limit - 1].number}" if len(rows) > limit else None
    return Waiting(tuple(found), following)


def _waiting(connection: Connection, wanted: filters.Wanted) -> ColumnElement[bool]:
    """What waits and meets the filters: gathered and sorted where it is little, else found by walking from the least sure on."""
    on_sqlite = connection.dialect.name == "sqlite"
    few = conditions.FEW
    some = select(schema.claims.c.number).where(_unjudged(wanted, on_sqlite=on_sqlite)).limit(few)
    found = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one() if wanted.chosen else few
    return _unjudged(wanted, on_sqlite=on_sqlite, walked=found == few)


def count_waiting(ledger: Ledger, wanted: filters.Wanted, *, most: int = 10_000) -> int:
    """How many claims wait for a judgement, counted up to `most`."""
    some = select(schema.claims.c.number).where(_unjudged(wanted, on_sqlite=ledger.on_sqlite)).limit(most)
    with ledger.read() as connection:
        return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def _unjudged(wanted: filters.Wanted, *, on_sqlite: bool, walked: bool = False) -> ColumnElement[bool]:
    columns, judged = schema.claims.c, schema.reviewed.c
    return conditions.on_claims(wanted, on_sqlite=on_sqlite, walked=walked) & ~exists().where(
        judged.report == columns.report, judged.claim == columns.id
    )


def _parsed(cursor: str) -> tuple[float, int]:
    confidence, _, number = cursor.partition("_")
    try:
        return float(confidence), int(number)
    except ValueError as exc:
        raise ConfigError(f"{cursor!r} is no place to go on from; give what the listing before it ended with") from exc


def in_words(decisions: Sequence[Decision]) -> list[str]:
    """Decisions as short sentences: "ana corrected the place"."""
    said = {Kind.ACCEPT: "accepted it", Kind.REJECT: "rejected it", Kind.ADD: "added it"}
    return [
        f"{one.by} {said.get(one.kind) or f'corrected the {one.field}'}" + (f": {one.why}" if one.why else "")
        for one in decisions
    ]
