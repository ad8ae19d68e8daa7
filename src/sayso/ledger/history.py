"""What happened to an incident, moment by moment, and why its claims were put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from sqlalchemy import Connection, or_, select

from sayso import layout, summary
from sayso.errors import ConfigError
from sayso.ledger import query, schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.grouping import changing, comparing
from sayso.ledger.grouping.rules import Comparison, needed
from sayso.ledger.judgements import judging
from sayso.model import Claim, Telling

BEGUN, JOINED, LEFT, REVISED = "begun", "joined", "left", "revised"
NUMBER, SOURCE, DENIAL = "number", "source", "denial"
_WHOLE = 200  # claims of an incident up to which every pair is compared: half a second; beyond it those that are linked
KINDS = (BEGUN, *changing.TURNS, JOINED, LEFT, REVISED, SOURCE, NUMBER, DENIAL)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to an incident: `at` a moment, of a kind of `KINDS`, and in words.

    `telling` is the claim that joined, left, was revised (as it is since), brought a new source or a denial; `other` the incident
    that it met or left.
    """

    at: str
    kind: str
    said: str
    telling: Telling | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody judged of two claims."""

    kind: str
    by: str
    why: str | None
    made_at: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two claims of one incident: how alike they are and why, and what people judged of them."""

    one: Telling
    other: Telling
    comparison: Comparison
    judged: tuple[Judged, ...]


# --- history ---


def history(ledger: Ledger, id: str) -> list[Change]:  # noqa: A002
    """What happened to an incident, oldest first. Raises `ConfigError` where there is none of that id, and `LedgerError`."""
    with ledger.read() as connection:
        incidents = schema.incidents.c
        found = connection.execute(select(schema.incidents).where(incidents.id == id)).mappings().first()
        if found is None:
            raise ConfigError(f"there is no incident {id!r}; `sayso incidents` lists those there are")
        moments = _moments(connection, found["number"])
        told = query.tellings(connection, {claim for moves in moments.values() for claim, _ in moves})
        turns = list(_turns(connection, found["number"]))
        revised = _revised(connection, told)
    changes = [Change(found["known_from"], BEGUN, "first known"), *turns]
    members: dict[int, Telling] = {}
    for at, moves in sorted(moments.items()):
        before = dict(members)
        for claim, joined in moves:
            if joined:
                members[claim] = told[claim]
            else:
                members.pop(claim, None)
        changes += _moved(at, told, moves, revised)
        changes += _meant(at, before, members)
    return sorted(changes, key=lambda change: (change.at, KINDS.index(change.kind)))


def _moments(connection: Connection, incident: int) -> dict[str, list[tuple[int, bool]]]:
    """(claim, whether it joined) at each moment; those that leave first."""
    members = schema.memberships.c
    wanted = select(members.claim, members.known_from, members.superseded_at).where(members.incident == incident)
    found: dict[str, list[tuple[int, bool]]] = {}
    for claim, joined, left in connection.execute(wanted.order_by(members.number)):
        found.setdefault(joined, []).append((claim, True))
        if left is not None:
            found.setdefault(left, []).append((claim, False))
    return {at: sorted(moves, key=lambda move: move[1]) for at, moves in found.items()}


def _turns(connection: Connection, incident: int) -> Iterator[Change]:
    turns, incidents = schema.turns.c, schema.incidents.c
    other = schema.incidents.alias()
    wanted = (
        select(turns.kind, turns.at, turns.incident, incidents.id, other.c.id.label("other"))
        .join(schema.incidents, incidents.number == turns.incident)
        .outerjoin(other, other.c.number == turns.other)
        .where(or_(turns.incident == incident, turns.other == incident))
        .order_by(turns.number)
    )
    words = {
        (changing.MERGED, True): "merged into {}",
        (changing.MERGED, False): "{} was merged into it",
        (changing.SPLIT, True): "split from {}",
        (changing.SPLIT, False): "{} was split from it",
        (changing.RESTORED, True): "stands by itself again",
        (changing.RESTORED, False): "{} stands by itself again",
        (changing.WITHDRAWN, True): "withdrawn: all its claims are gone",
    }
    for kind, at, number, own, beside in connection.execute(wanted):
        its = number == incident
        name = beside if its else own
        yield Change(at, kind, words[kind, its].format(name), other=name)


