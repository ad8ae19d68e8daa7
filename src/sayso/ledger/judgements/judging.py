"""What people judge about pairs of claims: same, different, unsure. Appended with who, when and why; revocable, never edited.

A judgement means claims by report, trigger and type, so that it finds them again when a report is read anew. Where judgements
contradict each other the later one holds; once it is undone, the earlier one holds again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, or_, select

from sayso.ledger import query, schema
from sayso.model import Span

SAME, DIFFERENT, UNSURE = BETWEEN = ("same", "different", "unsure")

Pair = tuple[int, int]


class Anchor(NamedTuple):
    """A claim as a judgement means it: key of the report, trigger, type."""

    report: str
    trigger: Span
    type: str


@dataclass(frozen=True, slots=True)
class Ties:
    """What judgements come to for the claims that stand: pairs that must, and pairs that cannot stand together.

    `judged` are all claims that they are about, those too whose judgement a later one overrules.
    """

    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    judged: frozenset[int] = frozenset()

    def partners(self) -> dict[int, set[int]]:
        """For each claim those that it must stand with."""
        found: dict[int, set[int]] = defaultdict(set)
        for one, other in self.must:
            found[one].add(other)
            found[other].add(one)
        return found


def anchors(connection: Connection, claims: Iterable[int]) -> dict[int, Anchor]:
    """The anchors of these claims."""
    columns = schema.claims.c
    wanted = select(
        columns.number, schema.reports.c.key, columns.trigger_start, columns.trigger_stop, columns.type
    ).join(schema.reports, schema.reports.c.number == columns.report)
    return {
        row.number: Anchor(row.key, Span(row.trigger_start, row.trigger_stop), row.type)
        for some in query.chunks(claims)
        for row in connection.execute(wanted.where(columns.number.in_(some)))
    }


def row(kind: str, one: Anchor, other: Anchor) -> dict[str, Any]:
    """The part of a judgement's row that says which two claims it is about, and how it judges them."""
    return {
        "kind": kind,
        "report": one.report,
        "trigger_start": one.trigger.start,
        "trigger_stop": one.trigger.end,
        "type": one.type,
        "other_report": other.report,
        "other_start": other.trigger.start,
        "other_stop": other.trigger.end,
        "other_type": other.type,
    }


def ties(connection: Connection) -> Ties:
    """What all judgements that hold come to: the latest first, each as far as no later one speaks against it."""
    columns = schema.judgements.c
    holding = columns.revoked_at.is_(None) & columns.kind.in_((SAME, DIFFERENT))
    listed = connection.execute(
        select(columns.number, columns.kind).where(holding).order_by(columns.number.desc())
    ).all()
    if not listed:
        return Ties()
    meant = [_meant(connection, holding, side) for side in ("", "other_")]
    bonds = _Bonds()
    for number, kind in listed:
        one, other = (side.get(number) for side in meant)
        if one is not None and other is not None and one != other:
            bonds.judge(kind, one, other)
    judged = frozenset(claim for side in meant for claim in side.values())
    return Ties(tuple(bonds.must), tuple(bonds.cannot), judged)


def pairs(connection: Connection, such: ColumnElement[bool]) -> list[tuple[RowMapping, Pair]]:
    """Judgements that meet a condition, the oldest first, with the two claims that each means, where it means two."""
    columns = schema.judgements.c
    one, other = (_meant(connection, such, side) for side in ("", "other_"))
    rows = connection.execute(select(schema.judgements).where(such).order_by(columns.number)).mappings()
    return [
        (row, (one[row["number"]], other[row["number"]]))
        for row in rows
        if row["number"] in one and row["number"] in other
    ]


class _Bonds:
    """Union-find that refuses what contradicts an earlier call."""

    def __init__(self) -> None:
        self.must: list[Pair] = []
        self.cannot: list[Pair] = []
        self._parent: dict[int, int] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)

    def judge(self, kind: str, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        if kind == DIFFERENT and low != high:
            self.cannot.append((one, other))
            self._apart[low].add(high)
            self._apart[high].add(low)
        if kind == SAME and high not in self._apart[low]:
            self.must.append((one, other))
            if low != high:
                self._join(low, high)

    def _root(self, claim: int) -> int:
        parent = self._parent
        parent.setdefault(claim, claim)
        while parent[claim] != claim:
            parent[claim] = claim = parent[parent[claim]]
        return claim

    def _join(self, low: int, high: int) -> None:
        self._parent[high] = low
        for other in self._apart.pop(high, set()):
            self._apart[other].discard(high)
            self._apart[other].add(low)
            self._apart[low].add(other)


def _meant(connection: Connection, such: ColumnElement[bool], side: str) -> dict[int, int]:
    """For each judgement the standing claim that one side of it means: of that report and type, the one that overlaps most.

    A claim whose type people corrected since is still meant by its former one.
    """
    judged, claims, former = schema.judgements.c, schema.claims.c, schema.claims.alias("former").c
    report, kind = (judged.report, judged.type) if not side else (judged.other_report, judged.other_type)
    start, stop = (judged.trigger_start, judged.trigger_stop) if not side else (judged.other_start, judged.other_stop)
    wanted = (
        select(judged.number, claims.number, start, stop, claims.trigger_start, claims.trigger_stop)
        .join_from(schema.judgements, schema.reports, schema.reports.c.key == report)
        .join(
            schema.claims,
            and_(
                claims.report == schema.reports.c.number,
                claims.superseded_at.is_(None),
                or_(
                    claims.type == kind,
                    claims.revised
                    & exists().where(
                        former.report == claims.report,
                        former.reading == claims.reading,
                        former.id == claims.id,
                        former.type == kind,
                    ),
                ),
                claims.trigger_start < stop,
                claims.trigger_stop > start,
            ),
        )
        .where(such)
    )
    found: dict[int, tuple[int, int, int, int]] = {}
    for judgement, claim, *bounds in connection.execute(wanted):
        meant, own = Span(*bounds[:2]), Span(*bounds[2:])
        fit = (meant.gap(own), own.start, own.end, claim)  # the most negative gap is the largest overlap
        found[judgement] = min(found.get(judgement, fit), fit)
    return {judgement: fit[3] for judgement, fit in found.items()}


def touch(connection: Connection, reports: Iterable[int]) -> bool:
    """Whether a claim of these reports was ever judged together with another one."""
    judged, texts = schema.judgements.c, schema.reports.c
    for some in query.chunks(reports):
        keys = select(texts.key).where(texts.number.in_(some))
        such = judged.other_report.is_not(None) & (judged.report.in_(keys) | judged.other_report.in_(keys))
        if connection.execute(select(judged.number).where(such).limit(1)).first() is not None:
            return True
    return False
