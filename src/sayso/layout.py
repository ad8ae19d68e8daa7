"""The JSON of a report: one layout, written here and nowhere else.

A claim carries the fields of the annotation guidelines under their names, so that gold and reading can be compared line by
line; `resolved` says what its words were found to stand for, or why they were not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sayso.model import Actor, Argument, Attribution, Claim, Count, Date, Incident, Place, Report, Source, Span, Telling
from sayso.summary import Numbers, Said, Statement, Summary, speaker

Json = dict[str, Any]


def report_json(report: Report) -> Json:
    """A report with its claims as JSON values; ``json.dumps`` of it is one line of `sayso read --json`."""
    return {
        "id": report.id,
        "title": report.title,
        "outlet": report.outlet,
        "published": report.published.isoformat() if report.published else None,
        "language": report.language,
        "url": report.url,
        "text": report.text,
        "claims": [claim_json(claim) for claim in report.claims],
        "attributions": [_attribution(attribution) for attribution in report.attributions],
        "issues": list(report.issues),
    }


def claim_json(claim: Claim) -> Json:
    """One claim; spans are ``[start, end]`` in characters of the report's text."""
    return {
        "id": claim.id,
        "trigger": list(claim.trigger),
        "sentence": list(claim.sentence),
        "type": claim.type,
        "mode": claim.mode,
        "status": str(claim.status),
        "historical": claim.historical,
        "actor": [list(argument.span) for argument in claim.actor],
        "recipient": [list(argument.span) for argument in claim.recipient],
        "place": list(claim.place.span) if claim.place else None,
        "country": claim.country,
        "date": claim.date.value.value if claim.date and claim.date.value else None,
        "count": _count(claim.count),
        "source": _source(claim.source),
        "confidence": claim.confidence,
        "resolved": {
            "actor": [_actor(argument) for argument in claim.actor],
            "recipient": [_actor(argument) for argument in claim.recipient],
            "place": _place(claim.place),
            "country": {"how": claim.country_how},
            "date": _date(claim.date),
            "count": _count_how(claim.count),
        },
    }


def _count(argument: Argument[Count] | None) -> Json | None:
    if argument is None or argument.value is None:
        return None
    count = argument.value
    return {"span": list(argument.span), "low": count.low, "high": count.high, "what": str(count.what)}


def _source(source: Source) -> Json:
    return {"kind": str(source.kind), "span": _span(source.span), "confidence": source.confidence}


def _span(span: Span | None) -> list[int] | None:
    return list(span) if span else None


def _actor(argument: Argument[Actor]) -> Json:
    actor = argument.value
    if actor is None:
        return {
            "name": None,
            "country": None,
            "sector": None,
            "why_not": argument.reason,
            "confidence": argument.confidence,
        }
    return {
        "name": actor.name,
        "country": actor.country,
        "sector": actor.sector,
        "how": actor.how,
        "confidence": argument.confidence,
    }


def _place(argument: Argument[Place] | None) -> Json | None:
    if argument is None or argument.value is None:
        return _why_not(argument)
    place = argument.value
    return {
        "geonameid": place.geonameid,
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "precision": str(place.precision),
        "how": place.how,
        "confidence": argument.confidence,
    }


def _date(argument: Argument[Date] | None) -> Json | None:
    if argument is None or argument.value is None:
        return _why_not(argument)
    return {
        "span": list(argument.span),
        "value": argument.value.value,
        "how": argument.value.how,
        "confidence": argument.confidence,
    }


def _count_how(argument: Argument[Count] | None) -> Json | None:
    if argument is None or argument.value is None:
        return _why_not(argument)
    return {"span": list(argument.span), "confidence": argument.confidence}


def _why_not(argument: Argument[Any] | None) -> Json | None:
    """The words that stayed unresolved and the reason; None where there are none, or where they were resolved."""
    if argument is None or argument.value is not None:
        return None
    return {"span": list(argument.span), "why_not": argument.reason, "confidence": argument.confidence}


def _attribution(attribution: Attribution) -> Json:
    parts = {"source": attribution.source, "cue": attribution.cue, "content": attribution.content}
    return {name: [list(span) for span in spans] for name, spans in parts.items()}


_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: object) -> object:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN) else value


