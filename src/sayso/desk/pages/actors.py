"""Actors: who is named, what each did and what was done to it over time, and who stands how to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType

from sayso import layout, ontology
from sayso.desk import graph, words
from sayso.desk.page import Answer, Asked, Page, Param, Refused, segment, to
from sayso.desk.pages.report import address
from sayso.ledger import actors
from sayso.ledger.actors import Actings, Edge, Named, Network, Node
from sayso.ledger.query import claims
from sayso.model import Telling

SHOWN = 60  # claims of one side of an actor's page
DRAWN = 30  # actors in a drawing; more cannot be told apart
LISTED = 100
NOBODY = "no claim that stands names anybody so; people who are only described have no page"

# The look of a relation: the class that colours it, and whether it goes both ways.
LOOKS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "arrested": ("arrested", False),
        "fights": ("fights", False),
        "accuses": ("accuses", False),
        "allied with": ("allied", True),
    }
)


def actor_address(name: str) -> str:
    """Where an actor is shown."""
    return f"/actors/{segment(name)}"


# --- the list ---


def _list(asked: Asked) -> Answer:
    name = asked.one("name")
    if name:
        found, looked_at = actors.beginning(asked.ledger, name), None
    else:
        found, looked_at = actors.listed(asked.ledger, asked.wanted, limit=LISTED)
    data = {
        "shows": asked.wanted.phrase,
        "claims_looked_at": looked_at,
        "actors": [_named_json(one) for one in found],
    }
    return Answer(data, {"found": found, "looked_at": looked_at, "most": actors.NEWEST, "actor_address": actor_address})


def _named_json(one: Named) -> dict[str, object]:
    return {
        "name": one.name,
        "acts": one.acts,
        "is_acted_upon": one.suffers,
        "countries": list(one.countries),
        "sectors": list(one.sectors),
        "page": actor_address(one.key),
    }


# --- one actor ---


@dataclass(frozen=True, slots=True)
class Month:
    """A bar of a timeline: how many claims of a month tell what the actor did, and what was done to it."""

    key: str
    did: int
    suffered: int


def _actor(asked: Asked) -> Answer:
    found = actors.actor(asked.ledger, asked.path["actor"])
    if found is None:
        raise Refused(404, NOBODY)
    months = _months(found)
    data = {
        "name": found.name,
        "written": [asdict(one) for one in found.written],
        "did": [layout.telling_json(telling) for telling in found.did],
        "was_done_to": [layout.telling_json(telling) for telling in found.suffered],
        "by_month": [{"month": month.key, "did": month.did, "was_done_to": month.suffered} for month in months],
        "newest_only": found.more,
    }  # fmt: skip
    shown = {
        "found": found,
        "months": months,
        "highest": max((month.did + month.suffered for month in months), default=1),
        "acts": _by_event(found.did),
        "suffers": _by_event(found.suffered),
        "shown": SHOWN,
        "address": address,
        "sectors": ontology.SECTORS,
        "most": actors.OF_ONE,
    }
    return Answer(data, shown)


def _months(found: Actings) -> list[Month]:
    """All months from the first to the last of publication, those without a claim too; the last ten years at most."""
    did, suffered = (_published(side) for side in (found.did, found.suffered))
    keys = sorted({*did, *suffered})
    if not keys:
        return []
    first, last = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (keys[0], keys[-1]))
    spelt = [f"{month // 12}-{month % 12 + 1:02}" for month in range(max(first, last - 119), last + 1)]
    return [Month(key, did[key], suffered[key]) for key in spelt]


def _published(tellings: Iterable[Telling]) -> Counter[str]:
    return Counter(telling.report.published.isoformat()[:7] for telling in tellings if telling.report.published)


def _by_event(tellings: Sequence[Telling]) -> list[tuple[str, int]]:
    counted = Counter(words.event(telling.claim) for telling in tellings)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _involved(asked: Asked) -> Iterator[Telling]:
    """Every claim in which the actor acts or is acted upon."""
    if actors.actor(asked.ledger, asked.path["actor"]) is None:
        raise Refused(404, NOBODY)
    return claims(asked.ledger, involving=asked.path["actor"])


# --- the network ---


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network as it is drawn: actors with their places, and curves between them."""

    nodes: tuple[tuple[Node, graph.At, str | None], ...]
    curves: tuple[tuple[Edge, str, str], ...]
    left_out: int


