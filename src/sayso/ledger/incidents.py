"""Incidents as users ask for them: listed by filters, whole with their claims, as of any moment, with what changed and why.

An incident is what claims judged together report. It is derived (`sayso.ledger.grouping`), so nothing here writes one; what people
add are judgements (`merge`, `split`, `undo`). Old ids lead on: to where an incident was merged into, or to its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, exists, func, select, tuple_, union_all

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, query, schema
from sayso.ledger.answers import Answer, paged
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import changing
from sayso.ledger.history import Change, Compared, Judged, history, why
from sayso.ledger.judgements.merging import Done, judge, merge, split, undo
from sayso.model import Incident, Telling

__all__ = [
    "Change",
    "Compared",
    "Done",
    "Head",
    "HeadsPage",
    "IncidentsPage",
    "Judged",
    "Redirected",
    "Withdrawn",
    "count_incidents",
    "filled",
    "find",
    "heads_page",
    "history",
    "incident",
    "incidents_page",
    "judge",
    "merge",
    "split",
    "undo",
    "why",
]

_AT_ONCE = 50
_FEW = 5_000  # claims whose incidents are looked up: within 20 ms, where looking through incidents may take a second


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """Incidents, the one that changed last first; `after` is the cursor of the next page, None on the last."""

    found: tuple[Incident, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """An incident of a listing without its claims: enough to know whether it is still as it was."""

    number: int
    id: str
    known_from: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class HeadsPage:
    """Heads of incidents as `IncidentsPage` has them whole."""

    found: tuple[Head, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Redirected:
    """An incident that was judged to be another one: its claims are now in `to`, since the moment `since`."""

    id: str
    to: str
    since: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An incident all of whose claims were withdrawn, and when."""

    id: str
    since: str


# --- listing ---


def find(ledger: Ledger, *, limit: int | None = None, after: str | None = None, **asked: Any) -> Answer[Incident]:
    """Incidents with a claim that meets all the filters, whose names are those of `filters.FILTERS`; last change first.

    They are fetched as they are looked at; each page is its own transaction. Raises as `query.claims` does.
    """
    wanted = filters.wanted(asked)
    return Answer(
        lambda: _incidents(ledger, wanted, limit, after),
        lambda: count_incidents(ledger, wanted),
        "incidents",
        wanted.phrase,
    )


def _incidents(ledger: Ledger, wanted: filters.Wanted, limit: int | None, after: str | None) -> Iterator[Incident]:
    return paged(
        lambda size, start: incidents_page(ledger, wanted, limit=size, after=start),
        at_once=_AT_ONCE,
        limit=limit,
        after=after,
    )


def incidents_page(ledger: Ledger, wanted: filters.Wanted, *, limit: int, after: str | None = None) -> IncidentsPage:
    """Up to `limit` incidents after the cursor, each with all its claims."""
    with ledger.read() as connection:
        page = _heads(connection, wanted, limit, after)
        return IncidentsPage(tuple(_filled(connection, page.found, wanted.as_of)), page.after)


def heads_page(ledger: Ledger, wanted: filters.Wanted, *, limit: int, after: str | None = None) -> HeadsPage:
    """The same incidents as `incidents_page`, without their claims."""
    with ledger.read() as connection:
        return _heads(connection, wanted, limit, after)


def filled(ledger: Ledger, heads: Sequence[Head], *, as_of: str | None = None) -> list[Incident]:
    """Incidents of these heads with all the claims that they have, or had at a moment."""
    with ledger.read() as connection:
        return _filled(connection, heads, as_of)


def _heads(connection: Connection, wanted: filters.Wanted, limit: int, after: str | None) -> HeadsPage:
    listed = _listed(wanted.as_of)
    chosen = select(listed)
    if after is not None:
        changed, _, last = after.partition("~")
        if not (changed and last):
            raise ConfigError(f"{after!r} is no place to go on from; give what the listing before it ended with")
        chosen = chosen.where(tuple_(listed.c.changed_at, listed.c.id) < (changed, last))
    chosen = chosen.order_by(listed.c.changed_at.desc(), listed.c.id.desc()).limit(limit + 1)
    such = _such(connection, listed, wanted, on_sqlite=connection.dialect.name == "sqlite")
    found = [Head(**row) for row in connection.execute(chosen.where(such)).mappings()]
    following = f"{found[limit - 1].changed_at}~{found[limit - 1].id}" if len(found) > limit else None
    return HeadsPage(tuple(found[:limit]), following)