# The columns of a claim as one row, with what each holds: `--csv`, data frames and the documentation are made from this list.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("report_id", "id of the report"),
    ("outlet", "who published it"),
    ("published", "day of publication, ISO 8601"),
    ("title", "title of the report"),
    ("claim_id", "id of the claim"),
    ("type", "PLOVER event type, or COUP"),
    ("mode", "PLOVER mode, or how far the coup went"),
    ("status", "actual, alleged, planned, hypothetical or negated"),
    ("historical", "whether it is told as background"),
    ("trigger", "the words that name the event"),
    ("actor", "who did it, as named here; several are joined by '; '"),
    ("actor_name", "fullest name in the report"),
    ("actor_country", "ISO 3166 alpha-2"),
    ("actor_sector", "PLOVER sector"),
    ("recipient", "to whom, as named here"),
    ("recipient_name", "fullest name in the report"),
    ("recipient_country", "ISO 3166 alpha-2"),
    ("recipient_sector", "PLOVER sector"),
    ("place", "the most exact place named for the event"),
    ("place_name", "name in GeoNames"),
    ("geonameid", "GeoNames id"),
    ("admin1", "first-level division"),
    ("latitude", "degrees, WGS84"),
    ("longitude", "degrees, WGS84"),
    ("precision", "what the coordinates stand for: town, admin2, admin1, country, or area (none)"),
    ("country", "where it happened, ISO 3166 alpha-2"),
    ("country_how", "which words the country was taken from"),
    ("date", "day, month, year or interval, ISO 8601"),
    ("date_words", "the words it was worked out from"),
    ("count_low", "lowest number said; empty where open"),
    ("count_high", "highest number said; empty where open"),
    ("count_what", "what is counted"),
    ("count_words", "the number as said"),
    ("source_kind", "person, organisation, anonymous, document, or report (the outlet's own voice)"),
    ("source", "who says so, as named here"),
    ("sentence", "the sentence that the claim stands on"),
    ("start", "first character of the trigger in the text"),
    ("end", "end of the trigger in the text"),
    ("confidence", "the reader's probability that this is such an event"),
)


def rows(report: Report) -> Iterable[Json]:
    """One flat row a claim, keys as in `COLUMNS`; None where there is nothing."""
    for claim in report.claims:
        yield dict(zip((name for name, _ in COLUMNS), _row(report, claim), strict=True))


def _row(report: Report, claim: Claim) -> tuple[Any, ...]:
    place = claim.place.value if claim.place else None
    count = claim.count.value if claim.count else None
    return (
        report.id, report.outlet, report.published.isoformat() if report.published else None, report.title,
        claim.id, claim.type, claim.mode, str(claim.status), claim.historical, claim.trigger.of(report.text),
        *_side(report.text, claim.actor), *_side(report.text, claim.recipient),
        _words(report.text, claim.place), place and place.name, place and place.geonameid, place and place.admin1,
        place and place.latitude, place and place.longitude, str(place.precision) if place else None,
        claim.country, claim.country_how,
        claim.date.value.value if claim.date and claim.date.value else None, _words(report.text, claim.date),
        count.low if count else None, count.high if count else None, str(count.what) if count else None,
        _words(report.text, claim.count),
        str(claim.source.kind), claim.source.span.of(report.text) if claim.source.span else None,
        claim.sentence.of(report.text), claim.trigger.start, claim.trigger.end, claim.confidence,
    )  # fmt: skip


def _words(text: str, argument: Argument[Any] | None) -> str | None:
    return argument.span.of(text) if argument else None


def _side(text: str, arguments: tuple[Argument[Actor], ...]) -> tuple[str | None, str | None, str | None, str | None]:
    def joined(values: Iterable[str | None]) -> str | None:
        listed = list(values)
        return "; ".join(value or "" for value in listed) if any(listed) else None

    resolved = [argument.value for argument in arguments]
    return (
        joined(argument.span.of(text) for argument in arguments),
        joined(actor.name if actor else None for actor in resolved),
        joined(actor.country if actor else None for actor in resolved),
        joined(actor.sector if actor else None for actor in resolved),
    )


# --- incidents ---


def incident_json(incident: Incident, summary: Summary) -> Json:
    """An incident with what its claims say together and every claim, as JSON values: one line of `sayso incidents --json`."""
    return {
        "id": incident.id,
        "known_from": incident.known_from,
        "changed_at": incident.changed_at,
        "events": _said(summary.events),
        "statuses": _said(summary.statuses),
        "actors": _said(summary.actors),
        "recipients": _said(summary.recipients),
        "places": [{"place": _value(said.value), "claims": _ids(said.by)} for said in summary.places],
        "countries": _said(summary.countries),
        "dates": _said(summary.dates),
        "days": {"first": summary.days.first, "last": summary.days.last, "disputed": summary.days.disputed}
        if summary.days
        else None,
        "numbers": [_numbers(numbers) for numbers in summary.numbers],
        "differs": list(summary.differs),
        "witnesses": {
            "outlets": list(summary.outlets),
            "origins": summary.origins,
            "reports": summary.reports,
            "named": [said.value for said in summary.named],
            "anonymous": summary.anonymous,
        },
        "claims": [telling_json(telling) for telling in incident.tellings],
    }


