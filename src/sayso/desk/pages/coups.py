"""Coups: conspiracies, attempts and seizures of power by country and year, as reports tell them, each with who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sayso import layout, summary
from sayso.desk import words
from sayso.desk.page import Answer, Asked, Page, Param, Refused, to
from sayso.desk.pages.report import address
from sayso.ledger import coups
from sayso.ledger.coups import Year
from sayso.model import Status, Telling

# How far a coup went, in the order of the page, and what it is called there.
STAGES: Mapping[str, str] = MappingProxyType(
    {"conspiracy": "conspiracies", "attempt": "attempts", "realized": "seizures of power", "": "not said how far"}
)
AT = (
    Param("at", "One country of the list, by its code; - for claims without one."),
    Param("year", "One year of it, such as 2025; - for claims without one."),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One coup as it is listed: the claims that tell of it, brought together or single, and those that deny it."""

    incident: str | None
    tellings: tuple[Telling, ...]
    denials: tuple[Telling, ...]

    @property
    def first(self) -> Telling:
        """The newest claim that tells of it; where nobody does, the newest denial."""
        return (*self.tellings, *self.denials)[0]

    @property
    def deniers(self) -> tuple[str, ...]:
        """Who denies it, each once."""
        return tuple(dict.fromkeys(summary.speaker(telling) for telling in self.denials))


def _view(asked: Asked) -> Answer:
    years, looked_at = coups.by_year(asked.ledger, asked.wanted)
    chosen = _chosen(asked)
    listed = _listed(coups.of_year(asked.ledger, *chosen, denials=True)) if chosen else []
    data = {
        "shows": asked.wanted.phrase,
        "claims_looked_at": looked_at,
        "years": [_year_json(one) for one in years],
        "coups": [
            {
                "incident": one.incident,
                "claims": [layout.telling_json(telling) for telling in one.tellings],
                "denials": [layout.telling_json(telling) for telling in one.denials],
                "denied_by": list(one.deniers),
            }
            for one in listed
        ],
    }
    shown = {
        "countries": _by_country(years),
        "stages": STAGES,
        "chosen": chosen,
        "listed": listed,
        "looked_at": looked_at,
        "most": coups.NEWEST,
        "address": address,
        "year_address": lambda one: asked.link(at=one.country or "-", year=one.year or "-") + "#told",
    }
    return Answer(data, shown)


def _chosen(asked: Asked) -> tuple[str | None, str | None] | None:
    at, year = asked.one("at"), asked.one("year")
    if at is None and year is None:
        return None
    if at is None or year is None:
        raise Refused(400, "give both at and year; - stands for claims without one")
    if year != "-" and not (len(year) == 4 and year.isascii() and year.isdecimal()):
        raise Refused(400, f"{year!r} is no year; write it as 2025, or - for none")
    return (None if at == "-" else at.upper()), (None if year == "-" else year)


def _year_json(one: Year) -> dict[str, object]:
    return {
        "country": one.country,
        "year": one.year,
        "incidents": {stage or "not_said": number for stage, number in one.incidents.items()},
        "denied": one.denied,
        "claims": one.claims,
        "origins": one.origins,
        "page": to("/coups", at=one.country or "-", year=one.year or "-"),
    }


def _by_country(years: tuple[Year, ...]) -> list[tuple[str, list[Year]]]:
    """Countries by name, each with its years; claims without a country last."""
    together: dict[str | None, list[Year]] = {}
    for one in years:
        together.setdefault(one.country, []).append(one)
    named = [(words.country(code), found) for code, found in together.items() if code]
    nowhere = [("Country not named", together[None])] if None in together else []
    return [*sorted(named, key=lambda pair: pair[0]), *nowhere]


def _listed(tellings: tuple[Telling, ...]) -> list[Told]:
    """Claims brought together by their incidents, the newest first."""
    together: dict[str, list[Telling]] = {}
    for telling in tellings:
        together.setdefault(telling.incident or f"claim {telling.claim.id}", []).append(telling)
    return [_told(found) for found in together.values()]


def _told(tellings: Sequence[Telling]) -> Told:
    denials = tuple(one for one in tellings if one.claim.status is Status.NEGATED)
    return Told(tellings[0].incident, tuple(one for one in tellings if one not in denials), denials)


def _tellings(asked: Asked) -> Iterator[Telling]:
    """The claims of the country and year that is chosen, or of all that the page counts."""
    chosen = _chosen(asked)
    years = [chosen] if chosen else [(one.country, one.year) for one in coups.by_year(asked.ledger, asked.wanted)[0]]
    return (telling for year in years for telling in coups.of_year(asked.ledger, *year, limit=coups.NEWEST))


PAGES = (
    Page(
        "/coups",
        "Conspiracies, attempts and seizures of power by country and year, each with who says so.",
        "coups.html",
        _view,
        params=AT,
        filters=True,
        tellings=_tellings,
        nav="Coups",
    ),
)
