"""Incidents worked out from claims and judgements: the neighbourhood of what changed, with the result that all would give.

Claims that came, went, changed or were judged wait in `unsettled`, written in the transaction that changed them; whoever settles
next takes all that wait, so a stop between the two loses nothing. Settling compares what is new (`comparing`), then
takes every connected part that is touched, whole, and lets `Rules.partition` group it. Parts are independent, and the partition of
each is a function of its claims, scores and judgements: so neither order nor batches nor the number of programs matters.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, delete, func, insert, select

from sayso.ledger import query, schema, storing, values
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import changing, comparing
from sayso.ledger.grouping.comparing import Numbers, Scores, pair
from sayso.ledger.grouping.rules import Rules, needed
from sayso.ledger.grouping.succession import Group
from sayso.ledger.judgements import judging
from sayso.ledger.writer import utc_now

REPORTS = 500  # whose claims are settled in one transaction
_LOCK = 0x5361_7949  # held on PostgreSQL while incidents are worked out


def settle(
    ledger: Ledger, *, now: Callable[[], dt.datetime] = utc_now, told: Callable[[int], None] = lambda _: None
) -> int:
    """Brings the claims that wait into incidents; how many. `told` hears how many more were settled, as it goes.

    Raises `LedgerError`, and `ConfigError` where the ledger was opened without rules.
    """
    rules = needed(ledger.rules)
    weak: Scores = {}
    _adopt(ledger, rules)
    last: int | None = -1
    while last is not None:
        with ledger.write() as connection:
            lock(connection)
            last = comparing.compare_some(connection, rules, weak, last)
    count = 0
    while True:
        with ledger.write() as connection:
            lock(connection)
            waiting = _waiting(connection)
            if not waiting:
                return count
            regroup(connection, rules, waiting, values.moment(now()), weak=weak)
        count += len(waiting)
        told(len(waiting))


def catch_up(ledger: Ledger, *, now: Callable[[], dt.datetime] = utc_now) -> None:
    """Brings into incidents what waits for it, if the ledger has rules for that; otherwise it goes on waiting."""
    if ledger.rules is not None:
        settle(ledger, now=now)


def rebuild(
    ledger: Ledger, *, now: Callable[[], dt.datetime] = utc_now, told: Callable[[int], None] = lambda _: None
) -> int:
    """Compares all claims anew and works out all incidents; what comes out other than it was is written as a change."""
    needed(ledger.rules)
    with ledger.write() as connection:
        lock(connection)
        _start_over(connection)
    return settle(ledger, now=now, told=told)


def unsettled(ledger: Ledger) -> int:
    """How many claims wait to be settled."""
    with ledger.read() as connection:
        return connection.execute(select(func.count()).select_from(schema.unsettled)).scalar_one()


def lock(connection: Connection) -> None:
    """Lets one program at a time work out incidents; on SQLite, writers wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _adopt(ledger: Ledger, rules: Rules) -> None:
    """Has everything compared anew where it was compared by other rules."""
    with ledger.read() as connection:
        if connection.execute(select(schema.rules.c.version)).scalar() == rules.version:
            return
    with ledger.write() as connection:
        lock(connection)
        known = connection.execute(select(schema.rules.c.version)).scalar()
        if known != rules.version:
            if known is not None:
                _start_over(connection)
            connection.execute(delete(schema.rules))
            connection.execute(insert(schema.rules), {"version": rules.version})


def _start_over(connection: Connection) -> None:
    for table in (schema.edges, schema.blocks, schema.facts, schema.unsettled):
        connection.execute(delete(table))
    claims, members = schema.claims.c, schema.memberships.c
    standing = select(claims.number).where(claims.superseded_at.is_(None))
    belonging = select(members.claim).where(members.superseded_at.is_(None))
    storing.unsettle(connection, connection.execute(standing.union(belonging)).scalars())


def _waiting(connection: Connection) -> set[int]:
    """Compared claims that wait, those of some reports; none of a report of which a claim is yet to be compared."""
    waiting, claims = schema.unsettled.c, schema.claims.c
    of = select(claims.report).join(schema.unsettled, waiting.claim == claims.number)
    chosen = of.where(waiting.compared, claims.report.not_in(of.where(~waiting.compared))).distinct()
    numbers = connection.execute(chosen.order_by(claims.report).limit(REPORTS)).scalars().all()
    wanted = select(waiting.claim).join(schema.claims, claims.number == waiting.claim)
    return set(connection.execute(wanted.where(claims.report.in_(numbers))).scalars())


def regroup(  # noqa: PLR0913 - two that only some need
    connection: Connection,
    rules: Rules,
    seeds: set[int],
    now: str,
    *,
    weak: Scores | None = None,
    before: str | None = None,
) -> list[str]:
    """Works out the incidents of these claims and of all that they are tied to; gives the ids of those that changed.

    `before` is a moment: groups rather take the ids that their claims had until then, so that what is undone is as it was.
    """
    around = _Neighbourhood(connection, rules, judging.ties(connection))
    around.take(seeds)
    around.close()
    groups = around.groups(weak or {})
    changed = changing.write(connection, groups, around.gone, now, before)
    for some in query.chunks(sorted(around.claims | around.gone | seeds)):
        waiting = schema.unsettled.c
        connection.execute(delete(schema.unsettled).where(waiting.claim.in_(some), waiting.compared))
    return changed