def telling_json(telling: Telling) -> Json:
    """A claim with what it needs to be read by itself: its report, its words, its origin and incident."""
    report = telling.report
    about = {
        "report_id": report.id,
        "outlet": report.outlet,
        "published": report.published.isoformat() if report.published else None,
        "title": report.title,
        "url": report.url,
    }
    beside = {
        "words": telling.claim.sentence.of(report.text),
        "said_by": speaker(telling),
        "origin": telling.origin,
        "incident": telling.incident,
    }
    return about | claim_json(telling.claim) | beside


def _said(listed: Iterable[Said[str]]) -> list[Json]:
    return [{"value": said.value, "claims": _ids(said.by)} for said in listed]


def _ids(tellings: Iterable[Telling]) -> list[str]:
    return [telling.claim.id for telling in tellings]


def _value(place: Place) -> Json:
    names = ("geonameid", "name", "country", "admin1", "latitude", "longitude")
    return {name: getattr(place, name) for name in names} | {"precision": str(place.precision)}


def _numbers(numbers: Numbers) -> Json:
    figure = numbers.figure
    return {
        "what": numbers.what,
        "rule": figure.rule,
        "low": figure.low,
        "best": figure.best,
        "high": figure.high,
        "low_by": _ids(figure.low_by),
        "high_by": _ids(figure.high_by),
        "disputed": numbers.disputed,
        "statements": [_statement(statement) for statement in numbers.statements],
    }


def _statement(statement: Statement) -> Json:
    return {
        "low": statement.low,
        "high": statement.high,
        "day": statement.day.isoformat() if statement.day else None,
        "claims": _ids(statement.by),
        "replaced_by": statement.replaced_by.claim.id if statement.replaced_by else None,
    }


# The columns of an incident as one row; the figure is that of the thing counted most often, by the rule named beside it.
INCIDENT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("incident_id", "id of the incident"),
    ("event", "type and mode that most origins give"),
    ("statuses", "statuses claimed, joined by '; '"),
    ("first_day", "first day that it may have happened on, ISO 8601"),
    ("last_day", "last such day"),
    ("country", "ISO 3166 alpha-2 that most origins give"),
    ("place", "most exact place, name in GeoNames"),
    ("geonameid", "GeoNames id"),
    ("admin1", "first-level division"),
    ("latitude", "degrees, WGS84"),
    ("longitude", "degrees, WGS84"),
    ("precision", "what the coordinates stand for"),
    ("count_what", "what is counted"),
    ("count_low", "lower end of the figure"),
    ("count_best", "the one number, where the rule names one"),
    ("count_high", "upper end of the figure"),
    ("count_rule", "rule that the figure was made by"),
    ("differs", "what the claims disagree on: numbers, status, day, place"),
    ("claims", "how many claims"),
    ("reports", "how many reports"),
    ("outlets", "how many outlets"),
    ("origins", "how many texts, copies counted once"),
    ("named", "how many informants with a name or office"),
    ("anonymous", "how many anonymous ones, counted within each text"),
    ("known_from", "when the ledger first knew of it, UTC"),
    ("changed_at", "when a claim last joined or left, UTC"),
)


def incident_row(incident: Incident, summary: Summary) -> Json:
    """An incident as one flat row, keys as in `INCIDENT_COLUMNS`; None where there is nothing."""
    place = summary.places[0].value if summary.places else None
    numbers = summary.numbers[0] if summary.numbers else None
    figure = numbers.figure if numbers else None
    days = summary.days
    values = (
        incident.id, summary.events[0].value, "; ".join(said.value for said in summary.statuses),
        days and days.first, days and days.last, summary.countries[0].value if summary.countries else None,
        place and place.name, place and place.geonameid, place and place.admin1, place and place.latitude,
        place and place.longitude, str(place.precision) if place else None,
        numbers and numbers.what, figure and figure.low, figure and figure.best, figure and figure.high,
        figure and figure.rule, "; ".join(summary.differs) or None,
        len(incident.tellings), summary.reports, len(summary.outlets), summary.origins, len(summary.named),
        summary.anonymous, incident.known_from, incident.changed_at,
    )  # fmt: skip
    return dict(zip((name for name, _ in INCIDENT_COLUMNS), values, strict=True))
