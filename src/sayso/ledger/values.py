"""Values of `sayso.model` to rows and back; what comes back equals what went in."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Protocol

from sayso.errors import InputError
from sayso.ledger import words
from sayso.ledger.naming import Names
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

Row = dict[str, Any]

_LATEST = dt.date.max.toordinal()  # below 2 ** 22
DAY_SHIFT, _REPORT_SHIFT = 40, 12  # 28 bits for the report, 12 for its claims
_LAST_CLAIM = (1 << _REPORT_SHIFT) - 1
UNDATED = _LATEST << DAY_SHIFT  # the first `line` of what has no day of publication
_LARGEST = 2**63 - 1
_PARTS = ("source", "cue", "content")


# --- keys and order ---


def report_key(report: Report) -> str:
    """Digest of normalised text and outlet: what makes two reports one."""
    content = f"{unicodedata.normalize('NFC', report.text)}\x1f{report.outlet or ''}"
    return hashlib.sha256(content.encode()).hexdigest()


def line(published: dt.date | None, key: str, index: int = 0) -> int:
    """Place of a report, or of its claim number `index`, in the order of all: newest first, without a day last."""
    age = _LATEST - (published.toordinal() if published else 0)
    return age << DAY_SHIFT | int(key[:7], 16) << _REPORT_SHIFT | min(index, _LAST_CLAIM)


def index_of(line: int) -> int:
    """The number of a claim within its report, from its place in the order of all."""
    return line & _LAST_CLAIM


def lines_published(since: dt.date | None, until: dt.date | None) -> tuple[int, int]:
    """The `line`s ``[first, end)`` of what was published on these days, both included."""
    first = (_LATEST - (until or dt.date.max).toordinal()) << DAY_SHIFT
    end = (_LATEST - (since or dt.date.min).toordinal() + 1) << DAY_SHIFT
    return first, end


def day_of(age: int) -> dt.date | None:
    """The day of publication that the first bits of a `line` (those above `DAY_SHIFT`) stand for; None for no day."""
    return dt.date.fromordinal(_LATEST - age) if age < _LATEST else None


def moment(when: dt.datetime) -> str:
    """A moment as it is stored: UTC, microseconds, fixed width. Raises `ValueError` for one without a time zone."""
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# --- to rows ---


def report_row(report: Report, key: str) -> Row:
    """The row of a report. Raises `InputError` for what no database text can hold."""
    for field in ("text", "id", "title", "outlet", "url", "canonical", "language"):
        if "\0" in (getattr(report, field) or ""):
            raise InputError(
                f"its {field} holds a NUL character, which a ledger cannot store", source=report.id.replace("\0", "\\0")
            )
    return {
        "key": key,
        "id": report.id,
        "line": line(report.published, key),
        "text": report.text,
        "title": report.title,
        "outlet": report.outlet,
        "outlet_folded": words.name(report.outlet) if report.outlet else None,
        "published": report.published.isoformat() if report.published else None,
        "language": report.language,
        "url": report.url,
        "canonical": report.canonical,
        "issues": issues_json(report.issues),
    }


def issues_json(issues: tuple[str, ...]) -> str:
    """What could not be done with a report, as a JSON list."""
    return json.dumps(issues, ensure_ascii=False)


def claim_row(report: Report, claim: Claim, key: str, index: int) -> Row:
    """The row of a claim, without the numbers that the database gives."""
    return {
        "id": claim.id,
        "line": line(report.published, key, index),
        **_span("trigger", claim.trigger),
        **_span("sentence", claim.sentence),
        "type": claim.type,
        "mode": claim.mode,
        "status": str(claim.status),
        "historical": claim.historical,
        "confidence": claim.confidence,
        "vector": claim.vector or None,
        "outlet_folded": words.name(report.outlet) if report.outlet else None,
        "country": claim.country,
        "country_how": claim.country_how,
        "source_kind": str(claim.source.kind),
        **_span("source", claim.source.span),
        "source_confidence": claim.source.confidence,
        **_place_row(claim.place, report.text),
        **_date_row(claim.date),
        **_count_row(claim.count),
    }


def _span(slot: str, span: Span | None) -> Row:
    start, stop = span if span else (None, None)
    return {f"{slot}_start": start, f"{slot}_stop": stop}


def _argument_row(slot: str, argument: Argument[Any] | None) -> Row:
    return {
        **_span(slot, argument.span if argument else None),
        f"{slot}_confidence": argument.confidence if argument else None,
        f"{slot}_reason": argument.reason if argument else None,
    }


def _place_row(argument: Argument[Place] | None, text: str) -> Row:
    place = argument.value if argument else None
    named = place.name if place else argument.span.of(text) if argument else None
    return {
        **_argument_row("place", argument),
        "place_geonameid": place.geonameid if place else None,
        "place_name": place.name if place else None,
        "place_folded": words.name(named) if named else None,
        "place_country": place.country if place else None,
        "place_admin1": place.admin1 if place else None,
        "place_latitude": place.latitude if place else None,
        "place_longitude": place.longitude if place else None,
        "place_precision": str(place.precision) if place else None,
        "place_how": place.how if place else None,
    }


def _date_row(argument: Argument[Date] | None) -> Row:
    date = argument.value if argument else None
    first, last = days_of(date.value) if date else (None, None)
    return {
        **_argument_row("date", argument),
        "date_value": date.value if date else None,
        "date_how": date.how if date else None,
        "date_first": first,
        "date_last": last,
    }


def _count_row(argument: Argument[Count] | None) -> Row:
    count = argument.value if argument else None
    low, high = (count.low, count.high) if count else (None, None)
    if (low or 0) > _LARGEST or (high or 0) > _LARGEST:
        raise InputError(f"it counts {low or high}, more than a ledger can store")
    return {
        **_argument_row("count", argument),
        "count_low": low,
        "count_high": high,
        "count_what": str(count.what) if count else None,
    }


def days_of(value: str) -> tuple[str, str]:
    """First and last day of an ISO date, month, year or interval, as ISO 8601."""
    first, _, last = value.partition("/")
    return first_day(first), last_day(last or first)


def first_day(value: str) -> str:
    """The first day of a day, month or year: "2025-08" gives "2025-08-01"."""
    return value + "0000-01-01"[len(value) :]


def last_day(value: str) -> str:
    """The last day of a day, month or year: "2025-08" gives "2025-08-31"."""
    if len(value) == len("2025"):
        return f"{value}-12-31"
    if len(value) == len("2025-08"):
        return f"{value}-{calendar.monthrange(int(value[:4]), int(value[5:]))[1]}"
    return value


def party_rows(names: Names, claim: Claim, number: int) -> Iterable[Row]:
    """One row an actor and a recipient of the claim that the database knows as `number`; `names` are those of its report."""
    for role, arguments in (("actor", claim.actor), ("recipient", claim.recipient)):
        for position, argument in enumerate(arguments):
            actor = argument.value
            yield {
                "claim": number,
                "role": role,
                "position": position,
                "start": argument.span.start,
                "stop": argument.span.end,
                "confidence": argument.confidence,
                "reason": argument.reason,
                "name": actor.name if actor else None,
                "country": actor.country if actor else None,
                "sector": actor.sector if actor else None,
                "how": actor.how if actor else None,
                "named": names.named(argument),
            }


def mention_rows(report: Report, reading: int) -> list[Row]:
    """One row a mention, in the order of the report."""
    return [
        {
            "reading": reading,
            "position": position,
            "start": mention.span.start,
            "stop": mention.span.end,
            "kind": str(mention.kind),
        }
        for position, mention in enumerate(report.mentions)
    ]


def attribution_rows(report: Report, reading: int) -> list[Row]:
    """One row a stretch of words of an attribution; one without any where it has none."""
    rows: list[Row] = []
    for index, attribution in enumerate(report.attributions):
        stretches: list[tuple[str | None, Span | None]] = [
            (part, span) for part in _PARTS for span in getattr(attribution, part)
        ]
        for position, (part, span) in enumerate(stretches or [(None, None)]):
            start, stop = span or (None, None)
            rows.append(
                {
                    "reading": reading,
                    "attribution": index,
                    "position": position,
                    "part": part,
                    "start": start,
                    "stop": stop,
                }
            )
    return rows


# --- and back ---


class Fields(Protocol):
    """A row of the database, by column."""

    def __getitem__(self, name: str, /) -> Any: ...


def report(row: Fields) -> Report:
    """A report without what was read in it."""
    return Report(
        id=row["id"],
        text=row["text"],
        title=row["title"],
        outlet=row["outlet"],
        published=dt.date.fromisoformat(row["published"]) if row["published"] else None,
        language=row["language"],
        url=row["url"],
        canonical=row["canonical"],
        issues=issues(row["issues"]),
    )


def issues(said: str) -> tuple[str, ...]:
    """Issues from their JSON."""
    return tuple(json.loads(said))


def claim(row: Fields, party: Iterable[Fields]) -> Claim:
    """A claim from its row and those of its actors and recipients, in order."""
    sides: dict[str, list[Argument[Actor]]] = {"actor": [], "recipient": []}
    for entry in party:
        sides[entry["role"]].append(_party(entry))
    return Claim(
        id=row["id"],
        trigger=Span(row["trigger_start"], row["trigger_stop"]),
        sentence=Span(row["sentence_start"], row["sentence_stop"]),
        type=row["type"],
        mode=row["mode"],
        status=Status(row["status"]),
        historical=bool(row["historical"]),
        source=_source(row),
        actor=tuple(sides["actor"]),
        recipient=tuple(sides["recipient"]),
        place=_place(row),
        country=row["country"],
        country_how=row["country_how"],
        date=_date(row),
        count=_count(row),
        confidence=row["confidence"],
        vector=bytes(row["vector"] or b""),
    )


def _source(row: Fields) -> Source:
    span = None if row["source_start"] is None else Span(row["source_start"], row["source_stop"])
    return Source(SourceKind(row["source_kind"]), span, row["source_confidence"])


def _party(row: Fields) -> Argument[Actor]:
    actor = None if row["name"] is None else Actor(row["name"], row["country"], row["sector"], row["how"])
    return Argument(Span(row["start"], row["stop"]), actor, row["reason"], row["confidence"])


def _place(row: Fields) -> Argument[Place] | None:
    if row["place_start"] is None:
        return None
    place = None
    if row["place_name"] is not None:
        place = Place(
            geonameid=row["place_geonameid"],
            name=row["place_name"],
            country=row["place_country"],
            admin1=row["place_admin1"],
            latitude=row["place_latitude"],
            longitude=row["place_longitude"],
            precision=Precision(row["place_precision"]),
            how=row["place_how"],
        )
    return Argument(Span(row["place_start"], row["place_stop"]), place, row["place_reason"], row["place_confidence"])


def _date(row: Fields) -> Argument[Date] | None:
    if row["date_start"] is None:
        return None
    date = None if row["date_value"] is None else Date(row["date_value"], row["date_how"])
    return Argument(Span(row["date_start"], row["date_stop"]), date, row["date_reason"], row["date_confidence"])


def _count(row: Fields) -> Argument[Count] | None:
    if row["count_start"] is None:
        return None
    count = (
        None if row["count_what"] is None else Count(row["count_low"], row["count_high"], Counted(row["count_what"]))
    )
    return Argument(Span(row["count_start"], row["count_stop"]), count, row["count_reason"], row["count_confidence"])


def mentions(rows: Iterable[Fields]) -> tuple[Mention, ...]:
    """Mentions from their rows, in order."""
    return tuple(Mention(Span(row["start"], row["stop"]), MentionKind(row["kind"])) for row in rows)


def attributions(rows: Iterable[Fields]) -> tuple[Attribution, ...]:
    """Attributions from their rows, in order."""
    return tuple(_attribution(list(group)) for _, group in groupby(rows, key=lambda row: row["attribution"]))


def _attribution(stretches: list[Fields]) -> Attribution:
    source, cue, content = (
        tuple(Span(row["start"], row["stop"]) for row in stretches if row["part"] == part) for part in _PARTS
    )
    return Attribution(source, cue, content)
