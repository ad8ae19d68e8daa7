"""Now: what changed last, with a map, a timeline and facets that filter one another."""

from __future__ import annotations

import dataclasses

from sayso.desk import charts, maps, told, words
from sayso.desk.page import Answer, Asked, Json, Page, Param
from sayso.desk.pages.report import address
from sayso.desk.pages.search import AFTER, every_claim
from sayso.ledger import incidents
from sayso.ledger.facets import Facets

SHOWN = 15
MAP = Param("map", "The part of the map that is seen: latitude, longitude and zoom, as 12.6,-8,5.")
_FACETS = ("type", "country", "status", "source_kind", "outlet")


def _view(asked: Asked) -> Answer:
    seen = asked.one("map")
    place = maps.view(seen) if seen else None
    page = incidents.incidents_page(asked.ledger, asked.wanted, limit=SHOWN, after=asked.one("after"))
    found = [told.shown(incident) for incident in page.found]
    changes = [() if asked.wanted.as_of else asked.kept.changes(asked.ledger, one) for one in page.found]
    facets = asked.kept.facets(asked.ledger, asked.wanted)
    line = charts.timeline(facets.days)
    data = {
        "shows": asked.wanted.phrase,
        "incidents": [
            told.brief(one) | {"changes": [told.change(change) for change in last]}
            for one, last in zip(found, changes, strict=True)
        ],
        "after": page.after,
        "facets": _facets_json(facets),
    }
    values = {
        "found": list(zip(found, changes, strict=True)),
        "after": page.after,
        "facets": facets,
        "facet_names": _FACETS,
        "drawn": maps.draw(facets.countries, facets.spots, place, _links(asked)),
        "timeline": line,
        "bar_at": {bar.key: index * 10 for index, bar in enumerate(line.bars)},
        "address": address,
        "labelled": labelled,
    }
    return Answer(data, values)


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
    ),
)
