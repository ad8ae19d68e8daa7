"""Small words that several pages need: numbers, moments, names of countries."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from functools import cache, lru_cache

from markupsafe import Markup, escape

from sayso import ontology, summary
from sayso.desk.world import world
from sayso.ledger import filters
from sayso.model import Claim, Precision, Report, SourceKind, Status, Telling
from sayso.summary import Summary

STATUSES = {
    "actual": "told as having happened",
    "alleged": "alleged: the report keeps its distance",
    "planned": "planned or announced",
    "hypothetical": "might happen, or is demanded",
    "negated": "denied: told as not having happened",
}


_EVENTS = {
    (kind, mode): said
    for kind, modes in {
        "AGREE": "Agreement",
        "CONSULT": "Talks|visit=Visit|third-party=Mediation|multilateral=Talks of several|phone=Phone call",
        "SUPPORT": "Support",
        "CONCEDE": "Concession",
        "COOPERATE": "Cooperation",
        "AID": "Aid",
        "RETREAT": "Retreat|withdraw=Withdrawal|release=Release|disarm=Disarmament|ceasefire=Ceasefire|access=Access granted|"
        "resign=Resignation",
        "REQUEST": "Request|assist=Request for help|change=Demand for change|yield=Demand to yield|meet=Request to meet",
        "ACCUSE": "Accusation|disapprove=Criticism|investigate=Investigation|allege=Allegation",
        "REJECT": "Refusal|assist=Refusal of help|change=Refusal to change|yield=Refusal to yield|meet=Refusal to meet",
        "THREATEN": "Threat|restrict=Threat of restrictions|arrest=Threat of arrest|relations=Threat to relations|"
        "expel=Threat of expulsion|territory=Threat to territory|violence=Threat of violence",
        "PROTEST": "Protest|demo=Demonstration|riot=Riot|strike=Strike|hunger=Hunger strike|boycott=Boycott|obstruct=Blockade|"
        "vandalize=Vandalism",
        "SANCTION": "Sanction|convict=Conviction|expel=Expulsion|withdraw=Withdrawal of people|discontinue=Break of relations",
        "MOBILIZE": "Mobilization|troops=Troops mobilized|weapons=Weapons deployed|police=Police mobilized|"
        "militia=Militia mobilized",
        "COERCE": "Coercion|seize=Seizure of property|restrict=Restriction|censor=Censorship|curfew=Curfew|martial-law=Martial law|"
        "arrest=Arrest|deport=Deportation|withhold=Withholding|misinformation=Misinformation|cyber=Cyber attack",
        "ASSAULT": "Attack|abduct=Abduction|beat=Beating|torture=Torture|sexual=Sexual violence|targeted=Targeted killing|"
        "destroy=Destruction|primitive=Attack with simple weapons|firearms=Shooting|explosives=Bombing|"
        "suicide-attack=Suicide attack|aerial=Air strike|drone=Drone attack|heavy-weapons=Shelling|"
        "crowd-control=Force against a crowd|unconventional=Unconventional attack",
        "COUP": "Coup|conspiracy=Coup plot|attempt=Attempted coup|realized=Seizure of power",
    }.items()
    for mode, said in [("", modes.split("|")[0]), *(part.split("=") for part in modes.split("|")[1:])]
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
    """A day, month, year or interval as people read it."""
    if value is None:
        return "no day given"
    if isinstance(value, str) and "/" in value:
        return " to ".join(map(day, value.split("/")))
    if isinstance(value, str) and len(value) < len("2025-08-10"):
        return f"{calendar.month_abbr[int(value[5:7])]} {value[:4]}" if len(value) == len("2025-08") else value
    found = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    return f"{found.day} {calendar.month_abbr[found.month]} {found.year}"


PRECISIONS = {"town": "town", "admin2": "district", "admin1": "region", "country": "country", "area": "area"}


def country(code: str | None) -> str:
    """Name of a country; the code where it has none here."""
    return world().names.get(code or "", code or "no country")


def event(claim: Claim) -> str:
    """The event in a word: its mode, or its type where it has none."""
    return of_event(f"{claim.type} {claim.mode or ''}")


def of_event(said: str) -> str:
    """An event as summaries call it, in a word: "COERCE arrest" as "Arrest"."""
    kind, _, mode = said.strip().partition(" ")
    return _EVENTS.get((kind, mode)) or _EVENTS.get((kind, "")) or said.capitalize()


def incident(summary: Summary) -> str:
    """What an incident is called: what happened and where, as most say; every other version stands on its page."""
    what = of_event(summary.events[0].value) if summary.events else "Incident"
    place = next((said.value.name for said in summary.places if said.value.precision != Precision.COUNTRY), None)
    country_name = country(summary.countries[0].value) if summary.countries else None
    where = ", ".join(dict.fromkeys(part for part in (place, country_name) if part))
    return f"{what} in {where}" if where else what


def days(summary: Summary) -> str:
    """When it happened, or failing that when it was told."""
    if summary.days is not None:
        first, last = summary.days.first, summary.days.last
        return day(first) if first == last else f"{day(first)} to {day(last)}"
    return f"told {day(summary.published[0])}" if summary.published else "no day given"


def bounds(low: int | None, high: int | None) -> str:
    """A number as said: "at least 20", "31", "10 to 15"."""
    if low is not None and high is not None:
        return thousands(low) if low == high else f"{thousands(low)} to {thousands(high)}"
    return f"at least {thousands(low)}" if low is not None else f"up to {thousands(high or 0)}"


def is_outlet(claim: Claim) -> bool:
    """Whether nobody but the outlet says so."""
    return claim.source.kind is SourceKind.REPORT


def title(report: Report) -> str:
    """The title of a report, or its first words."""
    return report.title or " ".join(report.text.split())[:80] or report.id


def outlets(by: Iterable[Telling]) -> list[str]:
    """The outlets in which something is told, each once."""
    return list(dict.fromkeys(telling.report.outlet or "a report" for telling in by))


def spread(by: Iterable[Telling]) -> str:
    """In how many reports something is told, where there are several; as prints only where all come from one text."""
    told = list(by)
    reports = len({(telling.report.id, telling.report.outlet) for telling in told})
    if reports < 2:
        return ""
    return (
        f"{reports:,} prints" if len({summary.origin(telling) for telling in told}) == 1 else f"in {reports:,} reports"
    )


def coded(said: str) -> Markup:
    """Words with what stands between backticks set as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(said))))  # noqa: S704 - escaped before


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


