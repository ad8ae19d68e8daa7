"""FollowTheMoney statements: reports as Article, incidents as Event, who tells of what as Documentation, parties as Mention."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sayso.export import codes
from sayso.export.acled import notes
from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink
from sayso.export.event import Event, party
from sayso.export.rows import TERMS
from sayso.export.told import Told
from sayso.model import Report

DATASET = "sayso"
_LANGUAGES = {
    "en": "eng",
    "fr": "fra",
    "es": "spa",
    "pt": "por",
    "ar": "ara",
    "de": "deu",
    "ru": "rus",
    "uk": "ukr",
    "zh": "zho",
}
Pairs = Iterable[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity whose statements follow."""

    id: str
    schema: str
    pairs: tuple[tuple[str, str], ...]
    first_seen: str | None = None
    last_seen: str | None = None

    def statements(self) -> Iterator[dict[str, object]]:
        """One statement a value, that of the id first."""
        for prop, value in (("id", self.id), *self.pairs):
            key = f"{DATASET}.{self.id}.{prop}.{value}"
            yield {
                "canonical_id": self.id,
                "entity_id": self.id,
                "prop": prop,
                "schema": self.schema,
                "value": value,
                "dataset": DATASET,
                "lang": None,
                "original_value": None,
                "first_seen": self.first_seen,
                "last_seen": self.last_seen,
                "external": False,
                "origin": None,
                "id": hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(),
            }


def _entity(key: str, schema: str, pairs: Pairs, seen: tuple[str | None, str | None] = (None, None)) -> Entity:
    """An entity with the values that are known, each once."""
    known = dict.fromkeys((prop, value) for prop, value in pairs if value)
    return Entity(f"sayso-{key}", schema, tuple((prop, value) for prop, value in known), *seen)


def article_key(report: Report) -> str:
    """What the Article of a report is called."""
    return f"report-{codes.digest(report.id, report.outlet)}"


def article(report: Report) -> Entity:
    """A report."""
    return _entity(
        article_key(report),
        "Article",
        (
            ("title", report.title),
            ("publisher", report.outlet),
            ("publishedAt", report.published.isoformat() if report.published else None),
            ("sourceUrl", report.url if report.url and report.url.startswith(("http://", "https://")) else None),
            ("language", _LANGUAGES.get(report.language or "")),
        ),
    )


def mentions(one: Told) -> Iterator[Entity]:
    """Who is named in a claim, as named in this one report; nobody is brought together with anybody of another."""
    for argument in (*one.claim.actor, *one.claim.recipient):
        if argument.value is None or one.hides(argument.span):
            continue
        found = party(one, argument)
        key = codes.digest(one.report.id, one.report.outlet, found.words)
        country = found.country.lower() if found.country else None
        document = f"sayso-{article_key(one.report)}"
        yield _entity(
            f"mention-{key}", "Mention", (("document", document), ("name", found.words), ("contextCountry", country))
        )


def incident(event: Event) -> Iterator[Entity]:
    """An incident, and a Documentation for each report that tells of it."""
    seen = (event.incident.known_from, event.incident.changed_at)
    place, days = event.place, event.days
    country = codes.country(event.country)
    head = " ".join(filter(None, (event.type, event.mode)))
    where = ", ".join(
        dict.fromkeys(part for part in (place.name if place else None, country.name if country else None) if part)
    )
    when = event.summary.days.words if event.summary.days else None
    reports = [f"sayso-{article_key(report)}" for report in event.reports]
    known = _entity(
        f"incident-{event.id}",
        "Event",
        (
            ("name", ", ".join(part for part in (head, where, when) if part)),
            ("summary", notes(event)),
            ("startDate", days[0].isoformat() if days else None),
            ("endDate", days[1].isoformat() if days else None),
            ("country", event.country.lower() if event.country else None),
            ("location", where or None),
            *(("keywords", said.value) for said in event.summary.events),
            ("recordId", event.id),
            *(("proof", report) for report in reports),
        ),
        seen,
    )
    yield known
    for report in event.reports:
        document = f"sayso-{article_key(report)}"
        published = report.published.isoformat() if report.published else None
        pairs = (("document", document), ("entity", known.id), ("role", "tells of it"), ("date", published))
        yield _entity(f"telling-{codes.digest(event.id, document)}", "Documentation", pairs, seen)


class Statements(Sink):
    """A statement a line; a report's Article stands before the mentions in it."""

    def __init__(self, path: Path) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._report = ""
        self._mentioned: set[str] = set()

    def claim(self, one: Told) -> None:
        """The report, where it is a new one, and who is named."""
        key = article_key(one.report)
        if key != self._report:
            self._report, self._mentioned = key, set()
            self._write(article(one.report))
        for mention in mentions(one):
            if mention.id not in self._mentioned:
                self._mentioned.add(mention.id)
                self._write(mention)

    def incident(self, event: Event) -> None:
        """The incident and who tells of it."""
        for entity in incident(event):
            self._write(entity)

    def _write(self, entity: Entity) -> None:
        for statement in entity.statements():
            self._stream.write(json.dumps(statement, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Finishes the file."""
        self._stream.close()


def _opened(_: File, path: Path, __: Options) -> Sink:
    return Statements(path)


KEYS = (
    Column("canonical_id", "the same as entity_id: Sayso merges no entities", required=True),
    Column("entity_id", "made from a digest, so that it stays", required=True),
    Column("prop", "property of the schema, or id", required=True),
    Column(
        "schema",
        (
            "Article (a report), Mention (a party named in it), Event (an incident), Documentation (a report tells of "
            "an incident)"
        ),
        required=True,
    ),
    Column("value", "its value", required=True),
    Column("dataset", "sayso", required=True),
    Column("lang", "null"),
    Column("original_value", "null: the value is as it was read"),
    Column("first_seen", "moment since which the ledger knows the incident", unit="moment, UTC"),
    Column("last_seen", "moment at which a claim of it last came or went", unit="moment, UTC"),
    Column("external", "false", kind=Kind.FLAG),
    Column("origin", "null"),
    Column("id", "digest of dataset, entity, property and value, as FollowTheMoney makes it", required=True),
)
FORMAT = Format(
    "ftm",
    "FollowTheMoney statements, JSON Lines",
    "Reports, incidents and who is named in which report, for Aleph, OpenAleph and nomenklatura.",
    Grain.INCIDENT,
    (File("statements.ftm.jsonl", "application/jsonl", "one statement a value", KEYS, _opened),),
    (
        "Numbers and who says so: they stand as words in the summary of the Event.",
        (
            "No Person and no Organization is made: who is named is a Mention in one report, and bringing names "
            "together is left to you. "
            "Anonymous informants are not mentioned at all."
        ),
        "Status, trigger and spans.",
    ),
    TERMS,
)