class _Neighbourhood:
    """Whole connected parts around claims: `claims` with their keys, `gone` those that stand no longer, scores between claims."""

    def __init__(self, connection: Connection, rules: Rules, ties: judging.Ties) -> None:
        self._connection = connection
        self._rules = rules
        self._ties = ties
        self._partners = ties.partners()
        self._seeds: set[int] = set()
        self._keys: dict[int, str] = {}
        self._scores: Scores = {}
        self.gone: set[int] = set()

    @property
    def claims(self) -> set[int]:
        """The claims that stand."""
        return set(self._keys)

    def take(self, seeds: Iterable[int]) -> None:
        """Adds claims, and all claims of their connected parts."""
        wanted = set(seeds)
        self._seeds |= wanted
        columns = schema.claims.c
        for some in query.chunks(sorted(wanted)):
            found = select(columns.number).where(columns.number.in_(some), columns.superseded_at.is_not(None))
            self.gone |= set(self._connection.execute(found).scalars())
        reports = self._reports(wanted)
        if self._ties.judged and judging.touch(self._connection, reports):
            wanted |= self._ties.judged
        self._grow(wanted - self.gone)

    def _reports(self, claims: set[int]) -> list[int]:
        columns = schema.claims.c
        return sorted(
            {
                report
                for some in query.chunks(sorted(claims))
                for report in self._connection.execute(select(columns.report).where(columns.number.in_(some))).scalars()
            }
        )

    def _grow(self, frontier: set[int]) -> None:
        while frontier := frontier - self._keys.keys():
            rows = query.rows_of(self._connection, schema.facts, schema.facts.c.claim, sorted(frontier))
            found = {row["claim"]: row["key"] for row in rows}
            self._keys |= found
            frontier = {partner for claim in found for partner in self._partners.get(claim, ())}
            for edge, score in self._edges(sorted(found)):
                self._scores[edge] = score
                if score >= self._rules.link:
                    frontier.update(edge)

    def _edges(self, claims: list[int]) -> Iterable[tuple[Numbers, float]]:
        edges = schema.edges.c
        for some in query.chunks(claims):
            for end in (edges.one, edges.other):
                for one, other, score in self._connection.execute(select(schema.edges).where(end.in_(some))):
                    yield (one, other), score

    def close(self) -> None:
        """Adds the incidents of all claims, whole: those that leave one are weighed against those that stay."""
        members = schema.memberships.c
        done: set[int] = set()
        while True:
            incidents = self._incidents() - done
            if not incidents:
                return
            done |= incidents
            belonging = {
                claim
                for some in query.chunks(sorted(incidents))
                for claim in self._connection.execute(
                    select(members.claim).where(members.superseded_at.is_(None), members.incident.in_(some))
                ).scalars()
            }
            self.take(belonging - self._keys.keys() - self.gone)

    def _incidents(self) -> set[int]:
        members = schema.memberships.c
        return {
            incident
            for some in query.chunks(sorted(self.claims | self.gone))
            for incident in self._connection.execute(
                select(members.incident).where(members.superseded_at.is_(None), members.claim.in_(some))
            ).scalars()
        }

    def groups(self, weak: Scores) -> list[Group]:
        """The claims grouped by the rules, with every score that counts."""
        self._complete(weak)
        keys = self._keys
        numbers = {key: number for number, key in keys.items()}
        grouped = self._rules.partition(
            sorted(numbers),
            [
                (keys[one], keys[other], score)
                for (one, other), score in self._scores.items()
                if self._within(one, other)
            ],
            [(keys[one], keys[other]) for one, other in self._ties.must if self._within(one, other)],
            [(keys[one], keys[other]) for one, other in self._ties.cannot if self._within(one, other)],
        )
        return [Group(tuple(numbers[key] for key in group), group[0]) for group in grouped]

    def _within(self, one: int, other: int) -> bool:
        return one in self._keys and other in self._keys

    def _complete(self, weak: Scores) -> None:
        """Adds the scores below a link of pairs that met and now stand in one connected part, and keeps them.

        Within a part that was one before, they are kept already: only pairs across such parts, and those of seeds, are looked for.
        """
        links = [edge for edge, score in self._scores.items() if score >= self._rules.link]
        former = _connected(self._keys, (edge for edge in links if not self._seeds.intersection(edge)))
        parts: dict[int, list[int]] = defaultdict(list)
        for claim, part in _connected(self._keys, [*links, *self._ties.must]).items():
            parts[part].append(claim)
        unknown: set[Numbers] = set()
        for claims in parts.values():
            if len({former[claim] for claim in claims}) > 1:
                unknown |= comparing.unknown_pairs(self._connection, claims, former, self._scores)
        found = {edge: weak[edge] for edge in unknown if edge in weak}
        missing = sorted(unknown - found.keys())
        facts = comparing.load(self._connection, self._rules, sorted({end for edge in missing for end in edge}))
        found |= comparing.scored(self._rules, facts, missing)
        self._scores |= found
        storing.many(
            self._connection,
            schema.edges,
            [{"one": one, "other": other, "score": found[one, other]} for one, other in sorted(found)],
        )


def _connected(claims: Iterable[int], links: Iterable[Numbers]) -> dict[int, int]:
    """Each claim with the lowest of its connected part."""
    parent = {claim: claim for claim in claims}

    def root(claim: int) -> int:
        while parent[claim] != claim:
            parent[claim] = claim = parent[parent[claim]]
        return claim

    for one, other in links:
        if one in parent and other in parent:
            low, high = pair(root(one), root(other))
            parent[high] = low
    return {claim: root(claim) for claim in parent}