def _network(asked: Asked) -> Answer:
    found = actors.network(asked.ledger, asked.wanted)
    drawn = _drawn(found)
    data = {
        "shows": asked.wanted.phrase,
        "claims_looked_at": found.looked_at,
        "actors": [
            {"key": node.key, "name": label(node), "named": node.named, "country": node.country, "sector": node.sector}
            for node in found.nodes.values()
        ],
        "relations": [
            {
                "one": edge.one,
                "relation": edge.relation,
                "other": edge.other,
                "claims": edge.claims,
                "origins": edge.origins,
                "told_as_fact": edge.told_as_fact,
            }
            for edge in found.edges
        ],
    }
    shown = {
        "found": found,
        "drawn": drawn,
        "label": label,
        "node_address": _node_address,
        "edge_address": _edge_address,
        "wide": graph.WIDE,
        "high": graph.HIGH,
        "looks": LOOKS,
        "most": actors.TOLD_BETWEEN,
        "countries": words.choices("country"),
    }
    return Answer(data, shown)


def label(node: Node) -> str:
    """What an actor is called in a drawing: its name, or what kind of people these are."""
    if node.named:
        return node.name
    sector = ontology.SECTORS.get(node.sector or "", "").split(",")[0].split("(")[0].strip().lower() or str(node.sector)
    return f"{sector}, {words.country(node.country)}" if node.country else sector


def _node_address(node: Node) -> str:
    if node.named:
        return actor_address(node.key.removeprefix("name "))
    return to("/claims", actor_country=node.country, actor_sector=node.sector)


def _edge_address(nodes: Mapping[str, Node], edge: Edge) -> str:
    """The claims that tell of a relation, as a search."""
    kinds = actors.RELATIONS[edge.relation]
    asked: dict[str, object] = {
        "type": [kind for kind, _ in kinds],
        "mode": [mode for _, mode in kinds if mode] or None,
    }
    sides = {"actor": nodes[edge.one], "recipient": nodes[edge.other]}
    names = [node.key.removeprefix("name ") for node in sides.values() if node.named]
    if LOOKS[edge.relation][1] and len(names) == 2:
        return to("/claims", **asked, actor=names, recipient=names)
    if LOOKS[edge.relation][1]:
        return to("/claims", **asked, involving=names)
    for role, node in sides.items():
        own = {role: node.key.removeprefix("name ")} if node.named else {
            f"{role}_country": node.country, f"{role}_sector": node.sector
        }  # fmt: skip
        asked |= own
    return to("/claims", **asked)


def _drawn(found: Network) -> Drawn:
    """The actors about whom most is told, with what is told between them."""
    told: Counter[str] = Counter()
    for edge in found.edges:
        told[edge.one] += edge.origins
        told[edge.other] += edge.origins
    kept = sorted(sorted(told), key=lambda key: -told[key])[:DRAWN]
    chosen = sorted(kept)
    number = {key: index for index, key in enumerate(chosen)}
    edges = [edge for edge in found.edges if edge.one in number and edge.other in number]
    places = graph.layout(len(chosen), [(number[e.one], number[e.other], min(e.origins, 4) ** 0.5) for e in edges])
    at = dict(zip(chosen, places, strict=True))
    nodes = tuple((found.nodes[key], at[key], _node_address(found.nodes[key])) for key in chosen)
    curves = tuple((edge, _curve(at[edge.one], at[edge.other], edge), LOOKS[edge.relation][0]) for edge in edges)
    return Drawn(nodes, curves, len(told) - len(chosen))


def _curve(one: graph.At, other: graph.At, edge: Edge) -> str:
    """A curve that bends to its own side, by relation, so that several between two actors can be told apart."""
    dx, dy = other.x - one.x, other.y - one.y
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bend = 14 + 16 * list(LOOKS).index(edge.relation)
    x, y = (one.x + other.x) / 2 - dy / length * bend, (one.y + other.y) / 2 + dx / length * bend
    near = 16 / length  # the end stays clear of the dot
    ex, ey = other.x - (other.x - x) * near * 1.2, other.y - (other.y - y) * near * 1.2
    return f"M{one.x:.1f} {one.y:.1f}Q{x:.1f} {y:.1f} {ex:.1f} {ey:.1f}"


PAGES = (
    Page(
        "/actors",
        "Named actors, by how often the newest claims name them.",
        "actors.html",
        _list,
        params=(Param("name", "Only those whose name begins so."),),
        filters=True,
        nav="Actors",
    ),
    Page(
        "/actors/{actor}",
        "What a named actor did, and what was done to it, as reports tell it.",
        "actor.html",
        _actor,
        tellings=_involved,
    ),
    Page(
        "/network",
        "Who arrested, fights, accuses or is allied with whom, as the newest claims tell it.",
        "network.html",
        _network,
        filters=True,
    ),
)
