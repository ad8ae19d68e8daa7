"""Reports invented by number, and a reader of a few lines for them: cheap, deterministic, and filling every slot.

The reader is given to the ledger as an argument in the place of the trained one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sayso.model import (
    Actor,
    Argument,
    Attribution,
    Claim,
    Count,
    Counted,
    Date,
    Mention,
    MentionKind,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)

PLACES = {
    "Bamako": ("ML", 2460596, 12.65, -8.0),
    "Kati": ("ML", 2456048, 12.74, -8.07),
    "Niamey": ("NE", 2440485, 13.51, 2.11),
    "Lyon": ("FR", 2996944, 45.75, 4.85),
    "Ségou": ("ML", 2451184, 13.43, -6.26),
}
ACTORS = {
    "police": ("ML", "COP"),
    "soldiers": ("NE", "MIL"),
    "the union": ("FR", "LAB"),
    "gunmen": (None, "UAF"),
    "protesters": (None, None),
}
VERBS = {
    "arrested": ("COERCE", "arrest"),
    "attacked": ("ASSAULT", None),
    "praised": ("SUPPORT", None),
    "met": ("CONSULT", "visit"),
}
SOURCES = {
    "a security source": SourceKind.ANONYMOUS,
    "the ministry": SourceKind.ORGANISATION,
    "Mr Diallo": SourceKind.PERSON,
    "a report": SourceKind.DOCUMENT,
}
OUTLETS = ("Harbour Wire", "L'Écho", "Daily Sahel", None)
_SENTENCE = re.compile(
    rf"(?P<actor>{'|'.join(ACTORS)}) (?P<trigger>{'|'.join(VERBS)}) (?P<count>\d+) (?P<recipient>{'|'.join(ACTORS)})"
    rf"(?: in (?P<place>{'|'.join(PLACES)}|the capital))?(?: on (?P<date>\d{{4}}-\d\d-\d\d|Sunday))?"
    rf"(?:, (?P<source>{'|'.join(SOURCES)}) said)?\."
)


def report(number: int, *, sentences: int = 3) -> Report:
    """The invented report of that number; no two are alike."""
    chance = random.Random(number)
    text = f"Dispatch {number} with Ünïcode. " + " ".join(_sentence(chance) for _ in range(sentences))
    published = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(400)) if chance.random() < 0.95 else None
    outlet = chance.choice(OUTLETS)
    return Report(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        title=f"Report {number}" if number % 7 else None,
        outlet=outlet,
        published=published,
        language="en",
        url=f"https://example.org/{number}" if number % 3 else None,
        issues=() if published else ("no day of publication",),
    )


def reports(count: int, *, first: int = 0, sentences: int = 3) -> Iterator[Report]:
    """Reports number `first` and on."""
    return (report(number, sentences=sentences) for number in range(first, first + count))


def event(number: int, telling: int = 0) -> Report:
    """Telling number `telling` of event `number`: those of one event are alike, others are not."""
    place = list(PLACES)[number % len(PLACES)]
    day = dt.date(2025, 1, 5) + dt.timedelta(days=9 * number)
    source = [*SOURCES][telling % len(SOURCES)]
    text = f"Dispatch {telling}. police arrested {12 + number + telling} soldiers in {place} on {day}, {source} said."
    return Report(
        id=f"{number}-{telling}",
        text=text,
        title=f"Arrests in {place}",
        outlet=f"Outlet {telling}",
        published=day,
        language="en",
    )


def _sentence(chance: random.Random) -> str:
    said = f"{chance.choice(list(ACTORS))} {chance.choice(list(VERBS))} {chance.randrange(1, 60)} {chance.choice(list(ACTORS))}"
    if chance.random() < 0.7:
        said += f" in {chance.choice([*PLACES, 'the capital'])}"
    if chance.random() < 0.5:
        said += f" on {chance.choice(['2025-03-04', '2025-11-30', 'Sunday'])}"
    if chance.random() < 0.6:
        said += f", {chance.choice(list(SOURCES))} said"
    return f"{said}."


def read(given: Report, version: str = "1") -> Report:
    """The report read by that version of the invented reader; odd versions find every claim, even ones all but the last."""
    found = list(_SENTENCE.finditer(given.text))
    claims = tuple(_claim(given, match, version) for match in (found if version != "2" else found[:-1]))
    said = [match for match in found if match["source"]]
    return replace(
        given,
        claims=claims,
        mentions=tuple(Mention(Span(*match.span("actor")), MentionKind.ORGANIZATION) for match in found),
        attributions=(Attribution((), (), ()), *map(_attribution, said)),
        issues=(*given.issues, f"read by version {version}"),
    )


def _attribution(match: re.Match[str]) -> Attribution:
    cue = Span(match.end() - len("said."), match.end() - 1)
    return Attribution((Span(*match.span("source")),), (cue,), (Span(*match.span("actor")), Span(*match.span("count"))))


def read_all(given: Iterable[Report]) -> Iterator[Report]:
    """All of them read by version 1."""
    return map(read, given)


def _claim(given: Report, match: re.Match[str], version: str) -> Claim:
    kind, mode = VERBS[match["trigger"]]
    chance = random.Random(match.group() + version)
    key = f"{given.id} {match.start('trigger')} {kind} {version}"
    return Claim(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        trigger=Span(*match.span("trigger")),
        sentence=Span(*match.span()),
        type=kind,
        mode=mode,
        status=chance.choice(list(Status)),
        historical=chance.random() < 0.2,
        source=_source(match),
        actor=(_party(match, "actor"),),
        recipient=(_party(match, "recipient"), _party(match, "actor")),
        place=_place(match),
        country=PLACES[match["place"]][0] if match["place"] in PLACES else None,
        country_how="place" if match["place"] in PLACES else "no place in it",
        date=_date(match),
        count=_count(match, chance),
        confidence=round(chance.random(), 3),
        vector=hashlib.sha256(kind.encode()).digest(),
    )


def _source(match: re.Match[str]) -> Source:
    return (
        Source(SOURCES[match["source"]], Span(*match.span("source")), 0.75)
        if match["source"]
        else Source(SourceKind.REPORT, None, 0.5)
    )


def _party(match: re.Match[str], role: str) -> Argument[Actor]:
    country, sector = ACTORS[match[role]]
    span = Span(*match.span(role))
    if sector is None:
        return Argument(span, None, "nobody known by these words", 0.25)
    return Argument(span, Actor(match[role], country, sector, "listed"), None, 0.875)


def _place(match: re.Match[str]) -> Argument[Place] | None:
    if match["place"] is None:
        return None
    span = Span(*match.span("place"))
    if match["place"] not in PLACES:
        return Argument(span, None, "described, not named", 0.5)
    country, number, latitude, longitude = PLACES[match["place"]]
    return Argument(
        span,
        Place(number, match["place"], country, None, latitude, longitude, Precision.TOWN, "in GeoNames"),
        None,
        0.9,
    )


def _date(match: re.Match[str]) -> Argument[Date] | None:
    if match["date"] is None:
        return None
    span = Span(*match.span("date"))
    return (
        Argument(span, None, "which one is not said", 0.5)
        if match["date"] == "Sunday"
        else Argument(span, Date(match["date"], "as written"))
    )


def _count(match: re.Match[str], chance: random.Random) -> Argument[Count]:
    number, span = int(match["count"]), Span(*match.span("count"))
    if number > 55:
        return Argument(span, None, "unclear", 0.5)
    return Argument(span, Count(number, None if chance.random() < 0.5 else number + 1, Counted.ARRESTED), None, 0.625)
