"""The incident: its claims side by side, where they differ, how it came together, and how to take it apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sayso import summary
from sayso.desk import charts, maps, told, words
from sayso.desk.page import Action, Again, Answer, Asked, Json, Moved, Page, Param, Refused, local, segment, to
from sayso.desk.pages.report import AS_OF, address
from sayso.ledger import history, incidents
from sayso.ledger.facets import Spot
from sayso.ledger.judgements import merging
from sayso.ledger.team.accounts import Role
from sayso.model import Incident, Telling
from sayso.summary import Summary

SHOWN = 60  # claims of one page
PAIRS = 40  # of claims whose likeness is shown
MOST_COMPARED = 300  # claims of an incident whose pairs can be compared while somebody waits
RULE = Param("rule", f"How several numbers become one figure: {', '.join(summary.RULES)}.")
DONE = Param("done", "The act that led here, to offer its undoing.")
OTHER = Param("other", "The other incident: its id or its address.", required=True)
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
        "tab": "",
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
    return Answer(lambda: told.whole(one) | {"as_of": asked.one("as_of")}, values)


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


# --- how it came to be ---


def _history(asked: Asked) -> Answer | Moved:
    incident = found(asked)
    if isinstance(incident, Moved):
        return Moved(f"{incident.to}/history", incident.for_good)
    changes = history.history(asked.ledger, incident.id)
    one = told.shown(incident)
    data = {"id": incident.id, "changes": [told.change(change) for change in changes]}
    return Answer(data, {"one": one, "changes": changes[::-1], "address": address, "tab": "history"})


def _why(asked: Asked) -> Answer | Moved:
    incident = found(asked)
    if isinstance(incident, Moved):
        return Moved(f"{incident.to}/why", incident.for_good)
    too_many = len(incident.tellings) > MOST_COMPARED
    pairs = [] if too_many else history.why(asked.ledger, incident.id, limit=PAIRS)
    most = max((abs(feature.weight) for pair in pairs for feature in pair.comparison.features), default=1.0)
    data = {"id": incident.id, "pairs": [told.compared(pair) for pair in pairs], "too_many": too_many}
    values = {"one": told.shown(incident), "pairs": pairs, "most": most, "address": address, "tab": "why"}
    return Answer(data, values)


# --- merging, splitting, undoing ---

WHY = Param("why", "Why, in your words; kept with the judgement.")
BACK = Param("back", "The page to go back to.")


def _preview(asked: Asked) -> Answer | Moved:
    """Two incidents, and what they would be together, before anything is judged."""
    here, other = found(asked), _other(asked)
    if isinstance(here, Moved) or isinstance(other, Moved):
        raise Refused(400, "one of the two was merged into another; open it and start from there")
    if here.id == other.id:
        raise Refused(400, "these are one incident already")
    both = Incident(here.id, (*here.tellings, *other.tellings), here.known_from, here.changed_at)
    three = [told.shown(one) for one in (here, other, both)]
    data = {name: told.brief(one) for name, one in zip(("this", "other", "together"), three, strict=True)}
    shown = {"this": three[0], "other": three[1], "together": three[2], "address": address, "why": asked.one("why")}
    return Answer(data, shown)


def _unmerged(asked: Asked, _: str) -> Answer:
    """The form that names the other incident, where that one cannot be put together with this one."""
    here = found(asked)
    if isinstance(here, Moved):
        raise Refused(400, "this incident was merged into another; open that one and start from there")
    return Answer({}, {"this": told.shown(here), "other": None, "together": None, "address": address, "why": None})


def _other(asked: Asked) -> Incident | Moved:
    given = (asked.one("other") or "").strip().rstrip("/").rpartition("/incidents/")[2].partition("?")[0]
    if not given:
        raise Refused(400, "other is missing: the id or the address of the other incident")
    try:
        return found(dataclasses.replace(asked, path={"incident": given}))
    except Refused as exc:
        raise Refused(400, f"the other incident cannot be had: {exc.said}") from exc


def _merge(asked: Asked) -> Moved:
    other = _other(asked)
    if isinstance(other, Moved):
        raise Refused(400, "the other incident was merged into another already; open it and start from there")
    done = merging.merge(asked.ledger, asked.path["incident"], other.id, by=asked.user.name, why=asked.one("why"))
    return _done(asked, done)


def _split(asked: Asked) -> Moved:
    claims = asked.several("claim")
    done = merging.split(asked.ledger, asked.path["incident"], claims, by=asked.user.name, why=asked.one("why"))
    return _done(asked, done)


def _unsplit(asked: Asked, said: str) -> Answer:
    """The page of the incident with the claims ticked that were, all of its claims where one of them is not shown otherwise."""
    ticked = set(asked.several("claim"))
    here = dataclasses.replace(asked, address=f"/incidents/{segment(asked.path['incident'])}", form={})
    answer = _view(here)
    if isinstance(answer, Answer) and not ticked <= {one.claim.id for one in answer.shown["tellings"]}:
        here = dataclasses.replace(here, given={"all": ("yes",)})
        answer = _view(here)
    if isinstance(answer, Moved):
        raise Refused(400, said)
    return Answer(answer.data, {**answer.shown, "asked": here})


def _undo(asked: Asked) -> Moved:
    done = merging.undo(asked.ledger, by=asked.user.name)
    return Moved(local(asked.one("back"), "/now"), data=_act(done))


def _done(asked: Asked, done: merging.Done) -> Moved:
    return Moved(to(f"/incidents/{segment(asked.path['incident'])}", done=done.batch), data=_act(done))


def _act(done: merging.Done) -> Json:
    return {"batch": done.batch, "incidents": list(done.incidents)}


PAGES = (
    Page(
        "/incidents/{incident}",
        "An incident: every claim, numbers over time, statuses, days and places side by side.",
        "incident.html",
        _view,
        params=(AS_OF, RULE, ALL, DONE),
        tellings=_tellings,
        kept=True,
    ),
    Page("/incidents/{incident}/history", "What happened to an incident, newest first.", "history.html", _history),
    Page(
        "/incidents/{incident}/why",
        "Why the claims of an incident were put together, feature by feature.",
        "why.html",
        _why,
    ),
    Page(
        "/incidents/{incident}/merge",
        "What two incidents would be together, before they are judged to be one.",
        "merge.html",
        _preview,
        params=(OTHER, WHY),
        role=Role.EDITOR,
        again=Again("merge.html", _unmerged),
    ),
)
ACTIONS = (
    Action(
        "/incidents/{incident}/merge",
        "Judge that two incidents are one.",
        _merge,
        fields=(OTHER, WHY),
        again=Again("merge.html", _unmerged),
    ),
    Action(
        "/incidents/{incident}/split",
        "Judge that some claims of an incident tell of another one.",
        _split,
        fields=(Param("claim", "Ids of the claims that leave.", many=True, required=True), WHY),
        again=Again("incident.html", _unsplit),
    ),
    Action("/undo", "Take back your last merge or split.", _undo, fields=(BACK,)),
)
