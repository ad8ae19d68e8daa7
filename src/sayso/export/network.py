"""Who acts on whom: GEXF of the countries and sectors of actors, for Gephi and networkx."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from sayso import ontology
from sayso.export import codes
from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink
from sayso.export.event import Event, Party, score
from sayso.export.rows import TERMS

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
  <meta><creator>Sayso</creator><description>Who acts on whom, by country and sector</description></meta>
  <graph defaultedgetype="directed" mode="static">
    <attributes class="node">
      <attribute id="country" title="country" type="string"/>
      <attribute id="sector" title="sector" type="string"/>
      <attribute id="sector_name" title="sector_name" type="string"/>
      <attribute id="incidents" title="incidents" type="integer"/>
    </attributes>
    <attributes class="edge">
      <attribute id="types" title="types" type="string"/>
      <attribute id="score" title="score" type="double"/>
    </attributes>
"""


@dataclass(slots=True)
class _Edge:
    types: Counter[str] = field(default_factory=Counter)
    score: float = 0.0
    scored: int = 0


class Network(Sink):
    """Nodes are kinds of actors, so their number is bounded; they are kept until the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes: Counter[Party] = Counter()
        self._edges: dict[tuple[Party, Party], _Edge] = {}

    def incident(self, event: Event) -> None:
        """One more incident between each kind of actor and each kind of recipient."""
        if not event.held:
            return
        actors, recipients = (
            dict.fromkeys(Party("", one.country, one.sector) for one in side if one.code)
            for side in (event.actors, event.recipients)
        )
        self._nodes.update(dict.fromkeys((*actors, *recipients), 1))
        for actor in actors:
            for recipient in recipients:
                edge = self._edges.setdefault((actor, recipient), _Edge())
                edge.types[event.type] += 1
                value = score(*event.plover)
                edge.score += value or 0.0
                edge.scored += value is not None

    def close(self) -> None:
        """Writes the whole graph, nodes and edges in the order of their names."""
        names = {party: party.code or "" for party in self._nodes}
        with self._path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(_HEAD + "    <nodes>\n")
            for party in sorted(names, key=lambda party: names[party]):
                stream.write(_node(party, names[party], self._nodes[party]))
            stream.write("    </nodes>\n    <edges>\n")
            for actor, recipient in sorted(self._edges, key=lambda pair: (names[pair[0]], names[pair[1]])):
                stream.write(_edge(names[actor], names[recipient], self._edges[actor, recipient]))
            stream.write("    </edges>\n  </graph>\n</gexf>\n")

    def abandon(self) -> None:
        """Nothing was written yet."""


def _node(party: Party, name: str, incidents: int) -> str:
    known = codes.country(party.country)
    told = {
        "country": known.name if known else "",
        "sector": party.sector or "",
        "sector_name": ontology.SECTORS.get(party.sector or "", ""),
        "incidents": incidents,
    }
    values = "".join(f"<attvalue for={quoteattr(key)} value={quoteattr(str(value))}/>" for key, value in told.items())
    return f"      <node id={quoteattr(name)} label={quoteattr(name)}><attvalues>{values}</attvalues></node>\n"


def _edge(actor: str, recipient: str, edge: _Edge) -> str:
    types = "; ".join(
        f"{kind} {count}" for kind, count in sorted(edge.types.items(), key=lambda item: (-item[1], item[0]))
    )
    mean = round(edge.score / edge.scored, 3) if edge.scored else 0.0
    values = f'<attvalue for="types" value={quoteattr(types)}/><attvalue for="score" value="{mean}"/>'
    ends = f"source={quoteattr(actor)} target={quoteattr(recipient)}"
    return (
        f"      <edge id={quoteattr(f'{actor} > {recipient}')} {ends} "
        f'weight="{edge.types.total()}"><attvalues>{values}</attvalues></edge>\n'
    )


def _opened(_: File, path: Path, __: Options) -> Sink:
    return Network(path)


KEYS = (
    Column("node", "id and label: country (ISO 3166 alpha-3) and PLOVER sector, such as GNB MIL", required=True),
    Column("node country", "English name of the country"),
    Column("node sector", "PLOVER sector"),
    Column("node sector_name", "what it stands for"),
    Column("node incidents", "incidents in which it acts or is acted upon", kind=Kind.WHOLE, unit="incidents"),
    Column("edge", "from actor to recipient", required=True),
    Column("edge weight", "incidents", kind=Kind.WHOLE, unit="incidents"),
    Column("edge types", "event types with how often"),
    Column("edge score", "mean PLOVER score", kind=Kind.NUMBER, unit="-10 to 10"),
)
FORMAT = Format(
    "gexf",
    "GEXF, the network of actors",
    (
        "Who acts on whom, by country and sector, from incidents told as having happened; copies of one text and "
        "several claims of one incident count once."
    ),
    Grain.INCIDENT,
    (File("actors.gexf", "application/gexf+xml", "nodes and edges in the order of their names", KEYS, _opened),),
    (
        (
            "Names: a node is a country and a sector, so that nobody is taken for anybody else. Parties of which "
            "neither is known are left out."
        ),
        "Place, day, numbers, who says so.",
        "What is only planned, supposed or denied is left out.",
    ),
    TERMS,
)
