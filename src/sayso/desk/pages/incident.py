"""The incident: its claims side by side, where they differ, how it came together, and how to take it apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sayso import summary
from sayso.desk import charts, maps, told, words
from sayso.desk.page import Action, Answer, Asked, Moved, Page, Param, Refused, segment, to
from sayso.desk.pages.report import AS_OF, address
from sayso.ledger import incidents
from sayso.ledger.facets import Spot
from sayso.model import Incident, Telling
from sayso.summary import Summary

SHOWN = 60  # claims of one page
RULE = Param("rule", f"How several numbers become one figure: {', '.join(summary.RULES)}.")
ALL = Param("all", "Show every claim, however many: yes.")


def found(asked: Asked) -> Incident | Moved:
    """The incident of the address, or where it went. Raises `Refused` where there is none, or no longer."""
    at = incidents.incident(asked.ledger, asked.path["incident"], as_of=asked.one("as_of"))
    if isinstance(at, incidents.Redirected):
        return Moved(to(f"/incidents/{segment(at.to)}", as_of=asked.one("as_of")), for_good=True)
    if isinstance(at, incidents.Withdrawn):
        raise Refused(
            410, f"all claims of this incident were withdrawn, {words.moment(at.since)}; ask for an earlier moment"
        )
    return at


def _view(asked: Asked) -> Answer | Moved:
    incident = found(asked)
    if isinstance(incident, Moved):
        return incident
    rule = asked.one("rule") or "range"
    if rule not in summary.RULES:
        raise Refused(400, f"there is no rule {rule!r}; known are {', '.join(summary.RULES)}")
    one = told.shown(incident, rule)
    listed = sorted(incident.tellings, key=_order)
    shown = listed if asked.one("all") else listed[:SHOWN]
    values = {
        "one": one,
        "rule": rule,
        "rules": summary.RULES,
        "charts": [charts.numbers_chart(numbers) for numbers in one.summary.numbers],
        "days": _days(one.summary),
        "drawn": _map(one.summary),
        "tellings": shown,
        "hidden": len(listed) - len(shown),
        "copies": _copies(incident.tellings),
        "address": address,
    }
    return Answer(told.whole(one) | {"as_of": asked.one("as_of")}, values)


def _order(telling: Telling) -> tuple[str, str, int]:
    published = telling.report.published
    return published.isoformat() if published else "9999", telling.report.outlet or "", telling.claim.trigger.start


@dataclass(frozen=True, slots=True)
class Days:
    """The dates that are said, on one scale, each with those who say it."""

    rows: list[tuple[charts.Stretch, tuple[Telling, ...]]]
    first: str
    last: str


def _days(of: Summary) -> Days:
    dates = [(words.day(said.value), *summary.days(said.value)) for said in of.dates]
    drawn, first, last = charts.stretches(dates)
    return Days([(stretch, said.by) for stretch, said in zip(drawn, of.dates, strict=True)], first, last)


def _map(of: Summary) -> maps.Drawn | None:
    spots = [
        Spot(
            said.value.geonameid or 0, said.value.name, said.value.country, str(said.value.precision),
            said.value.latitude, said.value.longitude, len(said.by),
        )
        for said in of.places
        if said.value.latitude is not None and said.value.longitude is not None
    ]  # fmt: skip
    countries = {said.value: len(said.by) for said in of.countries}
    return maps.draw(countries, spots, None, maps.Links()) if spots or countries else None


def _copies(tellings: Iterable[Telling]) -> dict[str, int]:
    """How many reports were printed from each origin, where there are several."""
    prints: dict[str, set[str]] = {}
    for telling in tellings:
        prints.setdefault(summary.origin(telling), set()).add(f"{telling.report.id} {telling.report.outlet}")
    return {origin: len(reports) for origin, reports in prints.items() if len(reports) > 1}


def _tellings(asked: Asked) -> Iterator[Telling]:
    incident = found(asked)
    if isinstance(incident, Moved):
        raise Refused(404, f"it is at another address now: {incident.to}")
    return iter(incident.tellings)


PAGES = (
    Page(
        "/incidents/{incident}",
        "An incident: every claim, numbers over time, statuses, days and places side by side.",
        "incident.html",
        _view,
        params=(AS_OF, RULE, ALL),
        tellings=_tellings,
    ),
)
ACTIONS: tuple[Action, ...] = ()
