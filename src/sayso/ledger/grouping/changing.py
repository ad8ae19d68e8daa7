"""Memberships written as they change: which claims an incident had from when until when, and what became of the incident itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from sayso.ledger import query, schema, storing
from sayso.ledger.grouping.succession import Group, heirs, kept, new_id
from sayso.model import Span

MERGED, SPLIT, WITHDRAWN, RESTORED = TURNS = ("merged", "split", "withdrawn", "restored")

Votes = list[tuple[str, int]]


def write(connection: Connection, groups: Sequence[Group], gone: set[int], now: str, before: str | None) -> list[str]:
    """Makes `groups` the incidents of their claims, and lets those that are gone leave; gives the ids of incidents that changed.

    Every claim of an incident that is touched is in `groups` or `gone`. `before` is as in `sayso.ledger.grouping.settling.regroup`.
    """
    group_of = {claim: index for index, group in enumerate(groups) for claim in group.claims}
    present = _memberships(connection, [*group_of, *gone], schema.memberships.c.superseded_at.is_(None))
    follows = _followers(connection, gone, group_of)
    votes = _votes(present, group_of, follows)
    names = _named(connection, groups, votes, _earlier(connection, group_of, before))
    change = _Change(connection, groups, names, present, now)
    change.incidents(votes)
    change.members(group_of)
    return change.finish()


def _votes(members: Mapping[int, str], group_of: Mapping[int, int], follows: Mapping[int, int]) -> Votes:
    """For each claim that has, or whose follower has, a group: the id it belongs to, and that group."""
    return [
        (name, group_of[follows.get(claim, claim)])
        for claim, name in members.items()
        if follows.get(claim, claim) in group_of
    ]


def _memberships(connection: Connection, claims: Iterable[int], such: ColumnElement[bool]) -> dict[int, str]:
    """The id of the incident of each claim, of memberships that meet a condition; of several the last one."""
    members, incidents = schema.memberships.c, schema.incidents.c
    wanted = (
        select(members.claim, incidents.id)
        .join_from(schema.memberships, schema.incidents, members.incident == incidents.number)
        .where(such)
        .order_by(members.number)
    )
    return {
        claim: name
        for some in query.chunks(sorted(claims))
        for claim, name in connection.execute(wanted.where(members.claim.in_(some)))
    }


def _earlier(connection: Connection, group_of: Mapping[int, int], before: str | None) -> Votes:
    """Votes of what the claims of these groups belonged to just before a moment."""
    if before is None:
        return []
    members = schema.memberships.c
    then = (members.known_from < before) & (members.superseded_at.is_(None) | (members.superseded_at >= before))
    return _votes(_memberships(connection, group_of, then), group_of, {})


def _followers(connection: Connection, gone: set[int], group_of: Mapping[int, int]) -> dict[int, int]:
    """For claims that are gone, the one of these groups that stands in their place: of the same report, with the same words.

    A claim of the same type is preferred, then the larger overlap of triggers.
    """
    columns = schema.claims.c
    rows = query.rows_of(connection, schema.claims, columns.number, sorted(gone))
    reports = sorted({row["report"] for row in rows})
    standing: dict[int, list[tuple[Span, str, int]]] = defaultdict(list)
    for row in query.rows_of(connection, schema.claims, columns.report, reports):
        if row["number"] in group_of:
            trigger = Span(row["trigger_start"], row["trigger_stop"])
            standing[row["report"]].append((trigger, row["type"], row["number"]))
    found = {}
    for row in rows:
        trigger = Span(row["trigger_start"], row["trigger_stop"])
        fits = [
            (kind != row["type"], trigger.gap(own), own, number)
            for own, kind, number in standing[row["report"]]
            if trigger.overlaps(own)
        ]
        if fits:
            found[row["number"]] = min(fits)[-1]
    return found


def _named(connection: Connection, groups: Sequence[Group], votes: Votes, earlier: Votes) -> dict[int, str]:
    """The id of each group: one it had before what is undone, one it has, one that ended and comes back, or a new one."""
    names = kept(groups, earlier)
    names |= kept(groups, _left(votes, names))
    names |= kept(groups, _left(_ended(connection, groups, names), names))
    return names | _new(connection, groups, names)


def _left(votes: Votes, names: Mapping[int, str]) -> Votes:
    """The votes for ids and groups that have not found each other yet."""
    taken = set(names.values())
    return [(name, group) for name, group in votes if group not in names and name not in taken]


def _ended(connection: Connection, groups: Sequence[Group], names: Mapping[int, str]) -> Votes:
    """Votes for incidents that ended, by claims that belonged to them once, or whose former versions did."""
    members, incidents = schema.memberships.c, schema.incidents.c
    group_of = {claim: index for index, group in enumerate(groups) if index not in names for claim in group.claims}
    former = _followers(connection, _superseded(connection, group_of), group_of)
    group_of |= {claim: group_of[follower] for claim, follower in former.items()}
    wanted = (
        select(members.claim, incidents.id)
        .join_from(schema.memberships, schema.incidents, members.incident == incidents.number)
        .where(members.superseded_at.is_not(None), incidents.ended_at.is_not(None))
        .distinct()
    )
    return [
        (name, group_of[claim])
        for some in query.chunks(sorted(group_of))
        for claim, name in connection.execute(wanted.where(members.claim.in_(some)))
    ]


def _superseded(connection: Connection, claims: Iterable[int]) -> set[int]:
    """Claims of the same reports that stand no longer."""
    columns = schema.claims.c
    found: set[int] = set()
    for some in query.chunks(sorted(claims)):
        reports = select(columns.report).where(columns.number.in_(some))
        gone = select(columns.number).where(columns.report.in_(reports), columns.superseded_at.is_not(None))
        found |= set(connection.execute(gone).scalars())
    return found


def _new(connection: Connection, groups: Sequence[Group], names: Mapping[int, str]) -> dict[int, str]:
    """Ids that no incident ever had for the groups that have none."""
    nameless = {index: group.key for index, group in enumerate(groups) if index not in names}
    wished = sorted({new_id(key) for key in nameless.values()})
    column = schema.incidents.c.id
    taken = {row["id"] for row in query.rows_of(connection, schema.incidents, column, wished)}
    found: dict[int, str] = {}
    for index, key in sorted(nameless.items(), key=lambda item: item[1]):
        count = 0
        while new_id(key, count) in taken or (
            count and query.rows_of(connection, schema.incidents, column, [new_id(key, count)])
        ):
            count += 1
        found[index] = new_id(key, count)
        taken.add(found[index])
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """An incident as it is stored."""

    number: int
    ended: bool


class _Change:
    """One change of incidents at one moment."""

    def __init__(
        self,
        connection: Connection,
        groups: Sequence[Group],
        names: Mapping[int, str],
        present: Mapping[int, str],
        now: str,
    ) -> None:
        self._connection = connection
        self._groups = groups
        self._names = names
        self._present = present
        self._now = now
        self._numbers: dict[str, int] = {}
        self._changed: set[str] = set()

    def incidents(self, votes: Votes) -> None:
        """Stores new incidents, brings back those that ended, and ends those that no group has."""
        held = set(self._names.values())
        touched = set(self._present.values())
        known = self._known(held | touched)
        heir = heirs(votes, self._names)
        came_from = _sources(votes, self._names)
        begun = sorted(held - known.keys())
        rows = [{"id": name, "known_from": self._now, "changed_at": self._now} for name in begun]
        storing.many(self._connection, schema.incidents, rows)
        self._numbers = {name: one.number for name, one in self._known(held | touched).items()}
        restored = sorted(name for name in held if name in known and known[name].ended)
        ended = sorted(name for name in touched - held if not known[name].ended)
        for name in begun:
            if name in came_from:
                self._turn(name, SPLIT, came_from[name])
        for name in restored:
            self._turn(name, RESTORED, came_from.get(name))
            self._set(name, ended_at=None, successor=None)
        for name in ended:
            to = heir.get(name)
            self._turn(name, MERGED if to else WITHDRAWN, to)
            self._set(name, ended_at=self._now, successor=self._numbers[to] if to else None)

    def members(self, group_of: Mapping[int, int]) -> None:
        """Ends the memberships that hold no longer, and begins those that hold from now on."""
        wanted = {claim: self._names[index] for claim, index in group_of.items()}
        leaving = sorted(claim for claim, name in self._present.items() if wanted.get(claim) != name)
        joining = sorted(claim for claim, name in wanted.items() if self._present.get(claim) != name)
        members = schema.memberships.c
        for some in query.chunks(leaving):
            standing = members.claim.in_(some) & members.superseded_at.is_(None)
            self._connection.execute(update(schema.memberships).where(standing).values(superseded_at=self._now))
        rows = [
            {"claim": claim, "incident": self._numbers[wanted[claim]], "known_from": self._now} for claim in joining
        ]
        storing.many(self._connection, schema.memberships, rows)
        self._changed |= {self._present[claim] for claim in leaving} | {wanted[claim] for claim in joining}

    def finish(self) -> list[str]:
        """Notes when incidents changed; gives their ids."""
        changed = sorted(self._changed)
        for some in query.chunks(changed):
            touched = schema.incidents.c.id.in_(some)
            self._connection.execute(update(schema.incidents).where(touched).values(changed_at=self._now))
        return changed

    def _known(self, names: set[str]) -> dict[str, _Known]:
        rows = query.rows_of(self._connection, schema.incidents, schema.incidents.c.id, sorted(names))
        return {row["id"]: _Known(row["number"], row["ended_at"] is not None) for row in rows}

    def _turn(self, name: str, kind: str, other: str | None) -> None:
        row = {"incident": self._numbers[name], "kind": kind, "at": self._now}
        self._connection.execute(insert(schema.turns), row | {"other": self._numbers[other] if other else None})

    def _set(self, name: str, **fields: str | int | None) -> None:
        self._connection.execute(update(schema.incidents).where(schema.incidents.c.id == name).values(**fields))


def _sources(votes: Votes, names: Mapping[int, str]) -> dict[str, str]:
    """For each id of a group, the other one that most of its claims belonged to."""
    came = Counter((names[group], name) for name, group in votes if names[group] != name)
    found: dict[str, str] = {}
    for name, other in sorted(came, key=lambda both: (both[0], -came[both], both[1])):
        found.setdefault(name, other)
    return found
