"""Small words that several pages need: numbers, moments, names of countries."""

from __future__ import annotations

import datetime as dt
from functools import cache

from sayso import ontology
from sayso.desk.world import world
from sayso.ledger import filters
from sayso.model import Claim, Report, SourceKind, Status

STATUSES = {
    "actual": "told as having happened",
    "alleged": "alleged: the report keeps its distance",
    "planned": "planned or announced",
    "hypothetical": "might happen, or is demanded",
    "negated": "denied: told as not having happened",
}


def thousands(number: int) -> str:
    """12345 as "12,345"."""
    return f"{number:,}"


def several(number: int, noun: str, plural: str | None = None) -> str:
    """1 "claim" as "1 claim", 2 as "2 claims"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def moment(stored: str) -> str:
    """A moment as people read it: "30 Nov 2026, 14:05 UTC"."""
    when = dt.datetime.fromisoformat(stored)
    return f"{when.day} {when:%b %Y, %H:%M} UTC"


def day(value: dt.date | str | None) -> str:
    """A day as people read it; a month or year stays what it is."""
    if value is None:
        return "no day given"
    try:
        found = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except ValueError:
        return str(value)
    return f"{found.day} {found:%b %Y}"


def country(code: str | None) -> str:
    """Name of a country; the code where it has none here."""
    return world().names.get(code or "", code or "no country")


def event(claim: Claim) -> str:
    """Type and mode in small letters: "coerce: arrest"."""
    return f"{claim.type.lower()}: {claim.mode}" if claim.mode else claim.type.lower()


def is_outlet(claim: Claim) -> bool:
    """Whether nobody but the outlet says so."""
    return claim.source.kind is SourceKind.REPORT


def title(report: Report) -> str:
    """The title of a report, or its first words."""
    return report.title or " ".join(report.text.split())[:80] or report.id


# --- filters ---

FILTERS = filters.BY_NAME
_LABELS = {
    "text": "Words",
    "type": "Event",
    "country": "Country",
    "since": "Published since",
    "until": "Published until",
    "happened_since": "Happened since",
    "happened_until": "Happened until",
    "source_kind": "On whose word",
    "historical": "Background",
    "min_confidence": "Least confidence",
    "geonameid": "GeoNames id",
    "as_of": "As known at",
}


def label(name: str) -> str:
    """What a filter is called in forms."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


@cache
def choices(name: str) -> list[tuple[str, str]]:
    """The values of a filter whose list is closed, with what they are called; nothing for the others."""
    sectors = [(key, f"{key}: {said}"[:60]) for key, said in sorted(ontology.SECTORS.items())]
    countries = sorted(((code, said) for code, said in world().names.items()), key=lambda pair: pair[1])
    return {
        "type": [(key, key.lower()) for key in ontology.TYPES],
        "mode": [(mode, mode) for mode in sorted({mode for kind in ontology.TYPES.values() for mode in kind.modes})],
        "status": [(str(status), str(status)) for status in Status],
        "source_kind": [(str(kind), str(kind)) for kind in SourceKind],
        "historical": [("yes", "only background"), ("no", "no background")],
        "country": countries,
        "actor_country": countries,
        "recipient_country": countries,
        "actor_sector": sectors,
        "recipient_sector": sectors,
    }.get(name, [])