def _moved(
    at: str, told: dict[int, Telling], moves: Iterable[tuple[int, bool]], revised: Mapping[int, Revision]
) -> Iterator[Change]:
    """What came and went at a moment; a claim that another version of itself followed neither came nor went."""
    joined = {claim for claim, came in moves if came}
    left = {claim for claim, came in moves if not came}
    followed = {claim: revised[claim] for claim in left if claim in revised and revised[claim].after in joined}
    for claim, came in moves:
        if claim in followed:
            after = told[followed[claim].after]
            said = f"{_teller(after)}: {followed[claim].said}{_difference(told[claim], after)}"
            yield Change(at, REVISED, said, after)
        elif not any(claim == one.after for one in followed.values()):
            said = _teller(told[claim])
            yield Change(at, JOINED if came else LEFT, said if came else f"no longer: {said}", told[claim])


def _teller(telling: Telling) -> str:
    return f"{summary.speaker(telling)} in {telling.report.outlet or 'a report without outlet'}"


@dataclass(frozen=True, slots=True)
class Revision:
    """The version of a claim that took the place of another: its number, and who made it so, in words."""

    after: int
    said: str


def _revised(connection: Connection, told: Mapping[int, Telling]) -> dict[int, Revision]:
    """Versions of claims by the number of the one before; those that nobody judged are revised by a new reading."""
    columns, found = schema.claims.c, {}
    wanted = select(columns.number, columns.id, columns.report, columns.known_from, columns.superseded_at)
    for some in query.chunks(sorted(told)):
        for row in connection.execute(wanted.where(columns.number.in_(some))):
            found[row.number] = row
    begun = {(row.report, row.id, row.known_from): row.number for row in found.values()}
    revised = {}
    for number, row in found.items():
        after = begun.get((row.report, row.id, row.superseded_at))
        if row.superseded_at is not None and after is not None and after != number:
            revised[number] = Revision(after, _by(connection, told[number], row.superseded_at))
    return revised


def _by(connection: Connection, telling: Telling, at: str) -> str:
    """Who corrected a claim at a moment, or took a correction back."""
    judged = schema.judgements.c
    wanted = select(judged.by, judged.made_at, judged.revoked_by).where(
        judged.report == values.report_key(telling.report),
        judged.kind == "correct",
        or_(judged.made_at == at, judged.revoked_at == at),
    )
    row = connection.execute(wanted.order_by(judged.number.desc()).limit(1)).first()
    if row is None:
        return "revised"
    return f"corrected by {row.by}" if row.made_at == at else f"correction undone by {row.revoked_by}"


# What is compared of two versions; of a source its kind alone, for an anonymous one is not to be found by its words.
_COMPARED = (
    "type", "mode", "status", "historical", "actor", "actor_name", "actor_country", "actor_sector", "recipient",
    "recipient_name", "recipient_country", "recipient_sector", "place", "place_name", "country", "date", "source_kind",
)  # fmt: skip


def _difference(before: Telling, after: Telling) -> str:
    """What differs between two versions of a claim: ": number was 31, is 44"."""
    then, now = (next(iter(layout.rows(replace(one.report, claims=(one.claim,))))) for one in (before, after))
    pairs = [(name.replace("_", " "), then[name], now[name]) for name in _COMPARED]
    pairs.append(("number", _number(before.claim), _number(after.claim)))
    said = [f"{name} was {_plain(was)}, is {_plain(now)}" for name, was, now in pairs if was != now]
    return f": {'; '.join(said)}" if said else ""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not given" if value is None else str(value)


