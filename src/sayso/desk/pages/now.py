"""Now: what changed last, with a map, a timeline and facets that filter one another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from sayso.desk import charts, maps, told, words
from sayso.desk.page import Answer, Asked, Json, Page, Param
from sayso.desk.pages.report import address
from sayso.desk.pages.search import AFTER, every_claim
from sayso.desk.remembered import Card
from sayso.desk.rendering import macro
from sayso.ledger import Ledger, facets, history, incidents
from sayso.ledger.facets import Facets
from sayso.ledger.grouping import changing
from sayso.ledger.history import Change
from sayso.ledger.incidents import Head
from sayso.model import Incident

SHOWN = 15
MOST_CLAIMS = 60  # of an incident whose changes are worked out for a list
_TELLING = (history.NUMBER, history.SOURCE, history.DENIAL, *changing.TURNS)
MAP = Param("map", "The part of the map that is seen: latitude, longitude and zoom, as 12.6,-8,5.")
_FACETS = ("type", "country", "status", "source_kind", "outlet")


def _view(asked: Asked) -> Answer:
    seen = asked.one("map")
    place = maps.view(seen) if seen else None
    page = incidents.heads_page(asked.ledger, asked.wanted, limit=SHOWN, after=asked.one("after"))
    cards = _cards(asked, page.found)
    counted = asked.kept.facets(asked.ledger, asked.wanted)
    line = charts.timeline(counted.days)
    data = {
        "shows": asked.wanted.phrase,
        "incidents": [card.data for card in cards],
        "after": page.after,
        "facets": _facets_json(counted),
    }
    values = {
        "cards": cards,
        "after": page.after,
        "facets": counted,
        "facet_names": _FACETS,
        "drawn": maps.draw(counted.countries, counted.spots, place, _links(asked)),
        "timeline": line,
        "bar_at": {bar.key: index * 10 for index, bar in enumerate(line.bars)},
        "labelled": labelled,
    }
    return Answer(data, values)


def _cards(asked: Asked, heads: Sequence[Head]) -> list[Card]:
    """The incidents of a list, drawn once for all readers: one of very many claims takes a second to sum up."""
    ledger, as_of = asked.ledger, asked.wanted.as_of
    if as_of:
        return [_card(incident, ()) for incident in incidents.filled(ledger, heads, as_of=as_of)]
    by_id, judged = {head.id: head for head in heads}, facets.judged(ledger)

    def drawn(missing: list[str]) -> Iterator[Card]:
        for incident in incidents.filled(ledger, [by_id[each] for each in missing]):
            yield _card(incident, _changes(ledger, incident))

    return asked.kept.incidents.all({head.id: (head.changed_at, judged) for head in heads}, drawn)


def _card(incident: Incident, changes: tuple[Change, ...]) -> Card:
    one = told.shown(incident)
    data = told.brief(one) | {"changes": [told.change(change) for change in changes]}
    return Card(data, macro("_incident.html", "card")(one, address, changes))


def _changes(ledger: Ledger, incident: Incident) -> tuple[Change, ...]:
    """What the last change of an incident was. Nothing for one of very many claims, which takes too long to work out."""
    if len(incident.tellings) > MOST_CLAIMS:
        return ()
    last = [one for one in history.history(ledger, incident.id) if one.at == incident.changed_at]
    began = [one for one in last if one.kind == history.BEGUN]
    telling = began or [one for one in last if one.kind in _TELLING] or last[:1]
    return tuple(telling)


def _links(asked: Asked) -> maps.Links:
    return maps.Links(
        country=lambda code: asked.toggled("country", code),
        place=lambda key: asked.toggled("geonameid", key),
        countries=frozenset(asked.several("country")),
        places=frozenset(asked.several("geonameid")),
    )


def _facets_json(facets: Facets) -> Json:
    return {
        "claims": facets.claims,
        "capped": facets.capped,
        "counted": facets.counted,
        "values": {name: dict(pairs) for name, pairs in facets.values.items()},
        "countries": facets.countries,
        "days": {day.isoformat(): count for day, count in facets.days.items()},
        "undated": facets.undated,
        "places": [dataclasses.asdict(spot) for spot in facets.spots],
    }


def labelled(name: str, value: str) -> str:
    """A value of a facet as people read it."""
    if name == "country":
        return words.country(value)
    return words.of_event(value) if name == "type" else value


PAGES: tuple[Page, ...] = (
    Page(
        "/now",
        "The newest incidents and changes, with counts by country, day, type, status, source and outlet.",
        "now.html",
        _view,
        params=(AFTER, MAP),
        filters=True,
        tellings=every_claim,
        nav="Now",
        kept=True,
    ),
)
