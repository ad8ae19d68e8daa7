"""Who did what to whom, over many reports: actors that are named, and what claims tell between them.

An actor is a name as reports write it, folded; whether two names are one person is never guessed. People only described meet
as a kind of people of a country ("military of Mali"), never as somebody, and the words of an anonymous source meet nobody at all
(`sayso.ledger.naming`). Every list says from how many of the newest claims it was made, so that a page is quick in a large ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, RowMapping, Text, and_, literal_column, or_, select

from sayso.errors import ConfigError
from sayso.ledger import conditions, filters, query, schema, words
from sayso.ledger.connect import Ledger
from sayso.model import Status, Telling

NEWEST = 5_000  # claims looked at for a list: a tenth of a second, whatever the size of the ledger
OF_ONE = 1_000  # claims of one actor
TOLD_BETWEEN = 2_000  # claims of a network

# What claims tell between two actors: the name of the relation, and which types and modes it stands for.
RELATIONS: Mapping[str, tuple[tuple[str, str | None], ...]] = MappingProxyType(
    {
        "arrested": (("COERCE", "arrest"),),
        "fights": (("ASSAULT", None),),
        "accuses": (("ACCUSE", None),),
        "allied with": (("AGREE", None), ("SUPPORT", None), ("COOPERATE", None), ("AID", None)),
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A named actor: how claims name it most often, and in how many it acts and is acted upon."""

    key: str
    name: str
    acts: int
    suffers: int
    countries: tuple[str, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One way in which reports name an actor, with the country and sector that they give, and when first and last."""

    words: str
    country: str | None
    sector: str | None
    claims: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Actings:
    """Everything about one actor: how it is written, and the claims in which it acts and is acted upon, newest first."""

    key: str
    name: str
    written: tuple[Written, ...]
    did: tuple[Telling, ...]
    suffered: tuple[Telling, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Node:
    """An actor of a network: somebody named, or people described by what they are."""

    key: str
    name: str
    named: bool
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """That `one` stands in a relation to `other`, on the word of how many claims and texts, some of them not told as fact."""

    one: str
    other: str
    relation: str
    claims: int
    origins: int
    told_as_fact: int


@dataclass(frozen=True, slots=True)
class Network:
    """Actors and what is told between them, most told first; `looked_at` is the number of claims that it was made from."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    looked_at: int


# --- lists ---


def listed(ledger: Ledger, wanted: filters.Wanted, *, limit: int = 100) -> tuple[tuple[Named, ...], int]:
    """The actors named most often in the newest claims that meet the filters, and how many claims were looked at."""
    with ledger.read() as connection:
        numbers = _newest(connection, wanted, NEWEST, on_sqlite=ledger.on_sqlite)
        rows = _parties(connection, numbers)
    return _ranked(row for row in rows if row["named"])[:limit], len(numbers)


def beginning(ledger: Ledger, name: str, *, limit: int = 50) -> tuple[Named, ...]:
    """Actors whose name begins so. Raises `ConfigError` where there is no word in it."""
    start, parties = words.name(name), schema.parties.c
    if not start:
        raise ConfigError(f"there is no word in {name!r}")
    found = (
        select(parties.named)
        .where(parties.named >= start, parties.named < start + "\U0010ffff")
        .distinct()
        .order_by(parties.named)
        .limit(limit)
    )
    with ledger.read() as connection:
        names = list(connection.execute(found).scalars())
        rows = [row for one in names for row in _of(connection, one, OF_ONE)]
    return _ranked(rows)


def _ranked(rows: Iterable[RowMapping]) -> tuple[Named, ...]:
    together: dict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        together[row["named"]].append(row)
    named = [_named(key, found) for key, found in together.items()]
    return tuple(sorted(named, key=lambda one: (-one.acts - one.suffers, one.key)))


def _named(key: str, rows: Sequence[RowMapping]) -> Named:
    roles = {role: len({row["claim"] for row in rows if row["role"] == role}) for role in ("actor", "recipient")}
    return Named(
        key,
        _commonest(row["name"] for row in rows)[0],
        roles["actor"],
        roles["recipient"],
        tuple(_commonest(row["country"] for row in rows)),
        tuple(_commonest(row["sector"] for row in rows)),
    )


def _commonest(values: Iterable[str | None]) -> list[str]:
    counted = Counter(value for value in values if value)
    return sorted(counted, key=lambda value: (-counted[value], value))


def _newest(connection: Connection, wanted: filters.Wanted, limit: int, *, on_sqlite: bool) -> list[int]:
    columns = schema.claims.c
    such = select(columns.number).where(conditions.on_claims(wanted, on_sqlite=on_sqlite))
    return list(connection.execute(such.order_by(columns.line, columns.number).limit(limit)).scalars())


def _parties(connection: Connection, claims: Sequence[int]) -> list[RowMapping]:
    return query.rows_of(connection, schema.parties, schema.parties.c.claim, claims)


def _of(connection: Connection, key: str, limit: int) -> list[RowMapping]:
    """The rows of one actor in claims that stand, newest claim first."""
    parties, columns = schema.parties.c, schema.claims.c
    wanted = (
        select(schema.parties, columns.line, columns.number)
        .join(schema.claims, parties.claim == columns.number)
        .where(parties.named == key, columns.superseded_at.is_(None))
        .order_by(columns.line, columns.number)
        .limit(limit)
    )
    return list(connection.execute(wanted).mappings())


# --- one actor ---


def actor(ledger: Ledger, name: str) -> Actings | None:
    """All that claims tell of a named actor; None where none that stands names it so."""
    key = words.name(name)
    with ledger.read() as connection:
        rows = _of(connection, key, OF_ONE + 1)
        more, rows = len(rows) > OF_ONE, rows[:OF_ONE]
        tellings = query.tellings(connection, {row["claim"] for row in rows})
    if not rows:
        return None
    sides: dict[str, dict[int, Telling]] = {"actor": {}, "recipient": {}}
    for row in rows:
        sides[row["role"]][row["claim"]] = tellings[row["claim"]]
    written = _written(rows, tellings)
    did, suffered = (tuple(sides[role].values()) for role in ("actor", "recipient"))
    return Actings(key, _commonest(row["name"] for row in rows)[0], written, did, suffered, more)


def _written(rows: Sequence[RowMapping], tellings: Mapping[int, Telling]) -> tuple[Written, ...]:
    together: dict[tuple[str, str | None, str | None], list[str]] = defaultdict(list)
    for row in rows:
        report = tellings[row["claim"]].report
        said = " ".join(report.text[row["start"] : row["stop"]].split())
        together[said, row["country"], row["sector"]].append(report.published.isoformat() if report.published else "")
    found = []
    for (said, country, sector), days in together.items():
        dated = sorted(day for day in days if day)
        first, last = (dated[0], dated[-1]) if dated else (None, None)
        found.append(Written(said, country, sector, len(days), first, last))
    return tuple(sorted(found, key=lambda one: (-one.claims, one.words, one.country or "", one.sector or "")))


# --- between actors ---


def relation(kind: str, mode: str | None) -> str | None:
    """The relation that claims of a type and mode tell between their actors and recipients, None for none of these."""
    return next((name for name, kinds in RELATIONS.items() if (kind, None) in kinds or (kind, mode) in kinds), None)


def _told(*, on_sqlite: bool) -> ColumnElement[bool]:
    """That a claim tells one of the relations. On SQLite a plus keeps the claims in their order: most are of such a type."""
    kind, mode, status = (
        literal_column(f"{'+' * on_sqlite}claims.{name}", Text) for name in ("type", "mode", "status")
    )
    kinds = [pair for pairs in RELATIONS.values() for pair in pairs]
    return and_(
        or_(*(and_(kind == one, mode == finer) if finer else kind == one for one, finer in kinds)),
        status != str(Status.NEGATED),
    )


def network(ledger: Ledger, wanted: filters.Wanted) -> Network:
    """What the newest claims that meet the filters tell between actors, in the relations of `RELATIONS`; denials tell nothing."""
    columns = schema.claims.c
    such = conditions.on_claims(wanted, on_sqlite=ledger.on_sqlite) & _told(on_sqlite=ledger.on_sqlite)
    newest = select(columns.number, columns.type, columns.mode, columns.status, columns.report).where(such)
    with ledger.read() as connection:
        rows = connection.execute(newest.order_by(columns.line, columns.number).limit(TOLD_BETWEEN)).mappings().all()
        parties: dict[int, list[RowMapping]] = defaultdict(list)
        for party in _parties(connection, [row["number"] for row in rows]):
            parties[party["claim"]].append(party)
        origins = _origins(connection, {row["report"] for row in rows})
    nodes: dict[str, Node] = {}
    between: dict[tuple[str, str, str], list[RowMapping]] = defaultdict(list)
    for row in rows:
        for pair in _pairs(row, parties[row["number"]], nodes):
            between[pair].append(row)
    edges = [_edge(pair, told, origins) for pair, told in between.items()]
    return Network(nodes, tuple(sorted(edges, key=lambda e: (-e.origins, -e.claims, e.one, e.other))), len(rows))


def _origins(connection: Connection, reports: set[int]) -> dict[int, str]:
    found = query.rows_of(connection, schema.origins, schema.origins.c.report, reports)
    return {row["report"]: row["origin"] for row in found}


def _pairs(row: RowMapping, parties: Sequence[RowMapping], nodes: dict[str, Node]) -> Iterator[tuple[str, str, str]]:
    told = relation(row["type"], row["mode"])
    if told is None:
        return
    sides: dict[str, list[Node]] = {"actor": [], "recipient": []}
    for party in sorted(parties, key=lambda party: party["position"]):
        node = _node(party)
        if node is not None:
            sides[party["role"]].append(node)
    for one in sides["actor"]:
        for other in sides["recipient"]:
            if one.key != other.key:
                nodes.setdefault(one.key, one)
                nodes.setdefault(other.key, other)
                pair = sorted((one.key, other.key)) if told == "allied with" else (one.key, other.key)
                yield pair[0], pair[1], told


def _node(party: RowMapping) -> Node | None:
    """The actor, or the kind of people; None for those of whom only a country or nothing is known."""
    if party["named"]:
        return Node(f"name {party['named']}", party["name"], True, party["country"], party["sector"])
    if party["sector"] is None:
        return None
    return Node(f"kind {party['country'] or '-'} {party['sector']}", "", False, party["country"], party["sector"])


def _edge(pair: tuple[str, str, str], told: Sequence[RowMapping], origins: Mapping[int, str]) -> Edge:
    texts = {origins.get(row["report"], row["report"]) for row in told}
    facts = sum(row["status"] == Status.ACTUAL for row in told)
    return Edge(pair[0], pair[1], pair[2], len({row["number"] for row in told}), len(texts), facts)
