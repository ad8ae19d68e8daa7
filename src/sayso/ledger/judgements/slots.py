"""The slots of a claim as people correct them: each a value that can be checked, written as JSON, and put into a claim.

A slot is corrected by words of the text, by a value, or by both. Words alone are resolved by whoever is given as a resolver, the
same that reads; a value alone keeps the words that stand there. What comes out is stored with the judgement, so that putting it
into a later reading needs no resolver and never gives another value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sayso import ontology
from sayso.errors import ConfigError
from sayso.ledger import filters, values
from sayso.model import (
    Actor,
    Argument,
    Claim,
    Count,
    Counted,
    Date,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)

Json = dict[str, Any]
Resolve = Callable[[Report, Claim], Claim]  # the same claim with its sentence found and the words of its slots resolved


def unresolved(_: Report, claim: Claim) -> Claim:
    """Leaves words open: for those who have no resolver at hand."""
    return claim


BY_HAND = "set by a reviewer"
LARGEST_COUNT = 10**15


@dataclass(frozen=True, slots=True)
class Correction:
    """What a slot is to hold: `spans` of the text, a `value` (see `FIELDS`), or both; neither empties the slot."""

    spans: tuple[Span, ...] = ()
    value: Any = None


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the table of slots: how it is corrected, written and put into a claim.

    `corrected` gives the claim with the slot filled as asked, its words perhaps unresolved; `taken` puts what was resolved into it;
    `written` and `put` are the JSON of the slot and the way back.
    """

    corrected: Callable[[Report, Claim, Correction], Claim]
    written: Callable[[Claim], Any]
    put: Callable[[Claim, Any], Claim]
    words: bool = True  # whether words of the text fill it
    moves_country: bool = False  # whether the country of the claim may have been taken from it


# --- plain values ---


def _type(_: Report, claim: Claim, asked: Correction) -> Claim:
    return _of_type(claim, filters.BY_NAME["type"].parse(asked.value or ""))


def _of_type(claim: Claim, kind: str) -> Claim:
    """The claim with another type, and without a mode that this type does not have."""
    return replace(claim, type=kind, mode=claim.mode if claim.mode in ontology.TYPES[kind].modes else None)


def _mode(_: Report, claim: Claim, asked: Correction) -> Claim:
    mode = str(asked.value).lower() if asked.value else None
    known = ontology.TYPES[claim.type].modes
    if mode is not None and mode not in known:
        listed = ", ".join(known) or "none"
        raise ConfigError(f"{asked.value!r} is no mode of {claim.type}; known are {listed}")
    return replace(claim, mode=mode)


def _status(_: Report, claim: Claim, asked: Correction) -> Claim:
    return replace(claim, status=Status(filters.BY_NAME["status"].parse(asked.value or "")))


def _historical(_: Report, claim: Claim, asked: Correction) -> Claim:
    return replace(claim, historical=filters.BY_NAME["historical"].parse(asked.value))


def _country(_: Report, claim: Claim, asked: Correction) -> Claim:
    code = filters.BY_NAME["country"].parse(asked.value) if asked.value else None
    return replace(claim, country=code, country_how=BY_HAND)


# --- words and values ---