def _number(claim: Claim) -> str | None:
    """The number of a claim with what it counts: "at least 20 arrested"."""
    count = claim.count.value if claim.count else None
    if count is None:
        return None
    low, high = count.low, count.high
    if low is None or high is None:
        return f"{f'up to {high}' if low is None else f'at least {low}'} {count.what}"
    return f"{low if low == high else f'{low} to {high}'} {count.what}"


def _meant(at: str, before: dict[int, Telling], after: dict[int, Telling]) -> Iterator[Change]:
    """What a moment meant for what is said: new sources, other numbers, denials."""
    known = {summary.voice(telling) for telling in before.values()}
    fresh = [telling for claim, telling in after.items() if claim not in before]
    voices = {summary.voice(telling): telling for telling in reversed(fresh)}
    for voice in sorted(voices.keys() - known, key=lambda one: (one.kind, one.key)):
        yield Change(at, SOURCE, f"a source that was not heard before: {summary.speaker(voices[voice])}", voices[voice])
    then, now = ({one.what: one.figure.words for one in _numbers(members)} for members in (before, after))
    for what in sorted(now):
        if now[what] != then.get(what):
            yield Change(at, NUMBER, f"{what}: {f'{then[what]}, now ' if what in then else ''}{now[what]}")
    if not any(telling.claim.status == "negated" for telling in before.values()):
        denials = [telling for telling in fresh if telling.claim.status == "negated"]
        if denials:
            yield Change(at, DENIAL, f"first denied, by {summary.speaker(denials[0])}", denials[0])


def _numbers(members: dict[int, Telling]) -> tuple[summary.Numbers, ...]:
    return summary.summarise(members.values()).numbers


# --- why ---


def why(ledger: Ledger, id: str, *, limit: int | None = None) -> list[Compared]:  # noqa: A002
    """Pairs of claims of an incident, the most alike first, with the features that make up each score, and people's judgements.

    Raises `ConfigError` where there is no such incident, or where the ledger was opened without rules.
    """
    rules = needed(ledger.rules)
    members, incidents = schema.memberships.c, schema.incidents.c
    wanted = (
        select(members.claim)
        .join(schema.incidents, incidents.number == members.incident)
        .where(incidents.id == id, members.superseded_at.is_(None))
    )
    with ledger.read() as connection:
        claims = list(connection.execute(wanted).scalars())
        if not claims:
            raise ConfigError(f"there is no incident {id!r}; `sayso incidents` lists those there are")
        told = query.tellings(connection, claims)
        facts = comparing.load(connection, rules, claims)
        judged = _judged(connection, list(told))
        order = [claim for claim in told if claim in facts]
        pairs = combinations(order, 2) if len(order) <= _WHOLE else comparing.linked(connection, rules, order)
        scored = comparing.scored(rules, facts, pairs)
    ranked = sorted(scored, key=lambda both: (comparing.pair(*both) not in judged, -scored[both]))
    return [
        Compared(
            told[one],
            told[other],
            rules.compare(facts[one], facts[other]),
            tuple(judged.get(comparing.pair(one, other), ())),
        )
        for one, other in ranked[:limit]
    ]


def _judged(connection: Connection, claims: list[int]) -> dict[tuple[int, int], list[Judged]]:
    """What people judged of pairs of these claims, as far as it holds."""
    columns = schema.judgements.c
    keys = {anchor.report for anchor in judging.anchors(connection, claims).values()}
    found: dict[tuple[int, int], list[Judged]] = {}
    for some in query.chunks(sorted(keys)):
        such = (
            columns.revoked_at.is_(None)
            & columns.kind.in_(judging.BETWEEN)
            & columns.report.in_(some)
            & columns.other_report.is_not(None)
        )
        for row, both in judging.pairs(connection, such):
            if both[0] in claims and both[1] in claims:
                said = Judged(row["kind"], row["by"], row["why"], row["made_at"])
                found.setdefault(comparing.pair(*both), []).append(said)
    return found
