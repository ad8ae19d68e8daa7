"""The features of a pair of claims in plain words: "both on 10 August 2025", "20 and 50 arrested: far apart"."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from sayso.reconcile import words
from sayso.reconcile.facts import Facts, Party

_SHOWN = 5  # shared words that are named


def reason(name: str, level: str, one: Facts, other: Facts) -> str:
    """What `level` of the feature `name` says of these two claims."""
    return _WORDS[name](level, one, other)


def _day(level: str, one: Facts, other: Facts) -> str:
    said = {_days(one), _days(other)}
    if len(said) == 1:
        return f"both on {said.pop()}" if level == "same" else f"both in {said.pop()}"
    return f"{_pair(_days(one), _days(other))}: {_DAYS[level]}"


_DAYS = {
    "same": "overlapping days", "next": "a day apart", "near": "some days apart", "week": "about a week apart",
    "far": "far apart", "within a month": "one lies in the other", "within a year": "one lies in the other",
    "within years": "one lies in the other", "at its edge": "nearly one in the other", "outside": "neither lies in the other",
}  # fmt: skip


def _days(facts: Facts) -> str:
    if facts.first is None or facts.last is None:
        return "a day not said"
    first, last = dt.date.fromordinal(facts.first), dt.date.fromordinal(facts.last)
    month = f"{calendar.month_name[first.month]} {first.year}"
    if first == last:
        return f"{first.day} {month}"
    if (first.month, first.day, last.month, last.day, last.year) == (1, 1, 12, 31, first.year):
        return str(first.year)
    if first.day == 1 and (last + dt.timedelta(1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return month
    return f"{first.day} {month} to {last.day} {calendar.month_name[last.month]} {last.year}"


def _told(level: str, one: Facts, other: Facts) -> str:
    silent = "neither says" if one.first is None and other.first is None else "one of them does not say"
    return f"{_TOLD[level]}; {silent} when it happened"


_TOLD = {
    "same": "told within a day", "near": "told within three days", "week": "told within ten days", "far": "told at other times",
}  # fmt: skip


def _place(level: str, one: Facts, other: Facts) -> str:
    if level.endswith("inferred"):
        return f"{_pair(one.country, other.country)}: {level}, for not both name a place"
    return f"{_pair(_spot(one), _spot(other))}: {level}"


def _spot(facts: Facts) -> str:
    return ", ".join(filter(None, [facts.place, facts.admin1, facts.country])) or "a place not said"


def _kind(level: str, one: Facts, other: Facts) -> str:
    return f"{_pair(_type(one), _type(other))}: {level}"


def _type(facts: Facts) -> str:
    return f"{facts.type} ({facts.mode})" if facts.mode else facts.type


def _parties(side: str) -> Callable[[str, Facts, Facts], str]:
    def say(level: str, one: Facts, other: Facts) -> str:
        return f"{_pair(_names(getattr(one, side)), _names(getattr(other, side)))}: {level}"

    return say


def _names(parties: Iterable[Party]) -> str:
    return ", ".join(party.name or party.country or "somebody" for party in parties)


def _count(level: str, one: Facts, other: Facts) -> str:
    return f"{_pair(_bounds(one), _bounds(other))} {one.counted}: {level}"


def _bounds(facts: Facts) -> str:
    low, high = facts.low, facts.high
    if low == high:
        return str(low)
    if high is None:
        return f"at least {low}"
    return f"at most {high}" if low is None else f"{low} to {high}"


def _trigger(level: str, one: Facts, other: Facts) -> str:
    return f"{_pair(_shown(one.lemma.split()), _shown(other.lemma.split()))}: {level}"


def _deed(level: str, _one: Facts, _other: Facts) -> str:
    return f"word and parties together: {level}"


def _meaning(level: str, _one: Facts, _other: Facts) -> str:
    return f"the reader's own view of the two sentences: {level}"


def _shared(side: str, what: str) -> Callable[[str, Facts, Facts], str]:
    def say(_level: str, one: Facts, other: Facts) -> str:
        shared = sorted(getattr(one, side) & getattr(other, side), key=lambda stem: (words.share(stem), stem))
        return f"{what} share {_shown(shared[:_SHOWN])}" if shared else f"{what} share no telling word"

    return say


def _shown(stems: Iterable[str]) -> str:
    return ", ".join(map(words.shown, stems))


def _report(level: str, _one: Facts, _other: Facts) -> str:
    return {
        "copy": "both reports were printed from one text",
        "same report": "both stand in one report",
        "same sentence": "both stand in one sentence, which seldom tells one event twice",
    }[level]


def _status(level: str, one: Facts, other: Facts) -> str:
    return f"{one.status} and {other.status}" if level == "differs" else "one of them recalls it as background"


def _pair(one: str | None, other: str | None) -> str:
    return f"both {one}" if one == other else f"{one} and {other}"


_WORDS: Mapping[str, Callable[[str, Facts, Facts], str]] = MappingProxyType(
    {
        "day": _day,
        "told": _told,
        "place": _place,
        "kind": _kind,
        "actors": _parties("actors"),
        "recipients": _parties("recipients"),
        "count": _count,
        "trigger": _trigger,
        "deed": _deed,
        "meaning": _meaning,
        "sentence": _shared("words", "the sentences"),
        "names": _shared("names", "the names in the sentences"),
        "title": _shared("title", "the titles"),
        "topic": _shared("topic", "the reports"),
        "marks": _shared("marks", "the names and figures of the reports"),
        "report": _report,
        "status": _status,
    }
)