_DIGEST = 32  # letters and digits in a row from which on nobody reads them


def briefly(value: object) -> str:
    """A value of the audit log for its page: claims by their type, other objects by their names, digests by how they begin."""
    if isinstance(value, dict) and "type" in value and "trigger" in value:
        return " ".join(str(value[name]) for name in ("type", "mode") if value.get(name))
    if isinstance(value, (list, dict)):
        return ", ".join(str(one) for one in value)
    said = str(value)
    return f"{said[:16]}…" if len(said) >= _DIGEST and said.isalnum() else said


def label(name: str) -> str:
    """What a filter is called in forms."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


@lru_cache(4096)
def options(name: str, chosen: tuple[str, ...]) -> Markup:
    """The values of a filter as options of a form; written once, for countries are many and pages should be quick."""
    line = Markup('<option value="{}"{}>{}</option>')
    return Markup("").join(
        line.format(value, Markup(" selected") if value in chosen else "", said) for value, said in choices(name)
    )


@cache
def choices(name: str) -> list[tuple[str, str]]:
    """The values of a filter whose list is closed, with what they are called; nothing for the others."""
    sectors = [(key, f"{key}: {said}"[:60]) for key, said in sorted(ontology.SECTORS.items())]
    countries = sorted(((code, said) for code, said in world().names.items()), key=lambda pair: pair[1])
    return {
        "type": [(key, of_event(key)) for key in ontology.TYPES],
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
