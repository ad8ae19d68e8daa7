"""Which stored claims look alike: facts, blocks and scores, kept so that a new claim is compared with its neighbours alone.

Links (scores from `Rules.link` on) are always kept. Lower scores are kept where both claims stand in one connected part, where they
weigh in averages; those met on the way are remembered in `Scores`, so that they need not be worked out twice.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, delete, or_, select, update

from sayso.ledger import query, schema, storing, values
from sayso.ledger.grouping.rules import Facts, Rules

CHUNK = 2_000  # claims compared in one transaction: some seconds at most, for which other writers wait
_REMEMBERED = 2_000_000  # scores kept in memory, some 200 MB

Numbers = tuple[int, int]
Scores = dict[Numbers, float]


def pair(one: int, other: int) -> Numbers:
    """Two claims in the order in which edges are kept."""
    return (one, other) if one < other else (other, one)


def compare_some(connection: Connection, rules: Rules, weak: Scores, after: int) -> int | None:
    """Compares claims that wait for it, from the one numbered `after` on; gives the last, None where none was left.

    Scores below a link are added to `weak`.
    """
    waiting = schema.unsettled.c
    chosen = (
        select(waiting.claim)
        .where(~waiting.compared, waiting.claim > after)
        .order_by(waiting.claim)
        .limit(CHUNK)
        .with_for_update()  # a writer that changes one of them is waited for, and waits
    )
    numbers: list[int] = list(connection.execute(chosen).scalars())
    if not numbers:
        return None
    fresh = _renewed(connection, rules, numbers)
    _score(connection, rules, fresh, weak)
    for some in query.chunks(numbers):
        connection.execute(update(schema.unsettled).where(waiting.claim.in_(some)).values(compared=True))
    return numbers[-1]


def _renewed(connection: Connection, rules: Rules, numbers: list[int]) -> dict[int, Facts]:
    """The facts of those claims that are new or say something else than when they were compared, stored with their blocks."""
    standing = query.tellings(connection, numbers, only_standing=True)
    keys = {one.report: "" for one in standing.values()}
    keys = {report: values.report_key(report) for report in keys}
    facts = {number: rules.facts_of(one, keys[one.report]) for number, one in standing.items()}
    known = query.rows_of(connection, schema.facts, schema.facts.c.claim, numbers)
    same = {row["claim"] for row in known if row["claim"] in facts and row["content"] == facts[row["claim"]].to_bytes()}
    _forget(connection, {row["claim"] for row in known} - same)
    fresh = {number: one for number, one in facts.items() if number not in same}
    storing.many(
        connection,
        schema.facts,
        [{"claim": number, "key": one.key, "content": one.to_bytes()} for number, one in fresh.items()],
    )
    storing.many(
        connection,
        schema.blocks,
        [{"key": key, "claim": number} for number, one in fresh.items() for key in digests(rules.blocks(one))],
    )
    return fresh


def digests(names: Iterable[str]) -> list[int]:
    """Block names as numbers. Two names that shared one would only make their claims be compared in vain."""
    hashes = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return sorted({int.from_bytes(one, "big", signed=True) for one in hashes})


def _forget(connection: Connection, claims: set[int]) -> None:
    """Removes what was kept of claims that went or changed; what they were linked to is to be worked out anew."""
    edges = schema.edges.c
    for some in query.chunks(sorted(claims)):
        touching = or_(edges.one.in_(some), edges.other.in_(some))
        ends = connection.execute(select(edges.one, edges.other).where(touching)).all()
        neighbours = sorted({end for row in ends for end in row} - claims)
        for number in neighbours:
            row = {"claim": number, "compared": True}
            connection.execute(storing.once(connection, schema.unsettled, row))
        connection.execute(delete(schema.edges).where(touching))
        connection.execute(delete(schema.blocks).where(schema.blocks.c.claim.in_(some)))
        connection.execute(delete(schema.facts).where(schema.facts.c.claim.in_(some)))


def _score(connection: Connection, rules: Rules, fresh: dict[int, Facts], weak: Scores) -> None:
    """Scores every fresh claim with all that it shares a block with, and stores the links."""
    met = _meeting(connection, rules, fresh)
    others = sorted({other for found in met.values() for other in found if other not in fresh})
    facts = {**fresh, **load(connection, rules, others)}
    links = []
    pairs = (pair(number, other) for number, found in met.items() for other in found)
    for both, score in scored(rules, facts, pairs).items():
        if score >= rules.link:
            links.append({"one": both[0], "other": both[1], "score": score})
        elif len(weak) < _REMEMBERED:
            weak[both] = score
    storing.many(connection, schema.edges, links)


def scored(rules: Rules, facts: Mapping[int, Facts], pairs: Iterable[Numbers]) -> Scores:
    """The score of each pair of these claims."""
    wanted, place = list(pairs), {number: at for at, number in enumerate(facts)}
    found = rules.scores(list(facts.values()), [(place[one], place[other]) for one, other in wanted])
    return dict(zip(wanted, found, strict=True))


def _meeting(connection: Connection, rules: Rules, fresh: dict[int, Facts]) -> dict[int, list[int]]:
    """For every fresh claim those that it meets in a block; a pair of fresh ones is named once."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, one in fresh.items():
        for key in digests(rules.blocks(one)):
            waiting[key].append(number)
    met: dict[int, set[int]] = defaultdict(set)
    for key, other in _members(connection, sorted(waiting)):
        for number in waiting[key]:
            if number != other and (other not in fresh or number < other):
                met[number].add(other)
    return {number: sorted(others) for number, others in sorted(met.items())}


def _members(connection: Connection, keys: list[int]) -> Iterator[Numbers]:
    """(key, claim) of every claim in these blocks."""
    for some in query.chunks(keys):
        found = select(schema.blocks.c.key, schema.blocks.c.claim).where(schema.blocks.c.key.in_(some))
        yield from ((key, claim) for key, claim in connection.execute(found))


def load(connection: Connection, rules: Rules, claims: Iterable[int]) -> dict[int, Facts]:
    """The stored facts of these claims."""
    rows = query.rows_of(connection, schema.facts, schema.facts.c.claim, claims)
    return {row["claim"]: rules.load(row["content"]) for row in rows}


def linked(connection: Connection, rules: Rules, claims: list[int]) -> list[Numbers]:
    """Pairs of these claims that are alike enough to link, in the order of `claims`."""
    edges, place = schema.edges.c, {claim: index for index, claim in enumerate(claims)}
    found = []
    for some in query.chunks(claims):
        wanted = select(edges.one, edges.other).where(edges.one.in_(some), edges.score >= rules.link)
        found += [(row.one, row.other) for row in connection.execute(wanted) if row.other in place]
    return [(one, other) if place[one] < place[other] else (other, one) for one, other in found]


def unknown_pairs(
    connection: Connection, claims: Iterable[int], group_of: dict[int, int], known: Iterable[Numbers]
) -> set[Numbers]:
    """Pairs of claims that share a block and stand in different groups, but for those known."""
    blocks: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in query.rows_of(connection, schema.blocks, schema.blocks.c.claim, claims):
        blocks[row["key"]][group_of[row["claim"]]].append(row["claim"])
    found: set[Numbers] = set()
    for groups in blocks.values():
        listed = list(groups.values())
        for index, some in enumerate(listed):
            for others in listed[index + 1 :]:
                found.update(pair(one, other) for one in some for other in others)
    return found.difference(known)