def _such(connection: Connection, listed: Any, wanted: filters.Wanted, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The condition on listed incidents: that one of their claims meets the filters.

    Where few claims do, their incidents are looked up; otherwise incidents are looked through, the last changed first, until the
    page is full. Either takes milliseconds where the other would take seconds, and the database cannot tell which.
    """
    members, claims = schema.memberships.c, schema.claims.c
    meets = conditions.on_claims(wanted, on_sqlite=on_sqlite)
    few = (
        connection.execute(select(claims.number).where(meets).limit(_FEW + 1)).scalars().all() if wanted.chosen else []
    )
    if wanted.chosen and len(few) <= _FEW:
        theirs = select(members.incident).where(members.claim.in_(few), conditions.member(wanted.as_of))
        return cast("ColumnElement[bool]", listed.c.number.in_(theirs))
    one_does = exists().where(claims.number == members.claim, meets)
    return exists().where(members.incident == listed.c.number, conditions.member(wanted.as_of), one_does)


def count_incidents(ledger: Ledger, wanted: filters.Wanted) -> int:
    """How many incidents have a claim that meets the filters."""
    members = schema.memberships.c
    counted = (
        select(func.count(members.incident.distinct()))
        .select_from(schema.memberships)
        .join(schema.claims, members.claim == schema.claims.c.number)
        .where(conditions.member(wanted.as_of), conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite))
    )
    with ledger.read() as connection:
        return connection.execute(counted).scalar_one()


def _listed(as_of: str | None) -> Any:
    """Incidents with the moment of their last change: those that stand, or all that were known at a moment."""
    columns, members = schema.incidents.c, schema.memberships.c
    if as_of is None:
        return (
            select(columns.number, columns.id, columns.known_from, columns.changed_at)
            .where(columns.ended_at.is_(None))
            .subquery("listed")
        )
    moments = union_all(
        *(
            select(members.incident.label("incident"), moment.label("at")).where(moment <= as_of)
            for moment in (members.known_from, members.superseded_at)
        )
    ).subquery("moments")
    changed = select(moments.c.incident, func.max(moments.c.at).label("at")).group_by(moments.c.incident).subquery()
    return (
        select(columns.number, columns.id, columns.known_from, changed.c.at.label("changed_at"))
        .join(changed, changed.c.incident == columns.number)
        .subquery("listed")
    )


def _filled(connection: Connection, heads: Sequence[Head], as_of: str | None) -> list[Incident]:
    """Incidents of these heads, with all the claims that they have or had at a moment."""
    members = schema.memberships.c
    wanted = (
        select(members.incident, members.claim)
        .join(schema.claims, schema.claims.c.number == members.claim)
        .where(
            conditions.member(as_of),
            conditions.on_claims(filters.wanted({"as_of": as_of}), on_sqlite=connection.dialect.name == "sqlite"),
            members.incident.in_([head.number for head in heads]),
        )
    )
    belonging = {claim: incident for incident, claim in connection.execute(wanted)}
    told: dict[int, list[Telling]] = defaultdict(list)
    for claim, telling in query.tellings(connection, belonging, as_of).items():
        told[belonging[claim]].append(telling)
    return [Incident(head.id, tuple(told[head.number]), head.known_from, head.changed_at) for head in heads]


# --- one ---


def incident(ledger: Ledger, id: str, *, as_of: str | None = None) -> Incident | Redirected | Withdrawn:  # noqa: A002
    """The incident of that id, now or as it was known at a moment; where it has ended, what it became.

    `as_of` is a day (its end, UTC) or a moment. Raises `ConfigError` where there is none, or was none then.
    """
    moment = filters.wanted({"as_of": as_of}).as_of
    with ledger.read() as connection:
        listed = _listed(moment)
        row = connection.execute(select(listed).where(listed.c.id == id)).mappings().first()
        found = _filled(connection, [Head(**row)], moment)[0] if row is not None else None
        if found is not None and found.tellings:
            return found
        return _ended(connection, id, moment)


def _ended(connection: Connection, id: str, as_of: str | None) -> Redirected | Withdrawn:  # noqa: A002
    """What an incident without claims became."""
    turns, columns = schema.turns.c, schema.incidents.c
    number = connection.execute(select(columns.number).where(columns.id == id)).scalar()
    if number is None:
        raise ConfigError(f"there is no incident {id!r}; `sayso incidents` lists those there are")
    began = connection.execute(select(columns.known_from).where(columns.number == number)).scalar_one()
    if as_of is not None and began > as_of:
        raise ConfigError(f"incident {id!r} was not yet known then; ask for a later moment")
    since, to = "", number
    seen: set[int] = set()
    while to not in seen:
        seen.add(to)
        wanted = select(turns.kind, turns.other, turns.at).where(turns.incident == to)
        if as_of is not None:
            wanted = wanted.where(turns.at <= as_of)
        last = connection.execute(wanted.order_by(turns.number.desc()).limit(1)).first()
        if last is not None and last.kind == changing.WITHDRAWN:
            return Withdrawn(id, since or last.at)
        if last is not None and last.kind == changing.MERGED:
            since, to = since or last.at, last.other
    if to == number:  # its claims went and wait to be settled
        return Withdrawn(id, as_of or began)
    return Redirected(id, connection.execute(select(columns.id).where(columns.number == to)).scalar_one(), since)