def checked(report: Report, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans within the text that hold words, without white space around them."""
    found = []
    for start, end in spans:
        words = report.text[start:end] if 0 <= start < end <= len(report.text) else ""
        if not words.strip():
            raise ConfigError(f"characters {start} to {end} hold no words of the report; select the words in its text")
        lead = len(words) - len(words.lstrip())
        found.append(Span(start + lead, start + lead + len(words.strip())))
    return tuple(found)


def _one(report: Report, asked: Correction, there: Argument[Any] | None, what: str) -> Span:
    """The words of a slot that holds one: those selected, or else those that stand there."""
    spans = checked(report, asked.spans)
    if len(spans) > 1:
        raise ConfigError(f"a {what} is one stretch of words; select one")
    if spans:
        return spans[0]
    if there is None:
        raise ConfigError(f"the claim has no words for its {what}; select those of the report that give it")
    return there.span


def _argument(span: Span, value: Any) -> Argument[Any]:
    return Argument(span, value, None, 1.0)


def _parties(role: str) -> Callable[[Report, Claim, Correction], Claim]:
    def corrected(report: Report, claim: Claim, asked: Correction) -> Claim:
        there: tuple[Argument[Actor], ...] = getattr(claim, role)
        spans = checked(report, asked.spans)
        if not spans and asked.value is not None:
            spans = tuple(argument.span for argument in there)
            if not spans:
                raise ConfigError(f"the claim has no words for its {role}; select those of the report that name it")
        given = asked.value if isinstance(asked.value, list) else [asked.value] * len(spans)
        if len(given) != len(spans):
            raise ConfigError(f"{len(given)} values for {len(spans)} stretches of words; give one for each")
        filled = (_argument(span, _actor(report, span, one)) for span, one in zip(spans, given, strict=True))
        side: Any = {role: tuple(filled)}
        return replace(claim, **side)

    return corrected


def _actor(report: Report, span: Span, value: Any) -> Actor | None:
    if value is None:
        return None
    said = _mapping(value, "an actor is a name, a country and a sector")
    return Actor(
        name=_named(said, span.of(report.text)),
        country=filters.BY_NAME["country"].parse(said["country"]) if said.get("country") else None,
        sector=filters.BY_NAME["actor_sector"].parse(said["sector"]) if said.get("sector") else None,
        how=said.get("how") or BY_HAND,
    )


def _place(report: Report, claim: Claim, asked: Correction) -> Claim:
    if not asked.spans and asked.value is None:
        return replace(claim, place=None)
    span = _one(report, asked, claim.place, "place")
    return replace(claim, place=_argument(span, _placed(report, span, asked.value)))


def _placed(report: Report, span: Span, value: Any) -> Place | None:
    if value is None:
        return None
    said = _mapping(value, "a place is a name and what is known of it")
    latitude, longitude = (_degrees(said.get(name), most) for name, most in (("latitude", 90), ("longitude", 180)))
    if (latitude is None) != (longitude is None):
        raise ConfigError("a place has both latitude and longitude, or neither")
    unplaced = Precision.COUNTRY if said.get("country") else Precision.AREA
    precision = said.get("precision") or (Precision.TOWN if latitude is not None else unplaced)
    if precision not in set(Precision):
        raise ConfigError(f"{precision!r} is no precision; known are {', '.join(Precision)}")
    number = said.get("geonameid")
    return Place(
        geonameid=filters.BY_NAME["geonameid"].parse(number) if number is not None else None,
        name=_named(said, span.of(report.text)),
        country=filters.BY_NAME["country"].parse(said["country"]) if said.get("country") else None,
        admin1=str(said["admin1"]) if said.get("admin1") else None,
        latitude=latitude,
        longitude=longitude,
        precision=Precision(precision),
        how=said.get("how") or BY_HAND,
    )


def _degrees(value: Any, most: int) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = most + 1.0
    if not -most <= number <= most:
        raise ConfigError(f"{value!r} are no degrees; write a number from -{most} to {most}")
    return number


def _date(report: Report, claim: Claim, asked: Correction) -> Claim:
    if not asked.spans and asked.value is None:
        return replace(claim, date=None)
    span = _one(report, asked, claim.date, "date")
    return replace(claim, date=_argument(span, _dated(asked.value)))


def _dated(value: Any) -> Date | None:
    if value is None:
        return None
    said = value if isinstance(value, Mapping) else {"value": value}
    first, slash, last = str(said.get("value", "")).partition("/")
    parse = filters.BY_NAME["since"].parse
    days = [parse(first), *([parse(last)] if slash else [])]
    if values.first_day(days[0]) > values.last_day(days[-1]):
        raise ConfigError(f"{said['value']!r} ends before it begins; write the earlier day first")
    return Date("/".join(days), said.get("how") or BY_HAND)


def _count(report: Report, claim: Claim, asked: Correction) -> Claim:
    if not asked.spans and asked.value is None:
        return replace(claim, count=None)
    span = _one(report, asked, claim.count, "count")
    return replace(claim, count=_argument(span, _counted(asked.value)))


def _counted(value: Any) -> Count | None:
    if value is None:
        return None
    said = _mapping(value, "a count is low, high and what is counted")
    low, high = (_number(said.get(side)) for side in ("low", "high"))
    if low is None and high is None:
        raise ConfigError("a count has a lowest number, a highest, or both")
    if low is not None and high is not None and low > high:
        raise ConfigError(f"{low} to {high} is no range; write the lower number first")
    what = str(said.get("what") or Counted.OTHER)
    if what not in set(Counted):
        raise ConfigError(f"{what!r} is nothing that is counted; known are {', '.join(Counted)}")
    return Count(low, high, Counted(what))


def _number(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not re.fullmatch(r"[0-9]{1,15}", str(value)) or int(value) > LARGEST_COUNT:
        raise ConfigError(f"{value!r} is no number to count with; write figures only")
    return int(value)


def _source(report: Report, claim: Claim, asked: Correction) -> Claim:
    said = asked.value if isinstance(asked.value, Mapping) else {"kind": asked.value}
    spans = checked(report, asked.spans)
    if len(spans) > 1:
        raise ConfigError("a source is one stretch of words; select one")
    named = said.get("kind")
    if named is None and spans and claim.source.kind is SourceKind.REPORT:
        raise ConfigError(f"say what kind of source these words are: {', '.join(SourceKind)}")
    kind = SourceKind(filters.BY_NAME["source_kind"].parse(named)) if named else claim.source.kind
    if kind is SourceKind.REPORT:
        return replace(claim, source=Source(kind, None, 1.0))
    return replace(claim, source=Source(kind, spans[0] if spans else claim.source.span, 1.0))


def _mapping(value: Any, said: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{value!r} cannot stand there: {said}")
    return value


def _named(said: Mapping[str, Any], words: str) -> str:
    name = str(said.get("name") or words)
    filters.BY_NAME["place"].parse(name)  # refuses what has no word
    return name


# --- JSON ---


def _plain(name: str) -> Callable[[Claim], Any]:
    return lambda claim: getattr(claim, name)


def _written_argument(argument: Argument[Any] | None) -> Json | None:
    if argument is None:
        return None
    value = argument.value
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__} if value is not None else None
    return {"span": list(argument.span), "value": fields, "reason": argument.reason}


def _read_argument(kind: type[Any], change: Mapping[str, Callable[[Any], Any]], said: Json | None) -> Any:
    if said is None:
        return None
    fields = said["value"]
    value = None if fields is None else kind(**{name: change.get(name, _same)(v) for name, v in fields.items()})
    return Argument(Span(*said["span"]), value, said["reason"], 1.0)


def _same(value: Any) -> Any:
    return value


def _slot(name: str, kind: type[Any], **change: Callable[[Any], Any]) -> tuple[Any, Any]:
    def put(claim: Claim, said: Json | None) -> Claim:
        slot: Any = {name: _read_argument(kind, change, said)}
        return replace(claim, **slot)

    return (lambda claim: _written_argument(getattr(claim, name))), put


def _side(role: str) -> tuple[Any, Any]:
    def put(claim: Claim, said: list[Json]) -> Claim:
        side: Any = {role: tuple(_read_argument(Actor, {}, one) for one in said)}
        return replace(claim, **side)

    return (lambda claim: [_written_argument(one) for one in getattr(claim, role)]), put


def _written_source(claim: Claim) -> Json:
    return {"kind": str(claim.source.kind), "span": list(claim.source.span) if claim.source.span else None}


def _put_source(claim: Claim, said: Json) -> Claim:
    span = Span(*said["span"]) if said["span"] else None
    return replace(claim, source=Source(SourceKind(said["kind"]), span, 1.0))


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "type": Field(_type, _plain("type"), _of_type, words=False, moves_country=True),
        "mode": Field(_mode, _plain("mode"), lambda claim, said: replace(claim, mode=said), words=False),
        "status": Field(
            _status,
            lambda claim: str(claim.status),
            lambda claim, said: replace(claim, status=Status(said)),
            words=False,
        ),
        "historical": Field(
            _historical, _plain("historical"), lambda claim, said: replace(claim, historical=said), words=False
        ),
        "actor": Field(_parties("actor"), *_side("actor"), moves_country=True),
        "recipient": Field(_parties("recipient"), *_side("recipient"), moves_country=True),
        "place": Field(_place, *_slot("place", Place, precision=Precision), moves_country=True),
        "country": Field(
            _country,
            lambda claim: [claim.country, claim.country_how],
            lambda claim, said: replace(claim, country=said[0], country_how=said[1]),
            words=False,
        ),
        "date": Field(_date, *_slot("date", Date)),
        "count": Field(_count, *_slot("count", Count, what=Counted)),
        "source": Field(_source, _written_source, _put_source),
    }
)


def corrected(report: Report, claim: Claim, field: str, asked: Correction, resolve: Resolve) -> tuple[Claim, Json]:
    """The claim with one slot as asked, and the JSON from which `put` gives the same again.

    Raises `ConfigError` for a slot that there is not, and for words and values that cannot stand in it.
    """
    row = _field(field)
    if asked.spans and not row.words:
        raise ConfigError(f"{field} is chosen, not read from words; give its value")
    filled = row.corrected(report, claim, asked)
    resolved = resolve(report, filled) if row.words or row.moves_country else filled
    if row.words:
        filled = row.put(filled, _settled(row.written(filled), row.written(resolved)))
    if row.moves_country and filled.country_how != BY_HAND:
        country, how = _country_of(filled, resolved)
        filled = replace(filled, country=country, country_how=how)
    return filled, written(filled, field)


def _country_of(filled: Claim, resolved: Claim) -> tuple[str | None, str | None]:
    """Where it happened: by the place as it now stands, else as whoever resolves has it."""
    place = filled.place.value if filled.place else None
    return (place.country, "place") if place and place.country else (resolved.country, resolved.country_how)


def _settled(filled: Any, resolved: Any) -> Any:
    """What was asked for; where that was words alone, what they were resolved to."""
    if isinstance(filled, list):
        return [_settled(one, other) for one, other in zip(filled, resolved, strict=True)]
    if isinstance(filled, dict) and "reason" in filled and filled["value"] is None:
        open_still = resolved["value"] is None and resolved["reason"] is None
        return {**resolved, "reason": "not resolved"} if open_still else resolved
    return filled


def written(claim: Claim, field: str) -> Json:
    """A slot of a claim as JSON, with the country that goes with it."""
    row = FIELDS[field]
    said: Json = {"slot": row.written(claim)}
    if row.moves_country:
        said["country"] = [claim.country, claim.country_how]
    return said


def put(claim: Claim, field: str, said: Json) -> Claim:
    """The claim with the slot that `written` wrote. A country that a reviewer set is not moved by another slot."""
    filled: Claim = FIELDS[field].put(claim, said["slot"])
    if "country" in said and claim.country_how != BY_HAND:
        filled = replace(filled, country=said["country"][0], country_how=said["country"][1])
    return filled


def whole(claim: Claim) -> Json:
    """A claim as JSON, for one that people added."""
    return {
        "id": claim.id,
        "trigger": list(claim.trigger),
        "sentence": list(claim.sentence),
        **{name: row.written(claim) for name, row in FIELDS.items()},
    }


def from_whole(said: Json) -> Claim:
    """The claim that `whole` wrote."""
    claim = Claim(
        id=said["id"],
        trigger=Span(*said["trigger"]),
        sentence=Span(*said["sentence"]),
        type=said["type"],
        mode=None,
        status=Status.ACTUAL,
        historical=False,
        source=Source(SourceKind.REPORT),
    )
    for name, row in FIELDS.items():
        claim = row.put(claim, said[name])
    return claim


def ordered(corrections: Mapping[str, Correction]) -> list[str]:
    """The names of the slots to correct in the order of `FIELDS`, in which what depends on another comes after it.

    Raises `ConfigError` for a slot that there is not.
    """
    for name in corrections:
        _field(name)
    return [name for name in FIELDS if name in corrections]


def _field(name: str) -> Field:
    if name not in FIELDS:
        raise ConfigError(f"a claim has no slot {name!r}; known are {', '.join(FIELDS)}")
    return FIELDS[name]


def dumps(said: Json) -> str:
    """JSON of a slot or claim as the ledger keeps it."""
    return json.dumps(said, ensure_ascii=False, default=str)
