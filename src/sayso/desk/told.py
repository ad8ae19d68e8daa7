"""Incidents as JSON and as what templates need: one summary, with every value next to those who say it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sayso import layout, summary
from sayso.desk import words
from sayso.desk.page import Json, segment
from sayso.ledger.history import Change, Compared
from sayso.model import Incident, Place, Telling
from sayso.summary import Said, Statement, Summary


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident with what its claims say together."""

    incident: Incident
    summary: Summary

    @property
    def title(self) -> str:
        """What it is called."""
        return words.incident(self.summary)

    @property
    def address(self) -> str:
        """Its page."""
        return f"/incidents/{segment(self.incident.id)}"


def shown(incident: Incident, rule: str = "range") -> Shown:
    """An incident with its summary, numbers by that rule."""
    return Shown(incident, summary.summarise(incident.tellings, counts=rule))


def brief(one: Shown) -> Json:
    """An incident of a list as JSON."""
    found = one.summary
    return {
        "id": one.incident.id,
        "title": one.title,
        "page": one.address,
        "known_from": one.incident.known_from,
        "changed_at": one.incident.changed_at,
        "days": found.days and {"first": found.days.first, "last": found.days.last, "disputed": found.days.disputed},
        "countries": [said.value for said in found.countries],
        "numbers": [_numbers(numbers) for numbers in found.numbers],
        "differs": list(found.differs),
        "witnesses": {
            "outlets": len(found.outlets),
            "origins": found.origins,
            "reports": found.reports,
            "named": len(found.named),
            "anonymous": found.anonymous,
            "words": found.witnesses,
        },
        "claims": len(one.incident.tellings),
    }


def change(one: Change) -> Json:
    """A change of an incident as JSON."""
    return {
        "at": one.at,
        "kind": one.kind,
        "said": one.said,
        "claim": one.telling.claim.id if one.telling else None,
        "other": one.other,
    }


def compared(one: Compared) -> Json:
    """Two claims of an incident with what makes them alike, as JSON."""
    return {
        "one": one.one.claim.id,
        "other": one.other.claim.id,
        "score": one.comparison.score,
        "same": one.comparison.same,
        "features": [{"name": f.name, "value": f.value, "weight": f.weight} for f in one.comparison.features],
        "judged": [dataclasses.asdict(judged) for judged in one.judged],
    }


def whole(one: Shown) -> Json:
    """An incident with all that is said, and every claim."""
    found = one.summary
    return brief(one) | {
        "events": _said(found.events),
        "statuses": _said(found.statuses),
        "actors": _said(found.actors),
        "recipients": _said(found.recipients),
        "places": [{"place": _place(said.value), "claims": _ids(said.by)} for said in found.places],
        "dates": _said(found.dates),
        "outlets": list(found.outlets),
        "tellings": [layout.telling_json(telling) for telling in one.incident.tellings],
    }


def _said(said: Iterable[Said[str]]) -> list[Json]:
    return [{"value": one.value, "claims": _ids(one.by)} for one in said]


def _ids(tellings: Iterable[Telling]) -> list[str]:
    return [telling.claim.id for telling in tellings]


def _numbers(numbers: summary.Numbers) -> Json:
    figure = numbers.figure
    return {
        "what": numbers.what,
        "rule": figure.rule,
        "low": figure.low,
        "high": figure.high,
        "best": figure.best,
        "disputed": numbers.disputed,
        "statements": [_statement(statement) for statement in numbers.statements],
    }


def _statement(statement: Statement) -> Json:
    return {
        "low": statement.low,
        "high": statement.high,
        "said_by": summary.speaker(statement.by[0]),
        "published": statement.day.isoformat() if statement.day else None,
        "claims": _ids(statement.by),
        "replaced_by": statement.replaced_by.claim.id if statement.replaced_by else None,
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "geonameid": place.geonameid,
        "name": place.name,
        "country": place.country,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "precision": str(place.precision),
    }
